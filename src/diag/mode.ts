// Which renderer to use: an explicit flag wins; otherwise colour for a person at a terminal, plain text when NO_COLOR is
// set, and JSON when nobody is looking.
import { renderAnsi } from './ansi.ts';
import type { Diagnostic } from './diagnostic.ts';
import { renderJson } from './json.ts';
import type { SourceLookup } from './source.ts';
import { renderText } from './text.ts';

export type OutputMode = 'ansi' | 'text' | 'json';

export interface ModeFlags {
  readonly ansi?: boolean;
  readonly text?: boolean;
  readonly json?: boolean;
}

export type ModeChoice =
  | { readonly mode: OutputMode /** JSON was asked for, not merely detected. */; readonly explicitJson: boolean }
  | { readonly conflict: string };

/**
 * Chooses the output mode. `env` needs only NO_COLOR (any value counts, also the empty one), `isTerminal` is about standard
 * error. Two flags at once are a conflict, given as the sentence to print.
 */
export function chooseMode(
  flags: ModeFlags,
  env: { readonly NO_COLOR?: string | undefined },
  isTerminal: boolean,
): ModeChoice {
  const asked = (['ansi', 'text', 'json'] as const).filter(mode => flags[mode] === true);
  if (asked.length > 1) return { conflict: '--json, --text, and --ansi are mutually exclusive' };
  const [mode] = asked;
  if (mode !== undefined) return { mode, explicitJson: mode === 'json' };
  if (!isTerminal) return { mode: 'json', explicitJson: false };
  return { mode: env.NO_COLOR === undefined ? 'ansi' : 'text', explicitJson: false };
}

/** Renders a diagnostic in a mode, ending in a line break. */
export function renderDiagnostic(diagnostic: Diagnostic, sources: SourceLookup, mode: OutputMode): string {
  if (mode === 'json') return `${renderJson(diagnostic, sources)}\n`;
  return mode === 'ansi' ? renderAnsi(diagnostic, sources) : renderText(diagnostic, sources);
}
