// The text of an instruction, from its form and values: what `objdump -d` prints for its bits, for an alias with aliases and for all
// others without.
import type { Label } from '../buffer.ts';
import { type Arm64Form, type Arm64Value, OPERAND } from './forms.ts';
import { CONDITION_NAMES, IMMEDIATES, type ImmediateKind } from './operands.ts';

function registerName(kind: string, code: number): string {
  const letter = kind[0]!.toLowerCase();
  if (code !== 31 || !'XW'.includes(kind[0]!)) return letter + code;
  if (kind.endsWith('|SP')) return kind[0] === 'X' ? 'sp' : 'wsp';
  return `${letter}zr`;
}

function valueText(kind: string, value: Arm64Value, offsetOf: (label: Label) => number): string {
  if (kind === 'label') return `0x${offsetOf(value as Label).toString(16)}`;
  if (kind === 'cc') return CONDITION_NAMES[value]!;
  if (kind in IMMEDIATES) return IMMEDIATES[kind as ImmediateKind](value);
  return registerName(kind, value);
}

export function printArm64(form: Arm64Form, values: readonly Arm64Value[], offsetOf: (label: Label) => number): string {
  let at = 0;
  const fill = (text: string): string =>
    text.replace(OPERAND, () => valueText(form.kinds[at]!, values[at++]!, offsetOf));
  const mnemonic = fill(form.mnemonic);
  if (form.operands === '') return mnemonic;
  // Shifts and offsets by nothing are not written.
  const operands = fill(form.operands)
    .replace(/, lsl #0$/, '')
    .replace(/(, [us]xtw) #0$/, '$1')
    .replace(/, #0\]$/, ']');
  return `${mnemonic.padEnd(7)} ${operands}`;
}
