// What the parts of the verifier share: the tables of a program's declarations, the state of the function being
// checked, its scopes, and the way to report. Nothing here decides anything.
import type { Span } from '../../base/span.ts';
import { ANY, type Type } from '../../core/type.ts';
import { type Diagnostic, type DiagnosticExtras, diagnose, type HolesOf, type Variant } from '../../diag/diagnostic.ts';
import type { DiagnosticCode } from '../../spec/diagnostics/all.ts';
import type { Expr, Stmt } from './ast.ts';
import type { BuiltinTable } from './builtins/row.ts';
import { isTypeVariable } from './builtins/signature.ts';
import { typeAdvice } from './habits.ts';
import type { Suggester } from './verify-names.ts';
import { forEachName, resolveType } from './verify-types.ts';

export interface FunctionSignature {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly result: Type;
}

export interface RecordType {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Type>;
}

/** The whole program. */
export interface ProgramContext {
  readonly builtins: BuiltinTable;
  readonly functions: Map<string, FunctionSignature>;
  readonly records: Map<string, RecordType>;
  /** Names of types that stand for another; unknown stands for those that were wrong. */
  readonly aliases: Map<string, Type>;
  /** Names whose declaration could not be read: nothing is said about them. */
  unparsed: { has(name: string): boolean };
  /** Undeclared types that were reported already. */
  readonly undeclared: Set<string>;
  readonly suggester: Suggester;
  readonly diagnostics: Diagnostic[];
  /** The functions that each function mentions. */
  readonly callees: Map<string, readonly string[]>;
  /** The file of the declaration being checked, when it was imported. */
  file: string | undefined;
  /** The walkers, so that each part can call the others without importing them. */
  readonly infer: (body: BodyContext, expr: Expr) => Type;
  readonly block: (body: BodyContext, statements: readonly Stmt[]) => Type;
}

/** One function body, or the body of a lambda. */
export interface BodyContext {
  readonly program: ProgramContext;
  name: string;
  /** What the function says it returns. */
  result: Type;
  /** Every variable in reach. */
  readonly variables: Map<string, Type>;
  /** What the variables bound in inner scopes were before, to put back when the scope ends. */
  readonly shadowed: { readonly name: string; readonly before: Type | undefined }[];
  depth: number;
  inLoop: boolean;
  /** Unknown names that were reported here already. */
  reported: Set<string> | undefined;
  /** Names of the functions that the body mentions. */
  callees: string[];
}

export function makeBody(program: ProgramContext, name: string, result: Type, callees: string[] = []): BodyContext {
  return {
    program,
    name,
    result,
    variables: new Map(),
    shadowed: [],
    depth: 0,
    inLoop: false,
    reported: undefined,
    callees,
  };
}

/** Makes a body fit for the next function; most of what it holds can stay, and functions are many. */
export function reuseBody(body: BodyContext, name: string, result: Type): void {
  body.name = name;
  body.result = result;
  body.variables.clear();
  body.reported = undefined;
  if (body.callees.length > 0) body.callees = [];
}

/** Whether an unknown name is to be reported: at its first use in a body. */
export function isNews(body: BodyContext, name: string): boolean {
  body.reported ??= new Set();
  if (body.reported.has(name)) return false;
  body.reported.add(name);
  return true;
}

/** Adds a diagnostic, in the file being checked. */
export function report<Code extends DiagnosticCode, V extends Variant<Code>>(
  program: ProgramContext,
  code: Code,
  variant: V,
  holes: HolesOf<Code, V>,
  extras: DiagnosticExtras,
): void {
  const found = diagnose(code, variant, holes, extras);
  program.diagnostics.push(program.file === undefined ? found : { ...found, file: program.file });
}

/** Adds a diagnostic about a place in a function, and says which function. */
export function reportIn<Code extends DiagnosticCode, V extends Variant<Code>>(
  body: BodyContext,
  code: Code,
  variant: V,
  holes: HolesOf<Code, V>,
  span: Span,
  suggestion?: string,
  secondary?: readonly { readonly span: Span; readonly message: string }[],
): void {
  report(body.program, code, variant, holes, {
    span,
    notes: [`in function '${body.name}'`],
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(secondary === undefined ? {} : { secondary }),
  });
}

export function lookUp(body: BodyContext, name: string): Type | undefined {
  return body.variables.get(name);
}

export function bind(body: BodyContext, name: string, type: Type): void {
  if (body.depth > 0) body.shadowed.push({ name, before: body.variables.get(name) });
  body.variables.set(name, type);
}

/** Begins a scope; gives what `leaveScope` needs to end it. */
export function enterScope(body: BodyContext): number {
  body.depth++;
  return body.shadowed.length;
}

/** Ends a scope: its variables are gone, and those they hid are back. */
export function leaveScope(body: BodyContext, mark: number): void {
  body.depth--;
  while (body.shadowed.length > mark) {
    const { name, before } = body.shadowed.pop()!;
    if (before === undefined) body.variables.delete(name);
    else body.variables.set(name, before);
  }
}

/** Runs `inside` as the body of a loop. */
export function inLoop<T>(body: BodyContext, inside: () => T): T {
  const before = body.inLoop;
  body.inLoop = true;
  const result = inside();
  body.inLoop = before;
  return result;
}

/** A type as written, with aliases replaced; names that are not declared become unknown (they are reported elsewhere). */
export function resolveIn(program: ProgramContext, type: Type): Type {
  return resolveType(type, name => program.aliases.get(name) ?? undefinedAsUnknown(program, name));
}

function undefinedAsUnknown(program: ProgramContext, name: string): Type | undefined {
  return program.records.has(name) ? undefined : ANY;
}

/** Reports the undeclared types that `type` mentions, each once in a program. */
export function checkTypeNames(program: ProgramContext, type: Type, span: Span, owner: string): void {
  forEachName(type, name => {
    const known = program.records.has(name) || program.aliases.has(name) || isTypeVariable({ kind: 'named', name });
    if (known || program.unparsed.has(name) || program.undeclared.has(name)) return;
    program.undeclared.add(name);
    const suggestion = typeAdvice(name) ?? didYouMean(program, name, program.records.keys(), program.aliases.keys());
    report(program, 'ILO-T003', 'type', { name }, { span, notes: [`in function '${owner}'`], suggestion });
  });
}

/** `did you mean 'x'?` for the nearest of the candidates, if one is near. */
export function didYouMean(
  program: ProgramContext,
  name: string,
  ...candidates: readonly Iterable<string>[]
): string | undefined {
  const found = program.suggester.closest(name, ...candidates);
  return found === undefined ? undefined : `did you mean '${found}'?`;
}
