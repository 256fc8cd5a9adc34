import type { DiagnosticRow } from './row.ts';

export const LEX_ROWS = {} as const satisfies Record<string, DiagnosticRow>;
