// Diagnostics as plain text: the terminal shape without colour.
import type { Diagnostic } from './diagnostic.ts';
import type { SourceLookup } from './source.ts';
import { renderWith } from './terminal.ts';

/** Renders a diagnostic without any escape sequence, ending in a line break. */
export function renderText(diagnostic: Diagnostic, sources: SourceLookup): string {
  return renderWith(diagnostic, sources, text => text);
}
