import type { DiagnosticRow } from './row.ts';

export const PARSE_ROWS = {} as const satisfies Record<string, DiagnosticRow>;
