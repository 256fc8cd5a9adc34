// `ilo version`.
import { parseSimple } from './arguments.ts';
import { type Console, EXIT, refuse } from './console.ts';
import { packageVersion } from './package.ts';

/** The level of the language that programs can rely on. */
export const LANGUAGE_LEVEL = '0.11';

export function versionCommand(args: readonly string[], console: Console): number {
  const parsed = parseSimple(args, []);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const version = packageVersion();
  console.out.write(
    parsed.ok.options.json ? `${JSON.stringify({ version, language: LANGUAGE_LEVEL })}\n` : `ilo ${version}\n`,
  );
  return EXIT.ok;
}
