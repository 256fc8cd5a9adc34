// Which functions a call can come to: asked before a run.
import type { CoreExpr, CoreFunction, CoreUnit } from '../core/core.ts';
import { visitFunction } from '../core/visit.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';

/** The function at `start` and all that it names directly or through others, each once. */
export function reachableFunctions(unit: CoreUnit, start: number): readonly number[] {
  return [...reach(unit, start).functions];
}

interface Reach {
  readonly functions: ReadonlySet<number>;
  /** Whether something is called that only the run will know: text from anywhere may name any function. */
  readonly isOpen: boolean;
}

function reach(unit: CoreUnit, start: number): Reach {
  const functions = new Set([start]);
  let isOpen = false;
  const add = (callee: number | undefined): void => {
    if (callee !== undefined && callee >= 0) functions.add(callee);
  };
  for (const index of functions) {
    visitFunction(unit.functions[index]!, expr => {
      isOpen ||= callsUnknown(expr, unit);
      if (expr.kind === 'call' || expr.kind === 'function') add(expr.callee);
      // A value may stand for a function by its name as text.
      else if (expr.kind === 'callValue') add(unit.byName.get(expr.fallback));
      else if (expr.kind === 'const' && typeof expr.value === 'string') add(unit.byName.get(expr.value));
    });
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
