// Functions of numbers that are nothing but a few steps of arithmetic: many of those that a host calls, or a builtin for every item of a list.
//
// The loop over all instructions (loop.ts) is long: going into it, opening a frame and taking the result out costs more than such a function.
// Code without a jump or call needs none of that. It runs here, in a loop over arithmetic alone, that V8 keeps in machine registers and
// puts into the code that calls it; no frame is opened, and no state is needed, because nothing can look at either: the only thing that can
// go wrong is a division by zero, and then, as for every result that is not a number, all is done again in the usual way. That changes
// nothing, because arithmetic leaves no trace. A truth value is the number 0 or 1 here, which nobody sees but what negates or returns it.
//
// The labels are numbered by scripts/register-labels.mjs.
import type { Value } from '../../core/value/value.ts';
import { OPCODE_OF, REGISTER_OPS, type RegisterOp, readOperand } from '../../spec/register-ops.ts';
import type { Entry } from '../engine.ts';
import type { RegisterUnit } from './code.ts';
import { type Memory, sharedMemory } from './memory.ts';
import { remainder } from './objects.ts';
import type { RegisterState, Setting } from './state.ts';
import { canonical } from './value-word.ts';

/** Where a frame begins when nothing runs on the shared memory: above its link. */
const FIRST = 1;

const KNOWN: readonly RegisterOp[] = [
  'move_n',
  'load_i',
  'add_nn',
  'sub_nn',
  'mul_nn',
  'div_nn',
  'add_ni',
  'sub_ni',
  'mul_ni',
  'div_ni',
  'neg_n',
  'mod',
  'mod_i',
];
const TRUTH_VALUES: readonly RegisterOp[] = ['lt_nn', 'le_nn', 'eq_nn', 'not_b'];
const opcodesOf = (ops: readonly RegisterOp[]): ReadonlySet<number> => new Set(ops.map(op => OPCODE_OF[op]));
const KNOWN_OPCODES = opcodesOf([...KNOWN, ...TRUTH_VALUES]);
const TRUTH_OPCODES = opcodesOf(TRUTH_VALUES);

/** Longer functions gain little. */
const MOST_STEPS = 64;

/** Runs straight code from a place of the shared memory on, in the registers from `base` on. Gives a number, or NaN where it has none. */
type Straight = (pc: number, base: number) => number;

function makeStraight({ floats: F, code }: Memory): Straight {
  const rest = remainder;
  return function straight(start, base) {
    for (let pc = start | 0; ; pc = (pc + 1) | 0) {
      const word = code[pc]!;
      const a = (base + ((word >>> 8) & 255)) | 0;
      const b = (base + ((word >>> 16) & 255)) | 0;
      const c = (base + (word >>> 24)) | 0;
      switch (word & 255) {
        case 1 /* move_n */:
          F[a] = F[b]!;
          break;
        case 4 /* load_i */:
          F[a] = word >> 16;
          break;
        case 10 /* add_nn */:
          F[a] = F[b]! + F[c]!;
          break;
        case 12 /* sub_nn */:
          F[a] = F[b]! - F[c]!;
          break;
        case 13 /* mul_nn */:
          F[a] = F[b]! * F[c]!;
          break;
        case 14 /* div_nn */:
          if (F[c] === 0) return Number.NaN;
          F[a] = F[b]! / F[c]!;
          break;
        case 15 /* add_ni */:
          F[a] = F[b]! + (word >> 24);
          break;
        case 16 /* sub_ni */:
          F[a] = F[b]! - (word >> 24);
          break;
        case 17 /* mul_ni */:
          F[a] = F[b]! * (word >> 24);
          break;
        case 18 /* div_ni */:
          F[a] = F[b]! / (word >> 24);
          break;
        case 19 /* neg_n */:
          F[a] = -F[b]!;
          break;
        case 20 /* lt_nn */:
          F[a] = F[b]! < F[c]! ? 1 : 0;
          break;
        case 21 /* le_nn */:
          F[a] = F[b]! <= F[c]! ? 1 : 0;
          break;
        case 22 /* eq_nn */:
          F[a] = Math.abs(F[b]! - F[c]!) < Number.EPSILON ? 1 : 0;
          break;
        case 24 /* not_b */:
          F[a] = 1 - F[b]!;
          break;
        case 83: /* mod */ {
          const left = rest(F[b]!, F[c]!);
          if (Number.isNaN(left)) return left;
          F[a] = left;
          pc = (pc + 1) | 0;
          break;
        }
        case 84: /* mod_i */ {
          const left = rest(F[b]!, word >> 24);
          if (Number.isNaN(left)) return left;
          F[a] = left;
          pc = (pc + 1) | 0;
          break;
        }
        default:
          return F[a]!;
      }
    }
  };
}

