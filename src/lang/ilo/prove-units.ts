// The units of proof, one per function or lambda, and the facts that connect them: types of parameters, results and
// record fields. Facts only grow; a unit that read one is put in line again when it grows.
import { ANY, type Type } from '../../core/type.ts';
import type { Expr, LambdaExpr, Stmt } from './ast.ts';
import type { BuiltinTable } from './builtins/row.ts';
import { join, NEVER, widen } from './prove-types.ts';

/** How often a unit is gone through before it is given up, so that proving stays linear. */
const MAX_RUNS = 12;

export interface Exit {
  readonly isLoop: boolean;
  type: Type;
}

export interface Variable {
  type: Type;
  /** The last run of the unit that has read it. */
  readIn: number;
}

export interface Unit {
  readonly params: readonly string[];
  readonly body: readonly Stmt[];
  /** Every variable, whatever is assigned to it anywhere in the unit; parameters included. */
  readonly variables: Map<string, Variable>;
  /** Units that call this one. */
  callers: Set<Unit> | undefined;
  result: Type;
  /** Where values go that leave a block early: the unit itself, and the matches, guards and loops around the place. */
  readonly exits: Exit[];
  runs: number;
  waiting: boolean;
  /** Nothing is claimed inside any more. */
  givenUp: boolean;
}

export interface Prover {
  readonly builtins: BuiltinTable;
  readonly functions: ReadonlyMap<string, Unit>;
  readonly lambdas: Map<LambdaExpr, Unit>;
  /** By record type and field, and by field alone for updates of records of unknown type. */
  readonly fields: Map<string, Type>;
  readonly fieldReaders: Map<string, Set<Unit>>;
  readonly queue: Unit[];
  /** The unit that is being gone through. */
  running: Unit | undefined;
  /** Set once a function may be called that only its name, as text, tells. */
  anythingCalled: boolean;
  readonly infer: (prover: Prover, unit: Unit, expr: Expr) => Type;
  readonly block: (prover: Prover, unit: Unit, statements: readonly Stmt[]) => Type;
}

export function makeUnit(params: readonly string[], body: readonly Stmt[]): Unit {
  return {
    params,
    body,
    variables: new Map(params.map(name => [name, { type: NEVER, readIn: 0 }])),
    callers: undefined,
    result: NEVER,
    exits: [],
    runs: 0,
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
    unit.runs++;
    prover.running = unit;
    unit.givenUp = unit.runs > MAX_RUNS;
    unit.exits.length = 0;
    const { value, left } = withExit(unit, false, () => prover.block(prover, unit, unit.body));
    const result = unit.givenUp ? ANY : widen(join(unit.result, join(value, left)));
    if (grows(unit.result, result)) {
      unit.result = result;
      for (const caller of unit.callers ?? []) enqueue(prover, caller);
    }
  }
}

/** Whether `after`, a join with `before`, says less than it. Joins keep what they can, so growth shows in the text. */
function grows(before: Type, after: Type): boolean {
  return before !== after && !sameText(before, after);
}

function sameText(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a === NEVER || b === NEVER) return false;
  switch (a.kind) {
    case 'list':
    case 'optional':
      return sameText(a.of, (b as typeof a).of);
    case 'map':
      return sameText(a.key, (b as typeof a).key) && sameText(a.value, (b as typeof a).value);
    case 'result':
      return sameText(a.ok, (b as typeof a).ok) && sameText(a.err, (b as typeof a).err);
    case 'named':
      return a.name === (b as typeof a).name;
    default:
      return true;
  }
}

/** Notes that a value of `type` may be in a variable or parameter. */
export function assign(prover: Prover, unit: Unit, name: string, type: Type): void {
  const variable = unit.variables.get(name);
  if (variable === undefined) {
    unit.variables.set(name, { type: widen(type), readIn: 0 });
    // The name may have been read as a function before: see `proveName`.
    if (prover.functions.has(name) || prover.builtins.get(name) !== undefined) enqueue(prover, unit);
    return;
  }
  if (variable.type === type) return;
  const after = widen(join(variable.type, type));
  if (!grows(variable.type, after)) return;
  variable.type = after;
  // What this run has not read yet, it will read as it is now.
  if (prover.running !== unit || variable.readIn === unit.runs) enqueue(prover, unit);
}

/** Notes that `caller` depends on the result of `unit`. */
export function addCaller(unit: Unit, caller: Unit): void {
  unit.callers ??= new Set();
  unit.callers.add(caller);
}

/** Notes the arguments of a call. */
export function passArguments(prover: Prover, unit: Unit, args: readonly Type[]): void {
  for (let index = 0; index < unit.params.length; index++) {
    assign(prover, unit, unit.params[index]!, args[index] ?? ANY);
  }
}

/** Notes that a function is a value somewhere: it may be called with anything. */
export function escapeUnit(prover: Prover, unit: Unit): void {
  for (const name of unit.params) assign(prover, unit, name, ANY);
}

/** Notes a call of a value that may be text, which may name any function. */
export function escapeAll(prover: Prover): void {
  if (prover.anythingCalled) return;
  prover.anythingCalled = true;
  for (const unit of prover.functions.values()) escapeUnit(prover, unit);
  for (const unit of prover.lambdas.values()) escapeUnit(prover, unit);
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
  unit: Unit,
  isLoop: boolean,
  inside: () => Type,
): { readonly value: Type; readonly left: Type } {
  const place: Exit = { isLoop, type: NEVER };
  unit.exits.push(place);
  const value = inside();
  unit.exits.pop();
  return { value, left: place.type };
}

/**
 * Notes a value of `ret`, `!` or a braceless guard. Whether it ends a match around the place or the function is not
 * decided here: it counts in both.
 */
export function exit(unit: Unit, type: Type): void {
  for (const place of unit.exits) if (!place.isLoop) place.type = join(place.type, type);
}

/** Notes a value of `brk`. */
export function exitLoop(unit: Unit, type: Type): void {
  for (let index = unit.exits.length - 1; index >= 0; index--) {
    const place = unit.exits[index]!;
    place.type = join(place.type, type);
    if (place.isLoop) return;
  }
}
