// Every code that can end a running program: its wrong program provokes it, its right program does not.
import { describe, expect, test } from 'vitest';
import { readArgument } from '../../src/cli/values.ts';
import type { Fault } from '../../src/core/fault.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../src/runtime/program.ts';
import type { DiagnosticRow } from '../../src/spec/diagnostics/row.ts';
import { RUNTIME_ROWS } from '../../src/spec/diagnostics/runtime.ts';

const ROWS: readonly (readonly [string, DiagnosticRow])[] = Object.entries(RUNTIME_ROWS);

/** Loads and runs the last function of a program with the row's arguments and limits; gives the fault, if any. */
function provoke(source: string, row: DiagnosticRow): Fault | undefined {
  const { unit, program, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  expect(diagnostics.filter(each => each.severity === 'error').map(each => each.message)).toEqual([]);
  const functions = program.decls.filter(decl => decl.kind === 'function');
  const entry = functions[functions.length - 1];
  const args = (row.wrongArgs ?? []).map((text, i) => readArgument(text, entry?.params[i]?.type));
  const limits = row.wrongLimits ?? {};
  const result = runProgram(unit!, entry?.name ?? 'main', args, { host: createVirtualHost(), limits });
  return 'fault' in result ? result.fault : undefined;
}

describe('codes that a running program can end with', () => {
  test.each(ROWS.filter(([, row]) => row.neverHere === undefined))('%s', (code, row) => {
    expect(row.explanation.length).toBeGreaterThan(40);
    const fault = provoke(row.wrong, row);
    expect(fault?.code).toBe(code);
    if (row.wrong.includes('>')) expect(fault?.span ?? { start: -1 }).toMatchObject({ start: expect.any(Number) });
    if (code !== 'ILO-R012') expect(fault?.span, 'has a place').toBeDefined();
    expect(provoke(row.right, { ...row, wrongArgs: argumentsOf(row) })).toBeUndefined();
  });

  test.each(ROWS.filter(([, row]) => row.neverHere !== undefined))('%s cannot happen here, and says why', (_, row) => {
    expect(row.neverHere!.length).toBeGreaterThan(40);
  });
});

/** The right program gets the same arguments, except where the mistake was in them. */
function argumentsOf(row: DiagnosticRow): readonly string[] {
  if (row === RUNTIME_ROWS['ILO-R002']) return ['dbl', '2'];
  if (row === RUNTIME_ROWS['ILO-R007']) return ['[5]'];
  if (row === RUNTIME_ROWS['ILO-R012']) return [];
  return row.wrongArgs ?? [];
}
