// From the lines of the tables to what the encoder and the printer work with, and to the types of the operands. Both are read out of the
// same text: `emit('addsd xmm, xmm/m64', …)` takes what the line says, and there is nothing to emit that has no line.
import { assert } from '../../../base/assert.ts';
import { avxForms } from '../../../spec/x64/avx.ts';
import type { X64Table } from '../../../spec/x64/columns.ts';
import { integerForms } from '../../../spec/x64/integer.ts';
import { sseForms } from '../../../spec/x64/sse.ts';
import type { Label } from '../buffer.ts';
import type {
  AvxPredicate,
  Condition,
  Gpr,
  Imm8,
  Imm32,
  Imm64,
  Memory,
  SsePredicate,
  UImm8,
  UImm32,
  Xmm,
} from './operands.ts';

const tables = { ...integerForms, ...sseForms, ...avxForms };

/** The forms that can be asked for. Those with the accumulator are taken where they are shorter. */
export type X64FormName = Exclude<keyof typeof tables, `${string} ${'eax' | 'rax'}, imm32`>;

// Types of operands

type OperandTypes = {
  r8: Gpr;
  r16: Gpr;
  r32: Gpr;
  r64: Gpr;
  xmm: Xmm;
  ymm: Xmm;
  'r/m8': Gpr | Memory;
  'r/m16': Gpr | Memory;
  'r/m32': Gpr | Memory;
  'r/m64': Gpr | Memory;
  'xmm/m64': Xmm | Memory;
  'xmm/m128': Xmm | Memory;
  'ymm/m256': Xmm | Memory;
  m: Memory;
  m8: Memory;
  m32: Memory;
  m64: Memory;
  m128: Memory;
  m256: Memory;
  imm8: Imm8;
  uimm8: UImm8;
  imm32: Imm32;
  uimm32: UImm32;
  imm64: Imm64;
  rel: Label;
};
type FixedOperand = '1' | 'cl' | 'eax' | 'rax' | 'xmm0';
export type OperandKind = keyof OperandTypes | FixedOperand;

type Listed<Text extends string> = Text extends `${infer First}, ${infer Rest}`
  ? [...One<First>, ...Listed<Rest>]
  : One<Text>;
type One<Text extends string> = Text extends keyof OperandTypes ? [OperandTypes[Text]] : [];
type InMnemonic<Text extends string> = Text extends `${string}{cc}`
  ? [condition: Condition]
  : Text extends `v${string}{p}${string}`
    ? [predicate: AvxPredicate]
    : Text extends `${string}{p}${string}`
      ? [predicate: SsePredicate]
      : [];

/** What has to be given with the form of this name, in this order. */
export type X64Operands<Name extends string> = Name extends `${infer Mnemonic} ${infer Operands}`
  ? [...InMnemonic<Mnemonic>, ...Listed<Operands>]
  : [];

export type X64Value = Gpr | Xmm | Memory | Imm8 | UImm8 | Imm32 | UImm32 | Imm64 | Label | Condition | AvxPredicate;

// Forms

export interface X64Form {
  readonly name: string;
  readonly mnemonic: string;
  /** All operands as they are written; those that stand for themselves are not among the values. */
  readonly operands: readonly OperandKind[];
  /** The role of each operand that is given: 'r', 'w', 'rw' or '-'. */
  readonly roles: readonly string[];
  /** The legacy prefix byte (0: none), which a VEX prefix encodes in `vexPrefix`. */
  readonly prefix: number;
  readonly rexW: boolean;
  readonly vex: VexFields | undefined;
  /** The bytes before the last one of the opcode. */
  readonly escape: readonly number[];
  readonly opcode: number;
  /** In ModRM.reg instead of a register, or -1. */
  readonly digit: number;
  readonly hasModRm: boolean;
  /** Which of the given values goes where, or -1. The condition or predicate, where there is one, is value 0. */
  readonly reg: number;
  readonly rm: number;
  readonly vvvv: number;
  readonly opcodeRegister: number;
  readonly is4: number;
  readonly immediate: number;
  readonly distance: number;
  readonly condition: number;
  readonly predicate: number;
  readonly immediateBytes: number;
  /** Which values are byte registers: those numbered 4 to 7 need a REX prefix. */
  readonly regIsByte: boolean;
  readonly rmIsByte: boolean;
  /** The forms that say the same in fewer bytes when the values allow it. */
  readonly withImm8: X64Form | undefined;
  readonly withOne: X64Form | undefined;
  readonly withAccumulator: X64Form | undefined;
}

export interface VexFields {
  readonly length: 0 | 1;
  readonly prefix: number;
  readonly map: number;
  readonly w: 0 | 1;
}

