// What scripts outside of vitest use of native code, bundled as one file by scripts/native-bundle.mjs.
import type { CoreUnit } from '../../../src/core/core.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { loadProgram, type RunOptions, type RunResult, runProgram } from '../../../src/runtime/program.ts';

export { List } from '../../../src/core/value/list.ts';
export { loadAddon } from '../../../src/jit/native/addon.ts';
export { gapPages, PAGE } from '../../../src/jit/native/arena.ts';
export { disposeNative, nativeUnitOf } from '../../../src/jit/native/code.ts';
export { listNative } from '../../../src/jit/native/list.ts';
export { AT, memoryFor } from '../../../src/jit/native/memory.ts';
export { roundHalfEven } from '../../../src/lang/ilo/builtins/numbers.ts';
export { closureOf, preparedOf } from './native-call.ts';

export function unitOf(source: string): CoreUnit {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (unit === undefined) throw new Error(diagnostics.map(each => each.message).join('; '));
  return unit;
}

/** Runs a function of a program with the engine `jit`, unless options say otherwise. */
export function run(
  unit: CoreUnit,
  name: string,
  args: readonly Value[],
  options: Partial<RunOptions> = {},
): RunResult {
  return runProgram(unit, name, args, { host: {}, engine: 'jit', ...options } as RunOptions);
}
