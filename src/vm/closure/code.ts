// What compiled code is made of. Every node of Core becomes one JavaScript function of a frame; which function depends on
// where the operands live (constant, local, or another piece of code), so that running it asks nothing that was known before.
//
// Invariants:
// * A frame is a packed array with a place for every slot, `undefined` where nothing was set. All frames are made the same
//   way (calls.ts): V8 then sees one kind of array at every access.
// * A function literal is written out per case rather than built from smaller ones: each call that is saved is one that V8
//   could not inline, because a call site of such code sees hundreds of targets.
// * The compiler recurses as deep as Core nests, which the parser bounds; never along a block or a list of arms.
import type { Span } from '../../base/span.ts';
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from '../../core/core.ts';
import type { Meter } from '../../core/meter.ts';
import type { Value } from '../../core/value/value.ts';
import type { RunServices } from '../engine.ts';

export type Frame = (Value | undefined)[];

/** How a statement ends: control goes on, leaves the loop, starts its next round, or returns `state.returned`. */
export const NORMAL = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export const RETURN = 3;
export type Completion = typeof NORMAL | typeof BREAK | typeof CONTINUE | typeof RETURN;

/** An expression, or the body of a function. */
export type Code = (frame: Frame) => Value;
/** A condition. */
export type Test = (frame: Frame) => boolean;
/** A statement that control always goes on after. */
export type Action = (frame: Frame) => void;
/** A statement that may end otherwise. */
export type Step = (frame: Frame) => Completion;

/** A compiled statement or block. `returns`: it may end with RETURN, not only with BREAK or CONTINUE. */
export type Piece =
  | { readonly leaves: false; readonly run: Action }
  | { readonly leaves: true; readonly returns: boolean; readonly run: Step };

/** What changes while a program runs: the machine, as compiled code sees it. */
export interface State {
  depth: number;
  returned: Value;
  /** Indexes of the functions that are running, outermost first; only the first `depth` entries count. */
  readonly running: number[];
  /** Runs a function on a frame that holds the arguments; `span` is the place of the call. */
  enter(target: Target, frame: Frame, span: Span | undefined): Value;
}

/** A function of the unit. `body` compiles itself when it is first run. */
export interface Target {
  readonly index: number;
  readonly fn: CoreFunction;
  readonly arity: number;
  /** How many calls may lie around it on JavaScript's stack. */
  readonly limit: number;
  body: Code;
}

/** What the parts of the compiler need from each other. */
export interface Compiler {
  readonly unit: CoreUnit;
  readonly services: RunServices;
  readonly meter: Meter | undefined;
  readonly state: State;
  readonly target: (index: number) => Target;
  readonly callValue: (callee: Value, args: readonly Value[], fallback: string) => Value;
  readonly value: (expr: CoreExpr) => Code;
  readonly test: (expr: CoreExpr) => Test;
  readonly block: (block: readonly CoreStmt[]) => Piece;
}

/** The slot of a local that surely has a value, or undefined for any other expression. */
export function sureSlot(expr: CoreExpr): number | undefined {
  return expr.kind === 'local' && !expr.maybeEmpty ? expr.slot : undefined;
}

/** The number that an expression always is, or undefined. */
export function constantNumber(expr: CoreExpr): number | undefined {
  return expr.kind === 'const' && typeof expr.value === 'number' ? expr.value : undefined;
}
