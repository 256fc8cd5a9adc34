import type { DiagnosticRow } from './row.ts';

export const WARN_ROWS = {} as const satisfies Record<string, DiagnosticRow>;
