// Runs that are ended with force, and hooks of the caller that fail: what is known is said, and the result stays the result.
import { availableParallelism } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { compile, drainPools, type IloError, type Isolation, type TraceEvent } from '../../src/embed/main.ts';
import { ENGINES } from '../../src/runtime/engines.ts';

const LEVELS: readonly Isolation[] = ['in-process', 'worker', 'process'];
const ENDLESS = 'f>n;prnt "begun";xs=[1];i=0;wh >=i 0{xs=[i];i=+i 1};i';

afterAll(drainPools);

test.each(['worker', 'process'] as const)('what a cancelled run had used is known, isolation %s', async isolation => {
  for (const { name: engine } of ENGINES) {
    const stop = new AbortController();
    let printed = 0;
    const events: TraceEvent[] = [];
    const program = compile(ENDLESS, {
      isolation,
      engine,
      signal: stop.signal,
      onTrace: event => events.push(event),
      limits: { timeout: 20_000, fuel: Number.POSITIVE_INFINITY, alloc: Number.POSITIVE_INFINITY },
      capabilities: {
        print: text => {
          printed += text.length;
          setTimeout(() => stop.abort(), 150);
        },
      },
    });
    const error = await program.runAsync('f').then(
      () => undefined,
      (thrown: IloError) => thrown,
    );
    expect([engine, error?.code]).toEqual([engine, 'ILO-E007']);
    const { fuel, bytes, output, hostCalls } = error!.stats!;
    expect([engine, fuel > 4096, bytes > fuel, output, hostCalls]).toEqual([engine, true, true, printed, 1]);
    expect(program.stats).toEqual(error!.stats);
    expect(events.map(({ stats }) => stats)).toEqual([error!.stats]);
  }
});

test.each(LEVELS)('what onTrace throws replaces nothing and is a warning once, isolation %s', async isolation => {
  const warnings: (Error & { code?: string })[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listen);
  try {
    for (const fail of [
      () => {
        throw new Error('no disk');
      },
      () => Promise.reject(null),
    ]) {
      const program = compile('f x:n>n;*x 2\ng x:n>n;/1 x', { isolation, onTrace: () => fail() });
      expect(await program.runAsync('f', 21)).toBe(42);
      await expect(program.runAsync('g', 0)).rejects.toMatchObject({ code: 'ILO-R003' });
      if (isolation !== 'in-process') continue;
      expect(program.run('f', 21)).toBe(42);
      expect(program.fn.f!(21)).toBe(42);
      expect(() => program.run('g', 0)).toThrow('ILO-R003');
    }
    await new Promise(resolve => setImmediate(resolve));
    const heard = warnings.filter(({ code }) => code === 'ILO-E006').map(({ message }) => message);
    expect(heard).toContain('onTrace failed: no disk');
    expect(heard).toHaveLength(2);
  } finally {
    process.off('warning', listen);
  }
});

test.each(LEVELS)('what print throws ends the run and nothing else, isolation %s', async isolation => {
  const quiet = { print: (): void => {} };
  for (const thrown of [null, new Error('full')]) {
    const program = compile('f>n;prnt "x";wh true{1};1\ng>n;prnt "x";1', {
      isolation,
      limits: { timeout: 10_000 },
      capabilities: {
        print: () => {
          throw thrown;
        },
      },
    });
    await expect(program.runAsync('f')).rejects.toMatchObject({ code: 'ILO-E006', stats: { hostCalls: 1 } });
    expect(await program.with({ capabilities: quiet }).runAsync('g')).toBe(1);
  }
  const rejected = { print: () => Promise.reject(new Error('full')) };
  const program = compile('g>n;prnt "x";1', { isolation, capabilities: rejected as never });
  expect(await program.runAsync('g')).toBe(1);
  if (isolation === 'in-process') expect(program.run('g')).toBe(1);
});

test('a tool that runs its program again without end does not end the process', async () => {
  let calls = 0;
  let over = false;
  const program = compile('tool again"" x:n>n\nf x:n>n;y=again x;+y 1', {
    limits: { timeout: 300 },
    tools: {
      again: {
        signature: 'x:n>n',
        call: (x: unknown) => {
          calls++;
          return over ? 0 : program.runAsync('f', x as number);
        },
      },
    },
  });
  await expect(program.runAsync('f', 1)).rejects.toMatchObject({ code: expect.stringMatching(/^ILO-(R044|E006)$/) });
  over = true;
  // More than JavaScript's stack would hold.
  expect(calls).toBeGreaterThan(100);
  expect(await program.runAsync('f', 1)).toBe(1);
});

test.each(['worker', 'process'] as const)(
  'what could not be started takes nobody’s place, isolation %s',
  async isolation => {
    const program = compile('f x:n>n;*x 2', { isolation, memory: 99 });
    // Node's own start trips over this.
    Object.defineProperty(Object.prototype, 'signal', { value: 'S', configurable: true });
    const codes: unknown[] = [];
    try {
      for (let i = 0; i < 12; i++)
        codes.push(
          await program.runAsync('f', i).then(
            () => 'ok',
            (error: IloError) => error.code,
          ),
        );
    } finally {
      Reflect.deleteProperty(Object.prototype, 'signal');
    }
    expect(codes.every(code => code === 'ok' || code === 'ILO-R099')).toBe(true);
    expect(await program.runAsync('f', 4)).toBe(8);
  },
);

test.each(['worker', 'process'] as const)('who waits for a place can be cancelled, isolation %s', async isolation => {
  const endless = compile('f>n;wh true{};1', {
    isolation,
    memory: 98,
    limits: { timeout: 60_000, fuel: Number.POSITIVE_INFINITY },
  });
  const [stop, stopAll] = [new AbortController(), new AbortController()];
  const code = (run: Promise<unknown>) =>
    run.then(
      () => 'ok',
      (error: IloError) => error.code,
    );
  // More than there are places.
  const busy = Array.from({ length: Math.max(2, availableParallelism()) }, () =>
    code(endless.with({ signal: stopAll.signal }).runAsync('f')),
  );
  const waiting = code(endless.with({ signal: stop.signal }).runAsync('f'));
  setTimeout(() => stop.abort(), 20);
  expect(await waiting).toBe('ILO-E007');
  stopAll.abort();
  expect(new Set(await Promise.all(busy))).toEqual(new Set(['ILO-E007']));
  expect(await compile('f x:n>n;*x 2', { isolation, memory: 98 }).runAsync('f', 4)).toBe(8);
});
