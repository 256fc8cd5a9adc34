// What the encoder proof needs of ARM64: all cases as text for GNU as, with our bytes and our text beside them.
import { arm64Assembler } from '../../../src/jit/native/arm64/assembler.ts';
import type { Arm64FormName, Arm64Operands } from '../../../src/jit/native/arm64/forms.ts';
import { CodeBuffer } from '../../../src/jit/native/buffer.ts';
import { arm64Cases, provenArm64Forms } from './arm64-cases.ts';
import type { ProofCases } from './proof-x64.ts';

/** Each form's cases, assembled by us. */
export function* arm64Proof(): Generator<ProofCases> {
  for (const form of provenArm64Forms()) {
    const buffer = new CodeBuffer();
    const assembler = arm64Assembler(buffer, { listing: true });
    for (const values of arm64Cases(form)) {
      assembler.emit(form.name as Arm64FormName, ...(values as unknown as Arm64Operands<Arm64FormName>));
    }
    const code = buffer.finish();
    if (code.kind !== 'code') throw new Error(`${form.name}: too many cases`);
    const listing = assembler.listing(code);
    yield {
      name: form.name,
      group: form.alias ? 'aliases' : 'no-aliases',
      source: listing.map(({ text }) => text),
      texts: listing.map(({ text }) => text),
      offsets: listing.map(({ offset }) => offset),
      bytes: code.bytes.subarray(0, code.codeBytes),
    };
  }
}
