// The text of an instruction, from its form and values: what `objdump -d -M intel` prints for its bytes.
import type { Label } from '../buffer.ts';
import { isFixed, type OperandKind, type X64Form, type X64Value } from './forms.ts';
import { CONDITION_NAMES, GPR_NAMES, type Memory, PREDICATE_NAMES } from './operands.ts';

export interface PrintContext {
  /** The offset that a label stands for. */
  offsetOf(label: Label): number;
  /** The offset behind the instruction. */
  readonly end: number;
}

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
const signedHex = (value: number): string => (value < 0 ? `-0x${(-value).toString(16)}` : `+0x${value.toString(16)}`);

export function gprName(code: number, bits: number): string {
  const name = GPR_NAMES[code]!;
  if (bits === 64) return name;
  if (code >= 8) return `${name}${bits === 32 ? 'd' : bits === 16 ? 'w' : 'b'}`;
  if (bits === 32) return `e${name.slice(1)}`;
  if (bits === 16) return name.slice(1);
  return code < 4 ? `${name[1]}l` : `${name.slice(1)}l`;
}

const POINTERS: Readonly<Record<number, string>> = {
  8: 'BYTE PTR ',
  16: 'WORD PTR ',
  32: 'DWORD PTR ',
  64: 'QWORD PTR ',
  128: 'XMMWORD PTR ',
  256: 'YMMWORD PTR ',
};

function memoryText(memory: Memory, context: PrintContext): string {
  if (memory.label !== undefined) return `[rip${signedHex(context.offsetOf(memory.label) - context.end)}]`;
  const { base, index, scale, displacement } = memory;
  const indexed = index === undefined ? '' : `+${GPR_NAMES[index]}*${scale}`;
  const shown = displacement !== 0 || (base & 7) === 5;
  return `[${GPR_NAMES[base]}${indexed}${shown ? signedHex(displacement) : ''}]`;
}

/** How many bits the immediate is extended to: the size of the operand before it. */
function immediateBits(form: X64Form): number {
  const first = form.operands[0]!;
  return Number(/\d+$/.exec(first)?.[0] ?? (first === 'eax' ? 32 : 64));
}

function valueText(kind: OperandKind, value: X64Value, form: X64Form, context: PrintContext): string {
  if (typeof value === 'object')
    return `${POINTERS[Number(/m(\d*)$/.exec(kind)![1])] ?? ''}${memoryText(value, context)}`;
  if (typeof value === 'bigint') return hex(value);
  switch (kind) {
    case 'imm8':
    case 'imm32':
      if (form.mnemonic === 'push') return hex(BigInt.asUintN(64, BigInt(value)));
      return hex(BigInt.asUintN(immediateBits(form), BigInt(value)));
    case 'uimm8':
    case 'uimm32':
      return hex(value);
    case 'rel':
      return hex(context.offsetOf(value as Label));
    case 'xmm':
    case 'xmm/m64':
    case 'xmm/m128':
      return `xmm${value}`;
    case 'ymm':
    case 'ymm/m256':
      return `ymm${value}`;
    default:
      return gprName(value, Number(/\d+$/.exec(kind)![0]));
  }
}

export function printX64(form: X64Form, values: readonly X64Value[], context: PrintContext): string {
  const given = values.slice();
  let mnemonic = form.mnemonic;
  if (form.condition >= 0) mnemonic = mnemonic.replace('{cc}', CONDITION_NAMES[given.shift() as number]!);
  if (form.predicate >= 0) mnemonic = mnemonic.replace('{p}', PREDICATE_NAMES[given.shift() as number]!);
  if (form.operands.length === 0) return mnemonic;
  const operands = form.operands.map(kind => (isFixed(kind) ? kind : valueText(kind, given.shift()!, form, context)));
  return `${mnemonic.padEnd(6)} ${operands.join(',')}`;
}
