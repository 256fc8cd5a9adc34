// What scripts/encoder-proof.mjs needs of us: all cases of all forms as text for GNU as, with our bytes and our text beside them.
import { arm64Assembler } from '../../../src/jit/native/arm64/assembler.ts';
import type { Arm64FormName, Arm64Operands } from '../../../src/jit/native/arm64/forms.ts';
import { CodeBuffer, type FinishedCode } from '../../../src/jit/native/buffer.ts';
import { x64Assembler } from '../../../src/jit/native/x64/assembler.ts';
import type { X64FormName, X64Operands, X64Value } from '../../../src/jit/native/x64/forms.ts';
import { arm64Cases, provenArm64Forms } from './arm64-cases.ts';
import { arm64DistanceProgram, x64DistanceProgram } from './distance-cases.ts';
import { selected } from './recorded.ts';
import { provenX64Forms, x64Cases, x64Direction } from './x64-cases.ts';

export * from './recorded.ts';
export { arm64DistanceProgram, x64DistanceProgram };

export interface ProofCases {
  readonly name: string;
  /** What the disassembler is told with `-M`. */
  readonly group: string;
  /** How many cases there are, of which all or the selected ones follow. */
  readonly count: number;
  /** One line for each case. */
  readonly source: readonly string[];
  readonly texts: readonly string[];
  readonly offsets: readonly number[];
  readonly bytes: Uint8Array;
}

interface Listed {
  listing(code: FinishedCode): readonly { readonly offset: number; readonly text: string }[];
}

/** Whether all cases of a form are wanted, or those that are recorded. */
export type Extent = 'all' | 'selected';

function proofCases(
  name: string,
  count: number,
  group: string,
  buffer: CodeBuffer,
  assembler: Listed,
  prefixes?: readonly string[],
): ProofCases {
  const code = buffer.finish();
  if (code.kind !== 'code') throw new Error(`${name}: too many cases`);
  const listing = assembler.listing(code);
  return {
    name,
    count,
    group,
    source: listing.map(({ text }, index) => (prefixes?.[index] ?? '') + text),
    texts: listing.map(({ text }) => text),
    offsets: listing.map(({ offset }) => offset),
    bytes: code.bytes.subarray(0, code.codeBytes),
  };
}

const atLabel = (value: X64Value): boolean => typeof value === 'object' && value.label !== undefined;

export function* x64Proof(extent: Extent = 'all'): Generator<ProofCases> {
  for (const form of provenX64Forms()) {
    const buffer = new CodeBuffer();
    const assembler = x64Assembler(buffer, { listing: true });
    const all = [...x64Cases(form, buffer)];
    const some = extent === 'all' ? all : selected(all.filter(values => !values.some(atLabel)));
    for (const values of some) {
      assembler.emit(form.name as X64FormName, ...(values as unknown as X64Operands<X64FormName>));
    }
    const directions = some.map(values => x64Direction(form, values));
    yield proofCases(form.name, all.length, 'intel', buffer, assembler, directions);
  }
}

export function* arm64Proof(extent: Extent = 'all'): Generator<ProofCases> {
  for (const form of provenArm64Forms()) {
    const buffer = new CodeBuffer();
    const assembler = arm64Assembler(buffer, { listing: true });
    const all = [...arm64Cases(form)];
    for (const values of extent === 'all' ? all : selected(all)) {
      assembler.emit(form.name as Arm64FormName, ...(values as unknown as Arm64Operands<Arm64FormName>));
    }
    yield proofCases(form.name, all.length, form.alias ? 'aliases' : 'no-aliases', buffer, assembler);
  }
}
