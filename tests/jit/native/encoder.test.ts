// The encoders against what GNU as and objdump made of the same instructions, as recorded by scripts/encoder-proof.mjs: every form of the
// tables, and programs of jumps at the edges of their reach.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  arm64DistanceProgram,
  arm64Proof,
  caseLine,
  DISTANCE_PROGRAMS,
  distanceRecord,
  formRecord,
  type ProofCases,
  RECORD_PATH,
  x64DistanceProgram,
  x64Proof,
} from './proof.ts';

const recorded = readFileSync(RECORD_PATH, 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'));
const recordOf = new Map(recorded.map(line => [line.split(' | ').slice(0, 2).join(' | '), line]));

function casesOf(form: ProofCases): string[] {
  const hex = Buffer.from(form.bytes).toString('hex');
  return form.texts.map((text, index) => {
    const end = form.offsets[index + 1] ?? form.bytes.length;
    return caseLine(hex.slice(form.offsets[index]! * 2, end * 2), text);
  });
}

describe.each([
  ['x64', x64Proof, x64DistanceProgram],
  ['arm64', arm64Proof, arm64DistanceProgram],
] as const)('%s', (architecture, proof, program) => {
  test('every form is written and read as by the GNU tools', () => {
    const names: string[] = [];
    for (const form of proof('selected')) {
      names.push(form.name);
      // A form that is not recorded: node scripts/encoder-proof.mjs --record
      const expected = recordOf.get(`${architecture} | ${form.name}`);
      expect(formRecord(architecture, form.name, form.count, casesOf(form))).toBe(expected);
    }
    const inRecord = recorded.filter(line => line.startsWith(`${architecture} | `) && !line.includes(' | distances '));
    expect(names.length).toBe(inRecord.length);
  });

  test('jumps and constants at the edges of their reach', () => {
    for (let seed = 0; seed < DISTANCE_PROGRAMS[architecture].recorded; seed++) {
      const { bytes, notMinimal } = program(seed);
      expect(notMinimal).toEqual([]);
      expect(distanceRecord(architecture, seed, bytes)).toBe(recordOf.get(`${architecture} | distances ${seed}`));
    }
  });
});
