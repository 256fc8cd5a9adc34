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
    case 62 /* any.div */:
      values[sp - 2] = operations.divide(values[sp - 2]!, values[sp - 1]!);
      return sp - 1;
    case 36: /* num.lt */
    case 37: /* num.le */
    case 38: /* num.gt */
    case 39: /* num.ge */
    case 64: /* any.lt */
    case 65: /* any.le */
    case 66: /* any.gt */
    case 67: /* any.ge */
    case 69 /* any.ne */:
      values[sp - 2] = applyBinary(STACK_OP_NAMES[words[pc]!] as CoreOp, values[sp - 2]!, values[sp - 1]!);
      return sp - 1;
    case 35: /* num.neg */
    case 63: /* any.neg */
    case 72: /* truthy */
    case 73: /* not */
    case 74: /* is.nil */
    case 75: /* is.ok */
    case 76: /* is.err */
    case 77: /* is.num */
    case 78: /* is.text */
    case 79: /* is.bool */
    case 80: /* is.list */
    case 81: /* payload */
    case 82: /* panic */
    case 83: /* new.ok */
    case 84 /* new.err */:
      values[sp - 1] = applyUnary(STACK_OP_NAMES[words[pc]!] as CoreOp, values[sp - 1]!);
      return sp;
    case 85: /* list */ {
      const from = sp - words[pc + 1]!;
      values[from] = new List(values.slice(from, sp));
      return from + 1;
    }
    case 86: /* record */ {
      const layout = words[pc + 1]!;
      const from = sp - code.layouts[layout]!.order.length;
      values[from] = machine.makeRecord(layout, from);
      return from + 1;
    }
    case 87: /* with */ {
      const fields = code.nameLists[words[pc + 1]!]!;
      const from = sp - fields.length;
      values[from - 1] = operations.updateRecord(values[from - 1]!, fields, values.slice(from, sp));
      return from;
    }
    case 88: /* function */ {
      const from = sp - words[pc + 2]!;
      values[from] = new FunctionValue(code.names[words[pc + 1]!]!, values.slice(from, sp));
      return from + 1;
    }
    case 90 /* field.safe */:
      values[sp - 1] = operations.readField(values[sp - 1]!, code.names[words[pc + 1]!]!, true);
      return sp;
    case 91 /* index */:
      values[sp - 1] = operations.readIndex(values[sp - 1]!, words[pc + 1]!, false);
      return sp;
    case 92 /* index.safe */:
      values[sp - 1] = operations.readIndex(values[sp - 1]!, words[pc + 1]!, true);
      return sp;
    case 93 /* need.record */:
      if (values[sp - 1] instanceof RecordValue) return sp;
      throw fault('ILO-R005', 'destructure', { value: describe(values[sp - 1]!) });
    case 94: /* each.start */ {
      const list = values[sp - 1]!;
      if (!(list instanceof List)) throw fault('ILO-R007', 'foreach', { value: describe(list) });
      const state = base + words[pc + 1]!;
      values[state] = list;
      values[state + 1] = 0;
      return sp - 1;
    }
    case 96: /* range.start */ {
      const from = operations.rangeBound(values[sp - 2]!, 'start');
      const to = operations.rangeBound(values[sp - 1]!, 'end');
      const state = base + words[pc + 1]!;
      values[state] = from;
      values[state + 1] = to;
      return sp - 2;
    }
    case 104: /* charge.with */ {
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
