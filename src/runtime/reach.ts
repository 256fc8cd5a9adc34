// Which functions a call can come to: asked before a run.
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from '../core/core.ts';
import { visitFunction } from '../core/visit.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';

/** The function at `start` and all that it names directly or through others, each once. */
export function reachableFunctions(unit: CoreUnit, start: number): readonly number[] {
  return [...reach(unit, start).functions];
}

/** Sees what stands in the functions that are reached, function by function. */
export interface Observer {
  readonly enter?: (index: number) => void;
  readonly expr: (expr: CoreExpr) => void;
  readonly stmt?: (stmt: CoreStmt) => void;
}

/**
 * Shows the function at `start` and all that it names directly or through others, each once. Gives whether these are all that can be called:
 * text from anywhere may name a function.
 */
export function visitReachable(unit: CoreUnit, start: number, observer: Observer): boolean {
  return !reach(unit, start, observer).isOpen;
}

/** Whether nothing outside can be touched, whatever the arguments are. */
export function onlyComputes(unit: CoreUnit, callee: number): boolean {
  let pure = true;
  const note = (builtin: string): void => {
    pure &&= BUILTINS.get(builtin)?.effect === 'pure';
  };
  const all = visitReachable(unit, callee, {
    expr: expr => {
      if (expr.kind === 'tool') pure = false;
      else if (expr.kind === 'builtin') note(expr.name);
      else if (expr.kind === 'function' && expr.callee < 0) note(expr.name);
    },
  });
  return all && pure;
}

interface Reach {
  readonly functions: ReadonlySet<number>;
  /** Whether something is called that only the run will know: text from anywhere may name any function. */
  readonly isOpen: boolean;
}

function reach(unit: CoreUnit, start: number, observer?: Observer): Reach {
  const functions = new Set([start]);
  let isOpen = false;
  const add = (callee: number | undefined): void => {
    if (callee !== undefined && callee >= 0) functions.add(callee);
  };
  const look = (expr: CoreExpr): void => {
    observer?.expr(expr);
    isOpen ||= callsUnknown(expr, unit);
    if (expr.kind === 'call' || expr.kind === 'function') add(expr.callee);
    // A value may stand for a function by its name as text.
    else if (expr.kind === 'callValue') add(unit.byName.get(expr.fallback));
    else if (expr.kind === 'const' && typeof expr.value === 'string') add(unit.byName.get(expr.value));
  };
  for (const index of functions) {
    observer?.enter?.(index);
    visitFunction(unit.functions[index]!, look, observer?.stmt);
  }
  return { functions, isOpen };
}

function callsUnknown(expr: CoreExpr, unit: CoreUnit): boolean {
  if (expr.kind === 'callValue') return !isKnown(expr.callee, unit);
  return expr.kind === 'builtin' && callsFunctions(expr.name) && !isKnown(expr.args[0], unit);
}

/** Whether a value that is called is plain to see, and calls nothing else that is not. */
function isKnown(callee: CoreExpr | undefined, unit: CoreUnit): boolean {
  if (callee?.kind === 'function') return callee.callee >= 0 || !callsFunctions(callee.name);
  return callee?.kind === 'const' && typeof callee.value === 'string' && unit.byName.has(callee.value);
}

function callsFunctions(builtin: string): boolean {
  return BUILTINS.get(builtin)?.walk !== undefined;
}

const parts = new WeakMap<CoreUnit, Map<number, CoreUnit>>();

/**
 * The unit with empty functions in place of those that a call of `start` cannot come to, under the same indexes: making code of it
 * costs what is run, not what the file holds. The unit itself when all of it is needed, or nobody can tell.
 */
export function reachablePart(unit: CoreUnit, start: number): CoreUnit {
  const known = parts.get(unit) ?? new Map<number, CoreUnit>();
  parts.set(unit, known);
  const part = known.get(start) ?? cut(unit, start);
  known.set(start, part);
  return part;
}

function cut(unit: CoreUnit, start: number): CoreUnit {
  const { functions, isOpen } = reach(unit, start);
  if (isOpen || functions.size === unit.functions.length) return unit;
  const kept = unit.functions.map((fn, index) => (functions.has(index) ? fn : withoutBody(fn)));
  return { ...unit, functions: kept };
}

function withoutBody(fn: CoreFunction): CoreFunction {
  const { start } = fn.span;
  return { ...fn, slots: fn.params.length, body: [], span: { start, end: start } };
}
