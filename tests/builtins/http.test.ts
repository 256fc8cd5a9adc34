// The HTTP builtins: what they ask of the host, what they make of its answers, and one round trip over loopback.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host, HttpRequest, Outcome } from '../../src/core/host.ts';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import type { Value } from '../../src/core/value/value.ts';
import { HTTP_BUILTINS } from '../../src/lang/ilo/builtins/http.ts';
import { createNodeHost } from '../../src/runtime/host/node-host.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { startServer, type TestServer } from '../host/server.ts';
import { callWithHost, faultOf } from './with-host.ts';

const list = (...items: Value[]) => new List(items);
const map = (entries: Record<string, Value>) => new MapValue(new Map(Object.entries(entries)));

/** A host that answers with the URL and writes down what it was asked. */
function listening() {
  const asked: { requests: readonly HttpRequest[]; parallel: number }[] = [];
  const host: Host = {
    ...createVirtualHost(),
    http: (requests, parallel) => {
      asked.push({ requests, parallel });
      return requests.map((request): Outcome<string> => (request.url === 'bad' ? { err: 'no' } : { ok: request.url }));
    },
  };
  return { asked, show: (name: string, ...args: Value[]) => callWithHost(HTTP_BUILTINS, host, name, ...args).shown };
}

describe('requests', () => {
  test('get and post, with and without headers', () => {
    const { asked, show } = listening();
    expect(show('get', 'u')).toBe('~u');
    expect(show('get', 'bad')).toBe('^no');
    show('get', 'u', map({ b: '2', a: 'ü' }));
    show('post', 'u', 'body');
    show('post', 'u', '', map({ n: 1.5 }));
    expect(asked.map(({ requests }) => requests[0])).toEqual([
      { method: 'GET', url: 'u', headers: [], body: undefined },
      { method: 'GET', url: 'bad', headers: [], body: undefined },
      {
        method: 'GET',
        url: 'u',
        headers: [
          ['a', 'ü'],
          ['b', '2'],
        ],
        body: undefined,
      },
      { method: 'POST', url: 'u', headers: [], body: 'body' },
      { method: 'POST', url: 'u', headers: [['n', '1.5']], body: '' },
    ]);
  });

  test('get-many asks once, for ten at a time, and keeps errors in their places', () => {
    const { asked, show } = listening();
    expect(show('get-many', list('a', 'bad', 'c'))).toBe('[~a, ^no, ~c]');
    expect(asked).toHaveLength(1);
    expect(asked[0]!.parallel).toBe(10);
    expect(show('get-many', list())).toBe('[]');
  });

  test.each([
    ['get', [1]],
    ['get', ['u', 'h']],
    ['post', ['u', 1]],
    ['post', [null, 'b']],
    ['post', ['u', 'b', list()]],
    ['get-many', ['u']],
  ] as [string, Value[]][])('%s refuses %j', (name, args) => {
    const { asked, show } = listening();
    expect(faultOf(() => show(name, ...args))).toMatch(/^ILO-R009 /);
    expect(asked).toEqual([]);
  });

  test('get-many names the element that is no text', () => {
    expect(faultOf(() => listening().show('get-many', list('u', 2)))).toMatch(
      /^ILO-R009 get-many: url 1 must be text, got number 2/,
    );
  });

  test('a body is charged', () => {
    const host: Host = { ...createVirtualHost(), http: () => [{ ok: 'x'.repeat(1000) }] };
    expect(callWithHost(HTTP_BUILTINS, host, 'get', 'u').charged.bytes).toBeGreaterThanOrEqual(1000);
  });
});

describe('over loopback', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());
  const show = (name: string, ...args: Value[]): string =>
    callWithHost(HTTP_BUILTINS, createNodeHost({ httpTimeoutMs: 200 }), name, ...args).shown;

  test('every way a request can end is a value', () => {
    expect(show('get', `${server.url}/hello`)).toBe('~hello');
    expect(show('get', `${server.url}/missing`)).toBe('~not here');
    expect(show('get', `${server.url}/hang`)).toBe('^the timeout of the request was reached');
    expect(show('get', `${server.url}/echo`, map({ 'bad name': 'x' }))).toBe("^invalid header name 'bad name'");
    expect(show('post', `${server.url}/echo`, 'hi', map({ 'x-key': 'k' }))).toBe(
      '~{"method":"POST","url":"/echo","key":"k","body":"hi"}',
    );
    const [hello, cut] = [`${server.url}/hello`, `${server.url}/cut`];
    expect(show('get-many', list(hello, cut, 'nonsense'))).toBe(
      '[~hello, ^connection closed before the response was complete, ^the url does not start with http:// or https://]',
    );
  });
});
