// The assembler for ARM64: puts instructions into a code buffer.
//
//     const buffer = new CodeBuffer(MAX_CODE_BYTES);
//     const { emit } = arm64Assembler(buffer);
//     const done = buffer.label();
//     emit('ldr Dt, label', vec(1), buffer.double(0.1));
//     emit('fcmp Dn, Dm', vec(0), vec(1));
//     emit('b.{cc} label', cond.ge, done);
//     emit('fadd Dd, Dn, Dm', vec(0), vec(0), vec(1));
//     buffer.bind(done);
//     emit('ret');
//     const code = buffer.finish();
//
// The name of a form is the manual's own line, and the types of the operands are read out of it (forms.ts), so what no line of the tables
// in src/spec/arm64 describes cannot be emitted, with a wrong kind of operand neither. x16 belongs to the assembler.
import { assert } from '../../../base/assert.ts';
import type { CodeBuffer, FinishedCode, Place } from '../buffer.ts';
import { encode, MAX_CODE_BYTES, writeNops } from './encode.ts';
import { ARM64_FORMS, type Arm64Form, type Arm64FormName, type Arm64Operands, type Arm64Value } from './forms.ts';
import { printArm64 } from './print.ts';

export interface ListedInstruction {
  readonly offset: number;
  readonly text: string;
}

export interface Arm64Assembler {
  readonly buffer: CodeBuffer;
  emit<Name extends Arm64FormName>(name: Name, ...operands: Arm64Operands<Name>): void;
  /** Goes on at a multiple of 4, 8 … 64, behind instructions that do nothing. */
  align(alignment: number): void;
  /** The text of all instructions. Only where a listing was asked for. */
  listing(code: FinishedCode): ListedInstruction[];
}

export function arm64Assembler(buffer: CodeBuffer, options: { readonly listing?: boolean } = {}): Arm64Assembler {
  assert(buffer.maxBytes <= MAX_CODE_BYTES, 'jumps on ARM64 do not reach further');
  const record: { place: Place; form: Arm64Form; values: readonly Arm64Value[] }[] | undefined = options.listing
    ? []
    : undefined;
  return {
    buffer,
    emit(name, ...operands) {
      const values = operands as unknown as readonly Arm64Value[];
      const form = ARM64_FORMS.get(name)!;
      record?.push({ place: buffer.here(), form, values });
      encode(buffer, form, values);
    },
    align: alignment => buffer.align(alignment, writeNops),
    listing: code =>
      (record ?? []).map(({ place, form, values }) => ({
        offset: code.offsetAt(place),
        text: printArm64(form, values, code.offsetOf),
      })),
  };
}
