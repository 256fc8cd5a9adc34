// One call on several engines: everything that can be seen of it must be the same as on the tree engine.
import type { CoreUnit } from '../../src/core/core.ts';
import type { Fault } from '../../src/core/fault.ts';
import type { Host } from '../../src/core/host.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import { type RunResult, runProgram } from '../../src/runtime/program.ts';
import { makeRandom } from '../lang/random-programs.ts';
import { testHost } from '../programs/expectations.ts';
import { type Call, type Observation, ORACLE, type Subject, subjectsOf } from './call.ts';
import { observeColumns } from './columns.ts';
import { exactly, toValue } from './values.ts';

/** Runs a call, and says how it ended, what it printed and wrote, and what it used. A bug in ilo is an observation, too. */
export function observe(unit: CoreUnit, call: Call, engine: Subject): Observation {
  const host = testHost();
  try {
    if (call.rows !== undefined) return observeColumns(unit, call, engine, host as Host);
    return observeCall(unit, call, engine as EngineName, host);
  } catch (error) {
    const text = `crash ${error instanceof Error ? error.stack : String(error)}`;
    return { text, ending: 'crash', usage: undefined };
  }
}

function observeCall(unit: CoreUnit, call: Call, engine: EngineName, host: ReturnType<typeof testHost>): Observation {
  const random = makeRandom(7);
  const options = {
    host: host as Host,
    engine,
    maxDepth: call.maxDepth,
    random: () => random(1 << 30) / (1 << 30),
    ...(call.limits === undefined ? {} : { limits: call.limits }),
  };
  const result: RunResult = runProgram(unit, call.name, call.args.map(toValue), options);
  let text = 'value' in result ? `value ${exactly(result.value)}` : describeFault(result.fault);
  const output = host.output();
  if (output !== '') text += `\noutput ${JSON.stringify(output)}`;
  const errors = host.errorOutput();
  if (errors !== '') text += `\nerrors ${JSON.stringify(errors)}`;
  const { usage } = result;
  if (usage !== undefined) text += `\nused fuel ${usage.fuel}, bytes ${usage.bytes}, output ${usage.output}`;
  for (const [path, contents] of host.files)
    if (!INITIAL.has(path)) text += `\nfile ${path} ${JSON.stringify(contents)}`;
  return { text, ending: 'value' in result ? 'value' : result.fault.code, usage };
}

const INITIAL: ReadonlyMap<string, string> = new Map(testHost().files);

function describeFault({ code, message, span, calls, file }: Fault): string {
  const place = span === undefined ? 'nowhere' : `${span.start}:${span.end}`;
  return `fault ${code} ${message}\nat ${place}${file === undefined ? '' : ` of ${file}`}\nin ${calls.join(' ')}`;
}

export interface Disagreement {
  readonly call: Call;
  readonly engine: Subject;
  readonly expected: string;
  readonly got: string;
}

/** Whoever looks on. */
export interface Watch {
  /** Called before each run. */
  readonly before?: () => void;
  readonly seen?: (engine: Subject, observation: Observation) => void;
}

/** The first engine that disagrees with the tree engine about a call, if any does. */
export function compareCall(
  unit: CoreUnit,
  call: Call,
  engines: readonly Subject[],
  expected = observe(unit, call, ORACLE),
  watch: Watch = {},
): Disagreement | undefined {
  if (expected.ending === 'crash') return { call, engine: ORACLE, expected: 'no crash', got: expected.text };
  for (const engine of subjectsOf(call, engines)) {
    watch.before?.();
    const observation = observe(unit, call, engine);
    watch.seen?.(engine, observation);
    if (observation.text !== expected.text) return { call, engine, expected: expected.text, got: observation.text };
  }
  return undefined;
}
