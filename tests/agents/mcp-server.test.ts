// `ilo mcp` as a process, asked by the client of the official SDK, and by hand where no client would say such things.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI } from '../cli/spawn.ts';
import { startServer, type TestServer } from '../host/server.ts';
import { file, mcpFile, server } from './files.ts';

type Result = {
  structuredContent?: Record<string, unknown>;
  content: { type: string; text: string }[];
  isError?: boolean;
};

const SECRET = 'planted-secret';
const clients: Client[] = [];
/** All that any server has answered, to look for the secret in. */
let answers = '';

async function connect(...flags: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const env = { ...(process.env as Record<string, string>), ILO_PLANTED_SECRET: SECRET, ILO_SHOWN: 'shown' };
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp', ...flags], env }));
  clients.push(client);
  return client;
}

async function call(client: Client, name: string, args: object): Promise<Result> {
  const result = (await client.callTool({ name, arguments: args as Record<string, unknown> })) as Result;
  answers += JSON.stringify(result);
  return result;
}

const run = async (client: Client, program: string, more: object = {}): Promise<Record<string, unknown>> =>
  (await call(client, 'run', { program, ...more })).structuredContent!;

const code = (ran: Record<string, unknown>): string | undefined =>
  (ran.error as { problems?: { code: string }[] } | undefined)?.problems?.[0]?.code;

let plain: Client;
let http: TestServer;
beforeAll(async () => {
  // On a machine that does much else, a second of wall time is soon over.
  plain = await connect('--timeout', '20000');
  http = await startServer();
});
afterAll(async () => {
  for (const client of clients) await client.close();
  http.stop();
});

test('greets, and lists four tools with their schemas', async () => {
  expect(plain.getServerVersion()).toMatchObject({ name: 'ilo' });
  expect(plain.getInstructions()).toContain('ilo://reference');
  const { tools } = await (await connect()).listTools();
  expect(tools.map(({ name }) => name)).toEqual(['check', 'run', 'explain', 'search_builtins']);
  const limits = (tools[1]!.inputSchema.properties as Record<string, { properties: Record<string, unknown> }>).limits!;
  expect(limits.properties.fuel).toMatchObject({ type: 'integer', minimum: 1, maximum: 100_000_000 });
  expect(limits.properties.timeout).toMatchObject({ maximum: 1000 });
  await plain.ping();
});

test('check', async () => {
  const good = await call(plain, 'check', { program: 'tot p:n q:n>n;*p q\nname>t;"x"' });
  expect(good.structuredContent).toEqual({ ok: true, problems: [], signatures: ['tot p:n q:n>n', 'name>t'] });
  const bad = await call(plain, 'check', { program: 'f>n;1\nf2 x:n>n;*x rate' });
  expect(bad.structuredContent).toMatchObject({
    ok: false,
    problems: [{ severity: 'error', code: 'ILO-T004', line: 2, column: 13 }],
  });
  expect(JSON.parse(bad.content[0]!.text)).toEqual(bad.structuredContent);
});

