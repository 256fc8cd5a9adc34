// What engines that run Core on the JavaScript stack do alike around calls: which function a value stands for, what a thrown
// fault still lacks, and charging the meter with the place that is to blame.
import type { Span } from '../base/span.ts';
import type { CoreFunction, CoreUnit } from '../core/core.ts';
import { Fault, fault } from '../core/fault.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT, type Meter } from '../core/meter.ts';
import { FunctionValue } from '../core/value/function.ts';
import { describe } from '../core/value/show.ts';
import type { Value } from '../core/value/value.ts';
import type { RunServices } from './engine.ts';

/** Texts up to this many units may have been meant as the name of a function. */
const LONGEST_NAME = 40;

/** Gives a fault the place where it happened, unless a place further in is known. */
export function at(thrown: unknown, span: Span | undefined): unknown {
  const error = isTooLarge(thrown) ? fault('ILO-R041', 'engine', {}) : thrown;
  if (error instanceof Fault && error.span === undefined) error.span = span;
  return error;
}

/** Charges the meter. Throws a Fault at `span` when that passes a limit. */
export function spend(meter: Meter, fuel: number, bytes: number, span: Span | undefined): void {
  try {
    meter.charge(fuel, bytes);
  } catch (error) {
    throw at(error, span);
  }
}

/** Charges for an object with so many items. */
export function allocate(meter: Meter, items: number, span: Span): void {
  spend(meter, 0, BYTES_PER_OBJECT + BYTES_PER_ITEM * items, span);
}

/** The fault of a call with the wrong number of arguments; captured values do not count. */
export function arityFault(fn: CoreFunction, got: number): Fault {
  const want = fn.params.length - fn.captures;
  return fault('ILO-R004', 'arity', { name: fn.name, want, got: got - fn.captures });
}

/** The fault of a call that would nest deeper than the limit; `span` is the place of the call. */
export function depthFault(limit: number, span: Span | undefined): unknown {
  return at(fault('ILO-R040', 'depth', { limit }), span);
}

/**
 * Calls what a value stands for: a program function, a builtin, a tool, or text that names a program function or a tool;
 * the one called `fallback` when it stands for none. `callFunction` calls a program function by index. Throws a Fault.
 */
export function callFunctionValue(
  callee: Value,
  args: readonly Value[],
  fallback: string,
  unit: CoreUnit,
  services: RunServices,
  callFunction: (index: number, args: readonly Value[]) => Value,
): Value {
  let name = fallback;
  let all = args;
  if (callee instanceof FunctionValue) {
    name = callee.name;
    if (callee.captures.length > 0) all = [...args, ...callee.captures];
  } else if (typeof callee === 'string' && (unit.byName.has(callee) || unit.toolByName.has(callee))) {
    name = callee;
  }
  const builtin = services.builtin(name);
  if (builtin) return builtin(all);
  const index = unit.byName.get(name);
  if (index !== undefined) return callFunction(index, all);
  const tool = unit.toolByName.get(name);
  if (tool !== undefined) return services.tool(unit.tools[tool]!, all);
  throw fault('ILO-R002', 'function', { name: name || nameOf(callee) });
}

/** What a message calls a value that was meant as a function: text as it stands, for text may name one. */
function nameOf(callee: Value): string {
  return typeof callee === 'string' && callee.length <= LONGEST_NAME ? callee : describe(callee);
}

/**
 * Completes what was thrown with what only the machine knows: the chain of calls, the file, and the depth where the
 * JavaScript stack ended. `running` holds the indexes of the functions that run, outermost first, in its first `depth` places. A fault
 * that has a chain of calls is complete.
 */
export function explainThrown(thrown: unknown, unit: CoreUnit, running: readonly number[], depth: number): unknown {
  const error = isStackOverflow(thrown) ? stackFault(unit, running, depth) : thrown;
  if (error instanceof Fault) {
    if (error.calls.length > 0) return error;
    error.calls = running.slice(0, depth).map(index => unit.functions[index]!.name);
    const file = unit.functions[running[depth - 1] ?? -1]?.file;
    if (file !== undefined && error.file === undefined) error.file = file;
  }
  return error;
}

// What follows may run where the stack is about to end, so it uses no regular expressions: V8 ends the process when it has to
// compile one there.

/** V8 throws a RangeError when JavaScript calls nest too deeply for the thread's stack. */
export function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.startsWith('Maximum call stack');
}

/** V8 throws these where a text, an array or a map reaches its own limits, which lie above those of core/limits.ts. */
function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof RangeError && TOO_LARGE.some(start => thrown.message.startsWith(start));
}

const TOO_LARGE: readonly string[] = [
  'Invalid string length',
  'Invalid array length',
  'Invalid typed array length',
  'Map maximum size',
  'Set maximum size',
  'Array buffer allocation',
];

function stackFault(unit: CoreUnit, running: readonly number[], depth: number): unknown {
  return at(fault('ILO-R040', 'stack', { depth }), unit.functions[running[depth - 1] ?? -1]?.span);
}