const LETTERS = ['reg', 'rm', 'vvvv', 'opcodeRegister', 'is4', 'immediate', 'distance'] as const;
const LETTER_OF: Readonly<Record<string, (typeof LETTERS)[number]>> = {
  R: 'reg',
  M: 'rm',
  V: 'vvvv',
  O: 'opcodeRegister',
  '4': 'is4',
  I: 'immediate',
  D: 'distance',
};
const FIXED: ReadonlySet<string> = new Set(['1', 'cl', 'eax', 'rax', 'xmm0'] satisfies FixedOperand[]);
const IMMEDIATE_BYTES: Readonly<Record<string, number>> = { ib: 1, id: 4, io: 8 };
const VEX_PREFIX: Readonly<Record<string, number>> = { '66': 1, F3: 2, F2: 3 };
const VEX_MAP: Readonly<Record<string, number>> = { '0F': 1, '0F38': 2, '0F3A': 3 };

export const isFixed = (kind: OperandKind): kind is FixedOperand => FIXED.has(kind);

function vexFields(word: string): VexFields {
  const parts = word.split('.');
  const prefix = parts.find(part => part in VEX_PREFIX);
  const map = parts.find(part => part in VEX_MAP);
  assert(map !== undefined && /^(128|256|LIG)$/.test(parts[1]!), `${word} names no length or no opcode map`);
  return {
    length: parts[1] === '256' ? 1 : 0,
    prefix: prefix === undefined ? 0 : VEX_PREFIX[prefix]!,
    map: VEX_MAP[map]!,
    w: parts.includes('W1') ? 1 : 0,
  };
}

function readForm(name: string, forms: ReadonlyMap<string, X64Form>): X64Form {
  const [opcodeText, encoding, roles] = (tables as X64Table)[name]!;
  const space = name.indexOf(' ');
  const mnemonic = space < 0 ? name : name.slice(0, space);
  const operands = space < 0 ? [] : (name.slice(space + 1).split(', ') as OperandKind[]);
  const inMnemonic = mnemonic.includes('{') ? 1 : 0;

  const places = { reg: -1, rm: -1, vvvv: -1, opcodeRegister: -1, is4: -1, immediate: -1, distance: -1 };
  const given = operands.filter(kind => !isFixed(kind));
  assert(given.length === encoding.length, `${name}: one letter for each operand that is given`);
  [...encoding].forEach((letter, index) => {
    places[LETTER_OF[letter]!] = index + inMnemonic;
  });

  const words = opcodeText.split(' ');
  let vex: VexFields | undefined;
  let prefix = 0;
  if (words[0]!.startsWith('VEX.')) vex = vexFields(words.shift()!);
  else if (/^(66|F2|F3)$/.test(words[0]!)) prefix = Number.parseInt(words.shift()!, 16);
  const rexW = words[0] === 'REX.W';
  if (rexW) words.shift();
  const bytes = words.filter(word => /^[0-9A-F]{2}$/.test(word)).map(word => Number.parseInt(word, 16));
  const digit = words.find(word => /^\/[0-7]$/.test(word));

  return {
    name,
    mnemonic,
    operands,
    roles: roles === '' ? [] : roles.split(' '),
    prefix,
    rexW,
    vex,
    escape: bytes.slice(0, -1),
    opcode: bytes.at(-1)!,
    digit: digit === undefined ? -1 : Number(digit[1]),
    hasModRm: digit !== undefined || words.includes('/r'),
    ...places,
    condition: mnemonic.includes('{cc}') ? 0 : -1,
    predicate: mnemonic.includes('{p}') ? 0 : -1,
    immediateBytes: IMMEDIATE_BYTES[words.at(-1)!] ?? 0,
    regIsByte: given[places.reg - inMnemonic] === 'r8',
    rmIsByte: given[places.rm - inMnemonic] === 'r/m8',
    withImm8: name.endsWith(' imm32') ? forms.get(name.replace(/imm32$/, 'imm8')) : undefined,
    withOne: name.endsWith(' uimm8') ? forms.get(name.replace(/uimm8$/, '1')) : undefined,
    withAccumulator: name.endsWith(' imm32')
      ? forms.get(name.replace('r/m64,', 'rax,').replace('r/m32,', 'eax,'))
      : undefined,
  };
}

/** A form refers to shorter ones: the tables have those first, or they are read twice. */
function readForms(): ReadonlyMap<string, X64Form> {
  const names = Object.keys(tables);
  const shorter = new Map<string, X64Form>();
  for (const name of names) if (/ imm8$|, 1$|[er]ax, /.test(name)) shorter.set(name, readForm(name, new Map()));
  return new Map(names.map(name => [name, shorter.get(name) ?? readForm(name, shorter)]));
}

export const X64_FORMS: ReadonlyMap<string, X64Form> = readForms();
