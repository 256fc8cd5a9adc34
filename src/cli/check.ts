// `ilo check`: everything that can be said about programs without running them.

import type { OutputMode } from '../diag/mode.ts';
import { loadProgram } from '../runtime/program.ts';
import { parseSimple } from './arguments.ts';
import { type Console, EXIT, outputMode, refuse, report } from './console.ts';
import { readImport, readSource, sourcesOf } from './source.ts';

export interface CheckOptions {
  readonly mode: OutputMode;
  /** Warnings count as errors for the exit code. */
  readonly strict: boolean;
}

/** `ilo check FILE|CODE… [--strict]`. */
export async function checkCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, ['--strict']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const { operands, flags, options } = parsed.ok;
  if (operands.length === 0) return refuse(console, 'there is nothing to check', 'ilo check FILE|CODE…');
  const mode = outputMode(options, console);
  let worst: number = EXIT.ok;
  for (const operand of operands) {
    const source = readSource(operand, false);
    let code: number = EXIT.refused;
    if ('diagnostic' in source) await report([source.diagnostic], () => undefined, mode, console);
    else code = await checkText(source.text, source.file, { mode, strict: flags.has('--strict') }, console);
    worst = Math.max(worst, code);
  }
  return worst;
}

/** Checks one program and gives the exit code for it. */
export async function checkText(
  text: string,
  file: string | undefined,
  { mode, strict }: CheckOptions,
  console: Console,
): Promise<number> {
  const { diagnostics, imported } = loadProgram(text, {
    readFile: readImport,
    ...(file === undefined ? {} : { file }),
  });
  await report(diagnostics, sourcesOf(text, file, imported), mode, console);
  if (diagnostics.some(({ severity }) => strict || severity === 'error')) return EXIT.refused;
  return EXIT.ok;
}
