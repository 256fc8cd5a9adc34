import type { DiagnosticRow } from './row.ts';

export const RUNTIME_ROWS = {
  'ILO-R009': {
    severity: 'error',
    title: 'a builtin cannot work on its arguments',
    texts: { builtin: '{builtin}: {problem}' },
    explanation: 'A builtin was called with a value outside what it accepts.',
    wrong: 'f>n;avg []',
    right: 'f>n;avg [1 2 3]',
  },
} as const satisfies Record<string, DiagnosticRow>;