let shared: Straight | undefined;

function sharedStraight(): Straight {
  shared ??= makeStraight(sharedMemory());
  return shared;
}

export interface StraightCode {
  /** Where it begins. */
  readonly start: number;
  /** Whether it gives a truth value. */
  readonly isTruth: boolean;
}

/** The straight code of a function that takes numbers; undefined when it is anything else. */
export function straightCode(unit: RegisterUnit, callee: number): StraightCode | undefined {
  const { version, wants } = unit.functions[callee]!;
  if (version === undefined || wants.some(want => want !== 'number')) return undefined;
  const { start } = unit.functions[version]!;
  const truths = new Set<number>();
  for (let pc = start; pc < start + MOST_STEPS; ) {
    const opcode = unit.code[pc]! & 255;
    const a = readOperand(unit.code, pc, 'a');
    if (opcode === OPCODE_OF.return) return { start, isTruth: truths.has(a) };
    if (!KNOWN_OPCODES.has(opcode)) return undefined;
    if (TRUTH_OPCODES.has(opcode)) truths.add(a);
    else truths.delete(a);
    pc += REGISTER_OPS[opcode]!.width;
  }
  return undefined;
}

/** A prepared call of a function with straight code, which does as `usual` wherever more is needed; undefined for other functions. */
export function straightEntry(setting: Setting, callee: number, usual: Entry): Entry | undefined {
  const { unit, memory } = setting;
  const found = straightCode(unit, callee);
  if (found === undefined || found.isTruth || setting.maxDepth === 0) return undefined;
  const { start } = found;
  const { floats } = memory;
  const straight = sharedStraight();

  /** Runs it with its arguments in place. */
  const run = (): number => {
    const origin = memory.load(unit);
    return origin === undefined ? Number.NaN : straight(origin + start, FIRST);
  };
  /** Whether the registers from FIRST on are free, and a call would be the first. */
  const isIdle = (): boolean => {
    const { user } = memory;
    const { caller } = setting;
    return (user === undefined || user.depth === 0) && (caller === undefined || caller.depth === 0);
  };

  switch (unit.functions[callee]!.wants.length) {
    case 1:
      return (...args) => {
        const first = args[0];
        if (args.length !== 1 || typeof first !== 'number' || !isIdle()) return usual(...args);
        floats[FIRST] = canonical(first);
        const number = run();
        return Number.isNaN(number) ? usual(...args) : number;
      };
    case 2:
      return (...args) => {
        const first = args[0];
        const second = args[1];
        const areTwo = args.length === 2 && typeof first === 'number' && typeof second === 'number';
        if (!areTwo || !isIdle()) return usual(...args);
        floats[FIRST] = canonical(first);
        floats[FIRST + 1] = canonical(second);
        const number = run();
        return Number.isNaN(number) ? usual(...args) : number;
      };
    case 3:
      return (...args) => {
        const first = args[0];
        const second = args[1];
        const third = args[2];
        const areThree = args.length === 3 && typeof first === 'number' && typeof second === 'number';
        if (!areThree || typeof third !== 'number' || !isIdle()) return usual(...args);
        floats[FIRST] = canonical(first);
        floats[FIRST + 1] = canonical(second);
        floats[FIRST + 2] = canonical(third);
        const number = run();
        return Number.isNaN(number) ? usual(...args) : number;
      };
    default:
      return undefined;
  }
}

/**
 * Calls a function whose straight code begins at `start` from the middle of an instruction of `state`. Gives NaN, with nothing done, where it
 * takes the usual way.
 */
export function callStraight(state: RegisterState, start: number, params: number, args: readonly Value[]): number {
  const { memory, maxDepth, largest } = state.setting;
  const { floats } = memory;
  // Above the innermost frame, whatever function that is of.
  const base = state.base + largest;
  if (args.length !== params || state.depth >= maxDepth || state.floats !== floats || base > state.lastBase)
    return Number.NaN;
  if (state.code !== memory.code) return Number.NaN;
  for (let i = 0; i < params; i++) {
    const arg = args[i];
    if (typeof arg !== 'number') return Number.NaN;
    floats[base + i] = canonical(arg);
  }
  return sharedStraight()(state.origin + start, base);
}
