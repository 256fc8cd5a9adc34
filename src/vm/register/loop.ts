// The interpreter loop. Instructions that a numeric program consists of run here; all others in cold.ts. The code was checked
// before it came here (check.ts), so nothing is checked again.
//
// Case labels are numbers because V8 makes a jump table only of those; scripts/register-labels.mjs numbers them by the table of
// instructions, and a test looks. `a` and `b` are places in the register file. Every instruction reads its operands before it
// writes, because a result may take the register of an operand. Tagged words are copied as two integers: see value-word.ts,
// also for why the high word is the odd one.
import { fault } from '../../core/fault.ts';
import { isTruthy } from '../../core/value/compare.ts';
import { List } from '../../core/value/list.ts';
import { INFO_FRAME, INFO_SIZE, INFO_START } from './code.ts';
import { runCall, runCold } from './cold.ts';
import { FRAME_BASE, FRAME_CALL, FRAME_FUNCTION, FRAME_SIZE, type RegisterState } from './state.ts';
import { FIRST_TAG, TAG_BOOL, TAG_EMPTY, TAG_NIL } from './value-word.ts';

export const DONE = 0;
export const SUSPENDED = 1;
/** The registers were moved to a larger file: the loop, which holds on to the file, has to be entered again. */
export const MOVED = 2;
export type Status = typeof DONE | typeof SUSPENDED | typeof MOVED;

/**
 * Runs from `state.pc` until the outermost frame that was opened from outside ends (its result is then in `state.resultAt`), or
 * until `steps` instructions have run; calling it again goes on (with `state.stepsLeft` when the registers have moved). Throws what the program throws, with `state.pc` at the place.
 */
