// The verifier: what can be known to go wrong before a program runs, and the types that engines build on.
//
// Two passes with two notions of type, kept apart on purpose.
//
// * Checking (verify-*.ts) uses the types that the program claims, with the language's forgiving rules: unknown goes
//   with everything, a list is what its first element is, a match is what its first arm is, a result is what the
//   function says. That is right for finding mistakes and wrong for building on.
// * Proving (prove.ts) computes what must hold at run time whatever happens, and writes it on every expression
//   (`expr.type`). It runs only over programs without errors. What lowering may rely on stands at its head.
//
// Every mistake is reported once. A type that was wrong becomes unknown, so nothing follows from it; a name is
// reported at its first use in a function; a function whose declaration did not parse may be called freely.
import { ANY } from '../../core/type.ts';
import type { Diagnostic } from '../../diag/diagnostic.ts';
import type { Program } from './ast.ts';
import type { BuiltinTable } from './builtins/row.ts';
import { type Entry, prove } from './prove.ts';
import { bind, makeBody, type ProgramContext, resolveIn, reuseBody } from './verify-context.ts';
import { collectDeclarations } from './verify-declarations.ts';
import { checkResult, inferExpression } from './verify-expressions.ts';
import { makeSuggester } from './verify-names.ts';
import { inferBlock } from './verify-statements.ts';

/**
 * Checks a parsed program, imports already merged into it. Gives errors and warnings in the order they were found; when
 * there is no error, every reached expression has its proven `type`. `entry` says what is known of arguments from outside
 * (see prove.ts). Never throws for a fault of the program.
 */
export function verify(
  program: Program,
  builtins: BuiltinTable,
  entry: Entry = 'anything',
): { readonly diagnostics: readonly Diagnostic[] } {
  const context = makeContext(builtins);
  collectDeclarations(context, program);
  const body = makeBody(context, '', ANY);
  for (const decl of program.decls) {
    if (decl.kind !== 'function') continue;
    context.file = decl.file;
    reuseBody(body, decl.name, resolveIn(context, decl.result));
    for (const param of decl.params) bind(body, param.name, resolveIn(context, param.type));
    const actual = inferBlock(body, decl.body);
    checkResult(body, actual, decl.body.at(-1), decl.nameSpan);
    if (body.callees.length > 0) context.callees.set(decl.name, body.callees);
  }
  const { diagnostics } = context;
  if (!diagnostics.some(found => found.severity === 'error')) prove(program, context, entry);
  return { diagnostics };
}

/** The tables of a program about which nothing is known yet. */
export function makeContext(builtins: BuiltinTable): ProgramContext {
  return {
    builtins,
    functions: new Map(),
    records: new Map(),
    aliases: new Map(),
    unparsed: new Set(),
    undeclared: new Set(),
    suggester: makeSuggester(),
    diagnostics: [],
    callees: new Map(),
    file: undefined,
    infer: inferExpression,
    block: inferBlock,
  };
}
