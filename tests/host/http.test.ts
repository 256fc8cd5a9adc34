// HTTP through the synchronous bridge against a real server on loopback, which answers in every wrong way there is.
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/core/host.ts';
import { httpTexts, performSync } from '../../src/runtime/host/http-bridge.ts';
import { HTTP_LIMITS, type HttpLimits } from '../../src/runtime/host/http-protocol.ts';
import { startServer, type TestServer } from './server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

function get(
  path: string,
  options: { timeoutMs?: number; limits?: Partial<HttpLimits>; headers?: [string, string][] } = {},
) {
  return request('GET', path, undefined, options);
}

function request(
  method: 'GET' | 'POST',
  path: string,
  body: string | undefined,
  options: { timeoutMs?: number; limits?: Partial<HttpLimits>; headers?: [string, string][] } = {},
): Outcome<string> {
  const url = path.startsWith('/') ? server.url + path : path;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  return httpTexts(
    [{ method, url, headers: options.headers ?? [], body }],
    10,
    options.timeoutMs ?? 20_000,
    limits,
  )[0]!;
}

function echoed(outcome: Outcome<string>): Record<string, string> {
  if ('err' in outcome) throw new Error(outcome.err);
  return JSON.parse(outcome.ok) as Record<string, string>;
}

/** A port nobody listens on: taken once and let go. */
async function closedPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  await new Promise(resolve => listener.close(resolve));
  return port;
}

describe('answers', () => {
  test('a body, also of an error status, an empty one, and a byte order mark', () => {
    expect(get('/hello')).toEqual({ ok: 'hello' });
    expect(get('/missing')).toEqual({ ok: 'not here' });
    expect(get('/empty')).toEqual({ ok: '' });
    expect(get('/bom')).toEqual({ ok: '\ufeffx' });
  });

  test('gzip is unpacked', () => {
    expect(get('/gzip')).toEqual({ ok: 'unpacked ✓' });
  });

  test('a body longer than its content-length is cut there', () => {
    expect(get('/too-long')).toEqual({ ok: 'ab' });
  });

  test('post sends the body as it is, without a content type of its own', () => {
    const seen = echoed(request('POST', '/echo', 'größe ✓'));
    expect(seen).toMatchObject({ method: 'POST', body: 'größe ✓' });
    expect(seen.type).toBeUndefined();
  });

  test('headers arrive as UTF-8 bytes', () => {
    const seen = echoed(get('/echo', { headers: [['X-Key', 'naïve ✓']] }));
    expect(Buffer.from(seen.key!, 'latin1').toString('utf8')).toBe('naïve ✓');
  });

  test('a name that leads to two addresses', () => {
    expect(get(`http://localhost:${server.port}/hello`)).toEqual({ ok: 'hello' });
  });
});

describe('redirects', () => {
  test('are followed, relative ones too', () => {
    expect(get('/twice')).toEqual({ ok: 'hello' });
  });

  test('307 sends the body again; 303 turns into GET', () => {
    expect(echoed(request('POST', '/again', 'x'))).toMatchObject({ method: 'POST', body: 'x' });
    expect(echoed(request('POST', '/see-other', 'x'))).toMatchObject({ method: 'GET', body: '' });
  });

  test('credentials stay with their origin', () => {
    const headers: [string, string][] = [
      ['Authorization', 'secret'],
      ['X-Key', 'open'],
    ];
    expect(echoed(get('/again', { headers })).authorization).toBe('secret');
    const elsewhere = echoed(get('/to-localhost', { headers }));
    expect(elsewhere.authorization).toBeUndefined();
    expect(elsewhere.key).toBe('open');
  });

  test('for ever, in a circle, to nowhere, and out of HTTP', () => {
    expect(get('/ever')).toEqual({ err: 'too many redirections (over the max)' });
    expect(get('/loop')).toEqual({ err: 'infinite redirection loop detected' });
    expect(get('/nowhere')).toEqual({ err: 'redirection location header missing' });
    expect(get('/to-file')).toEqual({
      err: 'got redirected to an absolute url which does not start with http:// or https://',
    });
  });

  test('the cap counts redirects, not requests', () => {
    expect(get('/twice', { limits: { maxRedirects: 2 } })).toEqual({ ok: 'hello' });
    expect(get('/twice', { limits: { maxRedirects: 1 } })).toEqual({ err: 'too many redirections (over the max)' });
  });
});

describe('no answer', () => {
  test('nobody listens', async () => {
    const port = await closedPort();
    expect(get(`http://127.0.0.1:${port}/`)).toEqual({ err: 'Connection refused (os error 111)' });
    expect(get(`http://localhost:${port}/`)).toEqual({ err: 'Connection refused (os error 111)' });
  });

  test('a name that does not exist', () => {
    const outcome = get('http://no-such-host.invalid/');
    expect('err' in outcome && outcome.err).toMatch(/^failed to lookup address information: /);
  });

  test('a server that hangs or drips runs into the timeout', () => {
    expect(get('/hang', { timeoutMs: 150 })).toEqual({ err: 'the timeout of the request was reached' });
    expect(get('/drip', { timeoutMs: 150 })).toEqual({ err: 'the timeout of the request was reached' });
    expect(get('/hello')).toEqual({ ok: 'hello' });
  });

  test('the connection ends early', () => {
    expect(get('/cut')).toEqual({ err: 'connection closed before the response was complete' });
    expect(get('/close')).toEqual({ err: 'connection closed before the response was complete' });
  });

  test('the answer is not HTTP, or its headers are endless', () => {
    const rubbish = get('/rubbish');
    expect('err' in rubbish && rubbish.err).toMatch(/^malformed response: /);
    expect(get('/fat-headers')).toEqual({ err: 'the headers of the response are too large' });
  });

  test('the body cannot be unpacked or is not text', () => {
    const packed = get('/bad-gzip');
    expect('err' in packed && packed.err).toMatch(/^cannot decompress the response: /);
    expect(get('/latin1')).toEqual({ err: 'response is not valid UTF-8: incomplete utf-8 byte sequence from index 3' });
  });
});

