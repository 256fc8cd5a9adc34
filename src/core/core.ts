// Core: the one small tree that every language lowers to. Names are gone (locals are slots of a frame), sugar is gone
// (matches, pipes, guards, unwraps are `cond` and `set`), primitives are chosen, closures are explicit, places are kept.
//
// Invariants, checked by check.ts:
// * Expressions contain no statements: everything that decides where control goes is a statement, so an engine needs no
//   way out of the middle of an expression other than a fault.
// * Slots 0 … params-1 hold the arguments; every other slot is empty until a `set`, and only a `local` with `maybeEmpty` may
//   read a slot that could still be empty.
// * `break` and `continue` stand inside a loop of the same function.
// * Arguments and items are evaluated left to right, each once.
import type { Span } from '../base/span.ts';
import type { CoreOp } from '../spec/core-ops.ts';
import type { Type } from './type.ts';
import type { Shape } from './value/record.ts';

interface At {
  readonly span: Span;
}

export type CoreExpr =
  | (At & { readonly kind: 'local'; readonly slot: number; readonly name: string; readonly maybeEmpty: boolean })
  | (At & { readonly kind: 'const'; readonly value: number | string | boolean | null })
  | (At & { readonly kind: 'prim'; readonly op: CoreOp; readonly args: readonly CoreExpr[] })
  | (At & { readonly kind: 'call'; readonly callee: number; readonly args: readonly CoreExpr[] })
  | (At & { readonly kind: 'builtin'; readonly name: string; readonly args: readonly CoreExpr[] })
  /** Calls the function that a value stands for; when it stands for none, the function or builtin called `fallback`. */
  | (At & {
      readonly kind: 'callValue';
      readonly callee: CoreExpr;
      readonly fallback: string;
      readonly args: readonly CoreExpr[];
    })
  | (At & { readonly kind: 'tool'; readonly tool: number; readonly args: readonly CoreExpr[] })
  | (At & { readonly kind: 'and'; readonly left: CoreExpr; readonly right: CoreExpr })
  | (At & { readonly kind: 'or'; readonly left: CoreExpr; readonly right: CoreExpr })
  | (At & { readonly kind: 'coalesce'; readonly value: CoreExpr; readonly fallback: CoreExpr })
  | (At & { readonly kind: 'if'; readonly test: CoreExpr; readonly then: CoreExpr; readonly otherwise: CoreExpr })
  | (At & { readonly kind: 'field'; readonly object: CoreExpr; readonly name: string; readonly safe: boolean })
  | (At & { readonly kind: 'index'; readonly object: CoreExpr; readonly index: number; readonly safe: boolean })
  | (At & { readonly kind: 'list'; readonly items: readonly CoreExpr[] })
  /** `order[i]` is the place in the shape of the i-th value as written. */
  | (At & {
      readonly kind: 'record';
      readonly shape: Shape;
      readonly values: readonly CoreExpr[];
      readonly order: readonly number[];
    })
  | (At & {
      readonly kind: 'with';
      readonly object: CoreExpr;
      readonly names: readonly string[];
      readonly values: readonly CoreExpr[];
    })
  /** A function as a value: a program function, a closure over `captures`, or (callee -1) the builtin `name`. */
  | (At & {
      readonly kind: 'function';
      readonly callee: number;
      readonly name: string;
      readonly captures: readonly CoreExpr[];
    });

export interface CondArm {
  readonly test: CoreExpr;
  readonly body: readonly CoreStmt[];
}

export type CoreStmt =
  | (At & { readonly kind: 'set'; readonly slot: number; readonly name: string; readonly value: CoreExpr })
  | (At & { readonly kind: 'eval'; readonly value: CoreExpr })
  | (At & { readonly kind: 'return'; readonly value: CoreExpr })
  /** Runs the body of the first arm whose test is true, else `otherwise`. */
  | (At & { readonly kind: 'cond'; readonly arms: readonly CondArm[]; readonly otherwise: readonly CoreStmt[] })
  /** Sets the fields of a record into slots; faults when it is no record or lacks one. */
  | (At & {
      readonly kind: 'destructure';
      readonly value: CoreExpr;
      readonly names: readonly string[];
      readonly slots: readonly number[];
    })
  | (At & {
      readonly kind: 'foreach';
      readonly slot: number;
      readonly list: CoreExpr;
      readonly body: readonly CoreStmt[];
    })
  /** `slot` runs from `from` to below `to` by one; both are cut to integers first. */
  | (At & {
      readonly kind: 'range';
      readonly slot: number;
      readonly from: CoreExpr;
      readonly to: CoreExpr;
      readonly body: readonly CoreStmt[];
    })
  /** Runs `before`, then ends unless `test`, then runs `body`, and again. */
  | (At & {
      readonly kind: 'while';
      readonly before: readonly CoreStmt[];
      readonly test: CoreExpr;
      readonly body: readonly CoreStmt[];
    })
  | (At & { readonly kind: 'break' })
  | (At & { readonly kind: 'continue' });

export interface CoreFunction {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  /** How many of the last parameters are captured values (a lambda), not written by the caller. */
  readonly captures: number;
  readonly result: Type;
  readonly slots: number;
  readonly body: readonly CoreStmt[];
  readonly span: Span;
  readonly file?: string;
}

export interface CoreTool {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly result: Type;
  /** Seconds that a call may take, and how often one without an answer is repeated, where the program says so. */
  readonly timeout?: number | undefined;
  readonly retry?: number | undefined;
}

/** A program that passed verification, ready for any engine. */
export interface CoreUnit {
  readonly functions: readonly CoreFunction[];
  readonly tools: readonly CoreTool[];
  /** Function name to index in `functions`. */
  readonly byName: ReadonlyMap<string, number>;
  readonly toolByName: ReadonlyMap<string, number>;
  /** True where no function can touch anything outside, and it took no search to know that. */
  readonly onlyComputes?: boolean;
}
