// What the encoder proof needs of x86-64: all cases as text for GNU as, with our bytes and our text beside them.
import { CodeBuffer } from '../../../src/jit/native/buffer.ts';
import { x64Assembler } from '../../../src/jit/native/x64/assembler.ts';
import type { X64FormName, X64Operands } from '../../../src/jit/native/x64/forms.ts';
import { provenX64Forms, x64Cases, x64Direction } from './x64-cases.ts';

export interface ProofCases {
  readonly name: string;
  /** What the disassembler is told with `-M`. */
  readonly group: string;
  /** One line for each case. */
  readonly source: readonly string[];
  readonly texts: readonly string[];
  readonly offsets: readonly number[];
  readonly bytes: Uint8Array;
}

/** Each form's cases, assembled by us. */
export function* x64Proof(): Generator<ProofCases> {
  for (const form of provenX64Forms()) {
    const buffer = new CodeBuffer(1 << 28);
    const assembler = x64Assembler(buffer, { listing: true });
    const directions: string[] = [];
    for (const values of x64Cases(form, buffer)) {
      assembler.emit(form.name as X64FormName, ...(values as unknown as X64Operands<X64FormName>));
      directions.push(x64Direction(form, values));
    }
    const code = buffer.finish();
    if (code.kind !== 'code') throw new Error(`${form.name}: too many cases`);
    const listing = assembler.listing(code);
    yield {
      name: form.name,
      group: 'intel',
      source: listing.map(({ text }, index) => directions[index] + text),
      texts: listing.map(({ text }) => text),
      offsets: listing.map(({ offset }) => offset),
      bytes: code.bytes.subarray(0, code.codeBytes),
    };
  }
}
