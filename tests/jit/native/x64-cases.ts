// Every form of the x86-64 tables with the operands that a proof of the encoder has to show: all registers, alone and in pairs; of three
// and more, every register in every position and every pair of neighbours; the edges of immediates and displacements; all kinds of
// memory operand.
import type { CodeBuffer } from '../../../src/jit/native/buffer.ts';
import {
  isFixed,
  type OperandKind,
  X64_FORMS,
  type X64Form,
  type X64Value,
} from '../../../src/jit/native/x64/forms.ts';
import {
  gpr,
  imm8,
  imm32,
  imm64,
  type Memory,
  mem,
  memIndexed,
  memLabel,
  type Scale,
  uimm8,
  uimm32,
  xmm,
} from '../../../src/jit/native/x64/operands.ts';

const EDGES_8 = [0, 1, -1, 2, 0x7f, -0x80, 0x12].map(imm8);
const EDGES_32 = [
  0, 1, -1, 0x7f, 0x80, -0x80, -0x81, 0xff, 0x1234, 0x1234_5678, -0x1234_5678, 0x7fff_ffff, -0x8000_0000,
];
const EDGES_U32 = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff].map(uimm32);
// Small numbers among these would be `movabs` only because the form says so; the printer and GNU as agree on that word.
const EDGES_64 = [
  0n,
  1n,
  -1n,
  1n << 31n,
  -(1n << 31n),
  1n << 32n,
  0x1234_5678_9abc_def0n,
  1n << 63n,
  (1n << 64n) - 2n,
].map(imm64);
const DISPLACEMENTS = [0, 8, -8, 0x7f, -0x80, 0x80, -0x81, 0x1234, 0x7fff_ffff, -0x8000_0000];
const SCALES: readonly Scale[] = [1, 2, 4, 8];
const REGISTERS = Array.from({ length: 16 }, (_, code) => code);

/** All bases with all edges, and all pairs of base and index with scale and displacement in turn. */
function someMemory(buffer: CodeBuffer): Memory[] {
  const out = REGISTERS.flatMap(base => DISPLACEMENTS.map(displacement => mem(gpr(base), displacement)));
  let turn = 0;
  for (const base of REGISTERS) {
    for (const index of REGISTERS) {
      if (index === 4) continue;
      turn++;
      out.push(memIndexed(gpr(base), gpr(index), SCALES[turn % 4]!, DISPLACEMENTS[(turn >> 2) % DISPLACEMENTS.length]));
    }
  }
  out.push(memLabel(buffer.double(1)), memLabel(buffer.lanes(1n, 2)));
  return out;
}

/** Every base, index and scale, with no, a short and a long displacement. */
function allMemory(buffer: CodeBuffer): Memory[] {
  const out = someMemory(buffer);
  for (const base of REGISTERS) {
    for (const index of REGISTERS) {
      if (index === 4) continue;
      for (const scale of SCALES) {
        for (const displacement of [0, -16, 0x100]) out.push(memIndexed(gpr(base), gpr(index), scale, displacement));
      }
    }
  }
  return out;
}

/** One form of each way to encode memory is shown with every memory operand there is. */
const WITH_ALL_MEMORY: ReadonlySet<string> = new Set([
  'lea r64, m',
  'movsd xmm, xmm/m64',
  'mov r32, r/m32',
  'imul r64, r/m64, imm32',
  'vaddpd ymm, ymm, ymm/m256',
  'vroundsd xmm, xmm, xmm/m64, uimm8',
]);

const isRegister = (kind: OperandKind): boolean => /^(r\d|r\/m|xmm|ymm)/.test(kind);
const isMemory = (kind: OperandKind): boolean => /^m\d*$|\/m/.test(kind);

function registersOf(kind: OperandKind): readonly X64Value[] {
  return REGISTERS.map(code => (kind.startsWith('r') ? gpr(code) : xmm(code)));
}

function immediatesOf(kind: OperandKind, form: X64Form): readonly X64Value[] {
  if (kind === 'imm8') return EDGES_8;
  if (kind === 'imm32') return EDGES_32.map(imm32);
  if (kind === 'uimm32') return EDGES_U32;
  if (kind === 'imm64') return EDGES_64;
  const shift = /^(v?ps[lr]lq|sh[lr]|sar|bt)$/.test(form.mnemonic);
  return (
    shift ? [1, 2, 3, 7, 31, ...(form.name.includes('32') ? [] : [32, 52, 63])] : [0, 1, 2, 3, 4, 8, 9, 10, 11, 0xf]
  ).map(uimm8);
}

/** All values of a form, one list for each case. Jumps are not among them: see the proof of relaxation. */
export function* x64Cases(form: X64Form, buffer: CodeBuffer): Generator<readonly X64Value[]> {
  const given = form.operands.filter(kind => !isFixed(kind));
  const codes = form.condition >= 0 ? 16 : form.predicate >= 0 ? (form.mnemonic.startsWith('v') ? 32 : 8) : 0;
  const first = (turn: number): X64Value[] => (codes === 0 ? [] : [(turn % codes) as X64Value]);
  const immediate = given.find(kind => kind.includes('imm'));
  const immediates = immediate === undefined ? [] : immediatesOf(immediate, form);
  const last = (turn: number): X64Value[] => (immediate === undefined ? [] : [immediates[turn % immediates.length]!]);
  const operands = given.filter(kind => kind !== immediate);
  const every = Math.max(codes, 1) * Math.max(immediates.length, 1);

  if (operands.every(isRegister)) {
    const pairs = operands.length < 2 ? 16 ** operands.length : 256;
    // With one register or none, every condition and immediate meets every register; else they take turns.
    const rounds = operands.length < 2 ? every : codes > 0 ? codes : 1;
    for (let round = 0; round < rounds; round++) {
      for (let pair = 0; pair < pairs; pair++) {
        const [a, b] = [pair & 15, pair >> 4];
        const chosen = [a, b, (a + b) & 15, (a * 3 + b * 5) & 15];
        yield [...first(round), ...operands.map((kind, at) => registersOf(kind)[chosen[at]!]!), ...last(round + pair)];
      }
    }
  }
  const memoryAt = operands.findIndex(isMemory);
  if (memoryAt < 0) return;
  let turn = 0;
  for (const memory of WITH_ALL_MEMORY.has(form.name) ? allMemory(buffer) : someMemory(buffer)) {
    turn++;
    const values = operands.map((kind, at) =>
      at === memoryAt ? memory : registersOf(kind)[(turn + (turn >> 4) * (at + 1) + at * 5) & 15]!,
    );
    yield [...first(turn), ...values, ...last(turn)];
  }
}

/** Jumps are proven apart; the forms with the accumulator are shown where they are taken. */
export const provenX64Forms = (): readonly X64Form[] =>
  [...X64_FORMS.values()].filter(form => form.distance < 0 && !/ [er]ax, /.test(form.name));

/** What GNU as has to be told so that it takes the same of two encodings of an instruction between registers. */
export const x64Direction = (form: X64Form, values: readonly X64Value[]): string =>
  values.some(value => typeof value === 'object') || form.operands.length < 2
    ? ''
    : form.reg >= 0 && form.rm >= 0 && form.reg < form.rm
      ? '{load} '
      : '';
