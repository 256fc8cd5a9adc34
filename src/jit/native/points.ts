// The points at which a run may leave native code for the register machine and come back: where the IR charges fuel, which is at the entry of a
// function and at the head of each loop, and calls, inside which a callee leaves.
//
// What has to be known at a point are the values of the IR that are alive behind it. The register machine is compiled from the same IR and
// may look at a value under another name, or at what a comparison compares, so those belong to it too; in native code most of them are in the
// same register anyway.
import { buildCfg } from '../../ir/cfg.ts';
import { endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import type { LirFunction, VirtualRegister } from './lir.ts';
import { partsOf, type Shape } from './shapes.ts';

/** A value that is alive at a point. */
export interface PointValue {
  readonly value: ValueId;
  readonly shape: Shape;
  readonly parts: readonly PointPart[];
}

/** Where a part of a value (shapes.ts) is in what was written down, or what it always is. */
export interface PointPart {
  /** The place in the record; -1 for a constant. */
  readonly at: number;
  readonly constant: number;
  /** Whether a number is there as an integer. */
  readonly whole: boolean;
}

export interface Point {
  /** Its number in the code; numbers begin with 1. */
  readonly number: number;
  /** The function, by its index. */
  readonly fn: number;
  /** The instruction of the IR: `fuel` or `call`. */
  readonly instruction: Instruction;
  /** Whether it is the entry of its function. */
  readonly isEntry: boolean;
  readonly values: readonly PointValue[];
  /** How many values are written down. */
  readonly size: number;
}

/** A point while its function is compiled. */
export interface OpenPoint {
  readonly number: number;
  readonly fn: number;
  readonly instruction: Instruction;
  readonly isEntry: boolean;
  readonly values: readonly {
    readonly value: ValueId;
    readonly shape: Shape;
    readonly registers: readonly VirtualRegister[];
  }[];
  readonly state: readonly VirtualRegister[];
}

/** Takes a point down, and gives its number. */
export type NotePoint = (point: Omit<OpenPoint, 'number' | 'fn'>) => number;

/** What an instruction of the low-level form has of its point. */
export interface OpenedPoint {
  readonly point: { readonly point?: number };
  readonly state: readonly VirtualRegister[];
}

export function openPoint(
  point: Omit<OpenPoint, 'number' | 'fn' | 'state'>,
  constants: LirFunction['constants'],
  note: NotePoint,
): OpenedPoint {
  const registers = new Set(point.values.flatMap(({ registers }) => registers));
  const state = [...registers].filter(register => !constants.has(register));
  return { point: { point: note({ ...point, state }) }, state };
}

/** A point when the classes of registers are settled. */
export function closePoint({ values, state, ...rest }: OpenPoint, { classes, constants }: LirFunction): Point {
  return {
    ...rest,
    size: state.length,
    values: values.map(({ value, shape, registers }): PointValue => {
      // Nobody reads what never comes.
      const known = shape === 'never' ? 'num' : shape;
      const parts = partsOf(known).map(({ kind }, i): PointPart => {
        const register = registers[i]!;
        const constant = constants.get(register);
        return {
          at: constant === undefined ? state.indexOf(register) : -1,
          constant: constant ?? 0,
          whole: kind === 'f' && classes[register] === 'i',
        };
      });
      return { value, shape: known, parts };
    }),
  };
}

/** Ops whose result the register machine takes for another name of the first operand, or looks through. */
const LOOKED_THROUGH: ReadonlySet<IrOp> = new Set<IrOp>([
  ...(['box.num', 'box.bool', 'unbox.num', 'unbox.bool', 'owned', 'list.check', 'record.check'] as const),
  ...(['bool.not', 'num.truthy', 'any.truthy', 'num.lt', 'num.le', 'num.gt', 'num.ge', 'num.eq'] as const),
]);

/** The values that are alive behind each point of a function, without what the point's instruction gives. */
export function liveAtPoints(fn: IrFunction): ReadonlyMap<Instruction, readonly ValueId[]> {
  const cfg = buildCfg(fn);
  const made = new Map<ValueId, Instruction>();
  for (const id of cfg.order)
    for (const each of fn.blocks[id]!.code) if (each.result !== undefined) made.set(each.result, each);
  const liveIn: Set<ValueId>[] = fn.blocks.map(() => new Set());
  const liveOut = (id: number): Set<ValueId> => {
    const live = new Set<ValueId>();
    for (const next of cfg.successors[id]!) for (const value of liveIn[next]!) live.add(value);
    for (const target of endOf(fn.blocks[id]!).targets) for (const arg of target.args) live.add(arg);
    return live;
  };
  const found = new Map<Instruction, readonly ValueId[]>();
  const throughBlock = (id: number, note: boolean): Set<ValueId> => {
    const live = liveOut(id);
    const { code, params } = fn.blocks[id]!;
    for (let i = code.length - 1; i >= 0; i--) {
      const each = code[i]!;
      if (each.result !== undefined) live.delete(each.result);
      if (note && (each.op === 'fuel' || each.op === 'call')) found.set(each, withOrigins(live, made));
      for (const arg of each.args) live.add(arg);
    }
    for (const param of params) live.delete(param);
    return live;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = cfg.order.length - 1; i >= 0; i--) {
      const id = cfg.order[i]!;
      const live = throughBlock(id, false);
      if (live.size === liveIn[id]!.size) continue;
      liveIn[id] = live;
      changed = true;
    }
  }
  for (const id of cfg.order) throughBlock(id, true);
  return found;
}

function withOrigins(live: ReadonlySet<ValueId>, made: ReadonlyMap<ValueId, Instruction>): readonly ValueId[] {
  const all = new Set(live);
  for (const value of all) {
    const maker = made.get(value);
    if (maker !== undefined && LOOKED_THROUGH.has(maker.op)) for (const arg of maker.args) all.add(arg);
  }
  return [...all].sort((a, b) => a - b);
}
