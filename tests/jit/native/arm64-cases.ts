// Every form of the ARM64 tables with the operands that a proof of the encoder has to show: all registers, alone and in pairs; of three
// and four, every register in every position and every pair of neighbours; the edges of immediates.
import { ARM64_FORMS, type Arm64Form, type Arm64Value } from '../../../src/jit/native/arm64/forms.ts';
import * as operands from '../../../src/jit/native/arm64/operands.ts';

const steps = (low: number, high: number, unit: number): number[] => [
  low,
  low + unit,
  low + 2 * unit,
  0,
  unit,
  high - unit,
  high,
];
const range = (low: number, high: number): number[] =>
  Array.from({ length: high - low + 1 }, (_, index) => low + index);

/** All masks of 64 bits that an instruction can hold: runs of all lengths in elements of all sizes, rotated. */
function masks(width: 32 | 64): bigint[] {
  const out: bigint[] = [];
  for (let size = 2; size <= width; size *= 2) {
    for (let run = 1; run < size; run++) {
      for (let turn = 0; turn < size; turn++) {
        const ones = (1n << BigInt(run)) - 1n;
        const element = ((ones >> BigInt(turn)) | (ones << BigInt(size - turn))) & ((1n << BigInt(size)) - 1n);
        out.push(
          BigInt(
            `0b${element
              .toString(2)
              .padStart(size, '0')
              .repeat(width / size)}`,
          ),
        );
      }
    }
  }
  return out;
}

const made = <Value>(values: readonly Value[], make: (value: Value) => number | undefined): number[] =>
  values.map(value => {
    const field = make(value);
    if (field === undefined) throw new Error(`${value} has no field`);
    return field;
  });

/** The values of each kind of immediate, as fields. */
const EDGES: Readonly<Record<operands.ImmediateKind, readonly number[]>> = {
  imm12: made([0, 1, 2, 7, 0x80, 0xff, 0x7ff, 0x800, 0xabc, 0xffe, 0xfff], operands.imm12),
  imm16: made([0, 1, 0x80, 0xff, 0x1234, 0x7fff, 0x8000, 0xfffe, 0xffff], operands.imm16),
  code16: made([0, 1, 0x1234, 0xffff], operands.code16),
  hw: made([0, 16, 32, 48], operands.hw),
  uimm5: made(range(0, 31), operands.uimm5),
  uimm6: made(range(0, 63), operands.uimm6),
  upper5: made(range(32, 63), operands.upper5),
  // Nothing shifted would be written in another way, and is left to the other form.
  shift3: made(range(0, 4), operands.shift3),
  lsl64: made(range(1, 63), operands.lsl64),
  lsl32: made(range(1, 31), operands.lsl32),
  left64: made(range(0, 63), operands.left64),
  right64: made(range(1, 64), operands.right64),
  bitmask64: made(masks(64), operands.bitmask64),
  bitmask32: made(masks(32).map(Number), operands.bitmask32),
  compare5: made(range(0, 31), operands.compare5),
  nzcv: made(range(0, 15), operands.nzcv),
  offset1: made(steps(0, 4095, 1), operands.offset1),
  offset2: made(steps(0, 4095 * 2, 2), operands.offset2),
  offset4: made(steps(0, 4095 * 4, 4), operands.offset4),
  offset8: made(steps(0, 4095 * 8, 8), operands.offset8),
  offset16: made(steps(0, 4095 * 16, 16), operands.offset16),
  simm9: made(steps(-256, 255, 1), operands.simm9),
  pair4: made(steps(-256, 252, 4), operands.pair4),
  pair8: made(steps(-512, 504, 8), operands.pair8),
  pair16: made(steps(-1024, 1008, 16), operands.pair16),
  fimm8: made(
    range(0, 255).map(field => (field & 0x80 ? -1 : 1) * (1 + (field & 15) / 16) * 2 ** ((((field >> 4) & 7) ^ 4) - 3)),
    operands.fimm8,
  ),
};

const isRegister = (kind: string): boolean => /^[XWDSQV]/.test(kind);

/** All values of a form, one list for each case. What has a label is not among them: see the proof of distances. */
export function* arm64Cases(form: Arm64Form): Generator<readonly Arm64Value[]> {
  const registers = form.kinds.filter(isRegister).length;
  // What does not stand for a register takes its edges in turn, each kind at its own pace.
  const edges = form.kinds.map(kind =>
    isRegister(kind) ? undefined : kind === 'cc' ? range(0, 13) : EDGES[kind as operands.ImmediateKind],
  );
  const rounds = edges.reduce((product, list) => product * (list?.length ?? 1), 1);
  const pairs = registers < 2 ? 32 ** registers : 1024;
  const total = registers < 2 ? pairs * rounds : Math.max(pairs, Math.min(rounds * 32, 50_000));
  for (let turn = 0; turn < total; turn++) {
    const [a, b] = [turn & 31, (turn >> 5) & 31];
    const chosen = [a, b, (a + b) & 31, (a * 3 + b * 5) & 31];
    let rest = registers < 2 ? Math.floor(turn / pairs) : turn + (turn >> 5);
    let register = 0;
    const values = edges.map(list => {
      if (list === undefined) return chosen[register++]!;
      const value = list[rest % list.length]!;
      rest = Math.floor(rest / list.length) + (registers < 2 ? 0 : turn);
      return value;
    }) as Arm64Value[];
    if (form.distinct.some(([x, y]) => values[x] === values[y] && values[y] !== 31)) continue;
    if (form.mnemonic === 'ldp' && values[0] === values[1]) continue;
    yield values;
  }
}

export const provenArm64Forms = (): readonly Arm64Form[] =>
  [...ARM64_FORMS.values()].filter(form => form.label === undefined);
