// Files and the network of a sandbox, with a real server on loopback and a real directory: what was granted works, and every spelling of
// everything else is refused with ILO-R042.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, IloError, type RunOptions } from '../../src/embed/main.ts';
import { allowsUrl, isPublicAddress, patternProblem } from '../../src/runtime/host/http-guard.ts';

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
  let box: string;
  let inside: string;
  beforeAll(() => {
    box = mkdtempSync(join(tmpdir(), 'ilo-sandbox-'));
    inside = join(box, 'data');
    mkdirSync(join(inside, 'deep'), { recursive: true });
    mkdirSync(join(box, 'data-secret'));
    writeFileSync(join(inside, 'a.txt'), 'alpha');
    writeFileSync(join(inside, 'deep', 'b.txt'), 'beta');
    writeFileSync(join(box, 'secret.txt'), 'secret');
    writeFileSync(join(box, 'data-secret', 'c.txt'), 'secret');
    symlinkSync(join(box, 'secret.txt'), join(inside, 'link.txt'));
    symlinkSync(box, join(inside, 'up'));
    symlinkSync(join(box, 'not-yet.txt'), join(inside, 'dangling.txt'));
    symlinkSync(join(inside, 'a.txt'), join(inside, 'good-link.txt'));
  });
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

  test('every way out is refused', () => {
    const options = { capabilities: { read: [inside], write: [inside] } };
    const ways = [
      '..',
      '../secret.txt',
      'deep/../../secret.txt',
      './././../secret.txt',
      '..//secret.txt',
      'link.txt',
      'up/secret.txt',
      'dangling.txt',
      join(box, 'secret.txt'),
      join(box, 'data-secret/c.txt'),
      `${inside}-secret/c.txt`,
      `${inside}/../secret.txt`,
      `${inside}/deep/../../secret.txt`,
      'a.txt\0',
      'a.txt\0.png',
      '',
      '/',
      '/etc/passwd',
      '//etc/passwd',
      '/proc/self/environ',
      '/proc/self/root/etc/passwd',
      '/proc/self/cwd/package.json',
      '/dev/zero',
      '/dev/stdin',
      '/dev/fd/0',
      '/dev/null',
      '/./etc/../etc/passwd',
      '../../../../../../../../../../etc/passwd',
      'up/up/../secret.txt',
      'up/data/../secret.txt',
      'up/data/up/secret.txt',
      'up//secret.txt',
      'up/./secret.txt',
      'up/',
      './..',
      './../',
      'deep/..//../secret.txt',
      'deep/./../../secret.txt',
      'deep/../../data-secret/c.txt',
      'deep/../up/secret.txt',
      'none/../../secret.txt',
      'none/none/../../../secret.txt',
      '././../data-secret/c.txt',
      '../data-secret/c.txt',
      '../data/../secret.txt',
      '../data/link.txt',
      './link.txt',
      'deep/../link.txt',
      'dangling.txt/x',
      `${inside}/./../secret.txt`,
      `${inside}//../secret.txt`,
      `${inside}/up/secret.txt`,
      `${inside}/link.txt`,
      `//${inside}/../secret.txt`,
      `${inside}/../data-secret/c.txt`,
      `${inside}/../`,
      `/..${join(box, 'secret.txt')}`,
      `/proc/self/root${join(box, 'secret.txt')}`,
      `/proc/self/root/../..${join(box, 'secret.txt')}`,
      '\0',
      '\0a.txt',
      '../secret.txt\0a.txt',
      '/etc/passwd\0.txt',
      '/etc/./passwd',
      '/etc//passwd',
      '/ETC/../etc/passwd',
      '/proc/1/environ',
      '/proc/thread-self/environ',
      '/proc/self/fd/0',
      '/proc/self/maps',
      '/dev/stdout',
      '/dev/random',
      '/dev/tty',
      '/sys/kernel/notes',
    ];
    expect(ways.length).toBeGreaterThanOrEqual(60);
    for (const way of ways) {
      expect([way, outcome(options, 'rdf', way)]).toEqual([way, 'ILO-R042']);
      if (!/^\/(proc|dev|sys)/.test(way)) {
        expect([way, outcome(options, 'wrf', way, 'x')]).toEqual([way, 'ILO-R042']);
      }
    }
    expect(readFileSync(join(box, 'secret.txt'), 'utf8')).toBe('secret');
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

// The server runs in a thread of its own: the program blocks this one while it waits.
const SERVER = `
const { createServer } = require('node:http');
const { gzipSync } = require('node:zlib');
const { parentPort } = require('node:worker_threads');
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
const server = createServer((request, response) => {
  const { port } = server.address();
  if (request.url === '/hello') return response.end('hello');
  if (request.url === '/zipped') return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unzipped'));
  if (request.url === '/bomb') return response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  if (request.url === '/slow') return void setTimeout(() => response.end('late'), 10000);
  if (request.url.startsWith('/to/')) return response.writeHead(302, { location: decodeURIComponent(request.url.slice(4)) }).end();
  response.writeHead(404).end('none');
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

describe('network', () => {
  let worker: Worker;
  let port: number;
  beforeAll(async () => {
    worker = new Worker(SERVER, { eval: true });
    port = await new Promise(resolve => worker.once('message', resolve));
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
    expect(outcome(granted({ maxBytes: 100_000 }), 'fetch', `http://127.0.0.1:${port}/bomb`)).toMatchObject({
      err: expect.stringContaining('larger'),
    });
    expect(outcome(granted({ timeout: 200 }), 'fetch', `http://127.0.0.1:${port}/slow`)).toMatchObject({
      err: expect.stringContaining('timeout'),
    });
  });

  test('private addresses are refused by name, by number and by redirect', () => {
    const closed: RunOptions = { capabilities: { net: ['localhost:*', '127.0.0.1:*', 'example.com'] } };
    expect(outcome(closed, 'fetch', `http://localhost:${port}/hello`)).toBe('ILO-R042');
    expect(outcome(closed, 'fetch', `http://127.0.0.1:${port}/hello`)).toBe('ILO-R042');
    const only: RunOptions = { capabilities: { net: { hosts: [`127.0.0.1:${port}`], allowPrivate: true } } };
    const away = encodeURIComponent('http://169.254.169.254/latest/meta-data');
    expect(outcome(only, 'fetch', `http://127.0.0.1:${port}/to/${away}`)).toBe('ILO-R042');
    const other = encodeURIComponent(`http://localhost:${port}/hello`);
    expect(outcome(only, 'fetch', `http://127.0.0.1:${port}/to/${other}`)).toBe('ILO-R042');
    // The second of two redirects.
    const twice = encodeURIComponent(`http://127.0.0.1:${port}/to/${away}`);
    expect(outcome(only, 'fetch', `http://127.0.0.1:${port}/to/${twice}`)).toBe('ILO-R042');
  });

  test('every spelling of somewhere else is refused', () => {
    const options: RunOptions = {
      capabilities: { net: { hosts: ['api.example.com', '*.trusted.example'], allowPrivate: true } },
    };
    const spellings = [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://0177.0.0.1/',
      'http://127.1/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://0/',
      'http://localhost/',
      'http://localhost./',
      'http://LOCALHOST/',
      'http://169.254.169.254/',
      'http://api.example.com.evil.example/',
      'http://api.example.com@evil.example/',
      'http://evil.example/api.example.com',
      'http://evil.example#api.example.com',
      'http://evil.example?api.example.com',
      'http://evil.example\\@api.example.com/',
      'http://xapi.example.com/',
      'http://trusted.example/',
      'http://trusted.example.evil/',
      'http://eviltrusted.example/',
      'http://api.example.com:22/',
      'https://api.example.com:8443/',
      'ftp://api.example.com/',
      'file:///etc/passwd',
      'data:text/plain,x',
      'javascript:1',
      '//api.example.com/',
      'api.example.com',
      '',
      'http://',
      'http:///',
      'http://[',
      'http://%31%32%37.0.0.1/',
      'http://①②⑦.0.0.1/',
      'http://example.com/',
      'http://127.0.0.1:80/',
      'http://127.000.000.001/',
      'http://0x7f.0.0.1/',
      'http://0x7f.1/',
      'http://017700000001/',
      'http://127.0.0.1.nip.example/',
      'http://[::]/',
      'http://[0:0:0:0:0:0:0:1]/',
      'http://[::ffff:7f00:1]/',
      'http://[::127.0.0.1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[fe80::1]/',
      'http://[fc00::1]/',
      'http://[fe80::1%25eth0]/',
      'http://10.0.0.1/',
      'http://172.16.0.1/',
      'http://192.168.0.1/',
      'http://100.64.0.1/',
      'http://metadata.google.internal/',
      'http://api.example.com%2eevil.example/',
      'http://api.example.com%00.evil.example/',
      'http://api.example.com:80@evil.example/',
      'http://api.example.com\t.evil.example/',
      'http://evil.example/?u=http://api.example.com/',
      'http://evil.example;api.example.com/',
      'http://api.example.com:0/',
      'http://api.example.com:65536/',
      'http://-api.example.com/',
      'http://.api.example.com/',
      'http://api..example.com/',
      'http://trusted.example./',
      'http://.trusted.example/',
      'ws://api.example.com/',
      'gopher://api.example.com/',
      'jar:http://api.example.com/!/',
      'blob:http://api.example.com/x',
      'about:blank',
      ' ',
      'http:',
    ];
    expect(spellings.length).toBeGreaterThanOrEqual(60);
    for (const url of spellings) expect([url, outcome(options, 'fetch', url)]).toEqual([url, 'ILO-R042']);
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
