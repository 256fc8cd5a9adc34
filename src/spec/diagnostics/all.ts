// Every diagnostic code of ilo, in one table.
import { COMMAND_ROWS } from './command.ts';
import { LEX_ROWS } from './lex.ts';
import { PARSE_ROWS } from './parse.ts';
import type { DiagnosticRow } from './row.ts';
import { RUNTIME_ROWS } from './runtime.ts';
import { TYPE_ROWS } from './type.ts';
import { WARN_ROWS } from './warn.ts';

export const DIAGNOSTIC_ROWS = {
  ...COMMAND_ROWS,
  ...LEX_ROWS,
  ...PARSE_ROWS,
  ...TYPE_ROWS,
  ...RUNTIME_ROWS,
  ...WARN_ROWS,
} as const;

export type DiagnosticTable = typeof DIAGNOSTIC_ROWS;
export type DiagnosticCode = keyof DiagnosticTable & string;

/** The row of a code that came from outside (for example a command-line argument), if there is one. */
export function findDiagnosticRow(code: string): DiagnosticRow | undefined {
  return Object.hasOwn(DIAGNOSTIC_ROWS, code) ? (DIAGNOSTIC_ROWS as Record<string, DiagnosticRow>)[code] : undefined;
}
