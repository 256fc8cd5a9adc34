// The run loop of the stack engine, over the arrays that state.ts describes.
//
// Invariants: the checker has seen the code, so no access leaves an array; `pc` stays on an instruction until it is done, so it is
// the place to blame when something is thrown. Case labels are numbers, because V8 makes a jump table only of numbers; a test
// keeps them in step with the table.
import { fault } from '../../core/fault.ts';
import { isTruthy, valuesEqual } from '../../core/value/compare.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List } from '../../core/value/list.ts';
import { describe } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { STACK_OP_NUMBERS } from '../../spec/stack-ops.ts';
import { arityFault } from '../calls.ts';
import * as operations from '../operations.ts';
import { bytesOfBinary } from '../primitives.ts';
import { difference, product, sum } from './arithmetic.ts';
import { EMPTIES, ENTRY, FACTS, PARAMS, SIZE, SLOTS } from './code.ts';
import { runCold, WIDTHS } from './cold.ts';
import { ELSEWHERE, EMPTY, FRAME, IN_WALK, LEAVE, type LoopState, PAUSE, type Place } from './state.ts';

const { 'charge.call': CHARGE_CALL } = STACK_OP_NUMBERS;

/**
 * Runs until the frame with the return address LEAVE is left, and gives its value. `first` is the function to enter, whose arguments end
 * at `start.sp` and which returns to `backTo`; or it is ELSEWHERE, and what was suspended goes on at `start`. Throws a Fault, or what
 * suspends the run.
 */
