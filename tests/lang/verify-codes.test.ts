// Every row of the verifier: its wrong program shows the code, its right program shows nothing at all.
import { describe, expect, it } from 'vitest';
import type { DiagnosticRow } from '../../src/spec/diagnostics/row.ts';
import { TYPE_ROWS } from '../../src/spec/diagnostics/type.ts';
import { WARN_ROWS } from '../../src/spec/diagnostics/warn.ts';
import { codes } from './verify-harness.ts';

const rows: readonly (readonly [string, DiagnosticRow])[] = Object.entries({ ...TYPE_ROWS, ...WARN_ROWS });

describe.each(rows)('%s', (code, row) => {
  it.skipIf(row.neverHere !== undefined)('is shown by its wrong program, once and alone', () => {
    const expected = code === 'ILO-T030' ? [code, code] : [code];
    expect(codes(row.wrong)).toEqual(expected);
  });

  it('is not shown by its right program, and nothing else is', () => {
    expect(codes(row.right)).toEqual([]);
  });

  it('explains itself', () => {
    expect(row.explanation).toMatch(/^[^\s].{40,}\.$/);
    expect(row.title).toMatch(/^[a-z'].*[^.]$/);
  });
});
