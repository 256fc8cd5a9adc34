// Runs that are suspended on the stack machine: where a tool has no answer yet, and before any call or round of a loop. Whoever resumes
// them must see nothing of it: the answers are those of a run in one piece.
import { describe, expect, test } from 'vitest';
import type { CoreUnit } from '../../src/core/core.ts';
import { Fault } from '../../src/core/fault.ts';
import { Meter } from '../../src/core/meter.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram } from '../../src/runtime/program.ts';
import { makeServices } from '../../src/runtime/services.ts';
import { Waiting } from '../../src/vm/engine.ts';
import { type Progress, StackMachine } from '../../src/vm/stack/machine.ts';
import { exampleRuns, PROGRAMS, programRuns } from './register-kit.ts';

class Asked extends Waiting {
  readonly args: readonly Value[];
  constructor(args: readonly Value[]) {
    super();
    this.args = args;
  }
}

interface Setup {
  readonly machine: StackMachine;
  readonly meter: Meter;
  readonly output: () => string;
}

/** A machine whose tools give `answer`, or suspend the run when that is undefined. */
function setUp(
  unit: CoreUnit,
  answer: ((args: readonly Value[]) => Value) | undefined,
  { fuel = 1e9, files }: { readonly fuel?: number; readonly files?: ReadonlyMap<string, string> | undefined } = {},
): Setup {
  const meter = new Meter({ fuel, alloc: 1e9 }, () => 0);
  const host = createVirtualHost(files === undefined ? {} : { files: new Map(files) });
  const services = makeServices({
    builtins: BUILTINS,
    host,
    maxDepth: 300,
    meter,
    random: () => 0.5,
    callValue: (value, args): Value => machine.callValue(value, args, ''),
  });
  const tool = (_: unknown, args: readonly Value[]): Value => {
    if (answer === undefined) throw new Asked(args);
    return answer(args);
  };
  const machine: StackMachine = new StackMachine(unit, { ...services, tool });
  return { machine, meter, output: host.output };
}

function ended(setup: Setup, run: () => Value): unknown {
  const { meter, output } = setup;
  const rest = () => ({ output: output(), fuel: meter.fuel, bytes: meter.bytes });
  try {
    return { value: showValue(run()), ...rest() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, span, calls, file } = error;
    return { code, message, span, calls, file, ...rest() };
  }
}

/** Resumes until the run is done; each tool is answered by `answer`, each pause by another `slice` of fuel. */
function drive({ machine, meter }: Setup, first: Progress, answer: (args: readonly Value[]) => Value, slice: number) {
  let progress = first;
  let stops = 0;
  while (!progress.done) {
    stops++;
    const { waiting } = progress;
    meter.pauseAt = meter.fuel + slice;
    progress = waiting === undefined ? machine.resume() : machine.resume(answer((waiting as Asked).args));
  }
  return { value: progress.value, stops };
}

const load = (source: string): CoreUnit => {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics[0]!.message);
  return unit;
};

const TOOL = 'tool ask"asks" n:n>n\n';
const answer = ([n]: readonly Value[]): Value => (n as number) * 10;

describe('a tool without an answer', () => {
  test.each<[name: string, source: string, stops: number]>([
    ['at the top', 'f n:n>n;ask n', 1],
    ['among operands', 'f n:n>n;+(ask n) *(ask 2) (ask 3)', 3],
    ['in a nested call', 'f n:n>n;r=g n;+r 1\ng n:n>n;<=n 0{ret ask 7};r=g -n 1;+r 1', 1],
    ['in a loop', 'f n:n>n;s=0;@i 0..5{s=+s (ask i)};s', 5],
    ['as the function of a walk', 'f n:n>n;xs=map ask [1 2 n];sum xs', 3],
    ['as a value', 'f n:n>n;g=ask;r=g n;+1 r', 1],
    [
      'in a lambda in a lambda',
      'f n:n>n;xs=map (x:n>n;ys=flt (y:n>b;z=ask y;>z x) [1 2 3];k=len ys;m=ask x;+k m) [10 20 n];sum xs',
      12,
    ],
    ['in a lambda of fld and srt', 'f n:n>n;xs=srt (x:n>n;ask x) [3 1 n];fld (a:n x:n>n;k=ask x;+a k) xs 0', 6],
    ['with a fault behind it', 'f n:n>n;xs=map (x:n>n;y=ask x;/1 -y 20) [1 2 n];sum xs', 2],
    ['with a fault of the builtin', 'f n:n>n;xs=flt ask [1 2];sum xs', 1],
    ['with a walk that is too deep', 'f n:n>n;xs=map (x:n>n;y=ask x;f y) [n];sum xs', 150],
  ])('%s', (_, source, stops) => {
    const unit = load(TOOL.replace('>n\n', source.includes('flt ask') ? '>b\n' : '>n\n') + source);
    const f = unit.byName.get('f')!;
    const whole = setUp(unit, answer);
    const expected = ended(whole, () => whole.machine.run(f, [4]));
    const parts = setUp(unit, undefined);
    let seen = 0;
    const counted = (args: readonly Value[]): Value => {
      seen++;
      return answer(args);
    };
    expect(ended(parts, () => drive(parts, parts.machine.start(f, [4]), counted, 1e9).value)).toEqual(expected);
    expect(seen).toBe(stops);
    // The same machine runs again.
    parts.meter.pauseAt = Number.POSITIVE_INFINITY;
    const again = ended(parts, () => drive(parts, parts.machine.start(f, [4]), answer, 1e9).value);
    expect(again).toMatchObject({ ...(expected as object), fuel: parts.meter.fuel, bytes: parts.meter.bytes });
  });
});

test.each([
  { of: 'the test programs', runs: programRuns(PROGRAMS), fuel: 50_000, atLeast: 5_000 },
  { of: 'the examples', runs: exampleRuns(), fuel: 200_000, atLeast: 30_000 },
])(
  'a pause before every call and every round of $of changes nothing',
  { timeout: 300_000 },
  ({ runs, fuel, atLeast }) => {
    let stops = 0;
    for (const { label, unit, callee, args, files } of runs) {
      const whole = setUp(unit, () => null, { fuel, files });
      const expected = ended(whole, () => whole.machine.run(callee, args));
      const parts = setUp(unit, () => null, { fuel, files });
      const pieces = (): Value => {
        parts.meter.pauseAt = 0;
        const driven = drive(parts, parts.machine.start(callee, args), () => null, 1);
        stops += driven.stops;
        return driven.value;
      };
      expect(ended(parts, pieces), label).toEqual(expected);
    }
    expect(stops).toBeGreaterThan(atLeast);
  },
);
