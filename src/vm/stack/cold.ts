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
    case 21 /* call.wrong */:
      throw arityFault(machine.unit.functions[words[pc + 1]!]!, words[pc + 2]!);
    case 28: /* num.lt */
    case 29: /* num.le */
    case 30: /* num.gt */
    case 31: /* num.ge */
    case 44: /* any.lt */
    case 45: /* any.le */
    case 46: /* any.gt */
    case 47: /* any.ge */
    case 49 /* any.ne */:
      values[sp - 2] = applyBinary(STACK_OP_NAMES[words[pc]!] as CoreOp, values[sp - 2]!, values[sp - 1]!);
      return sp - 1;
    case 27: /* num.neg */
    case 43: /* any.neg */
    case 52: /* truthy */
    case 53: /* not */
    case 54: /* is.nil */
    case 55: /* is.ok */
    case 56: /* is.err */
    case 57: /* is.num */
    case 58: /* is.text */
    case 59: /* is.bool */
    case 60: /* is.list */
    case 61: /* payload */
    case 62: /* panic */
    case 63: /* new.ok */
    case 64 /* new.err */:
      values[sp - 1] = applyUnary(STACK_OP_NAMES[words[pc]!] as CoreOp, values[sp - 1]!);
      return sp;
    case 65: /* list */ {
      const from = sp - words[pc + 1]!;
      values[from] = new List(values.slice(from, sp));
      return from + 1;
    }
    case 66: /* record */ {
      const layout = words[pc + 1]!;
      const from = sp - code.layouts[layout]!.order.length;
      values[from] = machine.makeRecord(layout, from);
      return from + 1;
    }
    case 67: /* with */ {
      const fields = code.nameLists[words[pc + 1]!]!;
      const from = sp - fields.length;
      values[from - 1] = operations.updateRecord(values[from - 1]!, fields, values.slice(from, sp));
      return from;
    }
    case 68: /* function */ {
      const from = sp - words[pc + 2]!;
      values[from] = new FunctionValue(code.names[words[pc + 1]!]!, values.slice(from, sp));
      return from + 1;
    }
    case 70 /* field.safe */:
      values[sp - 1] = operations.readField(values[sp - 1]!, code.names[words[pc + 1]!]!, true);
      return sp;
    case 71 /* index */:
      values[sp - 1] = operations.readIndex(values[sp - 1]!, words[pc + 1]!, false);
      return sp;
    case 72 /* index.safe */:
      values[sp - 1] = operations.readIndex(values[sp - 1]!, words[pc + 1]!, true);
      return sp;
    case 73 /* need.record */:
      if (values[sp - 1] instanceof RecordValue) return sp;
      throw fault('ILO-R005', 'destructure', { value: describe(values[sp - 1]!) });
    case 74: /* each.start */ {
      const list = values[sp - 1]!;
      if (!(list instanceof List)) throw fault('ILO-R007', 'foreach', { value: describe(list) });
      const state = base + words[pc + 1]!;
      values[state] = list;
      values[state + 1] = 0;
      return sp - 1;
    }
    case 76: /* range.start */ {
      const from = operations.rangeBound(values[sp - 2]!, 'start');
      const to = operations.rangeBound(values[sp - 1]!, 'end');
      const state = base + words[pc + 1]!;
      values[state] = from;
      values[state + 1] = to;
      return sp - 2;
    }
    case 82: /* charge.with */ {
      const object = values[sp - 1 - code.nameLists[words[pc + 1]!]!.length];
      if (object instanceof RecordValue) {
        machine.services.meter!.charge(0, BYTES_PER_OBJECT + BYTES_PER_ITEM * object.values.length);
      }
      return sp;
    }
    default:
      throw new TypeError(`word ${pc} is no instruction`);
  }
}