describe('size', () => {
  test('100 MB are refused, and so is a small body that unpacks to 100 MB', () => {
    expect(get('/flood')).toEqual({ err: 'response is larger than 32 MiB' });
    expect(get('/bomb')).toEqual({ err: 'response is larger than 32 MiB' });
  });

  test('the cap is exact', () => {
    expect(get('/one-mib', { limits: { maxBodyBytes: 2 ** 20 } })).toEqual({ ok: 'a'.repeat(2 ** 20) });
    expect(get('/one-mib', { limits: { maxBodyBytes: 2 ** 20 - 1 } })).toEqual({
      err: 'response is larger than 1 MiB',
    });
  });

  test('bodies of one call share a budget', () => {
    const requests = Array.from({ length: 4 }, () => ({
      method: 'GET' as const,
      url: `${server.url}/one-mib`,
      headers: [],
      body: undefined,
    }));
    const outcomes = httpTexts(requests, 1, 20_000, { ...HTTP_LIMITS, maxTotalBytes: 2.5 * 2 ** 20 });
    expect(outcomes.map(outcome => 'ok' in outcome)).toEqual([true, true, false, false]);
    expect(outcomes[3]).toEqual({ err: 'responses are together larger than 2.5 MiB' });
  });
});

describe('what never leaves the machine', () => {
  test.each([
    ['', 'the url does not start with http:// or https://'],
    ['example.org', 'the url does not start with http:// or https://'],
    ['data:text/plain,hi', 'the url does not start with http:// or https://'],
    ['file:///etc/passwd', 'the url does not start with http:// or https://'],
    ['http://', 'invalid url'],
    ['http://a b/', 'invalid url'],
    ['http://127.0.0.1:99999/', 'invalid url'],
    ['http://user:pass@127.0.0.1/', 'a url cannot carry a user name or password; send a header'],
    ['http://127.0.0.1:25/', 'request failed: bad port'],
  ])('%j', (url, err) => {
    expect(httpTexts([{ method: 'GET', url, headers: [], body: undefined }], 1)).toEqual([{ err }]);
  });

  test('headers that are not headers', () => {
    expect(get('/hello', { headers: [['a b', 'x']] })).toEqual({ err: "invalid header name 'a b'" });
    expect(get('/hello', { headers: [['', 'x']] })).toEqual({ err: "invalid header name ''" });
    expect(get('/hello', { headers: [['x', 'a\r\nb: c']] })).toEqual({ err: "invalid value of header 'x'" });
    const refused = get('/hello', { headers: [['transfer-encoding', 'chunked']] });
    expect('err' in refused && refused.err).toMatch(/^request failed: /);
  });
});

describe('many at a time', () => {
  test('keeps the order, at most ten at once, and errors stay where they are', () => {
    const paths = Array.from({ length: 25 }, (_, i) => (i % 10 === 3 ? '/close' : `/parallel?${i}`));
    const requests = paths.map(path => ({
      method: 'GET' as const,
      url: server.url + path,
      headers: [],
      body: undefined,
    }));
    const outcomes = httpTexts(requests, 10);
    outcomes.forEach((outcome, i) => {
      if (i % 10 === 3) expect(outcome).toHaveProperty('err');
      else expect(outcome).toEqual({ ok: `?${i}` });
    });
    const most = get('/most-parallel');
    expect('ok' in most && Number(most.ok)).toBeGreaterThan(1);
    expect('ok' in most && Number(most.ok)).toBeLessThanOrEqual(10);
  });

  test('none at all', () => {
    expect(httpTexts([], 10)).toEqual([]);
  });
});

test('any pieces of HTTP in any order end in a value, one by one', () => {
  const requests = Array.from({ length: 400 }, (_, seed) => ({
    method: 'GET' as const,
    url: `${server.url}/pieces?${seed}`,
    headers: [],
    body: undefined,
  }));
  const outcomes = httpTexts(requests, 10, 100);
  const reasons = new Set(outcomes.map(outcome => ('ok' in outcome ? 'ok' : outcome.err)));
  expect(outcomes).toHaveLength(400);
  expect(reasons).toContain('ok');
  expect(reasons).toContain('the timeout of the request was reached');
  expect(reasons.size).toBeGreaterThan(5);
  expect(reasons).not.toContain('the network thread did not answer');
});

test('the response keeps its status', () => {
  const wire = { method: 'GET', headers: [], body: undefined, timeoutMs: 5000 };
  const [found, missing] = performSync(
    [
      { ...wire, url: `${server.url}/hello` },
      { ...wire, url: `${server.url}/missing` },
    ],
    2,
  );
  expect(found).toMatchObject({ status: 200 });
  expect(missing).toMatchObject({ status: 404 });
});
