// Which functions are put in place of their calls in native code: small ones on numbers, without loops and calls, that cannot fault when their
// arguments are numbers, so that no chain of calls ever has to name them. One that divides leaves instead (leaveAtDivisions).
import type { Span } from '../../base/span.ts';
import type { CoreFunction } from '../../core/core.ts';
import type { Instruction, IrFunction } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';

const MOST_INSTRUCTIONS = 80;

const OPS: ReadonlySet<IrOp> = new Set<IrOp>([
  ...(['const.num', 'const.bool', 'box.num', 'box.bool', 'unbox.num', 'unbox.bool'] as const),
  ...(['num.add', 'num.sub', 'num.mul', 'num.neg', 'num.lt', 'num.le', 'num.gt', 'num.ge', 'num.eq'] as const),
  ...(['any.add', 'any.sub', 'any.mul', 'any.neg', 'any.lt', 'any.le', 'any.gt', 'any.ge', 'any.eq'] as const),
  ...(['num.truthy', 'any.truthy', 'bool.not', 'charge.join', 'charge.copy', 'charge.items'] as const),
  ...(['const.nil', 'const.text', 'new.ok', 'new.err', 'is.nil', 'is.ok', 'is.err', 'payload'] as const),
  ...(['fuel', 'jump', 'branch', 'return'] as const),
]);

const BUILTINS: ReadonlySet<string> = new Set(['abs', 'flr', 'cel', 'rou', 'sqrt', 'min', 'max', 'clamp']);

const DIVISIONS: ReadonlySet<IrOp> = new Set<IrOp>(['num.div', 'any.div']);

/**
 * The function with places of their own for its divisions, which are told to `tell`: where it stands for a call, a division by zero there leaves, and
 * another engine makes the call and names it.
 */
export function leaveAtDivisions(fn: IrFunction, tell: (place: Span) => void): IrFunction {
  const moved = (each: Instruction): Instruction => {
    if (!DIVISIONS.has(each.op)) return each;
    const span = { ...each.span };
    tell(span);
    return { ...each, span };
  };
  return { ...fn, blocks: fn.blocks.map(block => ({ ...block, code: block.code.map(moved) })) };
}

export function isInlinable(fn: IrFunction, declared: CoreFunction): boolean {
  if (declared.params.some(param => param.type.kind !== 'num') || declared.captures > 0) return false;
  const size = fn.blocks.reduce((sum, block) => sum + block.code.length, 0);
  if (size > MOST_INSTRUCTIONS) return false;
  const constants = new Map<number, number>();
  for (const block of fn.blocks) {
    for (const each of block.code) {
      if (each.op === 'const.num') constants.set(each.result!, each.imm as number);
      else if (each.op === 'box.num' && constants.has(each.args[0]!)) {
        constants.set(each.result!, constants.get(each.args[0]!)!);
      }
    }
  }
  const isSafe = ({ op, imm, args }: Instruction): boolean => {
    if (DIVISIONS.has(op)) return true;
    if (op === 'call.builtin' && imm === 'mod') return (constants.get(args[1]!) ?? 0) !== 0;
    return OPS.has(op) || (op === 'call.builtin' && BUILTINS.has(imm as string));
  };
  return fn.blocks.every((block, id) =>
    block.code.every((each, at) => isSafe(each) && (each.op !== 'fuel' || (id === 0 && at === 0))),
  );
}
