// Diagnostics in colour: the terminal shape with ANSI escape sequences.
import type { Diagnostic } from './diagnostic.ts';
import type { SourceLookup } from './source.ts';
import { type Ink, renderWith } from './terminal.ts';

const CODES: Readonly<Record<Ink, string>> = {
  error: '1;31',
  warning: '1;36',
  strong: '1',
  frame: '36',
  faint: '2',
};

/** Wraps text in the escape sequences of its ink. */
export function paintAnsi(text: string, ink: Ink): string {
  return `\x1b[${CODES[ink]}m${text}\x1b[0m`;
}

/** Renders a diagnostic with colours, ending in a line break. The program's own text never adds escape sequences. */
export function renderAnsi(diagnostic: Diagnostic, sources: SourceLookup): string {
  return renderWith(diagnostic, sources, paintAnsi);
}
