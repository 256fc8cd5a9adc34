// Paths, addresses and servers that are hostile: on every engine in this process, and on the engine that is chosen in a thread and in a process.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type IloError, type Isolation, type RunOptions } from '../../src/embed/main.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import { makeBox, startServer, URLS, waysOut } from './hostile/elsewhere.ts';
import { count, ENGINE_NAMES, LEVELS, table } from './hostile/tally.ts';

const SOURCE = 'rdf p:t>R t t;rd p\nwrf p:t s:t>R t t;wr p s\nfetch u:t>R t t;get u';
const base = compile(SOURCE);

interface Where {
  readonly level: Isolation;
  readonly engine: EngineName;
  /** Whether the run is one that waits. */
  readonly waits: boolean;
}

const WHERE: readonly Where[] = [
  ...ENGINE_NAMES.map(engine => ({ level: 'in-process' as const, engine, waits: false })),
  ...LEVELS.map(level => ({ level, engine: 'auto' as const, waits: true })),
];

type Ask = (name: string, ...args: string[]) => Promise<unknown>;

/** Calls of the program with such options: what each gives, or the code that it ends with. */
function asking({ level, engine, waits }: Where, options: RunOptions): Ask {
  const program = base.with({ limits: { timeout: 20_000 }, ...options, isolation: level, engine });
  return async (name, ...args) => {
    count('requests', level, engine);
    try {
      return waits ? await program.runAsync(name, ...args) : program.run(name, ...args);
    } catch (error) {
      return (error as IloError).code ?? error;
    }
  };
}

const title = '$level on $engine, waits: $waits';

describe('paths', () => {
  const box = makeBox();
  afterAll(() => rmSync(box.box, { recursive: true, force: true }));

  test.each(WHERE)(`every way out is refused, ${title}`, async where => {
    const ask = asking(where, { capabilities: { read: [box.inside], write: [box.inside] } });
    const ways = waysOut(box);
    expect(ways.length).toBeGreaterThanOrEqual(60);
    for (const way of ways) {
      expect([way, await ask('rdf', way)]).toEqual([way, 'ILO-R042']);
      if (/^\/(proc|dev|sys)/.test(way)) continue;
      expect([way, await ask('wrf', way, 'x')]).toEqual([way, 'ILO-R042']);
    }
    expect(readFileSync(join(box.box, 'secret.txt'), 'utf8')).toBe('secret');
    expect(await ask('rdf', 'a.txt')).toEqual({ ok: 'alpha' });
  });
});

describe('addresses', () => {
  let worker: Worker;
  let port: number;
  beforeAll(async () => {
    ({ worker, port } = await startServer());
  });
  afterAll(() => worker.terminate());

  test.each(WHERE)(`every spelling of somewhere else is refused, ${title}`, async where => {
    const hosts = ['api.example.com', '*.trusted.example'];
    const ask = asking(where, { capabilities: { net: { hosts, allowPrivate: true } } });
    expect(URLS.length).toBeGreaterThanOrEqual(60);
    for (const url of URLS) expect([url, await ask('fetch', url)]).toEqual([url, 'ILO-R042']);
  });

  test.each(WHERE)(`a body that unpacks beyond the limit is a failure, ${title}`, async where => {
    const net = { hosts: ['127.0.0.1:*'], allowPrivate: true };
    const ask = asking(where, { capabilities: { net: { ...net, maxBytes: 100_000 } } });
    expect(await ask('fetch', `http://127.0.0.1:${port}/bomb`)).toMatchObject({
      err: expect.stringContaining('larger'),
    });
    expect(await ask('fetch', `http://127.0.0.1:${port}/zipped`)).toEqual({ ok: 'unzipped' });
    const hasty = asking(where, { capabilities: { net: { ...net, timeout: 200 } } });
    expect(await hasty('fetch', `http://127.0.0.1:${port}/slow`)).toMatchObject({
      err: expect.stringContaining('timeout'),
    });
  });

  test.each(WHERE)(`private addresses are refused by name, by number and by redirect, ${title}`, async where => {
    const closed = asking(where, { capabilities: { net: ['localhost:*', '127.0.0.1:*', 'example.com'] } });
    for (const host of ['localhost', '127.0.0.1', '127.1', '2130706433']) {
      expect([host, await closed('fetch', `http://${host}:${port}/hello`)]).toEqual([host, 'ILO-R042']);
    }
    const only = asking(where, { capabilities: { net: { hosts: [`127.0.0.1:${port}`], allowPrivate: true } } });
    const redirected = (to: string): string => `http://127.0.0.1:${port}/to/${encodeURIComponent(to)}`;
    const away = redirected('http://169.254.169.254/latest/meta-data');
    const other = redirected(`http://localhost:${port}/hello`);
    for (const url of [away, other, redirected(away)]) {
      expect([url, await only('fetch', url)]).toEqual([url, 'ILO-R042']);
    }
    // Not a place of the network at all: never followed, and a failure that the program sees.
    expect(await only('fetch', redirected('file:///etc/passwd'))).toMatchObject({
      err: expect.stringContaining('http'),
    });
    expect(await only('fetch', redirected(`http://127.0.0.1:${port}/hello`))).toEqual({ ok: 'hello' });
  });
});

test('how many there were', () => console.log(table()));
