// `ilo explain`: what a diagnostic code means, or what a program does.
import { parseSimple } from './arguments.ts';
import { type Console, EXIT, type ModeOptions, refuse, report } from './console.ts';
import { readImport, readSource, sourcesOf } from './source.ts';

/** `ilo explain CODE|FILE|PROGRAM`. */
export async function explainCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, []);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const { operands, options } = parsed.ok;
  const subject = operands[0];
  if (subject === undefined || operands.length > 1) {
    return refuse(
      console,
      'one code or one program is needed',
      'Usage: ilo --explain CODE, as in ilo --explain ILO-T004',
    );
  }
  if (/^(ilo-?)?[a-z]?-?[a-z0-9]{1,4}$/i.test(subject)) return explainCode(subject, options, console);
  const source = readSource(subject, false);
  if ('text' in source) return explainText(source.text, source.file, options, console);
  await report([source.diagnostic], () => undefined, options, console);
  return EXIT.refused;
}

/** `ilo --explain CODE`, and `ilo --explain PROGRAM`. */
export function explainFlag(args: readonly string[], console: Console): Promise<number> {
  return explainCommand(args, console);
}

async function explainCode(
  code: string,
  options: { readonly ansi: boolean; readonly text: boolean; readonly json: boolean },
  console: Console,
): Promise<number> {
  const { findExplanation, renderExplanation } = await import('../diag/explain.ts');
  const explanation = findExplanation(code);
  // The page is a result, so only a flag makes it JSON, not the pipe that standard error goes into.
  const mode = options.json ? 'json' : options.ansi ? 'ansi' : 'text';
  const text = renderExplanation(explanation, mode);
  if (explanation.found) console.out.write(text);
  else console.err.write(text);
  return explanation.found ? EXIT.ok : EXIT.refused;
}

/** Says in words what each statement of a program does. */
export async function explainText(
  text: string,
  file: string | undefined,
  options: ModeOptions,
  console: Console,
): Promise<number> {
  const { explainProgram } = await import('../lang/ilo/explain.ts');
  const { loadProgram } = await import('../runtime/program.ts');
  const { program, diagnostics, imported } = loadProgram(text, {
    readFile: readImport,
    ...(file === undefined ? {} : { file }),
  });
  await report(diagnostics, sourcesOf(text, file, imported), options, console);
  if (diagnostics.some(({ severity }) => severity === 'error')) return EXIT.refused;
  const explanation = explainProgram(program, file);
  console.out.write(explanation.endsWith('\n') ? explanation : `${explanation}\n`);
  return EXIT.ok;
}
