import type { DiagnosticRow } from './row.ts';

export const RUNTIME_ROWS = {
} as const satisfies Record<string, DiagnosticRow>;
