// Every limit, however the program is called: a LimitError with its code, the place in the program, the functions that were running, and what the
// run had used.
import { afterAll, describe, expect, test } from 'vitest';
import { compile, drainPools, LimitError, type LimitOptions, type Tool } from '../../src/embed/main.ts';

const SOURCE = [
  'tool never"" x:n>n',
  'spin x:n>n;i=0;wh true{i=+i 1};i',
  'deep x:n>n;+1 deep x',
  'grow x:n>n;xs=[];wh true{xs=+=xs x};len xs',
  'wide x:n>n;s=padl "x" 1000000000;len s',
  'talk x:n>n;wh true{prnt "words"};x',
  'wait x:n>n;never x',
  'nap x:n>n;sleep 100000;x',
].join('\n');

/** The function, the limit it reaches, its code, and the line it stands in. */
const CASES: readonly (readonly [name: string, limits: LimitOptions, code: string, line: number])[] = [
  ['spin', { fuel: 5000 }, 'ILO-R043', 2],
  ['spin', { timeout: 30, fuel: Number.POSITIVE_INFINITY }, 'ILO-R044', 2],
  ['deep', { depth: 50, timeout: 10_000 }, 'ILO-R040', 3],
  ['grow', { alloc: 100_000, timeout: 10_000 }, 'ILO-R045', 4],
  ['wide', { alloc: Number.POSITIVE_INFINITY, fuel: Number.POSITIVE_INFINITY, timeout: 10_000 }, 'ILO-R041', 5],
  ['talk', { output: 100, timeout: 10_000 }, 'ILO-R046', 6],
];
const WAITS: typeof CASES = [
  ['wait', { timeout: 50 }, 'ILO-R044', 7],
  ['nap', { timeout: 50 }, 'ILO-R044', 8],
];

const never: Tool = { signature: 'x:n>n', call: () => new Promise(() => {}) };
const program = compile(SOURCE, { tools: { never }, capabilities: { clock: true } });

async function thrown(work: () => unknown): Promise<LimitError> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(LimitError);
    return error as LimitError;
  }
  throw new Error('nothing was thrown');
}

function complete({ code, place, calls, stats }: LimitError): unknown {
  for (const used of [stats?.fuel, stats?.bytes, stats?.output, stats?.milliseconds, stats?.hostCalls]) {
    expect(used).toBeGreaterThanOrEqual(0);
  }
  return [code, place?.line, calls[0]];
}

afterAll(() => drainPools());

describe.each(CASES)('%s with %j', (name, limits, code, line) => {
  const limited = program.with({ limits, capabilities: { clock: true } });
  const expected = [code, line, name];
  test.each(['tree', 'closure', 'stack', 'vm', 'vm-fresh', 'js', 'jit', 'auto'] as const)('run on %s', async engine => {
    const on = limited.with({ engine });
    const error = await thrown(() => on.run(name, 1));
    expect(complete(error)).toEqual(expected);
    expect(on.stats.fuel).toBe(error.stats!.fuel);
  });
  test('as a function, one that was called often, and for a column', async () => {
    expect(complete(await thrown(() => limited.fn[name]!(1)))).toEqual(expected);
    for (let i = 0; i < 30; i++) expect(complete(await thrown(() => limited.fn[name]!(1)))).toEqual(expected);
    expect(complete(await thrown(() => limited.map(name, [1, 2])))).toEqual(expected);
  });
  test('as a run that stops', async () => {
    expect(complete(await thrown(() => limited.begin(name, 1)))).toEqual(expected);
  });
  test.each(['in-process', 'worker', 'process'] as const)('runAsync, %s', async isolation => {
    expect(complete(await thrown(() => limited.with({ isolation }).runAsync(name, 1)))).toEqual(expected);
  });
});

describe.each(WAITS)('%s with %j', (name, limits, code, line) => {
  test.each(['in-process', 'worker', 'process'] as const)('runAsync, %s', async isolation => {
    const limited = program.with({ limits, isolation, capabilities: { clock: true } });
    const error = await thrown(() => limited.runAsync(name, 1));
    expect(complete(error)).toEqual([code, line, name]);
    expect(error.stats!.milliseconds).toBeGreaterThan(0);
    expect(error.stats!.hostCalls).toBe(1);
  });
});

test('what is no limit has statistics too', async () => {
  const failing = compile('tool must"" x:n>n\nf x:n>n;y=+x 1;must y', {
    tools: { must: { signature: 'x:n>n', call: () => Promise.reject(new Error('broken')) } },
  });
  await expect(failing.runAsync('f', 1)).rejects.toMatchObject({ code: 'ILO-E006', stats: { hostCalls: 1 } });
  const cancel = new AbortController();
  const spinning = program.with({ signal: cancel.signal, limits: { timeout: 60_000, fuel: Number.POSITIVE_INFINITY } });
  const run = spinning.runAsync('spin', 1);
  setTimeout(() => cancel.abort(), 20);
  const error = await run.catch(problem => problem as LimitError);
  expect(error).toMatchObject({ code: 'ILO-E007', stats: { hostCalls: 0 } });
  expect((error as LimitError).stats!.fuel).toBeGreaterThan(0);
});
