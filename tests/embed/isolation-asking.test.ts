// Functions of the caller among the capabilities of isolated programs, and the time limit while one waits for its turn.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CapabilityRequest, compile, drainPools, IloError, LimitError } from '../../src/embed/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilo-asking-'));
writeFileSync(join(folder, 'open.txt'), 'open');
writeFileSync(join(folder, 'closed.txt'), 'closed');

afterAll(() => {
  drainPools();
  rmSync(folder, { recursive: true });
});

async function rejected(work: Promise<unknown>): Promise<IloError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof IloError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const limits = { timeout: 20_000 };

describe.each(['worker', 'process'] as const)('isolation %s', isolation => {
  const options = { isolation, limits } as const;

  test('a clock and random numbers of the caller', async () => {
    const source = 'f>L n;a=now();prnt "between";b=now();c=rnd();d=rnd();[a,b,c,d]';
    const heard: string[] = [];
    let seconds = 1000.5;
    let drawn = 0;
    const capabilities = {
      clock: () => {
        heard.push('clock');
        return seconds++;
      },
      random: () => {
        heard.push('random');
        return [0.25, 1 - 2 ** -53][drawn++]!;
      },
      print: () => {},
    };
    const program = compile(source, { ...options, capabilities });
    expect(await program.runAsync('f')).toEqual([1000.5, 1001.5, 0.25, 1 - 2 ** -53]);
    expect(heard).toEqual(['clock', 'clock', 'random', 'random']);
    expect(program.stats.hostCalls).toBe(3);
    const here = program.with({ isolation: 'in-process' });
    drawn = 0;
    seconds = 1000.5;
    expect(await here.runAsync('f')).toEqual([1000.5, 1001.5, 0.25, 1 - 2 ** -53]);
  });

  test('many questions in one run', async () => {
    const program = compile('f n:n>n;s=0;@i 0..n{s=+s rnd()};s', { ...options, capabilities: { random: () => 0.5 } });
    expect(await program.runAsync('f', 2000)).toBe(1000);
  });

  test('each read is asked about, also beside an asynchronous tool', async () => {
    const requests: CapabilityRequest[] = [];
    const program = compile('tool ask"" p:t>t\nf p:t>R t t;q=ask p;rd! q', {
      ...options,
      tools: { ask: { signature: 'p:t>t', call: async (path: string) => path } },
      capabilities: {
        read: [folder],
        onRequest: request => {
          requests.push(request);
          return request.kind === 'read' && request.path.endsWith('open.txt');
        },
      },
    });
    expect(await program.runAsync('f', join(folder, 'open.txt'))).toBe('open');
    expect((await rejected(program.runAsync('f', join(folder, 'closed.txt')))).code).toBe('ILO-R042');
    expect(requests.map(({ kind }) => kind)).toEqual(['read', 'read']);
  });

  test('what is not true refuses', async () => {
    for (const answer of ['yes', 1, Promise.resolve(true), undefined]) {
      const capabilities = { read: [folder], onRequest: () => answer as never };
      const program = compile('f p:t>R t t;rd p', { ...options, capabilities });
      expect((await rejected(program.runAsync('f', join(folder, 'open.txt')))).code).toBe('ILO-R042');
    }
  });

  test('one that throws, or gives nonsense, ends the run as it does here, and the next run is right', async () => {
    const broken = (): never => {
      throw new Error('out of order');
    };
    const source = 'f>n;+now() rnd()\ng>n;1';
    const cases = [
      { clock: broken, random: () => 0.5 },
      { clock: () => 'soon' as never, random: () => 0.5 },
      { clock: () => 5, random: () => 1 },
    ];
    for (const capabilities of cases) {
      const program = compile(source, { ...options, capabilities });
      const error = await rejected(program.runAsync('f'));
      const here = await rejected(program.with({ isolation: 'in-process' }).runAsync('f'));
      expect([error.code, error.message]).toEqual([here.code, here.message]);
      expect(error.stats?.hostCalls).toBe(1);
      expect(await program.runAsync('g')).toBe(1);
    }
  });

  test('the time limit of one that waits for its turn goes on', async () => {
    drainPools();
    const memory = 64;
    const spin = compile('f>n;i=0;wh true{i=+i 1};i', {
      isolation,
      memory,
      limits: { fuel: Number.POSITIVE_INFINITY, timeout: 60_000 },
    });
    const cancel = new AbortController();
    const holding = spin.with({ signal: cancel.signal });
    // More than there are threads: those behind wait for a turn that does not come.
    const ends: string[] = [];
    const held = Array.from({ length: Math.max(2, availableParallelism()) + 2 }, () => rejected(holding.runAsync('f')));
    const quick = compile('prnt-less n:n>n;*n n\nf n:n>n;prnt-less n', { isolation, memory, limits: { timeout: 30 } });
    const waiting = rejected(quick.runAsync('f', 3)).then(error => {
      ends.push('waiting');
      return error;
    });
    const error = await waiting;
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({ code: 'ILO-R044', place: { line: 2 }, calls: ['f'] });
    expect(error.message).toContain('30');
    expect(error.stats).toMatchObject({ fuel: 0, bytes: 0, hostCalls: 0 });
    expect(error.stats!.milliseconds).toBeGreaterThanOrEqual(29);
    cancel.abort();
    expect((await Promise.all(held)).every(({ code }) => code === 'ILO-E007')).toBe(true);
    // What has left the queue takes nobody's turn.
    expect(await quick.with({ limits }).runAsync('f', 3)).toBe(9);
  });

  test('the limit that a message names is the one that was set', async () => {
    const spin = compile('f>n;i=0;wh true{i=+i 1};i', {
      isolation,
      limits: { fuel: Number.POSITIVE_INFINITY, timeout: 57 },
    });
    const error = await rejected(spin.runAsync('f'));
    expect(error.message).toBe((await rejected(spin.with({ isolation: 'in-process' }).runAsync('f'))).message);
  });

  test('a limit of years is none', async () => {
    const sleepy = compile('tool ask"" x:n>n\nf x:n>n;a=ask x;+a 1', {
      isolation,
      limits: { timeout: 1e13 },
      tools: { ask: { signature: 'x:n>n', call: (x: number) => new Promise(resolve => setImmediate(resolve, x)) } },
    });
    expect(await sleepy.runAsync('f', 1)).toBe(2);
    expect(await sleepy.with({ isolation: 'in-process' }).runAsync('f', 1)).toBe(2);
  });
});
