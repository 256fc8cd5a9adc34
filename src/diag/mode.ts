// The three ways to show a diagnostic, each with its renderer. The command line chooses (src/cli/console.ts).
import { renderAnsi } from './ansi.ts';
import type { Diagnostic } from './diagnostic.ts';
import { renderJson } from './json.ts';
import type { SourceLookup } from './source.ts';
import { renderText } from './text.ts';

export type OutputMode = 'ansi' | 'text' | 'json';

/** Renders a diagnostic in a mode, ending in a line break. */
export function renderDiagnostic(diagnostic: Diagnostic, sources: SourceLookup, mode: OutputMode): string {
  if (mode === 'json') return `${renderJson(diagnostic, sources)}\n`;
  return mode === 'ansi' ? renderAnsi(diagnostic, sources) : renderText(diagnostic, sources);
}
