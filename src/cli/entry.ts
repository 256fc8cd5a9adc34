// Which function a run begins with, and what it is called with. The rules are the reference's:
//
// * the first argument names the function when one of that name exists;
// * an argument shaped like a name that no function of a file with several has is a mistake, not data;
// * anything else is data for `main` if there is one, and otherwise for the first function;
// * without arguments the only function runs, or `main`; with several and no `main` the user has to choose.
import { fault } from '../core/fault.ts';
import { showType, type Type } from '../core/type.ts';
import { describe } from '../core/value/show.ts';
import type { Value } from '../core/value/value.ts';
import type { Diagnostic } from '../diag/diagnostic.ts';
import { faultDiagnostic } from '../diag/fault.ts';
import type { FunctionDecl, Program, Stmt } from '../lang/ilo/ast.ts';
import { fits, readArgument } from './values.ts';

export type Entry =
  | { readonly kind: 'call'; readonly fn: FunctionDecl; readonly words: readonly string[] }
  /** The first argument looks like a function's name and is none. */
  | { readonly kind: 'unknown'; readonly name: string }
  /** Several functions, none called `main`, and no argument to choose one. */
  | { readonly kind: 'choose' }
  /** Nothing can run, and nothing was asked for. */
  | { readonly kind: 'nothing' };

export function functionsOf(program: Program): FunctionDecl[] {
  return program.decls.filter(decl => decl.kind === 'function');
}

/** Applies the rules above. `dataFrom` is where in `rest` the words begin that are data whatever they look like. */
export function chooseEntry(
  functions: readonly FunctionDecl[],
  rest: readonly string[],
  dataFrom: number,
  isFile: boolean,
): Entry {
  const main = functions.find(fn => fn.name === 'main');
  const fallback = main ?? functions[0];
  const first = rest[0];
  if (fallback === undefined) return { kind: 'nothing' };
  if (first === undefined) {
    if (main !== undefined || functions.length === 1) return { kind: 'call', fn: fallback, words: [] };
    return { kind: 'choose' };
  }
  if (dataFrom > 0) {
    const named = functions.find(fn => fn.name === first);
    if (named !== undefined) return { kind: 'call', fn: named, words: rest.slice(1) };
    if (isFile && functions.length > 1 && looksLikeName(first)) return { kind: 'unknown', name: first };
  }
  return { kind: 'call', fn: fallback, words: rest };
}

/** True for text that could have been meant as a function's name; the literals `true`, `false` and `nil` are data. */
export function looksLikeName(text: string): boolean {
  if (text === 'true' || text === 'false' || text === 'nil') return false;
  return /^[a-z_]\w*(-\w+)*$/i.test(text);
}

/** The arguments as values, or why they do not fit the function. */
export function readArguments(
  program: Program,
  fn: FunctionDecl,
  words: readonly string[],
): { readonly args: readonly Value[] } | { readonly diagnostic: Diagnostic } {
  if (words.length !== fn.params.length) {
    const problem = fault('ILO-R004', 'arity', { name: fn.name, want: fn.params.length, got: words.length });
    return { diagnostic: refusal(fn, problem) };
  }
  const args: Value[] = [];
  for (const [index, param] of fn.params.entries()) {
    const type = expandAliases(program, param.type);
    const value = readArgument(words[index]!, type);
    if (!fits(value, type)) {
      const got = describe(value);
      const want = `of type ${showType(type)}`;
      return {
        diagnostic: refusal(fn, fault('ILO-R004', 'argument', { name: fn.name, param: param.name, want, got })),
      };
    }
    args.push(value);
  }
  return { args };
}

function refusal(fn: FunctionDecl, problem: Parameters<typeof faultDiagnostic>[0]): Diagnostic {
  const params = fn.params.map(param => `${param.name}:${showType(param.type)}`);
  const signature = [fn.name, ...params].join(' ');
  return {
    ...faultDiagnostic({ ...problem, span: fn.nameSpan, calls: [] }, fn.file),
    notes: [`the function is declared as ${signature}>${showType(fn.result)}`],
  };
}

/** The type with aliases replaced by what they stand for; an alias of itself ends as the name. */
export function expandAliases(program: Program, type: Type): Type {
  const targets = new Map<string, Type>();
  for (const decl of program.decls) if (decl.kind === 'alias') targets.set(decl.name, decl.target);
  if (targets.size === 0) return type;
  const expand = (inner: Type, depth: number): Type => {
    switch (inner.kind) {
      case 'named': {
        const target = targets.get(inner.name);
        return target === undefined || depth > targets.size ? inner : expand(target, depth + 1);
      }
      case 'optional':
        return { kind: 'optional', of: expand(inner.of, depth) };
      case 'list':
        return { kind: 'list', of: expand(inner.of, depth) };
      default:
        return inner;
    }
  };
  return expand(type, 0);
}

/**
 * Whether the value of the run is not printed: the function ends in a loop, so its value is whatever the loop's body did
 * last, and the body has usually printed already. With any early return the value may be meant, and is printed.
 */
export function endsInLoop(fn: FunctionDecl): boolean {
  const last = fn.body[fn.body.length - 1];
  return last !== undefined && isLoop(last) && !fn.body.some(returnsEarly);
}

function isLoop(stmt: Stmt): boolean {
  return stmt.kind === 'foreach' || stmt.kind === 'range' || stmt.kind === 'while';
}

function returnsEarly(stmt: Stmt): boolean {
  switch (stmt.kind) {
    case 'return':
      return true;
    case 'guard':
      return stmt.braceless || stmt.body.some(returnsEarly) || (stmt.otherwise?.some(returnsEarly) ?? false);
    case 'match':
      return stmt.arms.some(arm => arm.body.some(returnsEarly));
    case 'foreach':
    case 'range':
    case 'while':
      return stmt.body.some(returnsEarly);
    default:
      return false;
  }
}