export function dispatch(state: RegisterState, steps: number): Status {
  const { code, info, lists, constantWords } = state.unit;
  const { services } = state;
  const { meter, maxDepth } = services;
  const firstTag = FIRST_TAG;
  const tagBool = TAG_BOOL;
  let budget = steps;
  const F = state.floats;
  const W = state.words;
  let { pc, base } = state;
  for (;;) {
    if (--budget < 0) {
      state.pc = pc;
      return SUSPENDED;
    }
    const word = code[pc]!;
    const a = base + ((word >>> 8) & 255);
    const b = base + ((word >>> 16) & 255);
    switch (word & 255) {
      case 0 /* move */:
        W[2 * a] = W[2 * b]!;
        W[2 * a + 1] = W[2 * b + 1]!;
        pc += 1;
        continue;
      case 1 /* move_n */:
        F[a] = F[b]!;
        pc += 1;
        continue;
      case 2: /* load_x */ {
        const from = base + code[pc + 1]!;
        W[2 * a] = W[2 * from]!;
        W[2 * a + 1] = W[2 * from + 1]!;
        pc += 2;
        continue;
      }
      case 3: /* store_x */ {
        const to = base + code[pc + 1]!;
        W[2 * to] = W[2 * a]!;
        W[2 * to + 1] = W[2 * a + 1]!;
        pc += 2;
        continue;
      }
      case 4 /* load_i */:
        F[a] = word >> 16;
        pc += 1;
        continue;
      case 5: /* load_k */ {
        const index = 2 * (word >>> 16);
        W[2 * a] = constantWords[index]!;
        W[2 * a + 1] = constantWords[index + 1]!;
        pc += 1;
        continue;
      }
      case 6: /* load_kx */ {
        const index = 2 * code[pc + 1]!;
        W[2 * a] = constantWords[index]!;
        W[2 * a + 1] = constantWords[index + 1]!;
        pc += 2;
        continue;
      }
      case 7 /* load_bool */:
        W[2 * a] = (word >>> 16) & 255;
        W[2 * a + 1] = tagBool;
        pc += 1;
        continue;
      case 8 /* load_nil */:
        W[2 * a] = 0;
        W[2 * a + 1] = TAG_NIL;
        pc += 1;
        continue;
      case 9 /* load_empty */:
        W[2 * a] = 0;
        W[2 * a + 1] = TAG_EMPTY;
        pc += 1;
        continue;

      case 10 /* add_nn */:
        F[a] = F[b]! + F[base + (word >>> 24)]!;
        pc += 1;
        continue;
      case 11 /* sub_nn */:
        F[a] = F[b]! - F[base + (word >>> 24)]!;
        pc += 1;
        continue;
      case 12 /* mul_nn */:
        F[a] = F[b]! * F[base + (word >>> 24)]!;
        pc += 1;
        continue;
      case 13: /* div_nn */ {
        const divisor = F[base + (word >>> 24)]!;
        if (divisor === 0) {
          state.pc = pc;
          throw fault('ILO-R003', 'division', {});
        }
        F[a] = F[b]! / divisor;
        pc += 1;
        continue;
      }
      case 14 /* add_ni */:
        F[a] = F[b]! + (word >> 24);
        pc += 1;
        continue;
      case 15 /* sub_ni */:
        F[a] = F[b]! - (word >> 24);
        pc += 1;
        continue;
      case 16 /* mul_ni */:
        F[a] = F[b]! * (word >> 24);
        pc += 1;
        continue;
      case 17 /* div_ni */:
        F[a] = F[b]! / (word >> 24);
        pc += 1;
        continue;
      case 18 /* neg_n */:
        F[a] = -F[b]!;
        pc += 1;
        continue;
      case 19 /* lt_nn */:
        W[2 * a] = F[b]! < F[base + (word >>> 24)]! ? 1 : 0;
        W[2 * a + 1] = tagBool;
        pc += 1;
        continue;
      case 20 /* le_nn */:
        W[2 * a] = F[b]! <= F[base + (word >>> 24)]! ? 1 : 0;
        W[2 * a + 1] = tagBool;
        pc += 1;
        continue;
      case 21 /* eq_nn */:
        W[2 * a] = Math.abs(F[b]! - F[base + (word >>> 24)]!) < Number.EPSILON ? 1 : 0;
        W[2 * a + 1] = tagBool;
        pc += 1;
        continue;
      case 22 /* truthy_n */:
        W[2 * a] = F[b]! !== 0 ? 1 : 0;
        W[2 * a + 1] = tagBool;
        pc += 1;
        continue;
      case 23 /* not_b */:
        W[2 * a] = W[2 * b] === 0 ? 1 : 0;
        W[2 * a + 1] = tagBool;
        pc += 1;
        continue;

      case 24: /* add_vv */ {
        const c = base + (word >>> 24);
        if (W[2 * b + 1]! >>> 0 < firstTag && W[2 * c + 1]! >>> 0 < firstTag) {
          F[a] = F[b]! + F[c]!;
          pc += 1;
          continue;
        }
        break;
      }
      case 25: /* sub_vv */ {
        const c = base + (word >>> 24);
        if (W[2 * b + 1]! >>> 0 < firstTag && W[2 * c + 1]! >>> 0 < firstTag) {
          F[a] = F[b]! - F[c]!;
          pc += 1;
          continue;
        }
        break;
      }
      case 26: /* mul_vv */ {
        const c = base + (word >>> 24);
        if (W[2 * b + 1]! >>> 0 < firstTag && W[2 * c + 1]! >>> 0 < firstTag) {
          F[a] = F[b]! * F[c]!;
          pc += 1;
          continue;
        }
        break;
      }
      case 27 /* add_vi */:
        if (W[2 * b + 1]! >>> 0 < firstTag) {
          F[a] = F[b]! + (word >> 24);
          pc += 1;
          continue;
        }
        break;
      case 28 /* sub_vi */:
        if (W[2 * b + 1]! >>> 0 < firstTag) {
          F[a] = F[b]! - (word >> 24);
          pc += 1;
          continue;
        }
        break;
      case 29 /* mul_vi */:
        if (W[2 * b + 1]! >>> 0 < firstTag) {
          F[a] = F[b]! * (word >> 24);
          pc += 1;
          continue;
        }
        break;
      case 32: /* lt_vv */ {
        const c = base + (word >>> 24);
        if (W[2 * b + 1]! >>> 0 < firstTag && W[2 * c + 1]! >>> 0 < firstTag) {
          W[2 * a] = F[b]! < F[c]! ? 1 : 0;
          W[2 * a + 1] = tagBool;
          pc += 1;
          continue;
        }
        break;
      }
      case 36: /* eq_vv */ {
        const c = base + (word >>> 24);
        if (W[2 * b + 1]! >>> 0 < firstTag && W[2 * c + 1]! >>> 0 < firstTag) {
          W[2 * a] = Math.abs(F[b]! - F[c]!) < Number.EPSILON ? 1 : 0;
          W[2 * a + 1] = tagBool;
          pc += 1;
          continue;
        }
        break;
      }

      case 54 /* list_item */:
        readItem(state, a, b, F[base + (word >>> 24)]!);
        pc += 1;
        continue;
      case 75 /* jump */:
        pc = code[pc + 1]!;
        continue;
      case 76 /* if_b */:
        pc = W[2 * a] !== 0 ? code[pc + 1]! : pc + 2;
        continue;
      case 77 /* unless_b */:
        pc = W[2 * a] === 0 ? code[pc + 1]! : pc + 2;
        continue;
      case 78 /* if_v */:
        pc = isTrue(state, a) ? code[pc + 1]! : pc + 2;
        continue;
      case 79 /* unless_v */:
        pc = isTrue(state, a) ? pc + 2 : code[pc + 1]!;
        continue;
      case 80 /* if_lt_nn */:
        pc = F[a]! < F[b]! ? code[pc + 1]! : pc + 2;
        continue;
      case 81 /* unless_lt_nn */:
        pc = F[a]! < F[b]! ? pc + 2 : code[pc + 1]!;
        continue;
      case 82 /* if_le_nn */:
        pc = F[a]! <= F[b]! ? code[pc + 1]! : pc + 2;
        continue;
      case 83 /* unless_le_nn */:
        pc = F[a]! <= F[b]! ? pc + 2 : code[pc + 1]!;
        continue;
      case 84 /* if_eq_nn */:
        pc = Math.abs(F[a]! - F[b]!) < Number.EPSILON ? code[pc + 1]! : pc + 2;
        continue;
      case 85 /* unless_eq_nn */:
        pc = Math.abs(F[a]! - F[b]!) < Number.EPSILON ? pc + 2 : code[pc + 1]!;
        continue;
      case 86 /* if_lt_ni */:
        pc = F[a]! < word >> 24 ? code[pc + 1]! : pc + 2;
        continue;
      case 87 /* unless_lt_ni */:
        pc = F[a]! < word >> 24 ? pc + 2 : code[pc + 1]!;
        continue;
      case 88 /* if_le_ni */:
        pc = F[a]! <= word >> 24 ? code[pc + 1]! : pc + 2;
        continue;
      case 89 /* unless_le_ni */:
        pc = F[a]! <= word >> 24 ? pc + 2 : code[pc + 1]!;
        continue;
      case 90 /* if_gt_ni */:
        pc = F[a]! > word >> 24 ? code[pc + 1]! : pc + 2;
        continue;
      case 91 /* unless_gt_ni */:
        pc = F[a]! > word >> 24 ? pc + 2 : code[pc + 1]!;
        continue;
      case 92 /* if_ge_ni */:
        pc = F[a]! >= word >> 24 ? code[pc + 1]! : pc + 2;
        continue;
      case 93 /* unless_ge_ni */:
        pc = F[a]! >= word >> 24 ? pc + 2 : code[pc + 1]!;
        continue;
      case 94 /* if_eq_ni */:
        pc = Math.abs(F[a]! - (word >> 24)) < Number.EPSILON ? code[pc + 1]! : pc + 2;
        continue;
      case 95 /* unless_eq_ni */:
        pc = Math.abs(F[a]! - (word >> 24)) < Number.EPSILON ? pc + 2 : code[pc + 1]!;
        continue;

      case 96 /* if_lt_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! < F[b]! ? code[pc + 1]! : pc + 2;
          continue;
        }
        break;
      case 97 /* if_le_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! <= F[b]! ? code[pc + 1]! : pc + 2;
          continue;
        }
        break;
      case 98 /* if_gt_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! > F[b]! ? code[pc + 1]! : pc + 2;
          continue;
        }
        break;
      case 99 /* if_ge_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! >= F[b]! ? code[pc + 1]! : pc + 2;
          continue;
        }
        break;
      case 100 /* unless_lt_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! < F[b]! ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 101 /* unless_le_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! <= F[b]! ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 102 /* unless_gt_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! > F[b]! ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 103 /* unless_ge_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = F[a]! >= F[b]! ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 104 /* unless_eq_vv */:
        if (W[2 * a + 1]! >>> 0 < firstTag && W[2 * b + 1]! >>> 0 < firstTag) {
          pc = Math.abs(F[a]! - F[b]!) < Number.EPSILON ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 105 /* unless_lt_vi */:
        if (W[2 * a + 1]! >>> 0 < firstTag) {
          pc = F[a]! < word >> 24 ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 106 /* unless_le_vi */:
        if (W[2 * a + 1]! >>> 0 < firstTag) {
          pc = F[a]! <= word >> 24 ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 107 /* unless_gt_vi */:
        if (W[2 * a + 1]! >>> 0 < firstTag) {
          pc = F[a]! > word >> 24 ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 108 /* unless_ge_vi */:
        if (W[2 * a + 1]! >>> 0 < firstTag) {
          pc = F[a]! >= word >> 24 ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;
      case 109 /* unless_eq_vi */:
        if (W[2 * a + 1]! >>> 0 < firstTag) {
          pc = Math.abs(F[a]! - (word >> 24)) < Number.EPSILON ? pc + 2 : code[pc + 1]!;
          continue;
        }
        break;

      case 66: /* call */ {
        const { depth, frames } = state;
        const callee = code[pc + 2]!;
        const list = code[pc + 1]!;
        const below = state.top;
        const top = below + info[callee * INFO_SIZE + INFO_FRAME]!;
        if (depth >= maxDepth || top > F.length || (depth + 1) * FRAME_SIZE > frames.length) {
          state.pc = pc;
          if (depth >= maxDepth) throw fault('ILO-R040', 'depth', { limit: maxDepth });
          state.reserve(top);
          state.stepsLeft = budget + 1;
          return MOVED;
        }
        const count = lists[list]!;
        for (let i = 0; i < count; i++) {
          const from = 2 * (base + lists[list + 1 + i]!);
          const to = 2 * (below + i);
          W[to] = W[from]!;
          W[to + 1] = W[from + 1]!;
        }
        const frame = depth * FRAME_SIZE;
        frames[frame + FRAME_FUNCTION] = callee;
        frames[frame + FRAME_CALL] = pc;
        frames[frame + FRAME_BASE] = base;
        state.depth = depth + 1;
        state.base = below;
        state.top = top;
        base = below;
        pc = info[callee * INFO_SIZE + INFO_START]!;
        continue;
      }
      case 110: /* return */ {
        const depth = state.depth - 1;
        const { frames } = state;
        const frame = depth * FRAME_SIZE;
        const call = frames[frame + FRAME_CALL]!;
        state.depth = depth;
        state.top = base;
        base = frames[frame + FRAME_BASE]!;
        state.base = base;
        if (call < 0) {
          state.resultAt = a;
          return DONE;
        }
        const to = base + ((code[call]! >>> 8) & 255);
        W[2 * to] = W[2 * a]!;
        W[2 * to + 1] = W[2 * a + 1]!;
        pc = call + 3;
        continue;
      }
      case 70 /* fuel */:
        state.pc = pc;
        if (meter !== undefined) meter.charge(code[pc + 1]!, 0);
        pc += 2;
        continue;

      case 67: /* call_value */
      case 68: /* call_builtin */
      case 69 /* call_tool */:
        // Other code runs: it may open frames and move the registers.
        state.pc = pc;
        pc = runCall(state, word & 255, a, pc);
        base = state.base;
        if (state.floats !== F) {
          state.pc = pc;
          state.stepsLeft = budget;
          return MOVED;
        }
        continue;
      default:
        break;
    }
    state.pc = pc;
    pc = runCold(state, word, a, b, base + (word >>> 24));
  }
}

/** What a condition takes the value in a register for. */
function isTrue(state: RegisterState, at: number): boolean {
  const high = state.words[2 * at + 1]!;
  if (high >>> 0 < FIRST_TAG) return state.floats[at] !== 0;
  if (high === TAG_BOOL) return state.words[2 * at] !== 0;
  return isTruthy(state.read(at));
}

/** Puts an item of a list into register place `to`; nil when there is none. */
function readItem(state: RegisterState, to: number, at: number, index: number): void {
  const list = state.read(at);
  state.write(to, list instanceof List ? (list.get(index) ?? null) : null);
}
