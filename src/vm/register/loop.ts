// The interpreter loop. Instructions that a numeric program consists of run here; all others in cold.ts. The code was checked
// before it came here (check.ts), so nothing is checked again.
//
// Case labels are numbers because V8 makes a jump table only of those; scripts/register-labels.mjs numbers them by the table of
// instructions, and a test looks. `a` and `b` are places in the register file. `| 0` tells V8 that places are integers, which it
// then keeps in machine registers. Every instruction reads its operands before it writes, because a result may take the register of
// an operand. Tagged words are copied as two integers: see value-word.ts, also for why the high word is the odd one.
//
// A tagged word read as a double is a NaN. So arithmetic on any values needs no test before it: a result that is a number had
// numbers for operands, and so had a comparison that holds; only for the rest somebody has to look at what they are.
import type { List } from '../../core/value/list.ts';
import { OPCODE_OF } from '../../spec/register-ops.ts';
import { runCold } from './cold.ts';
import { itemAt, listAt, putAt, putChanged, recordAt, remainder, valueAt } from './objects.ts';
import type { RegisterState } from './state.ts';
import { canonical, TAG_BOOL, TAG_NIL } from './value-word.ts';

export const DONE = 0;
/** The watcher has said no: the instruction at `state.pc` has not run. */
export const SUSPENDED = 1;
/** The registers were moved to a larger file: the loop, which holds on to the file, has to be entered again. */
export const MOVED = 2;

/**
 * Runs from `state.pc` until the innermost frame that was opened from outside ends; its result is then in the register at `state.resultAt`.
 * Calling it again goes on with what has not ended. Throws what the program throws, with `state.pc` at the place.
 */
