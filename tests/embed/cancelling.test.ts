// Cancelling, told by the order of events: from the moment of `abort` on, nothing of the run happens any more but its rejection.
import { afterAll, describe, expect, test } from 'vitest';
import { compile, drainPools, IloError, type RunOptions } from '../../src/embed/main.ts';

afterAll(() => drainPools());

const ENDLESS = { fuel: Number.POSITIVE_INFINITY, timeout: 60_000, output: Number.POSITIVE_INFINITY } as const;
/** Each prints from time to time. */
const LOUD = 'f name:t>n;i=0;wh >=i 0{i=+i 1;=0 mod i 20000{prnt name}};i';
/** Says nothing, and can be machine code. */
const QUIET = 'f n:n>n;i=0;wh >n 0{i=+i 1};i';

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** Notes what a run ends with. */
function end(run: Promise<unknown>, events: string[]): Promise<void> {
  return run.then(
    () => void events.push('done'),
    error => void events.push(error instanceof IloError ? error.code : String(error)),
  );
}

describe.each(['auto', 'js', 'vm', 'closure', 'jit'] as const)('in this process, %s', engine => {
  test('a loop that says nothing ends before the event loop turns again', async () => {
    const cancel = new AbortController();
    const events: string[] = [];
    const used: string[] = [];
    const program = compile(QUIET, {
      engine,
      limits: ENDLESS,
      signal: cancel.signal,
      onTrace: trace => used.push(trace.engine),
    });
    const run = end(program.runAsync('f', 1), events);
    await turns(20);
    setImmediate(() => events.push('next turn'));
    cancel.abort();
    events.push('aborted');
    await run;
    await turn();
    expect(events).toEqual(['aborted', 'ILO-E007', 'next turn']);
    expect(used).toHaveLength(1);
  });

  test('beside others, before any of them goes on', async () => {
    const events: string[] = [];
    const others = new AbortController();
    const cancel = new AbortController();
    const loud = (signal: AbortSignal): RunOptions => ({
      engine,
      limits: ENDLESS,
      signal,
      capabilities: { print: text => events.push(text.trim()) },
    });
    const program = compile(LOUD);
    const other = program.with(loud(others.signal));
    const rest: string[] = [];
    const running = Array.from({ length: 12 }, () => end(other.runAsync('f', 'other'), rest));
    const run = end(program.with(loud(cancel.signal)).runAsync('f', 'this'), events);
    await turns(40);
    expect(new Set(events)).toEqual(new Set(['other', 'this']));
    const before = events.length;
    cancel.abort();
    await run;
    await turns(40);
    const after = events.slice(before);
    expect(after[0]).toBe('ILO-E007');
    expect(new Set(after.slice(1))).toEqual(new Set(['other']));
    others.abort();
    await Promise.all(running);
    expect(new Set(rest)).toEqual(new Set(['ILO-E007']));
  });
});

test('however many runs there are, the event loop turns between two slices', async () => {
  const cancel = new AbortController();
  let slices = 0;
  // Printed about once a slice.
  const program = compile('f>n;i=0;wh >=i 0{i=+i 1;=0 mod i 5000{prnt "x"}};i', {
    engine: 'vm',
    limits: ENDLESS,
    signal: cancel.signal,
    capabilities: { print: () => slices++ },
  });
  const ends: string[] = [];
  const runs = Array.from({ length: 60 }, () => end(program.runAsync('f'), ends));
  let most = 0;
  for (let i = 0; i < 100; i++) {
    const before = slices;
    await turn();
    most = Math.max(most, slices - before);
  }
  cancel.abort();
  await Promise.all(runs);
  expect(ends).toHaveLength(60);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(25);
});

test('a tool that cancels its own run and never answers', async () => {
  const cancel = new AbortController();
  const program = compile('tool ask"" x:n>n\nf x:n>n;a=ask x;+a 1', {
    limits: ENDLESS,
    signal: cancel.signal,
    tools: {
      ask: {
        signature: 'x:n>n',
        call: () => {
          cancel.abort();
          return new Promise(() => {});
        },
      },
    },
  });
  const events: string[] = [];
  await end(program.runAsync('f', 1), events);
  expect(events).toEqual(['ILO-E007']);
});

test('one signal for many runs is no leak that Node would warn of', async () => {
  const warnings: string[] = [];
  const hear = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', hear);
  const cancel = new AbortController();
  const waiting = compile('tool ask"" x:n>n\nf x:n>n;a=ask x;+a 1', {
    limits: ENDLESS,
    signal: cancel.signal,
    tools: { ask: { signature: 'x:n>n', call: () => new Promise(() => {}) } },
  });
  const events: string[] = [];
  const runs = Array.from({ length: 50 }, () => end(waiting.runAsync('f', 1), events));
  await turns(3);
  cancel.abort();
  await Promise.all(runs);
  await turns(3);
  process.off('warning', hear);
  expect(events).toEqual(Array(50).fill('ILO-E007'));
  expect(warnings).toEqual([]);
});

describe.each(['worker', 'process'] as const)('isolation %s', isolation => {
  test.each(['js', 'jit'] as const)('nothing that a loop on %s says is heard after it was cancelled', async engine => {
    const cancel = new AbortController();
    const events: string[] = [];
    let heard = (): void => {};
    const first = new Promise<void>(resolve => {
      heard = resolve;
    });
    const program = compile(LOUD, {
      engine,
      isolation,
      limits: ENDLESS,
      signal: cancel.signal,
      capabilities: {
        print: text => {
          events.push(text.trim());
          heard();
        },
      },
    });
    const run = end(program.runAsync('f', 'x'), events);
    await first;
    const before = events.length;
    cancel.abort();
    await run;
    await turns(10);
    expect(events.slice(before)).toEqual(['ILO-E007']);
  });

  test('a loop in machine code, which hears nothing', async () => {
    const cancel = new AbortController();
    const events: string[] = [];
    // The tool tells that the program is about to begin with its loop.
    let begun = (): void => {};
    const started = new Promise<void>(resolve => {
      begun = resolve;
    });
    const program = compile(`tool go"" x:n>n\nspin n:n>n;i=0;wh >n 0{i=+i 1};i\nf>n;a=go 1;spin a`, {
      engine: 'jit',
      isolation,
      limits: { ...ENDLESS, timeout: Number.POSITIVE_INFINITY },
      signal: cancel.signal,
      tools: {
        go: {
          signature: 'x:n>n',
          call: () => {
            begun();
            return 1;
          },
        },
      },
    });
    const run = end(program.runAsync('f'), events);
    await started;
    await turns(50);
    cancel.abort();
    events.push('aborted');
    await run;
    expect(events).toEqual(['aborted', 'ILO-E007']);
    expect(await compile('f>n;1', { isolation, limits: { timeout: 20_000 } }).runAsync('f')).toBe(1);
  });
});
