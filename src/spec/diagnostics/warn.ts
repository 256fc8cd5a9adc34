// Warnings of the W family. Warnings of the verifier that carry a T code stand in type.ts, with their numbers.
import type { DiagnosticRow } from './row.ts';

export const WARN_ROWS = {
  'ILO-W001': {
    severity: 'warning',
    title: 'a guard without else in a loop (retired)',
    texts: { guard: 'guard without else inside a loop' },
    explanation:
      'Once a guard in braces returned from the function, which surprised inside loops. Now `cond{body}` only runs its ' +
      'body, and the warning has no occasion left. To leave the function early use `cond value` or `ret`.',
    wrong: 'f xs:L n>n;c=0;@x xs{>x 1{c=+c 1}};c',
    right: 'f xs:L n>n;c=0;@x xs{>x 1{c=+c 1}{c}};c',
    neverHere: 'it is retired. A guard in braces does not return from the function, so there is nothing to warn of.',
  },
} as const satisfies Record<string, DiagnosticRow>;
