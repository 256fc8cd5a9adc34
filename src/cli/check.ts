// `ilo check`: everything that can be said about programs without running them.

import { loadProgram } from '../runtime/program.ts';
import type { DeclaredTools } from '../runtime/tools/inject.ts';
import { parseSimple, type SimpleRequest } from './arguments.ts';
import { type Console, EXIT, type ModeOptions, printForeignHints, refuse, report } from './console.ts';
import { readImport, readSource, sourcesOf } from './source.ts';

export interface CheckOptions {
  readonly modes: ModeOptions;
  /** Warnings count as errors for the exit code. */
  readonly strict: boolean;
  /** Tools that programs may call without declaring them. */
  readonly tools?: DeclaredTools | undefined;
}

/** `ilo check FILE|CODE… [--strict]`. */
export async function checkCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, ['--strict']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const { operands, options } = parsed.ok;
  if (operands.length === 0) return refuse(console, 'there is nothing to check', 'ilo check FILE|CODE…');
  if (options.tools === undefined && options.mcp === undefined) return checkAll(parsed.ok, undefined, console);
  const { withTools } = await import('./tools/open.ts');
  return withTools(options, console, tools => checkAll(parsed.ok, tools.declared, console));
}

async function checkAll(
  { operands, flags, options }: SimpleRequest,
  tools: DeclaredTools | undefined,
  console: Console,
): Promise<number> {
  let worst: number = EXIT.ok;
  for (const operand of operands) {
    const source = readSource(operand, false);
    let code: number = EXIT.refused;
    if ('diagnostic' in source) await report([source.diagnostic], () => undefined, options, console);
    else
      code = await checkText(
        source.text,
        source.file,
        { modes: options, strict: flags.has('--strict'), tools },
        console,
      );
    worst = Math.max(worst, code);
  }
  return worst;
}

/** Checks one program and gives the exit code for it. */
export async function checkText(
  text: string,
  file: string | undefined,
  { modes, strict, tools }: CheckOptions,
  console: Console,
): Promise<number> {
  const { diagnostics, imported } = loadProgram(text, {
    readFile: readImport,
    tools,
    ...(file === undefined ? {} : { file }),
  });
  await report(diagnostics, sourcesOf(text, file, imported), modes, console);
  if (!diagnostics.some(({ severity }) => strict || severity === 'error')) return EXIT.ok;
  await printForeignHints(text, diagnostics, modes, console);
  return EXIT.refused;
}
