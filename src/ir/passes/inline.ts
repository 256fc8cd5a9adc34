// Inlining of small functions into those that call them. Only functions that cannot fault are put in place of a call: then no chain of calls
// ever has to name them. Two things still tell a call: its fuel, and how deeply calls nest. So the result is for runs that count no fuel
// (the inlined function's `fuel` is left out), and `depth N` in the place of the call says how many calls would lie inside this one there. An
// engine that counts fuel compiles the function as it was.
//
// A function that was inlined into another may be inlined with it. Loops are not inlined: a call costs nothing beside one.
import { IR_OPS } from '../../spec/ir-ops.ts';
import type { Block, Instruction, IrFunction, ValueId } from '../ir.ts';
import { isTotal } from '../total.ts';

/** Instructions of the largest function that is inlined. */
const SMALL = 48;
/** Instructions that one function may grow by. */
const MAX_GROWTH = 2000;

/** Whether a function, before the passes, may become one that is inlined: it is short and has no loop. */
export function isWorthInlining(fn: IrFunction): boolean {
  const size = fn.blocks.reduce((sum, block) => sum + block.code.length, 0);
  return size <= 3 * SMALL && fn.blocks.every((block, id) => id === 0 || block.code.every(each => each.op !== 'fuel'));
}

/** Whether a function may stand in place of its calls. */
export function isInlinable(fn: IrFunction): boolean {
  const size = fn.blocks.reduce((sum, block) => sum + block.code.length, 0);
  if (size > SMALL) return false;
  const definitions = new Map<ValueId, Instruction>();
  for (const block of fn.blocks)
    for (const each of block.code) if (each.result !== undefined) definitions.set(each.result, each);
  return fn.blocks.every((block, id) =>
    block.code.every((each, index) => {
      const { effect } = IR_OPS[each.op];
      if (each.op === 'fuel') return id === 0 && index === 0;
      if (effect !== 'call' && effect !== 'fault') return true;
      return isTotal(each, value => definitions.get(value));
    }),
  );
}

/**
 * The function with small ones in place of their calls. `bodyOf` gives a function that may be inlined, optimised. With `keepFuel` it counts
 * fuel as the calls would have.
 */
export function inlineCalls(
  fn: IrFunction,
  bodyOf: (callee: number) => IrFunction | undefined,
  keepFuel = false,
): IrFunction {
  const calls = fn.blocks.some(block => block.code.some(each => each.op === 'call'));
  return calls ? new Inliner(fn, bodyOf, keepFuel).run() : fn;
}

class Inliner {
  private readonly fn: IrFunction;
  private readonly bodyOf: (callee: number) => IrFunction | undefined;
  private readonly types: IrFunction['types'][number][];
  private readonly names: Map<ValueId, string>;
  private readonly blocks: { params: readonly ValueId[]; code: Instruction[] }[];
  private readonly keepFuel: boolean;
  private growth = 0;

  constructor(fn: IrFunction, bodyOf: (callee: number) => IrFunction | undefined, keepFuel: boolean) {
    this.fn = fn;
    this.bodyOf = bodyOf;
    this.keepFuel = keepFuel;
    this.types = [...fn.types];
    this.names = new Map(fn.names);
    this.blocks = fn.blocks.map(block => ({ params: block.params, code: [] }));
  }

  run(): IrFunction {
    this.fn.blocks.forEach((block, id) => {
      let at: { readonly code: Instruction[] } = this.blocks[id]!;
      for (const each of block.code) {
        const body = each.op === 'call' && this.growth < MAX_GROWTH ? this.bodyOf(each.imm as number) : undefined;
        if (body === undefined || body.params.length !== each.args.length) at.code.push(each);
        else at = this.inline(each, body, at.code);
      }
    });
    if (this.growth === 0) return this.fn;
    return { ...this.fn, types: this.types, names: this.names, blocks: this.blocks as readonly Block[] };
  }

  /** Puts a function in place of its call, and gives the block in which the caller goes on. */
  private inline(call: Instruction, body: IrFunction, code: Instruction[]): { readonly code: Instruction[] } {
    const { span } = call;
    this.growth += body.blocks.reduce((sum, block) => sum + block.code.length, 0);
    code.push({ op: 'depth', result: undefined, args: [], imm: 1, targets: [], span });
    const numbers = new Map<ValueId, ValueId>();
    body.blocks[0]!.params.forEach((param, i) => {
      numbers.set(param, call.args[i]!);
    });
    const first = this.blocks.length;
    const after = first + body.blocks.length - 1;
    for (let id = 1; id < body.blocks.length; id++) {
      this.blocks.push({ params: body.blocks[id]!.params.map(param => this.define(param, body, numbers)), code: [] });
    }
    for (const block of body.blocks) {
      for (const each of block.code) if (each.result !== undefined) this.define(each.result, body, numbers);
    }
    this.blocks.push({ params: [call.result!], code: [] });
    const use = (value: ValueId): ValueId => numbers.get(value)!;
    body.blocks.forEach((block, id) => {
      const into = id === 0 ? code : this.blocks[first + id - 1]!.code;
      for (const each of block.code) {
        if (each.op === 'fuel' && !this.keepFuel) continue;
        if (each.op === 'depth') {
          into.push({ ...each, imm: (each.imm as number) + 1, span });
        } else if (each.op === 'return') {
          const targets = [{ block: after, args: each.args.map(use) }];
          into.push({ op: 'jump', result: undefined, args: [], imm: undefined, targets, span });
        } else {
          const targets = each.targets.map(({ block: to, args }) => ({ block: first + to - 1, args: args.map(use) }));
          const result = each.result === undefined ? undefined : use(each.result);
          into.push({ ...each, result, args: each.args.map(use), targets });
        }
      }
    });
    return this.blocks[after]!;
  }

  private define(value: ValueId, body: IrFunction, numbers: Map<ValueId, ValueId>): ValueId {
    const made = this.types.length;
    this.types.push(body.types[value]!);
    const name = body.names.get(value);
    if (name !== undefined) this.names.set(made, name);
    numbers.set(value, made);
    return made;
  }
}
