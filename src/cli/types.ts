// `ilo types`: what TypeScript needs to know of programs, in `NAME.d.ilo.ts` beside each.
import { existsSync, readFileSync } from 'node:fs';
import { readText, typesPath, writeTypes } from '../bundler/files.ts';
import { generateModule } from '../embed/module.ts';
import { loadProgram } from '../runtime/program.ts';
import { parseSimple } from './arguments.ts';
import { type Console, EXIT, refuse, report } from './console.ts';
import { readImport, readProgramFile, sourcesOf } from './source.ts';

const USAGE = 'ilo types FILE… [--check|--print]';

/** `ilo types FILE… [--check|--print]`. */
export async function typesCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, ['--check', '--print'], []);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const { operands, flags, options } = parsed.ok;
  if (operands.length === 0) return refuse(console, 'there is no file to look at', USAGE);
  if (flags.size > 1) return refuse(console, '--check and --print are mutually exclusive', USAGE);
  let code: number = EXIT.ok;
  for (const file of operands) {
    if (!file.endsWith('.ilo')) return refuse(console, `${file}: types are written for files that end in .ilo`, USAGE);
    const source = readProgramFile(file);
    if ('diagnostic' in source) {
      await report([source.diagnostic], () => undefined, options, console);
      return EXIT.refused;
    }
    const { types } = generateModule({ file, text: source.text, read: readText });
    if (types === undefined) {
      const { diagnostics, imported } = loadProgram(source.text, { file, readFile: readImport });
      await report(diagnostics, sourcesOf(source.text, file, imported), options, console);
      code = EXIT.refused;
    } else if (flags.has('--print')) {
      console.out.write(types);
    } else if (flags.has('--check')) {
      const path = typesPath(file);
      if (existsSync(path) && readFileSync(path, 'utf8') === types) continue;
      console.out.write(`${path} is not what \`ilo types ${file}\` writes\n`);
      code = EXIT.failed;
    } else {
      console.out.write(`${writeTypes(file, types)}\n`);
    }
  }
  return code;
}