export function runLoop(machine: LoopState, first: number, start: Place, backTo: number): Value {
  const { values, frames, facts, maxFp, natives } = machine;
  const { words, constants } = machine.code;
  const { meter } = machine.services;
  let { pc, sp, fp, base } = start;
  let callee = first;
  let returnTo = backTo;
  try {
    for (;;) {
      if (callee !== ELSEWHERE) {
        // Here a function is entered: its arguments are the topmost values.
        if (fp >= maxFp) throw machine.depthFault();
        const fact = callee * FACTS;
        const bottom = sp - facts[fact + PARAMS]!;
        if (bottom + facts[fact + SIZE]! > values.length) machine.reserve(bottom + facts[fact + SIZE]!, fp);
        frames[fp] = returnTo;
        frames[fp + 1] = base;
        frames[fp + 2] = callee;
        fp += FRAME;
        base = bottom;
        const end = base + facts[fact + SLOTS]!;
        if (facts[fact + EMPTIES] === 1) for (let slot = sp; slot < end; slot++) values[slot] = EMPTY;
        sp = end;
        pc = facts[fact + ENTRY]!;
      }
      run: for (;;) {
        switch (words[pc]) {
          case 0 /* push.const */:
            values[sp++] = constants[words[pc + 1]!]!;
            pc += 2;
            continue;
          case 1 /* load */:
            values[sp++] = values[base + words[pc + 1]!]!;
            pc += 2;
            continue;
          case 2: /* load.checked */ {
            const value = values[base + words[pc + 1]!]!;
            if (value === EMPTY) throw fault('ILO-R001', 'variable', { name: machine.code.names[words[pc + 2]!]! });
            values[sp++] = value;
            pc += 3;
            continue;
          }
          case 3 /* store */:
            values[base + words[pc + 1]!] = values[--sp]!;
            pc += 2;
            continue;
          case 4 /* tee */:
            values[base + words[pc + 1]!] = values[sp - 1]!;
            pc += 2;
            continue;
          case 6 /* pop */:
            sp--;
            pc++;
            continue;
          case 7 /* jump */:
            pc = words[pc + 1]!;
            continue;
          case 8: /* jump.if */ {
            const value = values[--sp]!;
            pc = value === true || (value !== false && isTruthy(value)) ? words[pc + 1]! : pc + 2;
            continue;
          }
          case 9: /* jump.unless */ {
            const value = values[--sp]!;
            pc = value === true || (value !== false && isTruthy(value)) ? pc + 2 : words[pc + 1]!;
            continue;
          }
          case 10 /* jump.if.keep */:
            if (isTruthy(values[sp - 1]!)) {
              pc = words[pc + 1]!;
            } else {
              sp--;
              pc += 2;
            }
            continue;
          case 11 /* jump.unless.keep */:
            if (isTruthy(values[sp - 1]!)) {
              sp--;
              pc += 2;
            } else {
              pc = words[pc + 1]!;
            }
            continue;
          case 12 /* jump.some.keep */:
            if (values[sp - 1] === null) {
              sp--;
              pc += 2;
            } else {
              pc = words[pc + 1]!;
            }
            continue;
          case 13: /* jump.unless.lt */ {
            sp -= 2;
            const a = values[sp]!;
            const b = values[sp + 1]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a < b : operations.lessThan(a, b);
            pc = holds ? pc + 2 : words[pc + 1]!;
            continue;
          }
          case 14: /* jump.unless.le */ {
            sp -= 2;
            const a = values[sp]!;
            const b = values[sp + 1]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a <= b : operations.lessOrEqual(a, b);
            pc = holds ? pc + 2 : words[pc + 1]!;
            continue;
          }
          case 15: /* jump.unless.gt */ {
            sp -= 2;
            const a = values[sp]!;
            const b = values[sp + 1]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a > b : operations.greaterThan(a, b);
            pc = holds ? pc + 2 : words[pc + 1]!;
            continue;
          }
          case 16: /* jump.unless.ge */ {
            sp -= 2;
            const a = values[sp]!;
            const b = values[sp + 1]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a >= b : operations.greaterOrEqual(a, b);
            pc = holds ? pc + 2 : words[pc + 1]!;
            continue;
          }
          case 17: /* jump.unless.lt.slots */ {
            const a = values[base + words[pc + 1]!]!;
            const b = values[base + words[pc + 2]!]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a < b : operations.lessThan(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 18: /* jump.unless.le.slots */ {
            const a = values[base + words[pc + 1]!]!;
            const b = values[base + words[pc + 2]!]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a <= b : operations.lessOrEqual(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 19: /* jump.unless.gt.slots */ {
            const a = values[base + words[pc + 1]!]!;
            const b = values[base + words[pc + 2]!]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a > b : operations.greaterThan(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 20: /* jump.unless.ge.slots */ {
            const a = values[base + words[pc + 1]!]!;
            const b = values[base + words[pc + 2]!]!;
            const holds = typeof a === 'number' && typeof b === 'number' ? a >= b : operations.greaterOrEqual(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 21: /* jump.unless.lt.number */ {
            const a = values[base + words[pc + 1]!]!;
            const b = constants[words[pc + 2]!] as number;
            const holds = typeof a === 'number' ? a < b : operations.lessThan(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 22: /* jump.unless.le.number */ {
            const a = values[base + words[pc + 1]!]!;
            const b = constants[words[pc + 2]!] as number;
            const holds = typeof a === 'number' ? a <= b : operations.lessOrEqual(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 23: /* jump.unless.gt.number */ {
            const a = values[base + words[pc + 1]!]!;
            const b = constants[words[pc + 2]!] as number;
            const holds = typeof a === 'number' ? a > b : operations.greaterThan(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 24: /* jump.unless.ge.number */ {
            const a = values[base + words[pc + 1]!]!;
            const b = constants[words[pc + 2]!] as number;
            const holds = typeof a === 'number' ? a >= b : operations.greaterOrEqual(a, b);
            pc = holds ? pc + 4 : words[pc + 3]!;
            continue;
          }
          case 25 /* call */:
            callee = words[pc + 1]!;
            returnTo = pc + 2;
            break run;
          case 26: /* call.value */ {
            const value = values[--sp]!;
            const count = words[pc + 2]!;
            const fallback = machine.code.names[words[pc + 1]!]!;
            const index = machine.programFunction(value, fallback);
            if (index === ELSEWHERE) {
              const args = values.slice(sp - count, sp);
              sp -= count;
              callee = machine.callOther(value, args, fallback, sp);
              if (callee !== ELSEWHERE) {
                sp += facts[callee * FACTS + PARAMS]!;
                returnTo = IN_WALK - pc;
                break run;
              }
              sp++;
              pc += 3;
              continue;
            }
            const captures = value instanceof FunctionValue ? value.captures : [];
            if (count + captures.length !== facts[index * FACTS + PARAMS]) {
              throw arityFault(machine.unit.functions[index]!, count + captures.length);
            }
            machine.reserve(sp + captures.length, fp);
            for (let i = 0; i < captures.length; i++) values[sp++] = captures[i]!;
            callee = index;
            returnTo = pc + 3;
            break run;
          }
          case 27: /* call.builtin */ {
            const count = words[pc + 2]!;
            sp -= count;
            callee = machine.callBuiltin(words[pc + 1]!, sp, count);
            if (callee !== ELSEWHERE) {
              sp += facts[callee * FACTS + PARAMS]!;
              returnTo = IN_WALK - pc;
              break run;
            }
            sp++;
            pc += 3;
            continue;
          }
          case 28: /* call.tool */ {
            const args = values.slice(sp - words[pc + 2]!, sp);
            sp -= args.length;
            values[sp] = machine.services.tool(machine.code.tools[words[pc + 1]!]!, args);
            sp++;
            pc += 3;
            continue;
          }
          case 30: /* return */ {
            const value = values[sp - 1]!;
            sp = base;
            fp -= FRAME;
            pc = frames[fp]!;
            base = frames[fp + 1]!;
            if (pc >= 0) {
              values[sp++] = value;
              continue;
            }
            if (pc === LEAVE) return value;
            // A function that a builtin calls: the builtin's instruction goes on.
            pc = IN_WALK - pc;
            callee = machine.goOn(value, sp);
            if (callee !== ELSEWHERE) {
              sp += facts[callee * FACTS + PARAMS]!;
              returnTo = IN_WALK - pc;
              break run;
            }
            sp++;
            pc += 3;
            continue;
          }
          case 31: /* num.add */
          case 59: /* any.add */
          case 70 /* text.concat */:
            sp--;
            values[sp - 1] = sum(values[sp - 1]!, values[sp]!);
            pc++;
            continue;
          case 32: /* num.sub */
          case 60 /* any.sub */:
            sp--;
            values[sp - 1] = difference(values[sp - 1]!, values[sp]!);
            pc++;
            continue;
          case 33: /* num.mul */
          case 61 /* any.mul */:
            sp--;
            values[sp - 1] = product(values[sp - 1]!, values[sp]!);
            pc++;
            continue;
          case 41 /* add.local */:
            values[sp - 1] = sum(values[sp - 1]!, values[base + words[pc + 1]!]!);
            pc += 2;
            continue;
          case 42 /* sub.local */:
            values[sp - 1] = difference(values[sp - 1]!, values[base + words[pc + 1]!]!);
            pc += 2;
            continue;
          case 43 /* mul.local */:
            values[sp - 1] = product(values[sp - 1]!, values[base + words[pc + 1]!]!);
            pc += 2;
            continue;
          case 44 /* add.const */:
            values[sp - 1] = sum(values[sp - 1]!, constants[words[pc + 1]!] as number);
            pc += 2;
            continue;
          case 45 /* sub.const */:
            values[sp - 1] = difference(values[sp - 1]!, constants[words[pc + 1]!] as number);
            pc += 2;
            continue;
          case 46 /* mul.const */:
            values[sp - 1] = product(values[sp - 1]!, constants[words[pc + 1]!] as number);
            pc += 2;
            continue;
          case 47 /* add.slots */:
            values[sp++] = sum(values[base + words[pc + 1]!]!, values[base + words[pc + 2]!]!);
            pc += 3;
            continue;
          case 53 /* add.slots.to */:
            values[base + words[pc + 3]!] = sum(values[base + words[pc + 1]!]!, values[base + words[pc + 2]!]!);
            pc += 4;
            continue;
          case 50 /* add.slot.number */:
            values[sp++] = sum(values[base + words[pc + 1]!]!, constants[words[pc + 2]!] as number);
            pc += 3;
            continue;
          case 56 /* add.slot.number.to */:
            values[base + words[pc + 3]!] = sum(values[base + words[pc + 1]!]!, constants[words[pc + 2]!] as number);
            pc += 4;
            continue;
          case 48 /* sub.slots */:
            values[sp++] = difference(values[base + words[pc + 1]!]!, values[base + words[pc + 2]!]!);
            pc += 3;
            continue;
          case 54 /* sub.slots.to */:
            values[base + words[pc + 3]!] = difference(values[base + words[pc + 1]!]!, values[base + words[pc + 2]!]!);
            pc += 4;
            continue;
          case 51 /* sub.slot.number */:
            values[sp++] = difference(values[base + words[pc + 1]!]!, constants[words[pc + 2]!] as number);
            pc += 3;
            continue;
          case 57 /* sub.slot.number.to */:
            values[base + words[pc + 3]!] = difference(
              values[base + words[pc + 1]!]!,
              constants[words[pc + 2]!] as number,
            );
            pc += 4;
            continue;
          case 49 /* mul.slots */:
            values[sp++] = product(values[base + words[pc + 1]!]!, values[base + words[pc + 2]!]!);
            pc += 3;
            continue;
          case 55 /* mul.slots.to */:
            values[base + words[pc + 3]!] = product(values[base + words[pc + 1]!]!, values[base + words[pc + 2]!]!);
            pc += 4;
            continue;
          case 52 /* mul.slot.number */:
            values[sp++] = product(values[base + words[pc + 1]!]!, constants[words[pc + 2]!] as number);
            pc += 3;
            continue;
          case 58 /* mul.slot.number.to */:
            values[base + words[pc + 3]!] = product(
              values[base + words[pc + 1]!]!,
              constants[words[pc + 2]!] as number,
            );
            pc += 4;
            continue;
          case 40: /* num.eq */
          case 68 /* any.eq */:
            sp--;
            values[sp - 1] = valuesEqual(values[sp - 1]!, values[sp]!);
            pc++;
            continue;
          case 71 /* list.append */:
            sp--;
            values[sp - 1] = operations.append(values[sp - 1]!, values[sp]!);
            pc++;
            continue;
          case 89 /* field */:
            values[sp - 1] = operations.readField(values[sp - 1]!, machine.code.names[words[pc + 1]!]!, false);
            pc += 2;
            continue;
          case 95: /* each.next */ {
            const state = base + words[pc + 1]!;
            const list = values[state];
            const index = values[state + 1];
            if (!(list instanceof List) || typeof index !== 'number') {
              throw fault('ILO-R007', 'foreach', { value: describe(list!) });
            }
            const item = index < list.length ? list.get(index) : undefined;
            if (item === undefined) {
              pc = words[pc + 3]!;
            } else {
              values[base + words[pc + 2]!] = item;
              values[state + 1] = index + 1;
              pc += 4;
            }
            continue;
          }
          case 97: /* range.next */ {
            const state = base + words[pc + 1]!;
            const next = values[state] as number;
            if (next < (values[state + 1] as number)) {
              values[base + words[pc + 2]!] = next;
              values[state] = next + 1;
              pc += 4;
            } else {
              pc = words[pc + 3]!;
            }
            continue;
          }
          case 98: /* each.again */ {
            const state = base + words[pc + 1]!;
            const list = values[state];
            const index = values[state + 1];
            if (!(list instanceof List) || typeof index !== 'number') {
              throw fault('ILO-R007', 'foreach', { value: describe(list!) });
            }
            const item = index < list.length ? list.get(index) : undefined;
            if (item === undefined) {
              pc += 4;
            } else {
              values[base + words[pc + 2]!] = item;
              values[state + 1] = index + 1;
              pc = words[pc + 3]!;
            }
            continue;
          }
          case 99: /* range.again */ {
            const state = base + words[pc + 1]!;
            const next = values[state] as number;
            if (next < (values[state + 1] as number)) {
              values[base + words[pc + 2]!] = next;
              values[state] = next + 1;
              pc = words[pc + 3]!;
            } else {
              pc += 4;
            }
            continue;
          }
          case 100: /* charge.call */
          case 101 /* charge.round */:
            if (natives !== undefined && words[pc] === CHARGE_CALL && natives.run({ pc, sp, fp, base })) {
              sp++;
              pc = natives.returnAt;
              continue;
            }
            if (meter!.fuel >= meter!.pauseAt) throw PAUSE;
            meter!.charge(1, 0);
            pc++;
            continue;
          case 102 /* charge.bytes */:
            meter!.charge(0, words[pc + 1]!);
            pc += 2;
            continue;
          case 103 /* charge.join */:
            meter!.charge(0, bytesOfBinary('any.add', values[sp - 1]!));
            pc++;
            continue;
          default:
            sp = runCold(machine, pc, base, sp);
            pc += WIDTHS[words[pc]!]!;
        }
      }
    }
  } catch (error) {
    machine.noteThrown(error, { pc, sp, fp, base });
    throw error;
  }
}