export function dispatch(state: RegisterState): typeof DONE | typeof SUSPENDED | typeof MOVED {
  const { code } = state;
  const F = state.floats;
  const W = state.words;
  let base = state.base | 0;
  let pc = state.pc | 0;
  let word = code[pc]!;
  for (;;) {
    hot: for (;;) {
      const a = (base + ((word >>> 8) & 255)) | 0;
      const b = (base + ((word >>> 16) & 255)) | 0;
      pc = (pc + 1) | 0;
      switch (word & 255) {
        case 0 /* move */:
          W[2 * a] = W[2 * b]!;
          W[2 * a + 1] = W[2 * b + 1]!;
          break;
        case 1 /* move_n */:
          F[a] = F[b]!;
          break;
        case 4 /* load_i */:
          F[a] = word >> 16;
          break;
        case 5: /* load_k */ {
          const { constantWords } = state.setting.unit;
          const index = 2 * (word >>> 16);
          W[2 * a] = constantWords[index]!;
          W[2 * a + 1] = constantWords[index + 1]!;
          break;
        }
        case 7 /* load_bool */:
          W[2 * a] = (word >>> 16) & 255;
          W[2 * a + 1] = TAG_BOOL;
          break;
        case 8 /* load_nil */:
          W[2 * a] = 0;
          W[2 * a + 1] = TAG_NIL;
          break;

        case 10 /* add_nn */:
          F[a] = F[b]! + F[(base + (word >>> 24)) | 0]!;
          break;
        case 11 /* sub_nn */:
          F[a] = F[b]! - F[(base + (word >>> 24)) | 0]!;
          break;
        case 12 /* mul_nn */:
          F[a] = F[b]! * F[(base + (word >>> 24)) | 0]!;
          break;
        case 13: /* div_nn */ {
          const divisor = F[(base + (word >>> 24)) | 0]!;
          if (divisor === 0) break hot;
          F[a] = F[b]! / divisor;
          break;
        }
        case 14 /* add_ni */:
          F[a] = F[b]! + (word >> 24);
          break;
        case 15 /* sub_ni */:
          F[a] = F[b]! - (word >> 24);
          break;
        case 16 /* mul_ni */:
          F[a] = F[b]! * (word >> 24);
          break;
        case 17 /* div_ni */:
          F[a] = F[b]! / (word >> 24);
          break;
        case 18 /* neg_n */:
          F[a] = -F[b]!;
          break;
        case 39 /* is_nil */:
          W[2 * a] = W[2 * b + 1] === TAG_NIL ? 1 : 0;
          W[2 * a + 1] = TAG_BOOL;
          break;

        case 24: /* add_vv */ {
          const result = F[b]! + F[(base + (word >>> 24)) | 0]!;
          if (Number.isNaN(result)) break hot;
          F[a] = result;
          break;
        }
        case 25: /* sub_vv */ {
          const result = F[b]! - F[(base + (word >>> 24)) | 0]!;
          if (Number.isNaN(result)) break hot;
          F[a] = result;
          break;
        }
        case 26: /* mul_vv */ {
          const result = F[b]! * F[(base + (word >>> 24)) | 0]!;
          if (Number.isNaN(result)) break hot;
          F[a] = result;
          break;
        }
        case 27: /* add_vi */ {
          const result = F[b]! + (word >> 24);
          if (Number.isNaN(result)) break hot;
          F[a] = result;
          break;
        }
        case 28: /* sub_vi */ {
          const result = F[b]! - (word >> 24);
          if (Number.isNaN(result)) break hot;
          F[a] = result;
          break;
        }
        case 29: /* mul_vi */ {
          const result = F[b]! * (word >> 24);
          if (Number.isNaN(result)) break hot;
          F[a] = result;
          break;
        }

        case 30: /* div_vv */ {
          const divisor = F[(base + (word >>> 24)) | 0]!;
          const result = F[b]! / divisor;
          if (divisor === 0 || Number.isNaN(result)) break hot;
          F[a] = result;
          break;
        }

        case 94 /* jump */:
          pc = code[pc]!;
          break;
        case 95 /* if_b */:
          pc = W[2 * a] !== 0 ? code[pc]! : (pc + 1) | 0;
          break;
        case 96 /* unless_b */:
          pc = W[2 * a] === 0 ? code[pc]! : (pc + 1) | 0;
          break;
        case 97: /* if_v */ {
          const number = F[a]!;
          if (!Number.isNaN(number)) pc = number !== 0 ? code[pc]! : (pc + 1) | 0;
          else if (W[2 * a + 1] === TAG_BOOL) pc = W[2 * a] !== 0 ? code[pc]! : (pc + 1) | 0;
          else break hot;
          break;
        }
        case 98: /* unless_v */ {
          const number = F[a]!;
          if (!Number.isNaN(number)) pc = number !== 0 ? (pc + 1) | 0 : code[pc]!;
          else if (W[2 * a + 1] === TAG_BOOL) pc = W[2 * a] !== 0 ? (pc + 1) | 0 : code[pc]!;
          else break hot;
          break;
        }
        case 99 /* if_lt_nn */:
          pc = F[a]! < F[b]! ? code[pc]! : (pc + 1) | 0;
          break;
        case 100 /* unless_lt_nn */:
          pc = F[a]! < F[b]! ? (pc + 1) | 0 : code[pc]!;
          break;
        case 101 /* if_le_nn */:
          pc = F[a]! <= F[b]! ? code[pc]! : (pc + 1) | 0;
          break;
        case 102 /* unless_le_nn */:
          pc = F[a]! <= F[b]! ? (pc + 1) | 0 : code[pc]!;
          break;
        case 115: /* loop_lt_nn */ {
          const next = F[a]! + (word >> 24);
          F[a] = next;
          pc = next < F[b]! ? code[pc]! : (pc + 1) | 0;
          break;
        }
        case 103 /* if_eq_nn */:
          pc = Math.abs(F[a]! - F[b]!) < Number.EPSILON ? code[pc]! : (pc + 1) | 0;
          break;
        case 104 /* unless_eq_nn */:
          pc = Math.abs(F[a]! - F[b]!) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
          break;
        case 105 /* if_lt_ni */:
          pc = F[a]! < word >> 24 ? code[pc]! : (pc + 1) | 0;
          break;
        case 106 /* unless_lt_ni */:
          pc = F[a]! < word >> 24 ? (pc + 1) | 0 : code[pc]!;
          break;
        case 107 /* if_le_ni */:
          pc = F[a]! <= word >> 24 ? code[pc]! : (pc + 1) | 0;
          break;
        case 108 /* unless_le_ni */:
          pc = F[a]! <= word >> 24 ? (pc + 1) | 0 : code[pc]!;
          break;
        case 109 /* if_gt_ni */:
          pc = F[a]! > word >> 24 ? code[pc]! : (pc + 1) | 0;
          break;
        case 110 /* unless_gt_ni */:
          pc = F[a]! > word >> 24 ? (pc + 1) | 0 : code[pc]!;
          break;
        case 111 /* if_ge_ni */:
          pc = F[a]! >= word >> 24 ? code[pc]! : (pc + 1) | 0;
          break;
        case 112 /* unless_ge_ni */:
          pc = F[a]! >= word >> 24 ? (pc + 1) | 0 : code[pc]!;
          break;
        case 113 /* if_eq_ni */:
          pc = Math.abs(F[a]! - (word >> 24)) < Number.EPSILON ? code[pc]! : (pc + 1) | 0;
          break;
        case 114 /* unless_eq_ni */:
          pc = Math.abs(F[a]! - (word >> 24)) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
          break;
        case 123 /* unless_ge_vv */:
        case 116: /* if_lt_vv */ {
          const left = F[a]!;
          const right = F[b]!;
          if (left < right) pc = code[pc]!;
          else if (left >= right) pc = (pc + 1) | 0;
          else break hot;
          break;
        }
        case 122 /* unless_gt_vv */:
        case 117: /* if_le_vv */ {
          const left = F[a]!;
          const right = F[b]!;
          if (left <= right) pc = code[pc]!;
          else if (left > right) pc = (pc + 1) | 0;
          else break hot;
          break;
        }
        case 121 /* unless_le_vv */:
        case 118: /* if_gt_vv */ {
          const left = F[a]!;
          const right = F[b]!;
          if (left > right) pc = code[pc]!;
          else if (left <= right) pc = (pc + 1) | 0;
          else break hot;
          break;
        }
        case 120 /* unless_lt_vv */:
        case 119: /* if_ge_vv */ {
          const left = F[a]!;
          const right = F[b]!;
          if (left >= right) pc = code[pc]!;
          else if (left < right) pc = (pc + 1) | 0;
          else break hot;
          break;
        }
        case 124: /* unless_eq_vv */ {
          const distance = F[a]! - F[b]!;
          if (Number.isNaN(distance)) break hot;
          pc = Math.abs(distance) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
          break;
        }
        case 125: /* unless_lt_vi */ {
          const left = F[a]!;
          if (left < word >> 24) pc = (pc + 1) | 0;
          else if (left >= word >> 24) pc = code[pc]!;
          else break hot;
          break;
        }
        case 126: /* unless_le_vi */ {
          const left = F[a]!;
          if (left <= word >> 24) pc = (pc + 1) | 0;
          else if (left > word >> 24) pc = code[pc]!;
          else break hot;
          break;
        }
        case 127: /* unless_gt_vi */ {
          const left = F[a]!;
          if (left > word >> 24) pc = (pc + 1) | 0;
          else if (left <= word >> 24) pc = code[pc]!;
          else break hot;
          break;
        }
        case 128: /* unless_ge_vi */ {
          const left = F[a]!;
          if (left >= word >> 24) pc = (pc + 1) | 0;
          else if (left < word >> 24) pc = code[pc]!;
          else break hot;
          break;
        }
        case 129: /* unless_eq_vi */ {
          const distance = F[a]! - (word >> 24);
          if (Number.isNaN(distance)) break hot;
          pc = Math.abs(distance) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
          break;
        }

        case 56: /* list_item */ {
          const list = listAt(state, b);
          const index = F[(base + (word >>> 24)) | 0]! | 0;
          if (list === undefined || index < 0 || index >= list.items.length) break hot;
          state.pc = (pc - 1) | 0;
          state.base = base;
          putAt(state, a, list.items[index]!);
          break;
        }
        case 52 /* list_append_own */:
        case 53: /* list_append_own_if */ {
          const isFlagged = (word & 255) === OPCODE_OF.list_append_own_if;
          const list = listAt(state, b);
          if (list === undefined || (isFlagged && W[2 * (base + code[pc]!)] === 0)) break hot;
          state.pc = (pc - 1) | 0;
          state.base = base;
          putChanged(state, a, b, list, list.appendOwned(valueAt(state, (base + (word >>> 24)) | 0)));
          if (isFlagged) pc = (pc + 1) | 0;
          break;
        }
        case 75: /* len */ {
          const list = listAt(state, b);
          if (list === undefined) break hot;
          F[a] = list.length;
          pc = (pc + 1) | 0;
          break;
        }
        case 80: /* at_at */ {
          // What cannot be done at once is left to the two instructions behind.
          const outer = listAt(state, b);
          const first = F[(base + (word >>> 24)) | 0]!;
          const second = F[(base + code[pc]!) | 0]!;
          pc = (pc + 1) | 0;
          const inner = outer === undefined ? undefined : itemAt(outer.items, first);
          const item = inner === undefined ? undefined : itemAt((inner as List | null)?.items, second);
          if (typeof item === 'number') {
            F[a] = canonical(item);
            pc = (pc + 4) | 0;
          }
          break;
        }
        case 79: /* at */ {
          const list = listAt(state, b);
          const index = F[(base + (word >>> 24)) | 0]!;
          const whole = index | 0;
          if (list === undefined || whole !== index || whole < 0 || whole >= list.items.length) break hot;
          state.pc = (pc - 1) | 0;
          state.base = base;
          putAt(state, a, list.items[whole]!);
          pc = (pc + 1) | 0;
          break;
        }
        case 85 /* lst_own */:
        case 86: /* lst_own_if */ {
          const isFlagged = (word & 255) === OPCODE_OF.lst_own_if;
          const list = listAt(state, b);
          const index = F[(base + (word >>> 24)) | 0]!;
          const whole = index | 0;
          if (list === undefined || whole !== index || whole < 0 || whole >= list.items.length) break hot;
          if (isFlagged && W[2 * (base + code[(pc + 2) | 0]!)] === 0) break hot;
          state.pc = (pc - 1) | 0;
          state.base = base;
          putChanged(state, a, b, list, list.setOwned(whole, valueAt(state, (base + code[pc]!) | 0)));
          pc = (pc + (isFlagged ? 3 : 2)) | 0;
          break;
        }
        case 76: /* flr */ {
          const number = F[b]!;
          if (Number.isNaN(number)) break hot;
          F[a] = Math.floor(number);
          pc = (pc + 1) | 0;
          break;
        }
        case 78: /* sqrt */ {
          const root = Math.sqrt(F[b]!);
          if (Number.isNaN(root)) break hot;
          F[a] = root;
          pc = (pc + 1) | 0;
          break;
        }
        case 65: /* field */ {
          const record = recordAt(state, b);
          const site = state.setting.unit.sites[code[(pc + 1) | 0]!]!;
          if (record === undefined || record.shape !== site.shape) break hot;
          state.pc = (pc - 1) | 0;
          state.base = base;
          putAt(state, a, record.values[site.indexes[0]!]!);
          pc = (pc + 2) | 0;
          break;
        }
        case 82 /* mod_i */:
        case 81: /* mod */ {
          const isSmall = (word & 255) === OPCODE_OF.mod_i;
          const rest = remainder(F[b]!, isSmall ? word >> 24 : F[(base + (word >>> 24)) | 0]!);
          if (Number.isNaN(rest)) break hot;
          F[a] = rest;
          pc = (pc + 1) | 0;
          break;
        }

        case 69: /* call */ {
          const below = (base + (word >>> 16 || state.sizeAt(pc))) | 0;
          const { depth } = state;
          if (depth >= state.setting.maxDepth || below > state.lastBase) {
            state.makeRoomAbove(base, pc - 1, below);
            return MOVED;
          }
          const { lists } = state.setting.unit;
          const list = code[(pc + 1) | 0]!;
          const count = lists[list]!;
          for (let i = 0; i < count; i++) {
            const from = 2 * (base + lists[list + 1 + i]!);
            const to = 2 * (below + i);
            W[to] = W[from]!;
            W[to + 1] = W[from + 1]!;
          }
          W[2 * below - 2] = pc - 1;
          W[2 * below - 1] = base;
          state.depth = depth + 1;
          base = below;
          pc = code[pc]!;
          break;
        }
        case 70: /* call_1 */ {
          const below = (base + code[(pc + 1) | 0]!) | 0;
          const { depth } = state;
          if (depth >= state.setting.maxDepth || below > state.lastBase) {
            state.makeRoomAbove(base, pc - 1, below);
            return MOVED;
          }
          W[2 * below] = W[2 * b]!;
          W[2 * below + 1] = W[2 * b + 1]!;
          W[2 * below - 2] = pc - 1;
          W[2 * below - 1] = base;
          state.depth = depth + 1;
          base = below;
          pc = code[pc]!;
          break;
        }
        case 71: /* call_2 */ {
          const below = (base + code[(pc + 1) | 0]!) | 0;
          const { depth } = state;
          if (depth >= state.setting.maxDepth || below > state.lastBase) {
            state.makeRoomAbove(base, pc - 1, below);
            return MOVED;
          }
          const c = (base + (word >>> 24)) | 0;
          W[2 * below] = W[2 * b]!;
          W[2 * below + 1] = W[2 * b + 1]!;
          W[2 * below + 2] = W[2 * c]!;
          W[2 * below + 3] = W[2 * c + 1]!;
          W[2 * below - 2] = pc - 1;
          W[2 * below - 1] = base;
          state.depth = depth + 1;
          base = below;
          pc = code[pc]!;
          break;
        }
        case 130: /* return */ {
          const call = W[2 * base - 2]!;
          const below = W[2 * base - 1]!;
          state.depth--;
          if (call < 0) {
            state.resultAt = a;
            state.pc = ~call;
            state.base = below;
            return DONE;
          }
          base = below;
          const to = (base + ((code[call]! >>> 8) & 255)) | 0;
          W[2 * to] = W[2 * a]!;
          W[2 * to + 1] = W[2 * a + 1]!;
          pc = (call + CALL_WIDTH) | 0;
          break;
        }

        case 131 /* watch */:
          state.pc = (pc - 1) | 0;
          state.base = base;
          if (!state.setting.watcher!(state)) return SUSPENDED;
          pc = state.pc | 0;
          word = state.setting.unit.code[pc]!;
          continue;
        default:
          break hot;
      }
      word = code[pc]!;
    }
    state.pc = (pc - 1) | 0;
    state.base = base;
    pc = runCold(state, word) | 0;
    base = state.base | 0;
    if (state.floats !== F) {
      state.pc = pc;
      return MOVED;
    }
    word = code[pc]!;
  }
}

/** Every instruction that a frame can return to has so many words. */
const CALL_WIDTH = 3;
