import type { DiagnosticRow } from './row.ts';

export const TYPE_ROWS = {} as const satisfies Record<string, DiagnosticRow>;
