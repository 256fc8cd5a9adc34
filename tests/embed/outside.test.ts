// Files and the network of a sandbox, with a real server on loopback and a real directory: what was granted works. What was not, in all its spellings,
// is in outside-hostile.test.ts.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, IloError, type RunOptions } from '../../src/embed/main.ts';
import { allowsUrl, isPublicAddress, patternProblem } from '../../src/runtime/host/http-guard.ts';
import { makeBox, startServer } from './hostile/elsewhere.ts';

const SOURCE = 'rdf p:t>R t t;rd p\nwrf p:t s:t>R t t;wr p s\nfetch u:t>R t t;get u';
const base = compile(SOURCE);

/** The code that a call ends with, or what it gives. */
function outcome(options: RunOptions, name: string, ...args: string[]): unknown {
  try {
    return base.with(options).run(name, ...args);
  } catch (error) {
    if (error instanceof IloError) return error.code;
    throw error;
  }
}

describe('files', () => {
  const { box, inside } = makeBox();
  afterAll(() => rmSync(box, { recursive: true, force: true }));

  test('what is under a granted directory can be read and written', () => {
    const options = { capabilities: { read: [inside], write: [inside] } };
    expect(outcome(options, 'rdf', 'a.txt')).toEqual({ ok: 'alpha' });
    expect(outcome(options, 'rdf', join(inside, 'deep/../a.txt'))).toEqual({ ok: 'alpha' });
    expect(outcome(options, 'rdf', 'good-link.txt')).toEqual({ ok: 'alpha' });
    expect(outcome(options, 'rdf', 'none.txt')).toMatchObject({ err: expect.stringContaining('No such file') });
    expect(outcome(options, 'rdf', 'none/x.txt')).toMatchObject({ err: expect.stringContaining('No such file') });
    expect(outcome(options, 'wrf', 'new.txt', 'fresh')).toMatchObject({ ok: expect.anything() });
    expect(readFileSync(join(inside, 'new.txt'), 'utf8')).toBe('fresh');
  });

  test('reading does not grant writing', () => {
    const options = { capabilities: { read: [inside] } };
    expect(outcome(options, 'wrf', 'a.txt', 'x')).toBe('ILO-R042');
    expect(outcome({ capabilities: { write: [inside] } }, 'rdf', 'a.txt')).toBe('ILO-R042');
  });

  test('a directory is no file, and spellings of the home directory are only names', () => {
    const options = { capabilities: { read: [inside] } };
    expect(outcome(options, 'rdf', 'deep')).toBe('ILO-R042');
    expect(outcome(options, 'rdf', '~/.ssh/id_rsa')).toMatchObject({ err: expect.any(String) });
    expect(outcome(options, 'rdf', 'file:///etc/passwd')).toMatchObject({ err: expect.any(String) });
    expect(outcome(options, 'rdf', '..\\secret.txt')).toMatchObject({ err: expect.any(String) });
    expect(outcome(options, 'rdf', '%2e%2e/secret.txt')).toMatchObject({ err: expect.any(String) });
  });

  test('a grant must be a directory, and the callback may refuse', () => {
    expect(outcome({ capabilities: { read: [join(inside, 'a.txt')] } }, 'rdf', 'a.txt')).toBe('ILO-E002');
    expect(outcome({ capabilities: { read: [join(box, 'nowhere')] } }, 'rdf', 'a.txt')).toBe('ILO-E002');
    const asked: unknown[] = [];
    const onRequest = (request: unknown) => {
      asked.push(request);
      return false;
    };
    expect(outcome({ capabilities: { read: [inside], onRequest } }, 'rdf', 'a.txt')).toBe('ILO-R042');
    expect(asked).toMatchObject([{ kind: 'read', path: expect.stringContaining('a.txt') }]);
  });
});

describe('network', () => {
  let worker: Worker;
  let port: number;
  beforeAll(async () => {
    ({ worker, port } = await startServer());
  });
  afterAll(() => worker.terminate());

  const granted = (more: object = {}): RunOptions => ({
    limits: { timeout: 20_000 },
    capabilities: { net: { hosts: ['127.0.0.1:*', 'localhost:*'], allowPrivate: true, ...more } },
  });

  test('granted hosts answer, also compressed and redirected', () => {
    expect(outcome(granted(), 'fetch', `http://127.0.0.1:${port}/hello`)).toEqual({ ok: 'hello' });
    expect(outcome(granted(), 'fetch', `http://localhost:${port}/zipped`)).toEqual({ ok: 'unzipped' });
    const target = encodeURIComponent(`http://localhost:${port}/hello`);
    expect(outcome(granted(), 'fetch', `http://127.0.0.1:${port}/to/${target}`)).toEqual({ ok: 'hello' });
  });

  test('a body that unpacks beyond the limit, and a server that is slow, are failures', () => {
    expect(outcome(granted({ maxBytes: 100_000 }), 'fetch', `http://127.0.0.1:${port}/bomb/gzip`)).toMatchObject({
      err: expect.stringContaining('larger'),
    });
    expect(outcome(granted({ timeout: 200 }), 'fetch', `http://127.0.0.1:${port}/slow`)).toMatchObject({
      err: expect.stringContaining('timeout'),
    });
  });

  test('names are compared as a URL means them', () => {
    const guard = { hosts: ['api.example.com', '*.trusted.example', 'other.example:8080'], allowPrivate: false };
    const allowed = (url: string) => allowsUrl(guard, new URL(url));
    expect(allowed('https://API.example.com/x')).toBe(true);
    expect(allowed('http://api.example.com./x')).toBe(true);
    expect(allowed('https://a.b.trusted.example/')).toBe(true);
    expect(allowed('http://other.example:8080/')).toBe(true);
    expect(allowed('http://other.example/')).toBe(false);
    expect(patternProblem('http://x.example')).toBeDefined();
    expect(patternProblem('x.example/path')).toBeDefined();
    expect(patternProblem('')).toBeDefined();
    expect(patternProblem('*.x.example:443')).toBe(undefined);
    expect(outcome({ capabilities: { net: ['http://x'] } }, 'fetch', 'http://x/')).toBe('ILO-E002');
  });

  test('addresses that are not the public network', () => {
    const inner = [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '0.0.0.0',
    ];
    const more = [
      '100.64.0.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fc00::1',
      'fe80::1',
      'ff02::1',
    ];
    const mapped = ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:a00:1::', '2001::1', 'fe80::1%eth0'];
    for (const address of [...inner, ...more, ...mapped, 'x', ''])
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    for (const address of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1']) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });
});
