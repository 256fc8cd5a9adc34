// The low-level form as whoever looks for whole numbers sees it: the graph of its blocks, where each virtual register is made, and how many
// loops lie around a block.
import { type Cfg, cfgOf, findLoops } from '../../../ir/cfg.ts';
import { type LirFunction, type LirInstruction, lirSuccessors, type VirtualRegister } from '../lir.ts';

export interface LirGraph {
  readonly cfg: Cfg;
  /** By block. */
  readonly depth: Int32Array;
  /** The block that makes a register; -1 for constants and what is never made. */
  readonly home: Int32Array;
  /** What makes a register; undefined for parameters. */
  readonly made: readonly (LirInstruction | undefined)[];
  /** What comes in for a parameter of a block, in the order of the jumps. */
  readonly incoming: ReadonlyMap<VirtualRegister, readonly Incoming[]>;
}

export interface Incoming {
  /** The block whose jump passes it. */
  readonly from: number;
  readonly value: VirtualRegister;
}

export function graphOfLir(fn: LirFunction): LirGraph {
  const cfg = cfgOf(fn.blocks.map(lirSuccessors));
  const depth = new Int32Array(fn.blocks.length);
  for (const { body } of findLoops(cfg)) for (const block of body) depth[block]!++;
  const home = new Int32Array(fn.classes.length).fill(-1);
  const made: (LirInstruction | undefined)[] = new Array(fn.classes.length).fill(undefined);
  const incoming = new Map<VirtualRegister, Incoming[]>();
  for (const id of cfg.order) {
    const { code, params } = fn.blocks[id]!;
    for (const param of params) home[param] = id;
    for (const each of code) {
      if (each.result >= 0) {
        home[each.result] = id;
        made[each.result] = each;
      }
      if (each.op !== 'jump') continue;
      fn.blocks[each.target.block]!.params.forEach((param, i) => {
        const entry = { from: id, value: each.target.args[i]! };
        const known = incoming.get(param);
        if (known === undefined) incoming.set(param, [entry]);
        else known.push(entry);
      });
    }
  }
  return { cfg, depth, home, made, incoming };
}