describe('run', () => {
  test('values of every kind, and what was printed', async () => {
    expect(await run(plain, 'f x:n>n;prnt "hi";*x 2', { args: [21] })).toMatchObject({
      ok: 42,
      output: 'hi\n',
      stats: { hostCalls: 1 },
    });
    expect(await run(plain, 'f xs:L n>L t;map str xs', { args: [[1, 2]] })).toMatchObject({ ok: ['1', '2'] });
    expect(await run(plain, 'type p{x:n;y:t}\nf a:p>t;a.y', { args: [{ x: 1, y: 'why' }] })).toMatchObject({
      ok: 'why',
    });
    expect(await run(plain, 'a>n;1\nb>n;2', { function: 'b' })).toMatchObject({ ok: 2 });
    expect(await run(plain, 'a>n;1\nmain>R n t;~3')).toMatchObject({ ok: 3 });
    expect(await run(plain, 'f>_;nil')).toMatchObject({ ok: null });
  });

  test.each(['tree', 'closure', 'stack', 'vm', 'vm-fresh', 'js', 'jit', 'auto'])('on %s', async engine => {
    expect(await run(plain, 'f n:n>n;<=n 1 1;*n f -n 1', { args: [5], engine })).toMatchObject({ ok: 120 });
  });

  test('errors say what phase they are of', async () => {
    const failed = await call(plain, 'run', { program: 'f>R n t;^"bad"' });
    expect(failed).toMatchObject({ isError: true, structuredContent: { error: { phase: 'program', value: 'bad' } } });
    expect(await run(plain, 'f>n;g()')).toMatchObject({ error: { phase: 'verify', problems: [{ code: 'ILO-T005' }] } });
    expect(await run(plain, 'f>n;(')).toMatchObject({ error: { phase: 'verify' } });
    expect(await run(plain, 'f x:n>n;/1 x', { args: [0] })).toMatchObject({
      error: { phase: 'runtime', problems: [{ code: 'ILO-R003', line: 1 }] },
    });
    expect(await run(plain, 'f>n;1', { function: 'g' })).toMatchObject({
      error: { phase: 'request', problems: [{ code: 'ILO-R012' }] },
    });
    expect(await run(plain, 'f x:n>n;x', { args: ['text'] })).toMatchObject({
      error: { phase: 'request', problems: [{ code: 'ILO-E001' }] },
    });
    expect(await run(plain, 'use "/etc/passwd"\nf>n;1')).toMatchObject({ error: { phase: 'verify' } });
  });

  test('limits hold, and no request can raise them', async () => {
    expect(code(await run(plain, 'f>n;wh true{1};2', { limits: { fuel: 1000 } }))).toBe('ILO-R043');
    expect(code(await run(plain, 'f>n;wh true{1};2', { limits: { timeout: 50 } }))).toBe('ILO-R044');
    expect(code(await run(plain, 'f n:n>n;+1 f n', { args: [1] }))).toBe('ILO-R040');
    expect(code(await run(plain, 'f>n;xs=[1];wh true{xs=+xs xs};1', { limits: { alloc: 100_000 } }))).toBe('ILO-R045');
    expect(code(await run(plain, 'f>n;wh true{prnt "x"};1', { limits: { output: 100 } }))).toBe('ILO-R046');
    for (const limits of [{ fuel: 1e12 }, { fuel: 0 }, { fuel: 1.5 }, { fule: 1 }, 7, []]) {
      expect([limits, code(await run(plain, 'f>n;1', { limits }))]).toEqual([limits, 'ILO-E002']);
    }
    const small = await connect('--fuel', '50');
    expect(code(await run(small, 'f>n;wh true{1};2'))).toBe('ILO-R043');
    expect(code(await run(small, 'f>n;1', { limits: { fuel: 51 } }))).toBe('ILO-E002');
  });

  test('arguments that make no sense are results that a model can read', async () => {
    const wrong: object[] = [{}, { program: 7 }, { program: 'f>n;1', args: 'x' }, { program: 'f>n;1', more: 1 }];
    wrong.push(
      { program: 'f>n;1', engine: 'fast' },
      { program: 'f>n;1', function: 1 },
      { program: 'x'.repeat(300_000) },
    );
    for (const args of wrong) {
      const result = await call(plain, 'run', args);
      expect(result.isError).toBe(true);
      expect(code(result.structuredContent!)).toBe('ILO-E002');
    }
    await expect(plain.callTool({ name: 'nothing', arguments: {} })).rejects.toThrow("there is no tool 'nothing'");
    await expect(plain.callTool({ name: 'toString', arguments: {} })).rejects.toThrow('there is no tool');
  });

  test('many at once, none holds up another, and a cancelled one is forgotten', async () => {
    const controller = new AbortController();
    const slow = plain.callTool({ name: 'run', arguments: { program: 'f>n;wh true{1};2' } }, undefined, {
      signal: controller.signal,
    });
    const quick = await Promise.all([1, 2, 3, 4, 5, 6].map(n => run(plain, 'f x:n>n;*x 2', { args: [n] })));
    expect(quick.map(({ ok }) => ok)).toEqual([2, 4, 6, 8, 10, 12]);
    controller.abort();
    await expect(slow).rejects.toThrow();
    expect(await run(plain, 'f>n;7')).toMatchObject({ ok: 7 });
  });
});

test('programs reach nothing but what flags allow', async () => {
  const readable = file('readable.txt', 'contents');
  const programs = {
    read: `f>R t t;rd ${JSON.stringify(readable)}`,
    write: `f>R t t;wr ${JSON.stringify(readable)} "new"`,
    net: `f>R t t;get "${http.url}/hello"`,
    env: 'f>R t t;env "ILO_PLANTED_SECRET"',
    clock: 'f>n;now()',
    random: 'f>n;rnd()',
  };
  for (const [name, program] of Object.entries(programs)) {
    expect([name, code(await run(plain, program))]).toEqual([name, 'ILO-R042']);
  }
  const folder = readable.slice(0, readable.lastIndexOf('/'));
  const host = new URL(http.url).host;
  const allowed = await connect(
    ...['--allow-read', folder, '--allow-net', host, '--allow-private', '--allow-env', 'ILO_SHOWN,ILO_OTHER'],
    ...['--allow-clock', '--allow-random'],
  );
  expect(await run(allowed, programs.read)).toMatchObject({ ok: 'contents' });
  expect(code(await run(allowed, programs.write))).toBe('ILO-R042');
  expect(await run(allowed, programs.net)).toMatchObject({ output: '' });
  expect(code(await run(allowed, programs.net))).toBeUndefined();
  expect(await run(allowed, 'f>R t t;env "ILO_SHOWN"')).toMatchObject({ ok: 'shown' });
  expect(await run(allowed, programs.env)).toHaveProperty('error');
  expect(await run(allowed, programs.clock)).toHaveProperty('ok');
  writeFileSync(readable, 'changed');
  expect(await run(allowed, programs.read)).toMatchObject({ ok: 'changed' });
});

