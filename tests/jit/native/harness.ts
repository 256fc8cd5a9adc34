// What the tests of native code start from: a program, run natively and by the tree engine, and what native code is made of it.
import type { CoreUnit } from '../../../src/core/core.ts';
import type { Host } from '../../../src/core/host.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { loadAddon } from '../../../src/jit/native/addon.ts';
import { nativeUnitOf } from '../../../src/jit/native/code.ts';
import { canCompileFor } from '../../../src/jit/native/compile.ts';
import { loadProgram, type RunOptions, type RunResult, runProgram } from '../../../src/runtime/program.ts';
import { testHost } from '../../programs/expectations.ts';

// As in vitest.config.ts, for where these run without vitest.
process.env.ILO_STRESS ??= 'strict,canary';

/** Whether machine code runs here. */
export const IS_NATIVE = loadAddon().addon !== undefined && canCompileFor(process.arch);

export function unitOf(source: string): CoreUnit {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'no imports here' }) });
  if (unit === undefined) throw new Error(`${diagnostics.map(each => each.message).join('; ')}: ${source}`);
  return unit;
}

/** Why the function is not native; undefined when it is. */
export function whyNot(unit: CoreUnit, name: string, limited = false): string | undefined {
  return nativeUnitOf(unit, limited).whyNotNative(unit.byName.get(name)!);
}

export function runOn(
  engine: 'jit' | 'tree',
  unit: CoreUnit,
  name: string,
  args: readonly Value[],
  options: Partial<RunOptions> = {},
): RunResult {
  return runProgram(unit, name, args, { host: testHost() as Host, engine, random: () => 0.5, ...options });
}
