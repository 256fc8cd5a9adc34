// The package's own entry: what `import … from 'ilo'` gives. See docs/embedding.md.
import type { Outcome } from '../core/host.ts';
import { loadProgram } from '../runtime/program.ts';
import type { CheckOptions, CompileOptions, Problem, Program } from './api.ts';
import { CompileError, isIloError, makeSources, messageOf, toProblem, usageError } from './errors.ts';
import { checkCheckOptions, checkCompileOptions, NOTHING, shown } from './options.ts';
import { type Compiled, makeProgram } from './program.ts';
import { programTypes } from './program-types.ts';
import { inCleanProcess } from './prototypes.ts';
import { programId } from './saved.ts';

export type * from './api.ts';
export { CompileError, IloError, LimitError } from './errors.ts';
export { drainPools } from './isolation/pool.ts';
export { DEFAULT_LIMITS } from './options.ts';

/** All that is wrong or doubtful with a source, in order of phase and place. Never throws for what is in the source. */
export function check(source: string, options: CheckOptions = {}): Problem[] {
  return inCleanProcess(() => {
    checkCheckOptions(options);
    const { diagnostics, sources } = load(source, options);
    return diagnostics.map(diagnostic => toProblem(diagnostic, sources));
  });
}

/** Makes a program of a source. Throws CompileError when it has errors, IloError ILO-E002 for an option that does not exist. */
export function compile(source: string, options: CompileOptions = NOTHING): Program {
  return inCleanProcess(() => compileHere(source, options));
}

function compileHere(source: string, options: CompileOptions): Program {
  const own = checkCompileOptions(options);
  const { program, diagnostics, unit, sources, imported } = load(source, own);
  const problems = diagnostics.map(diagnostic => toProblem(diagnostic, sources));
  if (unit === undefined) throw new CompileError(problems);
  let id: string | undefined;
  const compiled: Compiled = {
    id: () => {
      id ??= programId(source, imported);
      return id;
    },
    unit,
    types: programTypes(program),
    problems,
    sources,
  };
  return makeProgram(compiled, own);
}

function load(source: string, { file, readSource }: CheckOptions) {
  if (typeof source !== 'string') throw usageError('ILO-E002', 'the source must be a string');
  const loaded = loadProgram(source, {
    ...(file === undefined ? {} : { file }),
    readFile: path => (readSource === undefined ? NO_IMPORTS : read(readSource, path)),
    // Everything that enters is compared with the declared types, into its parts.
    entry: 'declared',
  });
  const { program, diagnostics, unit, imported } = loaded;
  return { program, diagnostics, unit, imported, sources: makeSources(source, file, imported) };
}

const NO_IMPORTS: Outcome<string> = { err: 'imports are not allowed here' };

/** Asks the caller for a file. Throws ILO-E006 when that throws, ILO-E001 when it gives what is no text. */
function read(readSource: NonNullable<CheckOptions['readSource']>, path: string): Outcome<string> {
  let text: unknown;
  try {
    text = readSource(path);
  } catch (error) {
    if (isIloError(error)) throw error;
    throw usageError(
      'ILO-E006',
      `readSource failed for ${shown(path)}: ${messageOf(error) ?? 'it threw no error'}`,
      error,
    );
  }
  if (text === undefined) return NO_IMPORTS;
  if (typeof text !== 'string') throw usageError('ILO-E001', `readSource gave for ${shown(path)} what is no text`);
  return { ok: text };
}
