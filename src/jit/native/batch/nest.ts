// How loops lie in one another in a function of the low-level form.
import { type Cfg, cfgOf, dominates, findLoops, type Loop } from '../../../ir/cfg.ts';
import { type LirFunction, lirSuccessors, lirUses, type VirtualRegister } from '../lir.ts';

export class Nest {
  readonly cfg: Cfg;
  /** Whether there is a way back that leads to no loop's head: then loops do not explain the graph. */
  readonly isTangled: boolean;
  private readonly fn: LirFunction;
  private readonly loops: readonly Loop[];
  /** The innermost loop around each block. */
  private readonly innermost: (Loop | undefined)[];

  constructor(fn: LirFunction) {
    this.fn = fn;
    this.cfg = cfgOf(fn.blocks.map(lirSuccessors));
    const { order, successors, place } = this.cfg;
    this.isTangled = order.some(from =>
      successors[from]!.some(to => place[to]! <= place[from]! && !dominates(this.cfg, to, from)),
    );
    // The larger ones first, so that the innermost one is what stays.
    this.loops = findLoops(this.cfg).sort((a, b) => b.body.size - a.body.size);
    this.innermost = new Array(fn.blocks.length).fill(undefined);
    for (const loop of this.loops) for (const id of loop.body) this.innermost[id] = loop;
  }

  /** The loop that begins at a block. */
  loopAt(id: number): Loop | undefined {
    return this.loops.find(loop => loop.head === id);
  }

  depthOf(loop: Loop): number {
    return this.loops.filter(other => other.body.has(loop.head)).length;
  }

  /** What lies directly in a loop, or in none: blocks, and inner loops by their heads. */
  itemsOf(loop: Loop | undefined): readonly number[] {
    return this.cfg.order.filter(id => {
      if (loop !== undefined && !loop.body.has(id)) return false;
      return this.innermost[id] === loop || (this.loopAt(id) !== undefined && this.parentOf(this.loopAt(id)!) === loop);
    });
  }

  private parentOf(loop: Loop): Loop | undefined {
    return this.loops.filter(other => other !== loop && other.body.has(loop.head)).at(-1);
  }

  usesFuel({ body }: Loop): boolean {
    return [...body].some(id => this.fn.blocks[id]!.code.some(each => each.op === 'fuel'));
  }

  /** What is computed in a loop and read behind it, but for what is passed to the block behind. */
  usedOutside({ body }: Loop): readonly VirtualRegister[] {
    const made = new Set<VirtualRegister>();
    for (const id of body) {
      const { params, code } = this.fn.blocks[id]!;
      for (const param of params) made.add(param);
      for (const each of code) if (each.result >= 0) made.add(each.result);
    }
    const used = new Set<VirtualRegister>();
    for (const id of this.cfg.order) {
      if (body.has(id)) continue;
      for (const each of this.fn.blocks[id]!.code) for (const arg of lirUses(each)) if (made.has(arg)) used.add(arg);
    }
    return [...used];
  }
}
