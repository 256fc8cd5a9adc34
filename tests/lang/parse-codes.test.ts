// Every row of the lexical and the structural diagnostics: its wrong program shows the code, its right one nothing.
import { describe, expect, test } from 'vitest';
import { resolveImports } from '../../src/lang/ilo/imports.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { LEX_ROWS } from '../../src/spec/diagnostics/lex.ts';
import { PARSE_ROWS } from '../../src/spec/diagnostics/parse.ts';
import type { DiagnosticRow } from '../../src/spec/diagnostics/row.ts';

function codes(source: string, files: Readonly<Record<string, string>> = {}): string[] {
  const { program, diagnostics } = parse(source);
  const readFile = (path: string) => (path in files ? { ok: files[path]! } : { err: 'ENOENT: no such file' });
  const resolved = resolveImports(program, { file: 'main.ilo', readFile });
  return [...diagnostics, ...resolved.diagnostics].map(({ code }) => code);
}

const rows: [string, DiagnosticRow][] = Object.entries({ ...LEX_ROWS, ...PARSE_ROWS });

describe('diagnostic rows', () => {
  test.each(rows)('%s', (code, row) => {
    expect(codes(row.wrong, row.files)).toEqual([code]);
    expect(codes(row.right, row.files)).toEqual([]);
    expect(row.explanation.length).toBeGreaterThan(60);
  });

  test('the codes are those of the reference, and ILO-P022 for what it does not bound', () => {
    const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const expected = [
      ...numbers(1, 3).map(number => `ILO-L${String(number).padStart(3, '0')}`),
      ...numbers(1, 22).map(number => `ILO-P${String(number).padStart(3, '0')}`),
    ];
    expect(rows.map(([code]) => code)).toEqual(expected);
  });
});
