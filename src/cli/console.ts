// What a command talks to: two outputs, and the choice of how diagnostics look. Everything a command prints goes through here,
// in order and complete, so that a test can run a command inside its own process.
import type { Diagnostic } from '../diag/diagnostic.ts';
import type { OutputMode } from '../diag/mode.ts';
import type { SourceLookup } from '../diag/source.ts';
import type { Output } from '../runtime/host/output.ts';

export interface Console {
  readonly out: Output;
  readonly err: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody reads standard error on a terminal. */
  readonly errIsTerminal: () => boolean;
}

/** What a command ends with; the table in docs/cli.md explains them. */
export const EXIT = { ok: 0, failed: 1, refused: 2, internal: 70 } as const;

export interface ModeOptions {
  readonly ansi: boolean;
  readonly text: boolean;
  readonly json: boolean;
  /** How many diagnostics are shown; SHOWN_ERRORS when it is not given. */
  readonly maxErrors?: number | undefined;
}

/** Nobody reads more, and a program may have a hundred thousand. */
const SHOWN_ERRORS = 100;

/** How diagnostics are to be shown: a flag wins; otherwise colour on a terminal, plain with NO_COLOR, JSON for a pipe. */
function outputMode(options: ModeOptions, console: Console): OutputMode {
  if (options.json) return 'json';
  if (options.text) return 'text';
  if (options.ansi) return 'ansi';
  if (!console.errIsTerminal()) return 'json';
  return console.env.NO_COLOR === undefined ? 'ansi' : 'text';
}

/** Prints diagnostics on standard error. The renderers are loaded here, because most runs need none. */
export async function report(
  diagnostics: readonly Diagnostic[],
  sources: SourceLookup,
  options: ModeOptions,
  console: Console,
): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderDiagnostic } = await import('../diag/mode.ts');
  const mode = outputMode(options, console);
  const shown = firstOf(diagnostics, options.maxErrors ?? SHOWN_ERRORS);
  for (const diagnostic of shown) console.err.write(renderDiagnostic(diagnostic, sources, mode));
}

/** So many diagnostics, the errors before the warnings, the last with a note that counts the rest. */
function firstOf(diagnostics: readonly Diagnostic[], most: number): readonly Diagnostic[] {
  if (diagnostics.length <= most) return diagnostics;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const shown = (errors.length > 0 ? errors : diagnostics).slice(0, most);
  const last = shown[shown.length - 1]!;
  const note = `${diagnostics.length - shown.length} more are not shown; --max-errors says how many are`;
  return [...shown.slice(0, -1), { ...last, notes: [...last.notes, note] }];
}

/** Prints hints on standard error: lines for people, one JSON object otherwise. */
export async function printHints(hints: readonly string[], options: ModeOptions, console: Console): Promise<void> {
  if (hints.length === 0) return;
  const { renderHints } = await import('../lang/ilo/hints.ts');
  console.out.flush();
  console.err.write(renderHints(hints, outputMode(options, console)));
}

/** After a program that does not parse: what in it looks like another language. */
export async function printForeignHints(
  text: string,
  diagnostics: readonly Diagnostic[],
  options: ModeOptions,
  console: Console,
): Promise<void> {
  if (!diagnostics.some(({ code }) => /^ILO-[LP]/.test(code))) return;
  const { foreignHints } = await import('./foreign.ts');
  await printHints(foreignHints(text), options, console);
}

/** Reports mistakes that lie in no program, such as those of a configuration, and gives the exit code for them. */
export async function refuseWith(
  diagnostics: readonly Diagnostic[],
  options: ModeOptions,
  console: Console,
): Promise<number> {
  await report(diagnostics, () => undefined, options, console);
  return EXIT.refused;
}

/** Says on standard error what is wrong with the command line, and gives the exit code for it. */
export function refuse(console: Console, problem: string, advice?: string): number {
  console.err.write(`error: ${problem}\n`);
  if (advice !== undefined) console.err.write(`  ${advice}\n`);
  return EXIT.refused;
}
