// The units of proof, one per function or lambda, and the facts that connect them: types of their inputs, results and
// record fields. Facts only grow; a unit that read one is put in line again when it grows. What holds inside one unit
// only (its variables) lives no longer than the unit is being gone through.
import { ANY, type Type } from '../../core/type.ts';
import type { Expr, LambdaExpr, Stmt } from './ast.ts';
import type { BuiltinTable } from './builtins/row.ts';
import { join, NEVER, widen } from './prove-types.ts';

/** How often a unit is taken up, and gone through each time, before it is given up, so that proving stays linear. */
const MAX_VISITS = 12;
const MAX_PASSES = 12;

export interface Unit {
  /** Parameters, and for a lambda the captured variables after them. */
  readonly inputs: readonly string[];
  readonly inputTypes: Type[];
  /** How many of the inputs are parameters. */
  readonly params: number;
  readonly body: readonly Stmt[];
  /** Units that depend on the result. */
  callers: Set<Unit> | undefined;
  result: Type;
  visits: number;
  /** Whether it has its place in the first round. */
  ordered: boolean;
  waiting: boolean;
  /** Nothing is claimed inside any more. */
  givenUp: boolean;
}

export interface Variable {
  type: Type;
  /** The last pass that has read it. */
  readIn: number;
}

export interface Exit {
  readonly isLoop: boolean;
  type: Type;
}

export interface Prover {
  readonly builtins: BuiltinTable;
  readonly functions: ReadonlyMap<string, Unit>;
  readonly lambdas: Map<LambdaExpr, Unit>;
  /** By record type and field, and by field alone for updates of records of unknown type. */
  readonly fields: Map<string, Type>;
  readonly fieldReaders: Map<string, Set<Unit>>;
  readonly queue: Unit[];
  /** Every variable of the unit at hand, whatever is assigned to it anywhere in the unit. */
  readonly variables: Map<string, Variable>;
  /** Where values go that leave a block early: the unit itself, and the matches, guards and loops around the place. */
  readonly exits: Exit[];
  /** Numbers the passes over all units. */
  pass: number;
  /** Set when a variable grew that this pass had read already. */
  again: boolean;
  /** Set once a function may be called that only its name, as text, tells. */
  anythingCalled: boolean;
  readonly infer: (prover: Prover, unit: Unit, expr: Expr) => Type;
  readonly block: (prover: Prover, unit: Unit, statements: readonly Stmt[]) => Type;
}

export function makeUnit(inputs: readonly string[], params: number, body: readonly Stmt[], first: Type): Unit {
  return {
    inputs,
    inputTypes: inputs.map(() => first),
    params,
    body,
    callers: undefined,
    result: NEVER,
    visits: 0,
    ordered: false,
    waiting: false,
    givenUp: false,
  };
}

export function enqueue(prover: Prover, unit: Unit): void {
  if (unit.waiting) return;
  unit.waiting = true;
  prover.queue.push(unit);
}

/** Goes through units until no fact grows any more. */
export function settleAll(prover: Prover): void {
  for (let head = 0; head < prover.queue.length; head++) {
    const unit = prover.queue[head]!;
    unit.waiting = false;
    if (unit.givenUp) continue;
    unit.visits++;
    unit.givenUp = unit.visits > MAX_VISITS;
    const result = visit(prover, unit);
    if (!grows(unit.result, result)) continue;
    unit.result = result;
    for (const caller of unit.callers ?? []) enqueue(prover, caller);
  }
}

function visit(prover: Prover, unit: Unit): Type {
  prover.variables.clear();
  for (let index = 0; index < unit.inputs.length; index++) {
    prover.variables.set(unit.inputs[index]!, { type: unit.inputTypes[index]!, readIn: 0 });
  }
  let result = unit.result;
  for (let passes = 1; ; passes++) {
    if (passes > MAX_PASSES) unit.givenUp = true;
    prover.pass++;
    prover.again = false;
    const { value, left } = withExit(prover, false, () => prover.block(prover, unit, unit.body));
    if (unit.givenUp) return ANY;
    result = widen(join(result, join(value, left)));
    if (!prover.again) return result;
  }
}

/** Whether `after`, a join with `before`, says less than it. */
function grows(before: Type, after: Type): boolean {
  return before !== after && !isSame(before, after);
}

function isSame(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a === NEVER || b === NEVER) return false;
  switch (a.kind) {
    case 'list':
    case 'optional':
      return isSame(a.of, (b as typeof a).of);
    case 'map':
      return isSame(a.key, (b as typeof a).key) && isSame(a.value, (b as typeof a).value);
    case 'result':
      return isSame(a.ok, (b as typeof a).ok) && isSame(a.err, (b as typeof a).err);
    case 'named':
      return a.name === (b as typeof a).name;
    default:
      return true;
  }
}

