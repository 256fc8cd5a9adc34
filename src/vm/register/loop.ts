// The interpreter loop. Instructions that a numeric program consists of run here; all others in cold.ts. dispatch.ts says how it is written,
// and what must stay so.
import { runCold } from './cold.ts';
import { makeObjectAccess } from './objects.ts';
import { DONE, type Loop, MOVED, SUSPENDED } from './state.ts';
import { TAG_BOOL, TAG_NIL } from './value-word.ts';

/** The loop over a register file and an array of code; dispatch.ts says what it does. */
export function makeLoop(F: Float64Array, W: Int32Array, code: Int32Array): Loop {
  const access = makeObjectAccess(F, W);
  const { appendOwned, copyArguments, innerItems, itemsAt, putField, rest } = access;
  const { putBoolean, putItem, putJoined, putLength, putPlain, putRecord, setOwned, updateFields } = access;
  // V8 takes these for constants, and what is imported for variables.
  const BOOL = TAG_BOOL;
  const NIL = TAG_NIL;
  const cold = runCold;
  const callWidth = 3; // Of every instruction that a frame can return to.
  return function loop(state) {
    const origin = state.origin | 0;
    let base = state.base | 0;
    let pc = (state.pc + origin) | 0;
    let word = code[pc]!;
    for (;;) {
      hot: for (;;) {
        const a = (base + ((word >>> 8) & 255)) | 0;
        const b = (base + ((word >>> 16) & 255)) | 0;
        pc = (pc + 1) | 0;
        switch (word & 255) {
          case 0 /* move */:
            W[a << 1] = W[b << 1]!;
            W[(a << 1) | 1] = W[(b << 1) | 1]!;
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
            W[a << 1] = constantWords[index]!;
            W[(a << 1) | 1] = constantWords[index + 1]!;
            break;
          }
          case 7 /* load_bool */:
            putBoolean(a, (word & 0xff0000) !== 0);
            break;
          case 8 /* load_nil */:
            W[a << 1] = 0;
            W[(a << 1) | 1] = NIL;
            break;
          case 10 /* add_nn */:
            F[a] = F[b]! + F[(base + (word >>> 24)) | 0]!;
            break;
          case 11: /* add_nn_loop */ {
            F[a] = F[b]! + F[(base + (word >>> 24)) | 0]!;
            const loop = code[pc]!;
            const counter = (base + ((loop >>> 8) & 255)) | 0;
            const next = F[counter]! + (loop >> 24);
            F[counter] = next;
            pc = next < F[(base + ((loop >>> 16) & 255)) | 0]! ? code[(pc + 1) | 0]! : (pc + 2) | 0;
            break;
          }
          case 12 /* sub_nn */:
            F[a] = F[b]! - F[(base + (word >>> 24)) | 0]!;
            break;
          case 13 /* mul_nn */:
            F[a] = F[b]! * F[(base + (word >>> 24)) | 0]!;
            break;
          case 14: /* div_nn */ {
            const divisor = F[(base + (word >>> 24)) | 0]!;
            if (divisor === 0) break hot;
            F[a] = F[b]! / divisor;
            break;
          }
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
          case 40 /* is_nil */:
            putBoolean(a, W[(b << 1) | 1] === NIL);
            break;
          case 20 /* lt_nn */:
            putBoolean(a, F[b]! < F[(base + (word >>> 24)) | 0]!);
            break;
          case 21 /* le_nn */:
            putBoolean(a, F[b]! <= F[(base + (word >>> 24)) | 0]!);
            break;
          case 22 /* eq_nn */:
            putBoolean(a, Math.abs(F[b]! - F[(base + (word >>> 24)) | 0]!) < Number.EPSILON);
            break;
          case 24 /* not_b */:
            putBoolean(a, W[b << 1] === 0);
            break;
          case 25: /* add_vv */ {
            const result = F[b]! + F[(base + (word >>> 24)) | 0]!;
            if (Number.isNaN(result)) break hot;
            F[a] = result;
            break;
          }
          case 26: /* sub_vv */ {
            const result = F[b]! - F[(base + (word >>> 24)) | 0]!;
            if (Number.isNaN(result)) break hot;
            F[a] = result;
            break;
          }
          case 27: /* mul_vv */ {
            const result = F[b]! * F[(base + (word >>> 24)) | 0]!;
            if (Number.isNaN(result)) break hot;
            F[a] = result;
            break;
          }
          case 28: /* add_vi */ {
            const result = F[b]! + (word >> 24);
            if (Number.isNaN(result)) break hot;
            F[a] = result;
            break;
          }
          case 29: /* sub_vi */ {
            const result = F[b]! - (word >> 24);
            if (Number.isNaN(result)) break hot;
            F[a] = result;
            break;
          }
          case 30: /* mul_vi */ {
            const result = F[b]! * (word >> 24);
            if (Number.isNaN(result)) break hot;
            F[a] = result;
            break;
          }
          case 31: /* div_vv */ {
            const divisor = F[(base + (word >>> 24)) | 0]!;
            const result = F[b]! / divisor;
            if (divisor === 0 || Number.isNaN(result)) break hot;
            F[a] = result;
            break;
          }
          case 96 /* jump */:
            pc = code[pc]!;
            break;
          case 97 /* if_b */:
            pc = W[a << 1] !== 0 ? code[pc]! : (pc + 1) | 0;
            break;
          case 98 /* unless_b */:
            pc = W[a << 1] === 0 ? code[pc]! : (pc + 1) | 0;
            break;
          case 99: /* if_v */ {
            const number = F[a]!;
            if (!Number.isNaN(number)) pc = number !== 0 ? code[pc]! : (pc + 1) | 0;
            else if (W[(a << 1) | 1] === BOOL) pc = W[a << 1] !== 0 ? code[pc]! : (pc + 1) | 0;
            else break hot;
            break;
          }
          case 100: /* unless_v */ {
            const number = F[a]!;
            if (!Number.isNaN(number)) pc = number !== 0 ? (pc + 1) | 0 : code[pc]!;
            else if (W[(a << 1) | 1] === BOOL) pc = W[a << 1] !== 0 ? (pc + 1) | 0 : code[pc]!;
            else break hot;
            break;
          }
          case 101 /* if_lt_nn */:
            pc = F[a]! < F[b]! ? code[pc]! : (pc + 1) | 0;
            break;
          case 102 /* unless_lt_nn */:
            pc = F[a]! < F[b]! ? (pc + 1) | 0 : code[pc]!;
            break;
          case 103 /* if_le_nn */:
            pc = F[a]! <= F[b]! ? code[pc]! : (pc + 1) | 0;
            break;
          case 104 /* unless_le_nn */:
            pc = F[a]! <= F[b]! ? (pc + 1) | 0 : code[pc]!;
            break;
          case 117: /* loop_lt_nn */ {
            const next = F[a]! + (word >> 24);
            F[a] = next;
            pc = next < F[b]! ? code[pc]! : (pc + 1) | 0;
            break;
          }
          case 118: /* loop_add_lt_nn */ {
            const next = F[a]! + F[(base + (word >>> 24)) | 0]!;
            F[a] = next;
            pc = next < F[b]! ? code[pc]! : (pc + 1) | 0;
            break;
          }
          case 105 /* if_eq_nn */:
            pc = Math.abs(F[a]! - F[b]!) < Number.EPSILON ? code[pc]! : (pc + 1) | 0;
            break;
          case 106 /* unless_eq_nn */:
            pc = Math.abs(F[a]! - F[b]!) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
            break;
          case 107 /* if_lt_ni */:
            pc = F[a]! < word >> 24 ? code[pc]! : (pc + 1) | 0;
            break;
          case 108 /* unless_lt_ni */:
            pc = F[a]! < word >> 24 ? (pc + 1) | 0 : code[pc]!;
            break;
          case 109 /* if_le_ni */:
            pc = F[a]! <= word >> 24 ? code[pc]! : (pc + 1) | 0;
            break;
          case 110 /* unless_le_ni */:
            pc = F[a]! <= word >> 24 ? (pc + 1) | 0 : code[pc]!;
            break;
          case 111 /* if_gt_ni */:
            pc = F[a]! > word >> 24 ? code[pc]! : (pc + 1) | 0;
            break;
          case 112 /* unless_gt_ni */:
            pc = F[a]! > word >> 24 ? (pc + 1) | 0 : code[pc]!;
            break;
          case 113 /* if_ge_ni */:
            pc = F[a]! >= word >> 24 ? code[pc]! : (pc + 1) | 0;
            break;
          case 114 /* unless_ge_ni */:
            pc = F[a]! >= word >> 24 ? (pc + 1) | 0 : code[pc]!;
            break;
          case 115 /* if_eq_ni */:
            pc = Math.abs(F[a]! - (word >> 24)) < Number.EPSILON ? code[pc]! : (pc + 1) | 0;
            break;
          case 116 /* unless_eq_ni */:
            pc = Math.abs(F[a]! - (word >> 24)) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
            break;
          case 126 /* unless_ge_vv */:
          case 119: /* if_lt_vv */ {
            const left = F[a]!;
            const right = F[b]!;
            if (left < right) pc = code[pc]!;
            else if (left >= right) pc = (pc + 1) | 0;
            else break hot;
            break;
          }
          case 125 /* unless_gt_vv */:
          case 120: /* if_le_vv */ {
            const left = F[a]!;
            const right = F[b]!;
            if (left <= right) pc = code[pc]!;
            else if (left > right) pc = (pc + 1) | 0;
            else break hot;
            break;
          }
          case 124 /* unless_le_vv */:
          case 121: /* if_gt_vv */ {
            const left = F[a]!;
            const right = F[b]!;
            if (left > right) pc = code[pc]!;
            else if (left <= right) pc = (pc + 1) | 0;
            else break hot;
            break;
          }
          case 123 /* unless_lt_vv */:
          case 122: /* if_ge_vv */ {
            const left = F[a]!;
            const right = F[b]!;
            if (left >= right) pc = code[pc]!;
            else if (left < right) pc = (pc + 1) | 0;
            else break hot;
            break;
          }
          case 127: /* unless_eq_vv */ {
            const distance = F[a]! - F[b]!;
            if (Number.isNaN(distance)) break hot;
            pc = Math.abs(distance) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
            break;
          }
          case 128: /* unless_lt_vi */ {
            const left = F[a]!;
            if (left < word >> 24) pc = (pc + 1) | 0;
            else if (left >= word >> 24) pc = code[pc]!;
            else break hot;
            break;
          }
          case 129: /* unless_le_vi */ {
            const left = F[a]!;
            if (left <= word >> 24) pc = (pc + 1) | 0;
            else if (left > word >> 24) pc = code[pc]!;
            else break hot;
            break;
          }
          case 130: /* unless_gt_vi */ {
            const left = F[a]!;
            if (left > word >> 24) pc = (pc + 1) | 0;
            else if (left <= word >> 24) pc = code[pc]!;
            else break hot;
            break;
          }
          case 131: /* unless_ge_vi */ {
            const left = F[a]!;
            if (left >= word >> 24) pc = (pc + 1) | 0;
            else if (left < word >> 24) pc = code[pc]!;
            else break hot;
            break;
          }
          case 132: /* unless_eq_vi */ {
            const distance = F[a]! - (word >> 24);
            if (Number.isNaN(distance)) break hot;
            pc = Math.abs(distance) < Number.EPSILON ? (pc + 1) | 0 : code[pc]!;
            break;
          }
          case 39 /* concat */:
            state.pc = (pc - 1 - origin) | 0;
            state.base = base;
            if (!putJoined(state, a, b, (base + (word >>> 24)) | 0)) break hot;
            break;
          case 57 /* list_item */:
            if (!putItem(state, a, itemsAt(state, b), F[(base + (word >>> 24)) | 0]!)) break hot;
            break;
          case 60 /* range_start */:
          case 61: /* range_end */ {
            const bound = F[b]!;
            if ((bound | 0) !== bound) break hot;
            F[a] = bound;
            break;
          }
          case 53 /* list_append_own */:
            if (!appendOwned(state, a, b, (base + (word >>> 24)) | 0)) break hot;
            break;
          case 54 /* list_append_own_if */:
            if (W[(base + code[pc]!) << 1] === 0 || !appendOwned(state, a, b, (base + (word >>> 24)) | 0)) break hot;
            pc = (pc + 1) | 0;
            break;
          case 55 /* list_check */:
            if (itemsAt(state, a) === undefined) break hot;
            break;
          case 56 /* list_length */:
            if (!putLength(state, a, b)) break hot;
            break;
          case 76 /* len */:
            if (!putLength(state, a, b)) break hot;
            pc = (pc + 1) | 0;
            break;
          case 82: /* at_at */ {
            const inner = innerItems(state, b, F[(base + (word >>> 24)) | 0]!);
            pc = putPlain(a, inner, F[(base + code[pc]!) | 0]!) ? (pc + 5) | 0 : (pc + 1) | 0;
            break;
          }
          case 58 /* list_index */:
            if (!putItem(state, a, itemsAt(state, b), state.setting.unit.constants[code[pc]!] as number)) break hot;
            pc = (pc + 1) | 0;
            break;
          case 81 /* at */:
            if (!putItem(state, a, itemsAt(state, b), F[(base + (word >>> 24)) | 0]!)) break hot;
            pc = (pc + 1) | 0;
            break;
          case 87 /* lst_own */:
            if (!setOwned(state, a, b, F[(base + (word >>> 24)) | 0]!, (base + code[pc]!) | 0)) break hot;
            pc = (pc + 2) | 0;
            break;
          case 88 /* lst_own_if */:
            if (W[(base + code[(pc + 2) | 0]!) << 1] === 0) break hot;
            if (!setOwned(state, a, b, F[(base + (word >>> 24)) | 0]!, (base + code[pc]!) | 0)) break hot;
            pc = (pc + 3) | 0;
            break;
          case 77: /* flr */ {
            const number = F[b]!;
            if (Number.isNaN(number)) break hot;
            F[a] = Math.floor(number);
            pc = (pc + 1) | 0;
            break;
          }
          case 79: /* sqrt */ {
            const root = Math.sqrt(F[b]!);
            if (Number.isNaN(root)) break hot;
            F[a] = root;
            pc = (pc + 1) | 0;
            break;
          }
          case 62 /* record_new */:
            if (!putRecord(state, base, a, code[pc]!, code[(pc + 1) | 0]!)) break hot;
            pc = (pc + 2) | 0;
            break;
          case 63 /* record_with */:
            if (!updateFields(state, base, a, code[pc]!, code[(pc + 2) | 0]!, false)) break hot;
            pc = (pc + 3) | 0;
            break;
          case 64 /* record_with_own_if */:
            if (!updateFields(state, base, a, code[pc]!, code[(pc + 2) | 0]!, W[b << 1] !== 0)) break hot;
            pc = (pc + 3) | 0;
            break;
          case 66 /* field */:
            if (!putField(state, a, b, code[(pc + 1) | 0]!)) break hot;
            pc = (pc + 2) | 0;
            break;
          case 83: /* mod */ {
            const left = rest(F[b]!, F[(base + (word >>> 24)) | 0]!);
            if (Number.isNaN(left)) break hot;
            F[a] = left;
            pc = (pc + 1) | 0;
            break;
          }
          case 84: /* mod_i */ {
            const left = rest(F[b]!, word >> 24);
            if (Number.isNaN(left)) break hot;
            F[a] = left;
            pc = (pc + 1) | 0;
            break;
          }
          case 70: /* call */ {
            const below = (base + (word >>> 16 || state.sizeAt(pc - origin))) | 0;
            const { depth } = state;
            if (depth >= state.setting.maxDepth || below > state.lastBase) break hot;
            copyArguments(state, base, below, code[(pc + 1) | 0]!);
            W[(below - 1) << 1] = pc - 1 - origin;
            W[((below - 1) << 1) | 1] = base;
            state.depth = depth + 1;
            base = below;
            pc = code[pc]!;
            break;
          }
          case 71: /* call_1 */ {
            const below = (base + code[(pc + 1) | 0]!) | 0;
            const { depth } = state;
            if (depth >= state.setting.maxDepth || below > state.lastBase) break hot;
            W[below << 1] = W[b << 1]!;
            W[(below << 1) | 1] = W[(b << 1) | 1]!;
            W[(below - 1) << 1] = pc - 1 - origin;
            W[((below - 1) << 1) | 1] = base;
            state.depth = depth + 1;
            base = below;
            pc = code[pc]!;
            break;
          }
          case 72: /* call_2 */ {
            const below = (base + code[(pc + 1) | 0]!) | 0;
            const { depth } = state;
            if (depth >= state.setting.maxDepth || below > state.lastBase) break hot;
            const c = (base + (word >>> 24)) | 0;
            W[below << 1] = W[b << 1]!;
            W[(below << 1) | 1] = W[(b << 1) | 1]!;
            W[(below + 1) << 1] = W[c << 1]!;
            W[((below + 1) << 1) | 1] = W[(c << 1) | 1]!;
            W[(below - 1) << 1] = pc - 1 - origin;
            W[((below - 1) << 1) | 1] = base;
            state.depth = depth + 1;
            base = below;
            pc = code[pc]!;
            break;
          }
          case 133: /* return */ {
            const call = W[(base - 1) << 1]!;
            const below = W[((base - 1) << 1) | 1]!;
            state.depth--;
            if (call < 0) {
              state.resultAt = a;
              state.pc = ~call;
              state.base = below;
              return DONE;
            }
            base = below;
            pc = (call + origin) | 0;
            const to = (base + ((code[pc]! >>> 8) & 255)) | 0;
            W[to << 1] = W[a << 1]!;
            W[(to << 1) | 1] = W[(a << 1) | 1]!;
            pc = (pc + callWidth) | 0;
            break;
          }
          case 134 /* watch */:
            state.pc = (pc - 1 - origin) | 0;
            state.base = base;
            if (!state.setting.watcher!(state)) return SUSPENDED;
            word = state.setting.unit.code[state.pc]!;
            pc = (state.pc + origin) | 0;
            continue;
          default:
            break hot;
        }
        word = code[pc]!;
      }
      state.pc = (pc - 1 - origin) | 0;
      state.base = base;
      const next = cold(state) | 0;
      pc = (next + origin) | 0;
      base = state.base | 0;
      if (state.floats !== F) {
        state.pc = next;
        return MOVED;
      }
      word = code[pc]!;
    }
  };
}
