// What gives the same in every round of a loop is computed before it. Native code may do that even with what can go wrong, an index that is
// out of range: going wrong means to leave and have the whole call made again by another engine, and a call may be made again at any
// time. Only what faults by itself (a division by zero) stays where it is, and so does everything when builtins are charged for.
import { buildCfg, type Cfg, dominates, findLoops } from '../../ir/cfg.ts';
import { type Block, type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import { IR_OPS, type IrOp } from '../../spec/ir-ops.ts';
import { refine } from './refine.ts';

/** Ops that the IR calls faulting, but that cannot fault on values of the shapes that native code works on, or leave when they do. */
const SAFE: ReadonlySet<IrOp> = new Set<IrOp>([
  'any.add',
  'any.sub',
  'any.mul',
  'any.neg',
  'any.lt',
  'any.le',
  'any.gt',
  'any.ge',
  'list.check',
  'list.index',
  'record.check',
  'range.start',
  'range.end',
  'field',
]);

/** Pure only where it stands: its index is known to be in range there. */
const STAYS: ReadonlySet<IrOp> = new Set<IrOp>(['list.item', 'owned', 'const.empty']);

const SAFE_BUILTINS: ReadonlySet<string> = new Set([
  ...['len', 'at', 'hd', 'abs', 'flr', 'cel', 'rou', 'sqrt', 'min', 'max', 'clamp'],
]);

function isMovable({ op, imm, result }: Instruction): boolean {
  if (result === undefined || STAYS.has(op)) return false;
  if (op === 'call.builtin') return SAFE_BUILTINS.has(imm as string);
  return IR_OPS[op].effect === 'pure' || SAFE.has(op);
}

/** The function with invariants moved out of its loops. Not for code that counts against limits. */
export function hoistInvariants(fn: IrFunction): IrFunction {
  const cfg = buildCfg(fn);
  const loops = findLoops(cfg).sort((a, b) => a.body.size - b.body.size);
  if (loops.length === 0) return fn;
  const code: Instruction[][] = fn.blocks.map(block => [...block.code]);
  const home = new Map<ValueId, BlockId>();
  for (const id of cfg.order) {
    for (const param of fn.blocks[id]!.params) home.set(param, id);
    for (const each of code[id]!) if (each.result !== undefined) home.set(each.result, id);
  }
  const refinements = refine(fn);
  for (const { head, body } of loops) {
    const outside = cfg.predecessors[head]!.filter(from => !body.has(from) && cfg.place[from]! >= 0);
    const before = outside[0];
    if (outside.length !== 1 || before === undefined || endOf(fn.blocks[before]!).op !== 'jump') continue;
    for (const id of cfg.order) {
      if (!body.has(id)) continue;
      const stays: Instruction[] = [];
      // What is known of a value here need not be known before the loop.
      const facts = refinements.at(id);
      for (const each of code[id]!) {
        if (each.op === 'depth') code[before]!.splice(-1, 0, each);
        else if (isMovable(each) && each.args.every(arg => !body.has(home.get(arg)!) && !facts.has(arg))) {
          code[before]!.splice(-1, 0, each);
          home.set(each.result!, before);
        } else {
          stays.push(each);
        }
      }
      code[id] = stays;
    }
  }
  dropRepeatedDepth(cfg, code);
  return { ...fn, blocks: fn.blocks.map((block, id): Block => ({ params: block.params, code: code[id]! })) };
}

/** How many checks of depth are compared with each other. */
const MOST_COMPARED = 8;

/** Calls that were inlined nest in the same function: where one was found to fit, as deep a one behind it fits too. */
function dropRepeatedDepth(cfg: Cfg, code: Instruction[][]): void {
  const kept: { readonly block: BlockId; readonly amount: number }[] = [];
  for (const id of cfg.order) {
    code[id] = code[id]!.filter(({ op, imm }) => {
      if (op !== 'depth') return true;
      const amount = imm as number;
      if (kept.some(each => each.amount >= amount && dominates(cfg, each.block, id))) return false;
      if (kept.length < MOST_COMPARED) kept.push({ block: id, amount });
      return true;
    });
  }
}
