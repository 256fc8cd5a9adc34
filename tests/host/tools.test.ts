// External tools: the configuration file, and calls to a real server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTools, makeToolCaller, parseTools } from '../../src/runtime/host/tools.ts';
import { startServer, type TestServer } from './server.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'ilo-tools-'));
});
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the configuration', () => {
  test('is read from a file, with defaults', () => {
    const path = join(folder, 'tools.json');
    writeFileSync(
      path,
      '{"tools":{"a":{"url":"http://x/"},"__proto__":{"url":"http://y/","method":"get","timeout_secs":0.5}}}',
    );
    const tools = loadTools(path);
    if ('err' in tools) throw new Error(tools.err);
    expect(tools.ok.get('a')).toMatchObject({
      url: 'http://x/',
      method: 'POST',
      headers: [],
      timeoutMs: 30_000,
      retries: 0,
    });
    expect(tools.ok.get('__proto__')).toMatchObject({ url: 'http://y/', method: 'GET', timeoutMs: 500 });
  });

  test('names the file in what is wrong', () => {
    expect(loadTools('/no/such.json')).toEqual({
      err: 'failed to read tools config /no/such.json: No such file or directory (os error 2)',
    });
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{"tools":');
    const broken = loadTools(path);
    expect('err' in broken && broken.err).toMatch(/^failed to parse tools config .*broken\.json: /);
  });

  test.each([
    ['[]', 'expected an object'],
    ['{}', 'missing field `tools`, an object with an entry for each tool'],
    ['{"tools":{"a":1}}', "tool 'a': expected an object"],
    ['{"tools":{"a":{}}}', "tool 'a': `url` must be text"],
    ['{"tools":{"a":{"url":"u","method":1}}}', "tool 'a': `method` must be text"],
    ['{"tools":{"a":{"url":"u","headers":{"x":1}}}}', "tool 'a': `headers` must be an object of texts"],
    ['{"tools":{"a":{"url":"u","headers":[]}}}', "tool 'a': `headers` must be an object of texts"],
    ['{"tools":{"a":{"url":"u","timeout_secs":0}}}', "tool 'a': `timeout_secs` must be a number above 0"],
    ['{"tools":{"a":{"url":"u","retries":1.5}}}', "tool 'a': `retries` must be a whole number, 0 or more"],
  ])('%s', (text, err) => {
    expect(parseTools(text)).toEqual({ err });
  });
});

describe('a call', () => {
  function call(endpoint: object, args = '[1,"x"]') {
    const tools = parseTools(JSON.stringify({ tools: { it: endpoint } }));
    if ('err' in tools) throw new Error(tools.err);
    return makeToolCaller(tools.ok)('it', args);
  }

  function echoed(endpoint: object): Record<string, string> {
    const answer = call(endpoint);
    if ('err' in answer) throw new Error(answer.err);
    return JSON.parse(answer.ok) as Record<string, string>;
  }

  test('posts the arguments as JSON, with the headers of the tool', () => {
    const seen = echoed({ url: `${server.url}/echo`, headers: { 'X-Key': 'k' } });
    expect(seen).toMatchObject({ method: 'POST', type: 'application/json', key: 'k', body: '{"args":[1,"x"]}' });
  });

  test('other methods; an unknown one is POST; GET carries the arguments in the query', () => {
    expect(echoed({ url: `${server.url}/echo`, method: 'put' }).method).toBe('PUT');
    expect(echoed({ url: `${server.url}/echo`, method: 'BREW' }).method).toBe('POST');
    const get = echoed({ url: `${server.url}/echo?a=1#end`, method: 'GET' });
    expect(get.url).toBe('/echo?a=1&args=%5B1%2C%22x%22%5D');
  });

  test('an answer without content is null', () => {
    expect(call({ url: `${server.url}/empty` })).toEqual({ ok: 'null' });
  });

  test('another status carries its body', () => {
    expect(call({ url: `${server.url}/missing` })).toEqual({ err: 'HTTP 404 Not Found: not here' });
    expect(call({ url: `${server.url}/json-error` })).toEqual({
      err: 'HTTP 500 Internal Server Error: {"a":[2],"b":1}',
    });
  });

  test('no answer', () => {
    expect(call({ url: `${server.url}/hang`, timeout_secs: 0.1 })).toEqual({ err: "timeout calling tool 'it'" });
    expect(call({ url: 'x' })).toEqual({
      err: "HTTP error calling 'it': the url does not start with http:// or https://",
    });
    expect(makeToolCaller(new Map())('it', '[]')).toEqual({ err: 'tool not configured: it' });
  });

  test('is repeated while there is no answer, as often as the tool allows', () => {
    call({ url: `${server.url}/fail-next` });
    expect(call({ url: `${server.url}/flaky`, retries: 2 })).toEqual({ ok: '[1]' });
    call({ url: `${server.url}/fail-next` });
    expect(call({ url: `${server.url}/flaky`, retries: 1 })).toHaveProperty('err');
  });
});
