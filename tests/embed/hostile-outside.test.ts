// Paths, addresses and servers that are hostile, on every engine and level of isolation.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type IloError, type RunOptions } from '../../src/embed/main.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import { BAD_ANSWERS, makeBox, startServer, URLS, waysOut } from './hostile/elsewhere.ts';
import { closeTally, count, EVERYWHERE, type Kind, PATIENT, plantSecret, timed, type Where } from './hostile/tally.ts';

const SOURCE = 'rdf p:t>R t t;rd p\nwrf p:t s:t>R t t;wr p s\nfetch u:t>R t t;get u';
const base = compile(SOURCE);

type Somewhere = Where & { readonly engine: EngineName };
type Ask = (name: string, ...args: string[]) => Promise<unknown>;

plantSecret();

/** Calls of the program with such options: what each gives, or the code that it ends with. In this process a run that blocks and one that waits agree. */
function asking(where: Somewhere, kind: Kind, options: RunOptions): Ask {
  const program = base.with({ limits: PATIENT, ...options, isolation: where.level, engine: where.engine });
  const outcome = async (run: () => unknown): Promise<unknown> => {
    try {
      return await timed(run, true);
    } catch (error) {
      return (error as IloError).code ?? error;
    }
  };
  return async (name, ...args) => {
    count(kind, where);
    const waited = await outcome(() => program.runAsync(name, ...args));
    // What is granted is the same whether the engine blocks or the run waits.
    if (where.level === 'in-process') expect(await outcome(() => program.run(name, ...args))).toEqual(waited);
    return waited;
  };
}

describe('paths', () => {
  const box = makeBox();
  afterAll(() => rmSync(box.box, { recursive: true, force: true }));

  test.each(EVERYWHERE)('every way out is refused, $level on $engine', async where => {
    const ask = asking(where, 'paths', { capabilities: { read: [box.inside], write: [box.inside] } });
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

describe('addresses and servers', () => {
  let worker: Worker;
  let port: number;
  beforeAll(async () => {
    ({ worker, port } = await startServer());
  });
  afterAll(() => worker.terminate());

  test.each(EVERYWHERE)('every spelling of somewhere else is refused, $level on $engine', async where => {
    const hosts = ['api.example.com', '*.trusted.example'];
    const ask = asking(where, 'addresses', { capabilities: { net: { hosts, allowPrivate: true } } });
    expect(URLS.length).toBeGreaterThanOrEqual(60);
    for (const url of URLS) expect([url, await ask('fetch', url)]).toEqual([url, 'ILO-R042']);
    const closed = asking(where, 'addresses', {
      capabilities: { net: ['localhost:*', '127.0.0.1:*', 'example.com'] },
    });
    for (const host of ['localhost', '127.0.0.1', '127.1', '2130706433']) {
      expect([host, await closed('fetch', `http://${host}:${port}/hello`)]).toEqual([host, 'ILO-R042']);
    }
  });

  test.each(EVERYWHERE)('what servers answer does no harm, $level on $engine', async where => {
    const net = { hosts: [`127.0.0.1:${port}`], allowPrivate: true };
    const ask = asking(where, 'servers', { capabilities: { net: { ...net, maxBytes: 100_000, timeout: 5_000 } } });
    const at = `http://127.0.0.1:${port}/`;
    for (const way of BAD_ANSWERS) {
      expect([way, await ask('fetch', at + way)]).toEqual([way, { err: expect.any(String) as string }]);
    }
    expect(await ask('fetch', `${at}bomb/gzip`)).toEqual({ err: expect.stringContaining('larger') as string });
    expect(await ask('fetch', `${at}zipped`)).toEqual({ ok: 'unzipped' });
    const hasty = asking(where, 'servers', { capabilities: { net: { ...net, timeout: 60 } } });
    expect(await hasty('fetch', `${at}slow`)).toEqual({ err: expect.stringContaining('timeout') as string });
    const redirected = (to: string): string => `${at}to/${encodeURIComponent(to)}`;
    const away = redirected('http://169.254.169.254/latest/meta-data');
    const other = redirected(`http://localhost:${port}/hello`);
    for (const url of [away, other, redirected(away)]) {
      expect([url, await ask('fetch', url)]).toEqual([url, 'ILO-R042']);
    }
    // Not a place of the network at all: never followed, and a failure that the program sees.
    expect(await ask('fetch', redirected('file:///etc/passwd'))).toEqual({
      err: expect.stringContaining('http') as string,
    });
    expect(await ask('fetch', redirected(`${at}hello`))).toEqual({ ok: 'hello' });
  });
});

closeTally('outside', ['paths', 'addresses', 'servers']);
