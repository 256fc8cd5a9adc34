// `--emit TARGET`: the program in another language, on standard output.
import { diagnose } from '../diag/diagnostic.ts';
import type { SourceLookup } from '../diag/source.ts';
import { type EmittedPython, emitPython } from '../jit/python/emit.ts';
import { type Loaded, loadProgram } from '../runtime/program.ts';
import type { Options } from './arguments.ts';
import { type Console, EXIT, printForeignHints, refuse, report } from './console.ts';
import { endsInLoop, expandAliases, functionsOf } from './entry.ts';
import { readImport, sourcesOf } from './source.ts';

/** Prints the program as `target` has it. Gives the exit code. */
export async function emitText(
  text: string,
  file: string | undefined,
  target: string,
  options: Options,
  console: Console,
): Promise<number> {
  if (target !== 'python') {
    const problem = target === '' ? '--emit needs a target after it' : `there is nothing to emit '${target}'`;
    return refuse(console, problem, 'known targets: python');
  }
  const loaded = loadProgram(text, { readFile: readImport, entry: 'checked', ...(file === undefined ? {} : { file }) });
  const sources = sourcesOf(text, file, loaded.imported);
  await report(loaded.diagnostics, sources, options, console);
  if (loaded.unit === undefined) {
    if (options.hints) await printForeignHints(text, loaded.diagnostics, options, console);
    return EXIT.refused;
  }
  const emitted = pythonOf(loaded, sources);
  if ('missing' in emitted) {
    await report([diagnose('ILO-C003', 'python', { names: emitted.missing.join(', ') })], sources, options, console);
    return EXIT.refused;
  }
  console.out.write(emitted.text);
  return EXIT.ok;
}

/** A program that loaded without errors, as Python. */
export function pythonOf({ program, unit }: Loaded, sources: SourceLookup): EmittedPython {
  const functions = functionsOf(program);
  const quiet = new Set(functions.filter(endsInLoop).map(({ name }) => name));
  return emitPython(unit!, {
    isQuiet: name => quiet.has(name),
    expand: type => expandAliases(program, type),
    place: ({ start }, importedFrom) => {
      const { line, column } = sources(importedFrom)!.place(start);
      return `${importedFrom === undefined ? '' : `${importedFrom}:`}${line}:${column}`;
    },
  });
}
