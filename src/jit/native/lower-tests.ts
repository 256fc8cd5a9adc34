// Tests of values while a function is lowered: truth values, as far as they have to be computed at once, and what leaves when a value is not of the
// kind that an operation wants.
import type { Instruction, ValueId } from '../../ir/ir.ts';
import { BARE_OPS } from '../../spec/ir-ops.ts';
import type { VirtualRegister } from './lir.ts';
import { CONDITIONS, FAR, type Truth } from './lower-ops.ts';
import { Values } from './lower-values.ts';
import {
  type Alternative,
  alternativesOf,
  isList,
  isRecord,
  isSum,
  narrowed,
  ONLY,
  type Shape,
  truthOf,
} from './shapes.ts';

export class Tests extends Values {
  /** Sums that were found to be plain in this block. */
  protected readonly plain = new Set<ValueId>();

  /** Leaves when the value is nil or a result. */
  protected makePlain(value: ValueId): void {
    const shape = this.shape(value);
    if ((!isSum(shape) && shape !== 'nil') || this.plain.has(value)) return;
    this.plain.add(value);
    for (const alternative of alternativesOf(shape).keys())
      if (alternative !== 'plain') this.leaveIf(value, alternative);
  }

  private leaveIf(value: ValueId, alternative: Alternative): void {
    const truth = this.isAlternative(value, alternative);
    if (!('known' in truth) || truth.known) this.emit(undefined, { op: 'leave.if' }, [this.materialise(truth)]);
  }

  /** What is in a result, of one shape whichever it is. */
  protected unwrap({ op, args, result }: Instruction): VirtualRegister {
    const value = args[0]!;
    if (op === 'panic') for (const each of ['nil', 'err'] as const) this.leaveIf(value, each);
    return this.inside(value, this.shapes[result!]!);
  }

  protected plainShape(value: ValueId): Shape {
    return narrowed(this.shape(value), ONLY.plain);
  }

  /** A truth value, as far as it has to be computed now. */
  protected truth(each: Instruction): Truth {
    const { op, args } = each;
    const shape = args[0] === undefined ? 'never' : this.shape(args[0]);
    switch (op) {
      case 'const.bool':
        return { known: each.imm === true };
      case 'box.bool':
      case 'unbox.bool':
        return this.takeOver(args[0]!);
      case 'payload':
      case 'panic':
        return isSum(shape) ? { register: this.unwrap(each) } : this.takeOver(args[0]!);
      case 'bool.not':
        return this.opposite(this.takeOver(args[0]!));
      case 'is.nil':
      case 'is.ok':
      case 'is.err':
        return this.isAlternative(args[0]!, op.slice('is.'.length) as Alternative);
      case 'is.num':
      case 'is.bool':
      case 'is.text':
      case 'is.list': {
        const plain = this.plainShape(args[0]!);
        const asked = op.slice('is.'.length);
        return (asked === 'list' ? isList(plain) : plain === asked)
          ? this.isAlternative(args[0]!, 'plain')
          : { known: false };
      }
      case 'num.truthy':
      case 'any.truthy':
        if (shape === 'bool') return this.takeOver(args[0]!);
        if (shape === 'nil') return { known: false };
        if (isRecord(shape)) return { known: true };
        if (isSum(shape) && truthOf(shape) === 'not nil') return this.opposite(this.isAlternative(args[0]!, 'nil'));
        if (isSum(shape) && alternativesOf(shape).get('plain') === 'bool') return { register: this.use(args[0]!) };
        if (isList(shape)) {
          const length = this.emit('f', { op: 'list.length' }, [this.use(args[0]!)]);
          return { condition: 'ne', args: [length, this.constant('f', 0)] };
        }
        return { condition: 'ne', args: [this.use(args[0]!), this.constant('f', 0)] };
      case 'num.eq':
      case 'any.eq':
        return this.equality(args[0]!, args[1]!);
      default:
        return { condition: CONDITIONS[BARE_OPS[op] ?? op]!, args: [this.use(args[0]!), this.use(args[1]!)] };
    }
  }

  private equality(left: ValueId, right: ValueId): Truth {
    const [a, b] = [this.shape(left), this.shape(right)];
    if (a === 'nil' && isSum(b)) return this.isAlternative(right, 'nil');
    if (b === 'nil' && isSum(a)) return this.isAlternative(left, 'nil');
    if (a !== b && a !== 'never' && b !== 'never') return { known: false };
    if (a === 'nil') return { known: true };
    // Lists and records are equal to nothing.
    if (isList(a) || isRecord(a) || isList(b) || isRecord(b)) return { known: false };
    const registers = [this.use(left), this.use(right)] as const;
    if (a === 'bool') {
      // Both are 0 or 1: equal when the one is not the other's opposite.
      return { register: this.emit('i', { op: 'same' }, registers) };
    }
    const isFar = registers.some(register => {
      const known = Math.abs(this.out.constants.get(register) ?? 0);
      return known >= FAR && known < Number.POSITIVE_INFINITY;
    });
    return { condition: isFar ? 'eq' : 'near', args: registers };
  }
}
