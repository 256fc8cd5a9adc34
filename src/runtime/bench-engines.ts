// The engines side by side on one call of a program. First every engine makes the call once, on a host without a machine behind it, and
// all must agree on everything that can be seen; only then are they timed, in turns, so that a change of the machine's speed
// hits all of them alike. A measurement is a batch of calls that is long against the clock's grain.
//
// All engines share one process, and so the builtins and the values that V8 has specialised for whoever used them first: on programs that
// do little else, differences of a tenth say nothing.
import type { CoreUnit } from '../core/core.ts';
import { Fault } from '../core/fault.ts';
import type { Host } from '../core/host.ts';
import type { Limits } from '../core/meter.ts';
import { showValue } from '../core/value/show.ts';
import type { Value } from '../core/value/value.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';
import type { EngineName } from './engines.ts';
import { createVirtualHost } from './host/virtual-host.ts';
import { DEFAULT_MAX_DEPTH, MACHINES, runProgram } from './program.ts';
import { makeServices } from './services.ts';

/** The call that is measured. */
export interface BenchCall {
  readonly unit: CoreUnit;
  readonly name: string;
  readonly args: readonly Value[];
  readonly environment: Readonly<Record<string, string>>;
  readonly maxDepth: number | undefined;
  /** Bound the call that is made before timing. */
  readonly limits: Limits;
}

/** What one engine did when it was asked for the first time. */
export interface FirstCall {
  readonly engine: EngineName;
  /** Milliseconds, with all that the engine does before it can run. */
  readonly milliseconds: number;
  /** All that can be seen of the call, as text that can be compared and shown. */
  readonly seen: string;
  readonly fault: Fault | undefined;
}

/** The times of one engine, in nanoseconds for a call. */
export interface EngineTimes {
  readonly engine: EngineName;
  readonly median: number;
  readonly best: number;
  /** Half the distance between the quartiles, as a share of the median. */
  readonly spread: number;
  readonly samples: number;
  readonly callsPerSample: number;
}

/** Shares of the time that an engine is given: how much of it is for warming up, and how long a sample should be at least. */
const WARM_SHARE = 0.3;
const SAMPLE_SHARE = 0.02;
const LONGEST_SAMPLE_MS = 20;
/** So many samples are taken even when the time is over. */
const FEWEST_SAMPLES = 5;
const MOST_SAMPLES = 200;
/** A spread below the first is steady, below the second usable. */
const STEADY = 0.05;
const USABLE = 0.15;

/** Makes the call once. A fault is a result; throws for a bug in ilo. */
export function callOnce(call: BenchCall, engine: EngineName): FirstCall {
  const { unit, name, args, environment, maxDepth = DEFAULT_MAX_DEPTH, limits } = call;
  const host = createVirtualHost({ environment, now: Date.now() / 1000 });
  const standing: Host = { ...host, now: () => 0 };
  const start = performance.now();
  const result = runProgram(unit, name, args, { host: standing, engine, maxDepth, limits, random: repeatableRandom() });
  const milliseconds = performance.now() - start;
  const outside = [host.output(), host.errorOutput()];
  if ('value' in result)
    return { engine, milliseconds, fault: undefined, seen: JSON.stringify([showValue(result.value), ...outside]) };
  const { code, message, span, calls, file } = result.fault;
  const seen = JSON.stringify([code, message, span, calls, file, ...outside]);
  return { engine, milliseconds, fault: result.fault, seen };
}

/** The engines whose call looked different from the first one's. */
export function disagreeing(calls: readonly FirstCall[]): readonly FirstCall[] {
  return calls.filter(call => call.seen !== calls[0]?.seen);
}

/** Times the call on engines that are known to agree, `seconds` for each. `progress` hears what happens. */
export function timeEngines(
  call: BenchCall,
  engines: readonly EngineName[],
  seconds: number,
  progress: (what: string) => void,
): readonly EngineTimes[] {
  const budget = seconds * 1000;
  const sides = engines.map(engine => {
    progress(`warming up ${engine}`);
    const work = repeated(call, engine);
    return { engine, work, calls: warm(work, budget), samples: [] as number[], spent: 0 };
  });
  const rest = budget * (1 - WARM_SHARE);
  for (let round = 1; round <= MOST_SAMPLES; round++) {
    const open = sides.filter(side => side.spent < rest || side.samples.length < FEWEST_SAMPLES);
    if (open.length === 0) break;
    progress(`measuring, round ${round}`);
    for (const side of open) {
      const milliseconds = timed(() => side.work(side.calls));
      side.spent += milliseconds;
      side.samples.push((milliseconds * 1e6) / side.calls);
    }
  }
  return sides.map(({ engine, calls, samples }) => ({ engine, callsPerSample: calls, ...summary(samples) }));
}

/** In one word how far the numbers can be trusted. */
export function steadiness(spread: number): 'steady' | 'usable' | 'unsteady' {
  if (spread < STEADY) return 'steady';
  return spread < USABLE ? 'usable' : 'unsteady';
}

/** Calls without limits on one machine, whose output goes nowhere. */
function repeated(call: BenchCall, engine: EngineName): (times: number) => void {
  const { unit, args } = call;
  const host = { ...createVirtualHost({ environment: call.environment }), print: () => {}, printError: () => {} };
  const machine = MACHINES[engine](
    unit,
    makeServices({
      builtins: BUILTINS,
      host,
      maxDepth: call.maxDepth ?? DEFAULT_MAX_DEPTH,
      meter: undefined,
      random: repeatableRandom(),
      callValue: (callee, values) => machine.callValue(callee, values, ''),
    }),
  );
  const callee = unit.byName.get(call.name)!;
  return times => {
    for (let i = 0; i < times; i++) {
      try {
        machine.run(callee, args);
      } catch (error) {
        // With other random numbers than in the first call a program may end differently; that is a call as well.
        if (!(error instanceof Fault)) throw error;
      }
    }
  };
}

/** Runs until the warm-up's share is used, and gives how many calls make a sample. */
function warm(work: (times: number) => void, budget: number): number {
  const sample = Math.min(LONGEST_SAMPLE_MS, Math.max(0.2, budget * SAMPLE_SHARE));
  let calls = 1;
  for (let spent = 0; ; ) {
    const milliseconds = timed(() => work(calls));
    spent += milliseconds;
    const fitting = Math.max(1, Math.min(calls * 8, Math.round((calls * sample) / Math.max(milliseconds, 1e-3))));
    if (spent >= budget * WARM_SHARE) return fitting;
    calls = fitting;
  }
}

function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Nanoseconds for a call, sample by sample, as what a table shows. */
export function summary(samples: readonly number[]): { median: number; best: number; spread: number; samples: number } {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, best: sorted[0]!, spread: (at(0.75) - at(0.25)) / 2 / median, samples: sorted.length };
}

/** The same numbers in [0, 1) in every run: a linear congruence, good enough to be the same. */
function repeatableRandom(): () => number {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