/** Notes that a value of `type` may be in a variable of the unit at hand. */
export function assign(prover: Prover, name: string, type: Type): void {
  const variable = prover.variables.get(name);
  if (variable === undefined) {
    prover.variables.set(name, { type: widen(type), readIn: 0 });
    // The name may have been read as a function before: see `proveName`.
    if (prover.functions.has(name) || prover.builtins.get(name) !== undefined) prover.again = true;
    return;
  }
  if (variable.type === type) return;
  const after = widen(join(variable.type, type));
  if (!grows(variable.type, after)) return;
  variable.type = after;
  // What this pass has not read yet, it will read as it is now.
  if (variable.readIn === prover.pass) prover.again = true;
}

/** The type of a variable of the unit at hand, or undefined when there is none of that name. */
export function readVariable(prover: Prover, name: string): Type | undefined {
  const variable = prover.variables.get(name);
  if (variable === undefined) return undefined;
  variable.readIn = prover.pass;
  return variable.type;
}

/** Notes that a value of `type` may come in as a parameter or captured variable. */
export function passInput(prover: Prover, unit: Unit, index: number, type: Type): void {
  const before = unit.inputTypes[index]!;
  if (before === type || before.kind === 'any') return;
  const after = widen(join(before, type));
  if (!grows(before, after)) return;
  unit.inputTypes[index] = after;
  enqueue(prover, unit);
}

/** Notes the arguments of a call. */
export function passArguments(prover: Prover, unit: Unit, args: readonly Type[]): void {
  for (let index = 0; index < unit.params; index++) passInput(prover, unit, index, args[index] ?? ANY);
}

/** Notes that a function is a value somewhere: it may be called with anything. */
export function escapeUnit(prover: Prover, unit: Unit): void {
  for (let index = 0; index < unit.params; index++) passInput(prover, unit, index, ANY);
}

/** Notes a call of a value that may be text, which may name any function. */
export function escapeAll(prover: Prover): void {
  if (prover.anythingCalled) return;
  prover.anythingCalled = true;
  for (const unit of prover.functions.values()) escapeUnit(prover, unit);
  for (const unit of prover.lambdas.values()) escapeUnit(prover, unit);
}

/** Notes that `caller` depends on the result of `unit`. */
export function addCaller(unit: Unit, caller: Unit): void {
  unit.callers ??= new Set();
  unit.callers.add(caller);
}

/** Notes that a field may hold a value of `type`; `record` is undefined when its type is not known. */
export function assignField(prover: Prover, record: string | undefined, field: string, type: Type): void {
  const key = fieldKey(record, field);
  const before = prover.fields.get(key) ?? NEVER;
  const after = widen(join(before, type));
  if (!grows(before, after)) return;
  prover.fields.set(key, after);
  for (const reader of prover.fieldReaders.get(key) ?? []) enqueue(prover, reader);
}

/** What a field of a record of a known type may hold. */
export function readField(prover: Prover, unit: Unit, record: string, field: string): Type {
  let type = NEVER;
  for (const key of [fieldKey(record, field), fieldKey(undefined, field)]) {
    let readers = prover.fieldReaders.get(key);
    if (!readers) {
      readers = new Set();
      prover.fieldReaders.set(key, readers);
    }
    readers.add(unit);
    type = join(type, prover.fields.get(key) ?? NEVER);
  }
  return type;
}

function fieldKey(record: string | undefined, field: string): string {
  return record === undefined ? ` ${field}` : `${record} ${field}`;
}

/** Runs `inside` with a new place for values to go, and gives what came there. */
export function withExit(
  prover: Prover,
  isLoop: boolean,
  inside: () => Type,
): { readonly value: Type; readonly left: Type } {
  const place: Exit = { isLoop, type: NEVER };
  prover.exits.push(place);
  const value = inside();
  prover.exits.pop();
  return { value, left: place.type };
}

/**
 * Notes a value of `ret`, `!` or a braceless guard. Whether it ends a match around the place or the function is not
 * decided here: it counts in both.
 */
export function exit(prover: Prover, type: Type): void {
  for (const place of prover.exits) if (!place.isLoop) place.type = join(place.type, type);
}

/** Notes a value of `brk`. */
export function exitLoop(prover: Prover, type: Type): void {
  for (let index = prover.exits.length - 1; index >= 0; index--) {
    const place = prover.exits[index]!;
    place.type = join(place.type, type);
    if (place.isLoop) return;
  }
}
