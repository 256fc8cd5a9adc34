// What generated code calls. Each helper is one name that the source may use; the operations themselves are those of every engine
// that works on JavaScript values.
import type { CoreUnit } from '../../core/core.ts';
import { builtinFault, fault } from '../../core/fault.ts';
import { MAX_MAP_ENTRIES } from '../../core/limits.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT, BYTES_PER_UNIT, type Meter } from '../../core/meter.ts';
import { takeRoom } from '../../core/room.ts';
import { isTruthy, valuesEqual } from '../../core/value/compare.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List, UNNOTED_ITEMS } from '../../core/value/list.ts';
import { MapValue } from '../../core/value/map.ts';
import { RecordValue, Shape } from '../../core/value/record.ts';
import { Err, Ok } from '../../core/value/result.ts';
import { describe, showShortestNumber } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { arityFault, at } from '../../vm/calls.ts';
import type { RunServices } from '../../vm/engine.ts';
import * as operations from '../../vm/operations.ts';

/** A shape that no record has. */
const NO_SHAPE = new Shape('', []);

/** A place that reads a field: it remembers the last shape and where the field was in it. */
export class FieldSite {
  shape: Shape = NO_SHAPE;
  index = 0;
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Reads the field of a record that may not be the expected one. Throws a Fault without a place. */
  get(object: Value): Value {
    return object instanceof RecordValue && object.shape === this.shape ? object.at(this.index) : this.read(object);
  }

  /** Reads the field the long way. Throws a Fault without a place. */
  read(object: Value): Value {
    const value = operations.readField(object, this.name, false);
    const { shape } = object as RecordValue;
    this.shape = shape;
    this.index = shape.indexOf(this.name)!;
    return value;
  }
}

function isItem(list: Value, index: Value): list is List {
  return list instanceof List && Number.isInteger(index) && (index as number) >= 0 && (index as number) < list.length;
}

/** Helpers that are the same for every machine. */
const SHARED = {
  abs: Math.abs,
  floor: Math.floor,
  sqrt: Math.sqrt,
  add: operations.add,
  sub: operations.subtract,
  mul: operations.multiply,
  div: operations.divide,
  neg: operations.negate,
  lt: operations.lessThan,
  le: operations.lessOrEqual,
  gt: operations.greaterThan,
  ge: operations.greaterOrEqual,
  equal: valuesEqual,
  truthy: isTruthy,
  concat: operations.concatText,
  append: operations.append,
  payload: operations.payload,
  panic: operations.panic,
  bound: operations.rangeBound,
  readField: operations.readField,
  readIndex: operations.readIndex,
  updateRecord: operations.updateRecord,
  appendOwned(list: Value, value: Value): List {
    return list instanceof List ? list.appendOwned(value) : operations.append(list, value);
  },
  itemAt(list: Value, index: Value): Value | undefined {
    return isItem(list, index) ? list.get(index as number) : undefined;
  },
  Array,
  /** Notes an array of so many items: see core/room.ts. */
  roomFor(items: number): void {
    if (items >= UNNOTED_ITEMS) takeRoom(BYTES_PER_ITEM * items);
  },
  copyList(list: List): List {
    return new List(list.view().slice());
  },
  /** Leaves a variable empty: see views.ts. */
  none(): undefined {
    return undefined;
  },
  noTruth(builtin: string, value: Value): never {
    throw builtinFault(builtin, `predicate must return bool, got ${describe(value)}`);
  },
  str: showShortestNumber,
  setEntry(map: Value, key: string | number, value: Value): MapValue | undefined {
    return map instanceof MapValue && map.size < MAX_MAP_ENTRIES ? map.set(key, value) : undefined;
  },
  setEntryOwned(map: Value, key: string | number, value: Value): MapValue | undefined {
    return map instanceof MapValue && map.size < MAX_MAP_ENTRIES ? map.setOwned(key, value) : undefined;
  },
  /** `lst` where nothing can fail; undefined otherwise. */
  setItem(list: Value, index: Value, value: Value): List | undefined {
    return isItem(list, index) ? list.set(index as number, value) : undefined;
  },
  setItemOwned(list: Value, index: Value, value: Value): List | undefined {
    return isItem(list, index) ? list.setOwned(index as number, value) : undefined;
  },
  List,
  RecordValue,
  Ok,
  Err,
  FunctionValue,
  checkList(value: Value): List {
    if (value instanceof List) return value;
    throw fault('ILO-R007', 'foreach', { value: describe(value) });
  },
  checkRecord(value: Value): RecordValue {
    if (value instanceof RecordValue) return value;
    throw fault('ILO-R005', 'destructure', { value: describe(value) });
  },
  unset(name: string): never {
    throw fault('ILO-R001', 'variable', { name });
  },
};

