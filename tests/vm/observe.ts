// Everything about a run that all engines must agree on, as plain data that can be compared.
import type { CoreUnit } from '../../src/core/core.ts';
import type { Host } from '../../src/core/host.ts';
import type { Limits } from '../../src/core/meter.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import { runProgram } from '../../src/runtime/program.ts';
import { makeRandom } from '../lang/random-programs.ts';
import { testHost } from '../programs/expectations.ts';

/** One call to observe. */
export interface Call {
  readonly unit: CoreUnit;
  readonly name: string;
  readonly args: readonly Value[];
  readonly limits?: Limits;
  /** Small enough that no engine meets the end of the host's stack first. */
  readonly maxDepth: number;
}

/** The value or the fault, what was printed, the files left behind, and what was used of the limits. */
export function observe({ unit, name, args, limits, maxDepth }: Call, engine: EngineName): Record<string, unknown> {
  const host = testHost();
  const random = makeRandom(7);
  const result = runProgram(unit, name, args, {
    host: host as Host,
    engine,
    maxDepth,
    random: () => random(1 << 30) / (1 << 30),
    ...(limits === undefined ? {} : { limits }),
  });
  const outside = { output: host.output(), errors: host.errorOutput(), files: [...host.files], usage: result.usage };
  if ('value' in result) return { value: showValue(result.value), ...outside };
  const { code, message, span, calls, file } = result.fault;
  return { code, message, span, calls, file, ...outside };
}
