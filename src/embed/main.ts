// The package's own entry: what `import … from 'ilo'` gives. See docs/embedding.md.
import { loadProgram } from '../runtime/program.ts';
import type { CheckOptions, CompileOptions, Problem, Program } from './api.ts';
import { CompileError, makeSources, toProblem, usageError } from './errors.ts';
import { checkCheckOptions, checkCompileOptions, NOTHING } from './options.ts';
import { type Compiled, makeProgram } from './program.ts';
import { programTypes } from './program-types.ts';
import { programId } from './saved.ts';

export type * from './api.ts';
export { CompileError, IloError, LimitError } from './errors.ts';
export { drainPools } from './isolation/pool.ts';
export { DEFAULT_LIMITS } from './options.ts';

/** All that is wrong or doubtful with a source, in order of phase and place. Never throws for what is in the source. */
export function check(source: string, options: CheckOptions = {}): Problem[] {
  checkCheckOptions(options);
  const { diagnostics, sources } = load(source, options);
  return diagnostics.map(diagnostic => toProblem(diagnostic, sources));
}

/** Makes a program of a source. Throws CompileError when it has errors, IloError ILO-E002 for an option that does not exist. */
export function compile(source: string, options: CompileOptions = NOTHING): Program {
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
    readFile: path => {
      const text = readSource?.(path);
      return text === undefined ? { err: 'imports are not allowed here' } : { ok: text };
    },
    // Everything that enters is compared with the declared types, into its parts.
    entry: 'declared',
  });
  return { ...loaded, sources: makeSources(source, file, loaded.imported) };
}