test('explain and search_builtins', async () => {
  const page = await call(plain, 'explain', { subject: 't4' });
  expect(page.content[0]!.text).toContain('error[ILO-T004]');
  expect((await call(plain, 'explain', { subject: 'f x:n>n;*x 2' })).content[0]!.text).toContain('return');
  expect(await call(plain, 'explain', { subject: 'x999' })).toMatchObject({ isError: true });
  expect((await call(plain, 'explain', { subject: 'f>n;(' })).content[0]!.text).toContain('ILO-P');
  const first = async (query: string): Promise<unknown> => {
    const found = (await call(plain, 'search_builtins', { query })).structuredContent as {
      builtins: { name: string }[];
    };
    return found.builtins[0]?.name;
  };
  expect(await first('sort')).toBe('srt');
  expect(await first('srt')).toBe('srt');
  expect(await first('parse json')).toBe('jpar');
  expect(await first('zzzz')).toBeUndefined();
  const all = (await call(plain, 'search_builtins', { query: '' })).structuredContent as { builtins: unknown[] };
  expect(all.builtins.length).toBeGreaterThan(100);
});

test('resources: the reference that a model needs', async () => {
  const { resources } = await plain.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual(['ilo://reference', 'ilo://language']);
  for (const { uri } of resources) {
    const { contents } = await plain.readResource({ uri });
    expect((contents[0] as { text: string }).text.length).toBeGreaterThan(5000);
  }
  await expect(plain.readResource({ uri: 'file:///etc/passwd' })).rejects.toThrow('there is no resource');
});

test('tools of other servers and over HTTP, for the programs of a model', async () => {
  const tools = file('both.json', { tools: { echo: { url: `${http.url}/echo`, signature: 'x:n>R _ t' } } });
  const both = await connect('--mcp', mcpFile({ off: server('official') }), '--tools', tools);
  expect(await run(both, 'f>R t t;u=get-user! 7 nil;w=forecast! "Bergen";s=fmt "{} {}" u w.sky;~s')).toMatchObject({
    ok: 'user 7 en rain',
  });
  expect(await run(both, 'f>R t t;fails()')).toMatchObject({ error: { phase: 'program', value: 'it is broken' } });
  expect(await run(both, 'f>R _ t;r=echo! 7;~r.body')).toMatchObject({ ok: '{"args":[7]}' });
  const check = await call(both, 'check', { program: 'f>R t t;get-user "x" nil' });
  expect(check.structuredContent).toMatchObject({ ok: false, problems: [{ code: 'ILO-T007' }] });
  expect(code(await run(both, 'f>R t t;slow 60000', { limits: { timeout: 300 } }))).toBe('ILO-R044');
});

test('no secret has shown', () => {
  expect(answers.length).toBeGreaterThan(5000);
  expect(answers).not.toContain(SECRET);
});

/** Sends lines as they are and gives the answers. */
function speak(
  input: Iterable<string | Buffer>,
): Promise<{ id?: unknown; error?: { code: number }; result?: unknown }[]> {
  const child = spawn(process.execPath, [CLI, 'mcp'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stdin.on('error', () => {});
  void (async () => {
    for (const part of input)
      if (!child.stdin.write(part)) await new Promise(resolve => child.stdin.once('drain', resolve));
    child.stdin.end();
  })();
  return new Promise(resolve => {
    child.on('close', exitCode => {
      expect(exitCode).toBe(0);
      resolve(
        out
          .split('\n')
          .filter(line => line !== '')
          .map(line => JSON.parse(line) as object),
      );
    });
  });
}

test('what comes in broken is answered, and the next request is right', async () => {
  const ping = '{"jsonrpc":"2.0","id":"last","method":"ping"}\n';
  const broken = [
    ['nonsense', -32700],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"', -32700],
    ['[]', -32600],
    ['null', -32600],
    ['7', -32600],
    ['{}', -32600],
    ['{"id":1,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', -32602],
  ] as const;
  const quiet = ['', '   ', '{"jsonrpc":"2.0","id":1,"result":{}}', '{"jsonrpc":"2.0","method":"notifications/never"}'];
  const input = [...broken.map(([line]) => line), ...quiet].map(line => `${line}\n`);
  const replies = await speak([...input, ping]);
  expect(replies).toHaveLength(broken.length + 1);
  const codes = replies.flatMap(({ error }) => error?.code ?? []);
  expect([...codes].sort()).toEqual(broken.map(([, expected]) => expected).sort());
  expect(replies).toContainEqual({ jsonrpc: '2.0', id: 'last', result: {} });
});

test('half a message at the end, and a line of a gigabyte', async () => {
  const half = await speak(['{"jsonrpc":"2.0","id":1,"method":"ping"}\n', '{"jsonrpc":"2.0","id":2,']);
  expect(half).toMatchObject([{ id: 1, result: {} }, { error: { code: -32700 } }]);
  const part = Buffer.alloc(8 * 1024 * 1024, 'x');
  function* parts(): Generator<string | Buffer> {
    for (let i = 0; i < 128; i++) yield part;
    yield '\n{"jsonrpc":"2.0","id":3,"method":"ping"}\n';
  }
  expect(await speak(parts())).toMatchObject([{ error: { code: -32700 } }, { id: 3, result: {} }]);
});
