// What must hold at run time, whatever is fed to the program: `expr.type` of every expression.
//
// Declared types are promises that nobody keeps: a command-line argument, a parsed document or a tool's answer may be
// anything, a variable may be assigned values of several types, a type variable says nothing. So the types written in
// the program are not used here at all. The prover follows values instead: optimistically, from "nothing has come here"
// upwards, through variables (all assignments of a function together), parameters (all calls), results and record
// fields (all records made), until nothing changes. Every function is gone through at most a dozen times; one that
// still changes then is given up, and everything in it is `any`.
//
// What lowering and engines may rely on:
// * When an expression gives a value, the value is of its `type`, read like this: num, text, bool, nil are those kinds
//   of value (a sum type is text); a list, map or Result is one whose parts keep to the types inside; `named` is a record
//   made by this program with that declaration; `fn` is a function value and not a text that names one; `optional` is
//   nil or what is inside; `any` is anything. An expression that the prover did not reach has no type.
// * With `entry: 'anything'` (what `verify` does) this holds for any arguments of any function called from outside.
// * With `entry: 'declared'` it holds as long as arguments from outside are of the declared parameter types. The caller
//   has to check them and, when one is not, run code that was lowered after proving with `'anything'`.
// * It holds as long as builtins keep to their signatures, and lambdas are called only through their values.
import type { Program } from './ast.ts';
import { proveExpression } from './prove-expressions.ts';
import { proveBlock } from './prove-statements.ts';
import { fromDeclared } from './prove-types.ts';
import { assign, enqueue, escapeUnit, makeUnit, type Prover, settleAll, type Unit } from './prove-units.ts';
import { type ProgramContext, resolveIn } from './verify-context.ts';

/** What is known of arguments that come from outside the program. */
export type Entry = 'anything' | 'declared';

/** Writes the proven type on every expression of a program without errors. `context` is that of its verification. */
export function prove(program: Program, context: ProgramContext, entry: Entry = 'anything'): void {
  const functions = new Map<string, Unit>();
  for (const decl of program.decls) {
    if (decl.kind !== 'function') continue;
    const params = decl.params.map(param => param.name);
    functions.set(decl.name, makeUnit(params, decl.body));
  }
  const prover: Prover = {
    builtins: context.builtins,
    functions,
    lambdas: new Map(),
    fields: new Map(),
    fieldReaders: new Map(),
    queue: [],
    running: undefined,
    anythingCalled: false,
    infer: proveExpression,
    block: proveBlock,
  };
  for (const unit of calleesFirst(functions, context)) enqueue(prover, unit);
  for (const decl of program.decls) {
    if (decl.kind !== 'function') continue;
    const unit = functions.get(decl.name)!;
    if (entry === 'anything') escapeUnit(prover, unit);
    else
      for (const param of decl.params) assign(prover, unit, param.name, fromDeclared(resolveIn(context, param.type)));
  }
  settleAll(prover);
}

/** The functions in an order in which most are preceded by those they call, so that one round mostly suffices. */
function calleesFirst(functions: ReadonlyMap<string, Unit>, context: ProgramContext): readonly Unit[] {
  const ordered: Unit[] = [];
  const seen = new Set<string>();
  const path: { readonly name: string; readonly callees: readonly string[]; next: number }[] = [];
  const enter = (name: string): void => {
    if (seen.has(name) || !functions.has(name)) return;
    seen.add(name);
    path.push({ name, callees: context.callees.get(name) ?? [], next: 0 });
  };
  for (const start of functions.keys()) {
    enter(start);
    while (path.length > 0) {
      const visit = path.at(-1)!;
      const callee = visit.callees[visit.next++];
      if (callee !== undefined) {
        enter(callee);
      } else {
        ordered.push(functions.get(visit.name)!);
        path.pop();
      }
    }
  }
  return ordered;
}
