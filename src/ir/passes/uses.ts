// Where each value of a function is made and used, and where it is still needed.
import type { Cfg } from '../cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';

export interface Use {
  readonly instruction: Instruction;
  readonly block: BlockId;
  /** The place of the instruction in its block. */
  readonly index: number;
  /** Which operand it is; -1 for what is passed to a block parameter. */
  readonly operand: number;
  /** The block parameter that it is passed to. */
  readonly param: ValueId | undefined;
}

export interface Uses {
  readonly of: (value: ValueId) => readonly Use[];
  /** The instruction that makes a value; undefined for a block parameter. */
  readonly definition: (value: ValueId) => Instruction | undefined;
  /** The block in which a value is made. */
  readonly home: (value: ValueId) => BlockId;
  /** The place of the instruction that makes a value in its block; -1 for a block parameter. */
  readonly madeAt: (value: ValueId) => number;
  /** What comes in for a block parameter; nothing for other values. */
  readonly incoming: (value: ValueId) => readonly ValueId[];
  /** The blocks at whose beginning a value is still needed. */
  readonly liveIn: (value: ValueId) => ReadonlySet<BlockId>;
}

const NONE: readonly never[] = [];

/** The uses of all values in the blocks that can be reached. */
export function findUses(fn: IrFunction, cfg: Cfg): Uses {
  const uses = new Map<ValueId, Use[]>();
  const definitions = new Map<ValueId, Instruction>();
  const homes = new Map<ValueId, BlockId>();
  const places = new Map<ValueId, number>();
  const incoming = new Map<ValueId, ValueId[]>();
  const add = (value: ValueId, use: Use): void => {
    const known = uses.get(value);
    if (known === undefined) uses.set(value, [use]);
    else known.push(use);
  };
  for (const block of cfg.order) {
    const { params, code } = fn.blocks[block]!;
    for (const param of params) homes.set(param, block);
    code.forEach((instruction, index) => {
      if (instruction.result !== undefined) {
        definitions.set(instruction.result, instruction);
        homes.set(instruction.result, block);
        places.set(instruction.result, index);
      }
      instruction.args.forEach((arg, operand) => {
        add(arg, { instruction, block, index, operand, param: undefined });
      });
    });
    const end = endOf(fn.blocks[block]!);
    for (const target of end.targets) {
      target.args.forEach((arg, i) => {
        const param = fn.blocks[target.block]!.params[i]!;
        add(arg, { instruction: end, block, index: code.length - 1, operand: -1, param });
        const known = incoming.get(param);
        if (known === undefined) incoming.set(param, [arg]);
        else known.push(arg);
      });
    }
  }
  const live = new Map<ValueId, ReadonlySet<BlockId>>();
  const of = (value: ValueId): readonly Use[] => uses.get(value) ?? NONE;
  const home = (value: ValueId): BlockId => homes.get(value)!;
  return {
    of,
    definition: value => definitions.get(value),
    home,
    madeAt: value => places.get(value) ?? -1,
    incoming: value => incoming.get(value) ?? NONE,
    liveIn: value => {
      const known = live.get(value);
      if (known !== undefined) return known;
      const found = findLiveIn(of(value), home(value), cfg);
      live.set(value, found);
      return found;
    },
  };
}

function findLiveIn(uses: readonly Use[], home: BlockId, cfg: Cfg): ReadonlySet<BlockId> {
  const live = new Set<BlockId>();
  const work = uses.map(use => use.block);
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    if (id === home || live.has(id)) continue;
    live.add(id);
    for (const from of cfg.predecessors[id]!) if (cfg.place[from]! >= 0) work.push(from);
  }
  return live;
}

/** Whether a value is needed behind an instruction. */
export function isLiveAfter(uses: Uses, cfg: Cfg, value: ValueId, block: BlockId, index: number): boolean {
  const isThere = uses.home(value) === block ? uses.madeAt(value) <= index : uses.liveIn(value).has(block);
  if (isThere && uses.of(value).some(use => use.block === block && use.index > index)) return true;
  return cfg.successors[block]!.some(next => uses.liveIn(value).has(next));
}
