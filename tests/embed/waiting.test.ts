// Runs that wait for the network or for time without blocking this thread: the server that they ask runs in it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, IloError, type RunOptions } from '../../src/embed/main.ts';
import { startServer } from '../host/server.ts';

let server: Server;
let base: string;
let open = 0;
let most = 0;
/** Called when who asked for a path under /hang has gone. */
const left = new Map<string, () => void>();

beforeAll(async () => {
  server = createServer((request, response) => {
    most = Math.max(most, ++open);
    const { url = '' } = request;
    if (url.startsWith('/hang')) return void response.on('close', () => left.get(url)?.());
    const finish = (): void => {
      open--;
      if (url.startsWith('/to/')) response.writeHead(302, { location: decodeURIComponent(url.slice(4)) }).end();
      else response.end(`body of ${url}`);
    };
    setTimeout(finish, url.startsWith('/slow') ? 300 : 10);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const SOURCE = [
  'fetch u:t>R t t;get u',
  'both a:t b:t>R t t;x=get! a;y=get! b;~fmt "{} and {}" x y',
  'many us:L t>L (R t t);map (u:t>R t t;get u) us',
  'inner us:L t>n;ls=map (u:t>n;r=get u;?r{~v:len v;^_:0}) us;sum ls',
  'all us:L t>n;rs=get-many us;len rs',
  'nap ms:n>n;sleep ms;sleep ms;ms',
].join('\n');
const program = compile(SOURCE);
const net: RunOptions = {
  limits: { timeout: 60_000 },
  capabilities: { net: { hosts: ['127.0.0.1:*'], allowPrivate: true }, clock: true },
};

async function code(work: Promise<unknown>): Promise<string> {
  try {
    return `gave ${JSON.stringify(await work)}`;
  } catch (error) {
    if (!(error instanceof IloError)) throw error;
    return `${error.code} ${error.place?.line}`;
  }
}

describe('requests of runs that can wait', () => {
  test('are answered by a server of the same thread, wherever they stand', async () => {
    const granted = program.with(net);
    expect(await granted.runAsync('fetch', `${base}/a`)).toEqual({ ok: 'body of /a' });
    expect(await granted.runAsync('both', `${base}/a`, `${base}/b`)).toEqual({ ok: 'body of /a and body of /b' });
    expect(await granted.runAsync('many', [`${base}/1`, `${base}/2`])).toEqual([
      { ok: 'body of /1' },
      { ok: 'body of /2' },
    ]);
    expect(await granted.runAsync('inner', [`${base}/1`, `${base}/22`])).toBe(21);
    expect(await granted.runAsync('all', [`${base}/1`, `${base}/2`, `${base}/3`])).toBe(3);
  });

  test('of many runs are under way at the same time', async () => {
    most = 0;
    const granted = program.with(net);
    const runs = Array.from({ length: 20 }, (_, i) => granted.runAsync('fetch', `${base}/slow${i}`));
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 20 }, (_, i) => ({ ok: `body of /slow${i}` })));
    expect(most).toBeGreaterThan(5);
  });

  test('cost what they cost a run that blocks', async () => {
    const events: number[] = [];
    const one = program.with({ ...net, onTrace: ({ stats }) => events.push(stats.fuel, stats.bytes, stats.hostCalls) });
    await one.runAsync('fetch', `${base}/a`);
    // 1 unit for the call of `fetch`, 10,000 for a request, 1 for up to 16 characters of the body, which has 10.
    expect(events).toEqual([10_002, 20, 1]);
  });

  test('are refused with the place where they stand', async () => {
    expect(await code(program.runAsync('fetch', `${base}/a`))).toBe('ILO-R042 1');
    const closed = program.with({ capabilities: { net: ['127.0.0.1:*'] }, limits: { timeout: 60_000 } });
    expect(await code(closed.runAsync('fetch', `${base}/a`))).toBe('ILO-R042 1');
    const away = `${base}/to/${encodeURIComponent('http://169.254.169.254/')}`;
    expect(await code(program.with(net).runAsync('both', `${base}/a`, away))).toBe('ILO-R042 2');
  });

  test('end with the time of the run and when it is cancelled', async () => {
    const short = program.with({ ...net, limits: { timeout: 50 } });
    expect(await code(short.runAsync('fetch', `${base}/slow`))).toBe('ILO-R044 1');
    const cancel = new AbortController();
    const run = program.with({ ...net, signal: cancel.signal }).runAsync('fetch', `${base}/slow`);
    setTimeout(() => cancel.abort(), 20);
    expect(await code(run)).toBe('ILO-E007 undefined');
  });

  test('are given up when the run has ended', async () => {
    const gone = (path: string) => new Promise<void>(resolve => left.set(path, resolve));
    const late = gone('/hang/late');
    expect(await code(program.with({ ...net, limits: { timeout: 50 } }).runAsync('fetch', `${base}/hang/late`))).toBe(
      'ILO-R044 1',
    );
    await late;
    const cancelled = [gone('/hang/1'), gone('/hang/2')];
    const cancel = new AbortController();
    const urls = [1, 2].map(i => `${base}/hang/${i}`);
    const run = program.with({ ...net, signal: cancel.signal }).runAsync('all', urls);
    setTimeout(() => cancel.abort(), 100);
    expect(await code(run)).toBe('ILO-E007 undefined');
    await Promise.all(cancelled);
  });
});

test('a run that blocks waits no longer than its time, for the network and for time', async () => {
  const elsewhere = await startServer();
  const short = program.with({ ...net, limits: { timeout: 100 } });
  try {
    expect(await code((async () => short.run('nap', 1e12))())).toBe('ILO-R044 6');
    expect(await code((async () => short.run('fetch', `${elsewhere.url}/hang`))())).toBe('ILO-R044 1');
    expect(await code((async () => short.run('all', [`${elsewhere.url}/hang`]))())).toBe('ILO-R044 5');
  } finally {
    elsewhere.stop();
  }
});

test('waiting for time lets others have their turn', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const napping = Array.from({ length: 10 }, () => program.with(net).runAsync('nap', 100));
  expect(await Promise.all(napping)).toEqual(Array.from({ length: 10 }, () => 100));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
  expect(await code(program.runAsync('nap', 1))).toBe('ILO-R042 6');
  const short = program.with({ ...net, limits: { timeout: 50 } });
  expect(await code(short.runAsync('nap', 1e12))).toBe('ILO-R044 6');
});
