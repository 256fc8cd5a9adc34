// One call on several engines: everything that can be seen of it must be the same as on the tree engine.
import type { CoreUnit } from '../../src/core/core.ts';
import type { Fault } from '../../src/core/fault.ts';
import type { Host } from '../../src/core/host.ts';
import type { Limits } from '../../src/core/meter.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import { type RunResult, runProgram } from '../../src/runtime/program.ts';
import { makeRandom } from '../lang/random-programs.ts';
import { testHost } from '../programs/expectations.ts';
import { exactly, type Plain, toValue } from './values.ts';

export const ORACLE: EngineName = 'tree';

export interface Call {
  readonly name: string;
  readonly args: readonly Plain[];
  readonly maxDepth: number;
  readonly limits?: Limits;
}

export interface Observation {
  /** All that engines must agree on, one fact a line. */
  readonly text: string;
  readonly result: RunResult | undefined;
}

/** Runs a call, and says how it ended, what it printed and wrote, and what it used. A bug in ilo is an observation, too. */
export function observe(unit: CoreUnit, call: Call, engine: EngineName): Observation {
  const host = testHost();
  const random = makeRandom(7);
  const options = {
    host: host as Host,
    engine,
    maxDepth: call.maxDepth,
    random: () => random(1 << 30) / (1 << 30),
    ...(call.limits === undefined ? {} : { limits: call.limits }),
  };
  let result: RunResult | undefined;
  let text: string;
  try {
    result = runProgram(unit, call.name, call.args.map(toValue), options);
    text = 'value' in result ? `value ${exactly(result.value)}` : describeFault(result.fault);
  } catch (error) {
    text = `crash ${error instanceof Error ? error.stack : String(error)}`;
  }
  const output = host.output();
  if (output !== '') text += `\noutput ${JSON.stringify(output)}`;
  const errors = host.errorOutput();
  if (errors !== '') text += `\nerrors ${JSON.stringify(errors)}`;
  const usage = result?.usage;
  if (usage !== undefined) text += `\nused fuel ${usage.fuel}, bytes ${usage.bytes}, output ${usage.output}`;
  for (const [path, contents] of host.files)
    if (!INITIAL.has(path)) text += `\nfile ${path} ${JSON.stringify(contents)}`;
  return { text, result };
}

const INITIAL: ReadonlyMap<string, string> = new Map(testHost().files);

function describeFault({ code, message, span, calls, file }: Fault): string {
  const place = span === undefined ? 'nowhere' : `${span.start}:${span.end}`;
  return `fault ${code} ${message}\nat ${place}${file === undefined ? '' : ` of ${file}`}\nin ${calls.join(' ')}`;
}

export interface Disagreement {
  readonly call: Call;
  readonly engine: EngineName;
  readonly expected: string;
  readonly got: string;
}

/** The first engine that disagrees with the tree engine about a call, if any does. `before` is called before each run. */
export function compareCall(
  unit: CoreUnit,
  call: Call,
  engines: readonly EngineName[],
  expected = observe(unit, call, ORACLE),
  before: () => void = () => {},
): Disagreement | undefined {
  if (expected.text.startsWith('crash')) return { call, engine: ORACLE, expected: 'no crash', got: expected.text };
  for (const engine of engines) {
    if (engine === ORACLE) continue;
    before();
    const { text } = observe(unit, call, engine);
    if (text !== expected.text) return { call, engine, expected: expected.text, got: text };
  }
  return undefined;
}
