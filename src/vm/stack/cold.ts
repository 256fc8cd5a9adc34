// The instructions that the run loop leaves to a function of their own: what they do costs more than calling it. None of them
// jumps or calls the program. A fault leaves here without a place.
import { fault } from '../../core/fault.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT } from '../../core/meter.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List } from '../../core/value/list.ts';
import { RecordValue } from '../../core/value/record.ts';
import { describe } from '../../core/value/show.ts';
import type { CoreOp } from '../../spec/core-ops.ts';
import { STACK_OP_NAMES } from '../../spec/stack-ops.ts';
import { arityFault } from '../calls.ts';
import * as operations from '../operations.ts';
import { applyBinary, applyUnary } from '../primitives.ts';
import { ROWS } from './code.ts';
import type { LoopState } from './state.ts';

/** Words that an instruction takes, by its number. */
export const WIDTHS = Int32Array.from(ROWS, row => 1 + row.operands.length);

/** Runs the instruction at `pc`, and gives where the operands end after it. */
export function runCold(machine: LoopState, pc: number, base: number, sp: number): number {
  const { values, code } = machine;
  const { words } = code;
  switch (words[pc]) {
    case 5 /* dup */:
      values[sp] = values[sp - 1]!;
      return sp + 1;
    case 29 /* call.wrong */:
      throw arityFault(machine.unit.functions[words[pc + 1]!]!, words[pc + 2]!);
    case 34: /* num.div */
    case 56 /* any.div */:
      values[sp - 2] = operations.divide(values[sp - 2]!, values[sp - 1]!);
      return sp - 1;
    case 36: /* num.lt */
    case 37: /* num.le */
    case 38: /* num.gt */
    case 39: /* num.ge */
    case 58: /* any.lt */
    case 59: /* any.le */
    case 60: /* any.gt */
    case 61: /* any.ge */
    case 63 /* any.ne */:
      values[sp - 2] = applyBinary(STACK_OP_NAMES[words[pc]!] as CoreOp, values[sp - 2]!, values[sp - 1]!);
      return sp - 1;
    case 35: /* num.neg */
    case 57: /* any.neg */
    case 66: /* truthy */
    case 67: /* not */
    case 68: /* is.nil */
    case 69: /* is.ok */
    case 70: /* is.err */
    case 71: /* is.num */
    case 72: /* is.text */
    case 73: /* is.bool */
    case 74: /* is.list */
    case 75: /* payload */
    case 76: /* panic */
    case 77: /* new.ok */
    case 78 /* new.err */:
      values[sp - 1] = applyUnary(STACK_OP_NAMES[words[pc]!] as CoreOp, values[sp - 1]!);
      return sp;
    case 79: /* list */ {
      const from = sp - words[pc + 1]!;
      values[from] = new List(values.slice(from, sp));
      return from + 1;
    }
    case 80: /* record */ {
      const layout = words[pc + 1]!;
      const from = sp - code.layouts[layout]!.order.length;
      values[from] = machine.makeRecord(layout, from);
      return from + 1;
    }
    case 81: /* with */ {
      const fields = code.nameLists[words[pc + 1]!]!;
      const from = sp - fields.length;
      values[from - 1] = operations.updateRecord(values[from - 1]!, fields, values.slice(from, sp));
      return from;
    }
    case 82: /* function */ {
      const from = sp - words[pc + 2]!;
      values[from] = new FunctionValue(code.names[words[pc + 1]!]!, values.slice(from, sp));
      return from + 1;
    }
    case 84 /* field.safe */:
      values[sp - 1] = operations.readField(values[sp - 1]!, code.names[words[pc + 1]!]!, true);
      return sp;
    case 85 /* index */:
      values[sp - 1] = operations.readIndex(values[sp - 1]!, words[pc + 1]!, false);
      return sp;
    case 86 /* index.safe */:
      values[sp - 1] = operations.readIndex(values[sp - 1]!, words[pc + 1]!, true);
      return sp;
    case 87 /* need.record */:
      if (values[sp - 1] instanceof RecordValue) return sp;
      throw fault('ILO-R005', 'destructure', { value: describe(values[sp - 1]!) });
    case 88: /* each.start */ {
      const list = values[sp - 1]!;
      if (!(list instanceof List)) throw fault('ILO-R007', 'foreach', { value: describe(list) });
      const state = base + words[pc + 1]!;
      values[state] = list;
      values[state + 1] = 0;
      return sp - 1;
    }
    case 90: /* range.start */ {
      const from = operations.rangeBound(values[sp - 2]!, 'start');
      const to = operations.rangeBound(values[sp - 1]!, 'end');
      const state = base + words[pc + 1]!;
      values[state] = from;
      values[state + 1] = to;
      return sp - 2;
    }
    case 98: /* charge.with */ {
      const object = values[sp - 1 - code.nameLists[words[pc + 1]!]!.length];
      if (object instanceof RecordValue) {
        machine.services.meter!.charge(0, BYTES_PER_OBJECT + BYTES_PER_ITEM * object.size);
      }
      return sp;
    }
    default:
      throw new TypeError(`word ${pc} is no instruction`);
  }
}
