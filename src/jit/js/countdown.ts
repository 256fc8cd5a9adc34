// Recursion that ends where a number has counted down (`<=n 1 n;+ (run (- n 1)) (run (- n 2))`). Counting how deep calls nest costs such a function an argument
// and a comparison for each call, a sixth of its time. Where nothing in it can fail but the depth, and the number says before the first call that
// the limit is out of reach, a second form of the function runs that counts nothing: `hN` beside `fN`.
import { buildCfg, dominates } from '../../ir/cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import { isTotal } from '../../ir/total.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import { WRITERS } from './expressions.ts';

export interface Countdown {
  /** The parameter that counts down. */
  readonly param: ValueId;
  /** Where the number is not above this the function does not call itself. */
  readonly end: number;
  /** Whether it must meet the end exactly: then it is whole, not below the end, and goes down by one. */
  readonly isExact: boolean;
}

/** What compares with a constant, and on which side of the branch the number may go further down. */
const GOES_ON: ReadonlyMap<IrOp, 'then' | 'otherwise'> = new Map<IrOp, 'then' | 'otherwise'>([
  ['num.le', 'otherwise'],
  ['num.lt', 'otherwise'],
  ['num.eq', 'otherwise'],
  ['num.gt', 'then'],
  ['num.ge', 'then'],
]);

/** Numbers further from zero are not counted exactly enough. */
const MOST = 2 ** 30;

/** How a function counts down; undefined when it does not, calls another one, or may fail. `index` is its own. */
export function findCountdown(fn: IrFunction, index: number): Countdown | undefined {
  const calls: { readonly block: BlockId; readonly args: readonly ValueId[] }[] = [];
  const definitions = new Map<ValueId, Instruction>();
  for (const [block, { code }] of fn.blocks.entries()) {
    for (const each of code) {
      if (each.result !== undefined) definitions.set(each.result, each);
      if (each.op !== 'call') continue;
      if (each.imm !== index || each.args.length !== fn.params.length) return undefined;
      calls.push({ block, args: each.args });
    }
  }
  const params = fn.blocks[0]!.params;
  if (calls.length === 0 || params.length !== fn.params.length) return undefined;
  const bare = (value: ValueId): ValueId => {
    const made = definitions.get(value);
    return made?.op === 'box.num' || made?.op === 'unbox.num' ? bare(made.args[0]!) : value;
  };
  const constant = (value: ValueId): number | undefined => {
    const made = definitions.get(bare(value));
    const number = made?.op === 'const.num' ? (made.imm as number) : undefined;
    return number !== undefined && Math.abs(number) <= MOST ? number : undefined;
  };
  const isHarmless = (each: Instruction): boolean => {
    const { form } = WRITERS[each.op];
    if (form === 'pure' || form === 'read' || form === 'statement' || each.op === 'call') return true;
    return each.op === 'num.div' && isTotal(each, value => definitions.get(value));
  };
  if (!fn.blocks.every(({ code }) => code.every(isHarmless))) return undefined;
  const cfg = buildCfg(fn);
  /** By how much the parameter at a place is less in a call. */
  const stepOf = (args: readonly ValueId[], at: number): number | undefined => {
    const made = definitions.get(bare(args[at]!));
    if (made?.op !== 'num.sub' || bare(made.args[0]!) !== params[at]) return undefined;
    return constant(made.args[1]!);
  };
  for (const id of cfg.order) {
    const branch = endOf(fn.blocks[id]!);
    const test = branch.op === 'branch' ? definitions.get(branch.args[0]!) : undefined;
    const side = test === undefined ? undefined : GOES_ON.get(test.op);
    if (test === undefined || side === undefined) continue;
    const [then, otherwise] = branch.targets.map(target => target.block) as [BlockId, BlockId];
    const at = params.indexOf(bare(test.args[0]!));
    const end = constant(test.args[1]!);
    const further = side === 'then' ? then : otherwise;
    if (at < 0 || fn.types[params[at]!] !== 'num' || end === undefined || then === otherwise) continue;
    if (cfg.predecessors[further]!.length !== 1) continue;
    const isExact = test.op === 'num.eq';
    const goesDown = calls.every(({ block, args }) => {
      const step = stepOf(args, at);
      if (step === undefined || !dominates(cfg, further, block)) return false;
      return isExact ? step === 1 : step >= 1;
    });
    if (goesDown && (!isExact || Number.isInteger(end))) return { param: params[at]!, end, isExact };
  }
  return undefined;
}

/** The test that a function may go on without counting, `d` calls deep: it comes to its end before the limit. */
export function isShort({ param, end, isExact }: Countdown, limit: number): string {
  const v = `v${param}`;
  // One call for the number that is left, and one for what rounding may have added.
  const ends = `${v} < ${limit + end - 2} - d`;
  return isExact ? `${ends} && ${v} >= ${end} && ${v} % 1 === 0` : ends;
}