/** Helpers that belong to a machine. */
interface OfMachine {
  /** The limits are in the source as numbers; only the faults are made here. */
  readonly deeper: (callee: number, depth: number, args: readonly Value[]) => Value;
  readonly wrongCount: (callee: number, got: number) => never;
  readonly callValue: (callee: Value, args: readonly Value[], fallback: string) => Value;
  readonly callTool: (tool: number, args: readonly Value[]) => Value;
  /** Completes what was thrown in a function: `depth` calls lay around it, and it stood at `place`. */
  readonly trace: (thrown: unknown, callee: number, depth: number, place: number) => unknown;
  /** Takes what is left of a portion of fuel, looks what was reached, and gives what is left of a new one. */
  readonly restock: (left: number) => number;
  /** The same on entering a function. */
  readonly enter: (callee: number, left: number) => number;
  readonly bytesOfJoin: (value: Value) => number;
  readonly bytesOfCopy: (value: Value) => number;
}

export type Helpers = typeof SHARED & OfMachine;

const OF_MACHINE: Readonly<Record<keyof OfMachine, true>> = {
  deeper: true,
  wrongCount: true,
  callValue: true,
  callTool: true,
  trace: true,
  restock: true,
  enter: true,
  bytesOfJoin: true,
  bytesOfCopy: true,
};

export type HelperName = keyof Helpers;
export const HELPER_NAMES: readonly HelperName[] = [
  ...(Object.keys(SHARED) as (keyof typeof SHARED)[]),
  ...(Object.keys(OF_MACHINE) as (keyof OfMachine)[]),
];

/** The helpers of one machine. */
export function makeHelpers(
  unit: CoreUnit,
  services: RunServices,
  callValue: OfMachine['callValue'],
  trace: OfMachine['trace'],
  deeper: OfMachine['deeper'],
): Helpers {
  const { meter } = services;
  // A machine is made for every run: what is the same for all is not copied.
  return Object.assign(Object.create(SHARED) as typeof SHARED, {
    deeper,
    wrongCount: (callee, got) => {
      throw arityFault(unit.functions[callee]!, got);
    },
    callValue,
    callTool: (tool, args) => services.tool(unit.tools[tool]!, args),
    trace,
    ...charging(unit, meter),
  } satisfies OfMachine);
}

function charging(
  unit: CoreUnit,
  meter: Meter | undefined,
): Pick<OfMachine, 'enter' | 'restock' | 'bytesOfJoin' | 'bytesOfCopy'> {
  const restock = (left: number): number => {
    meter!.left = left;
    meter!.stop();
    return meter!.left;
  };
  return {
    restock,
    enter: (callee, left) => {
      try {
        return restock(left);
      } catch (error) {
        throw at(error, unit.functions[callee]!.span);
      }
    },
    bytesOfJoin: value => {
      if (typeof value === 'string') return BYTES_PER_UNIT * value.length;
      return value instanceof List ? BYTES_PER_ITEM * value.length : 0;
    },
    bytesOfCopy: value => (value instanceof RecordValue ? BYTES_PER_OBJECT + BYTES_PER_ITEM * value.size : 0),
  };
}
