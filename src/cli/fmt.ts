// `ilo fmt`: programs in a uniform layout, printed, checked or written back.
import { formatProgram } from '../lang/ilo/format/format.ts';
import { parse } from '../lang/ilo/parse.ts';
import { writeTextFile } from '../runtime/host/files.ts';
import { parseSimple } from './arguments.ts';
import { type Console, EXIT, type ModeOptions, refuse, report } from './console.ts';
import { readSource, sourcesOf } from './source.ts';

export type Layout = 'dense' | 'expanded';

/** `ilo fmt FILE|CODE… [--dense|--expanded] [--check|--write]`. */
export async function fmtCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, ['--dense', '-d', '--expanded', '-e', '--check', '--write', '-w']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const { operands, flags, options } = parsed.ok;
  const expanded = flags.has('--expanded') || flags.has('-e');
  if (expanded && (flags.has('--dense') || flags.has('-d'))) {
    return refuse(console, '--dense and --expanded are mutually exclusive');
  }
  const write = flags.has('--write') || flags.has('-w');
  if (write && flags.has('--check')) return refuse(console, '--check and --write are mutually exclusive');
  if (operands.length === 0) return refuse(console, 'there is nothing to format', 'ilo fmt FILE|CODE…');
  let worst: number = EXIT.ok;
  for (const operand of operands) {
    const source = readSource(operand, false);
    if ('diagnostic' in source) {
      await report([source.diagnostic], () => undefined, options, console);
      worst = EXIT.refused;
      continue;
    }
    const { text, file } = source;
    if ((write || flags.has('--check')) && file === undefined) {
      return refuse(console, '--check and --write need files, not a program on the command line');
    }
    const formatted = await layOut(text, file, expanded ? 'expanded' : 'dense', options, console);
    if (formatted === undefined) worst = EXIT.refused;
    else if (flags.has('--check')) {
      if (formatted === text) continue;
      console.out.write(`${file}\n`);
      worst = Math.max(worst, EXIT.failed);
    } else if (!write) console.out.write(formatted);
    else if (formatted !== text) {
      const written = writeTextFile(file!, formatted);
      if ('err' in written) return refuse(console, `cannot write '${file}': ${written.err}`);
      console.out.write(`${file}\n`);
    }
  }
  return worst;
}

/** `--dense` and `--expanded` in place of running: prints the program in a layout. */
export async function formatText(
  text: string,
  file: string | undefined,
  layout: Layout,
  options: ModeOptions,
  console: Console,
): Promise<number> {
  const formatted = await layOut(text, file, layout, options, console);
  if (formatted === undefined) return EXIT.refused;
  console.out.write(formatted);
  return EXIT.ok;
}

/** The formatted program, ending in a line break; undefined, after a report, when it does not parse. */
async function layOut(
  text: string,
  file: string | undefined,
  layout: Layout,
  options: ModeOptions,
  console: Console,
): Promise<string | undefined> {
  const { program, diagnostics } = parse(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  await report(errors, sourcesOf(text, file), options, console);
  if (errors.length > 0) return undefined;
  return formatProgram(program, layout);
}
