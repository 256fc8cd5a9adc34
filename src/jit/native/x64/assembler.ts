// The assembler for x86-64: puts instructions into a code buffer.
//
//     const buffer = new CodeBuffer();
//     const { emit } = x64Assembler(buffer);
//     const done = buffer.label();
//     emit('ucomisd xmm, xmm/m64', xmm(0), memLabel(buffer.double(0.5)));
//     emit('j{cc} rel', cc.ae, done);
//     emit('addsd xmm, xmm/m64', xmm(0), xmm(1));
//     buffer.bind(done);
//     emit('ret');
//     const code = buffer.finish();
//
// The name of a form is the manual's own line, and the types of the operands are read out of it (forms.ts), so what no line of the tables
// in src/spec/x64 describes cannot be emitted, with a wrong kind of operand neither. Where a shorter form says the same it is
// taken, as GNU as would: `add r/m64, imm32` with a small immediate or the accumulator, shifts by one.
import type { CodeBuffer, FinishedCode, Place } from '../buffer.ts';
import { encode, shortest, writeNops } from './encode.ts';
import { X64_FORMS, type X64Form, type X64FormName, type X64Operands, type X64Value } from './forms.ts';
import { printX64 } from './print.ts';

export interface ListedInstruction {
  readonly offset: number;
  readonly text: string;
}

export interface X64Assembler {
  readonly buffer: CodeBuffer;
  emit<Name extends X64FormName>(name: Name, ...operands: X64Operands<Name>): void;
  /** Goes on at a multiple of 2, 4 … 64, behind instructions that do nothing. */
  align(alignment: number): void;
  /** The text of all instructions. Only where a listing was asked for. */
  listing(code: FinishedCode): ListedInstruction[];
}

export function x64Assembler(buffer: CodeBuffer, options: { readonly listing?: boolean } = {}): X64Assembler {
  const record: { place: Place; end: Place; form: X64Form; values: readonly X64Value[] }[] | undefined = options.listing
    ? []
    : undefined;
  return {
    buffer,
    emit(name, ...operands) {
      const values = operands as unknown as readonly X64Value[];
      const form = X64_FORMS.get(name)!;
      const chosen = shortest(form, values);
      const place = record && buffer.here();
      encode(buffer, chosen, values);
      // Of the shorter forms, only a shift by one reads differently.
      if (place === undefined) return;
      if (chosen !== form.withOne) record!.push({ place, end: buffer.here(), form, values });
      else record!.push({ place, end: buffer.here(), form: chosen, values: values.slice(0, -1) });
    },
    align: alignment => buffer.align(alignment, writeNops),
    listing(code) {
      return (record ?? []).map(({ place, end, form, values }) => ({
        offset: code.offsetAt(place),
        text: printX64(form, values, { offsetOf: code.offsetOf, end: code.offsetAt(end) }),
      }));
    },
  };
}
