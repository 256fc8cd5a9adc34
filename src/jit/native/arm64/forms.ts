// From the lines of the tables to what the encoder and the printer work with, and to the types of the operands. Both are read out of the
// same text: `emit('fadd Dd, Dn, Dm', …)` takes what the line says, and there is nothing to emit that has no line.
import { assert } from '../../../base/assert.ts';
import type { Arm64Table } from '../../../spec/arm64/columns.ts';
import { floatForms } from '../../../spec/arm64/float.ts';
import { integerAliases, integerForms } from '../../../spec/arm64/integer.ts';
import { neonForms } from '../../../spec/arm64/neon.ts';
import type { Label } from '../buffer.ts';
import type { Condition, Gpr, Immediate, ImmediateKind, StackPointer, Vec, ZeroRegister } from './operands.ts';

const tables = { ...integerForms, ...integerAliases, ...floatForms, ...neonForms };

export type Arm64FormName = keyof typeof tables;

// Types of operands

type Listed<Text extends string> = Text extends `${infer First}, ${infer Rest}`
  ? [...One<First>, ...Listed<Rest>]
  : One<Text>;
type One<Text extends string> = Text extends `[${infer Inside}`
  ? One<Inside>
  : Text extends 'label'
    ? [Label]
    : Text extends 'cc'
      ? [Condition]
      : Text extends `${'X' | 'W'}${string}|SP${string}`
        ? [Gpr | StackPointer]
        : Text extends `${'X' | 'W'}${string}`
          ? [Gpr | ZeroRegister]
          : Text extends `${'D' | 'S' | 'Q' | 'V'}${string}`
            ? [Vec]
            : Text extends `${string}#${infer Kind}`
              ? OfKind<WithoutBracket<Kind>>
              : [];
type WithoutBracket<Text extends string> = Text extends `${infer Kind}]${string}` ? Kind : Text;
type OfKind<Kind extends string> = Kind extends ImmediateKind ? [Immediate<Kind>] : [];

/** What has to be given with the form of this name, in this order. */
export type Arm64Operands<Name extends string> = Name extends `b.{cc} label`
  ? [condition: Condition, label: Label]
  : Name extends `${string} ${infer Operands}`
    ? Listed<Operands>
    : [];

export type Arm64Value = Gpr | ZeroRegister | StackPointer | Vec | Condition | Label | Immediate<ImmediateKind>;

// Forms

/** How a distance is written into an instruction, and what is done when it does not fit. */
export type LabelKind = 'branch26' | 'branch19' | 'branch14' | 'literal' | 'address';

export interface Arm64Form {
  readonly name: string;
  readonly mnemonic: string;
  /** The operands as they are written, with the words that `OPERAND` finds in the place of values. */
  readonly operands: string;
  /** What is given: 'X', 'W', 'X|SP', 'W|SP', 'D', 'S', 'Q', 'V', a kind of immediate, 'cc' or 'label'. */
  readonly kinds: readonly string[];
  /** The role of each operand that is given: 'r', 'w', 'rw' or '-'. */
  readonly roles: readonly string[];
  /** The instruction with zeros in all fields. */
  readonly word: number;
  readonly fields: readonly Arm64Field[];
  readonly label: LabelKind | undefined;
  /** Pairs of values that must not be the same register: the manual leaves open what happens. */
  readonly distinct: readonly (readonly [number, number])[];
  /** Whether this is another name for a special case of an instruction. */
  readonly alias: boolean;
}

export interface Arm64Field {
  readonly value: number;
  readonly shift: number;
  /** What the value is changed by: one for the opposite of a condition. */
  readonly xor: number;
}

/** The words in an operand list that stand for values. */
export const OPERAND = /\b[XWDSQV](?:t1|t2|[dnmat])\b(?:\|SP)?|#[a-z][a-z0-9]*|\blabel\b|\{?\bcc\b\}?/g;

/** The field that an operand is written to, as the column of bits names it. */
function fieldOf(operand: string): string {
  const register = /^[XWDSQV](t1|t2|[dnmat])/.exec(operand);
  if (register !== null) return `R${register[1] === 't1' ? 't' : register[1]}`;
  return operand.replace(/[#{}]/g, '');
}

function kindOf(operand: string): string {
  if (/^[XWDSQV](t1|t2|[dnmat])/.test(operand)) return operand[0]! + (operand.endsWith('|SP') ? '|SP' : '');
  return operand.replace(/[#{}]/g, '');
}

function labelKind(mnemonic: string, width: number): LabelKind {
  if (mnemonic === 'ldr') return 'literal';
  if (mnemonic === 'adr') return 'address';
  return width === 26 ? 'branch26' : width === 19 ? 'branch19' : 'branch14';
}

function readForm(name: string): Arm64Form {
  const [bits, roles] = (tables as Arm64Table)[name]!;
  const space = name.indexOf(' ');
  const mnemonic = space < 0 ? name : name.slice(0, space);
  const operands = space < 0 ? '' : name.slice(space + 1);
  const given = [...name.matchAll(OPERAND)].map(match => match[0]);
  const places = given.map(fieldOf);

  let word = 0;
  let shift = 32;
  let label: LabelKind | undefined;
  const fields: Arm64Field[] = [];
  for (const part of bits.split(' ')) {
    if (/^[01]+$/.test(part)) {
      shift -= part.length;
      word |= Number.parseInt(part, 2) << shift;
      continue;
    }
    const [, tilde, field, width] = /^(~?)(\w+?)(?::(\d+))?$/.exec(part)!;
    const value = places.indexOf(field!);
    assert(value >= 0, `${name}: nothing is given for ${part}`);
    shift -= width === undefined ? 5 : Number(width);
    if (field === 'label') label = labelKind(mnemonic, Number(width));
    else fields.push({ value, shift, xor: tilde === '~' ? 1 : 0 });
  }
  assert(shift === 0, `${name}: ${32 - shift} bits instead of 32`);
  assert(fields.length + (label === undefined ? 0 : 1) === given.length, `${name}: one field for each operand`);

  const distinct: [number, number][] = [];
  if (mnemonic === 'ldp') distinct.push([places.indexOf('Rt'), places.indexOf('Rt2')]);
  if (/\]!|\],/.test(name) && /Xt/.test(name)) {
    for (const target of ['Rt', 'Rt2'])
      if (places.includes(target)) distinct.push([places.indexOf(target), places.indexOf('Rn')]);
  }
  return {
    name,
    mnemonic,
    operands,
    kinds: given.map(kindOf),
    roles: roles === '' ? [] : roles.split(' '),
    word,
    fields,
    label,
    distinct,
    alias: name in integerAliases,
  };
}

export const ARM64_FORMS: ReadonlyMap<string, Arm64Form> = new Map(
  Object.keys(tables).map(name => [name, readForm(name)]),
);
