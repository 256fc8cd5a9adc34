// Programs that use tools of MCP servers: real servers, made with the official SDK, over both transports, in every command that takes them.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI, ilo } from '../cli/spawn.ts';
import { startServer, type TestServer } from '../host/server.ts';
import { file, mcpFile, server, startHttp } from './files.ts';

const SECRET = { ILO_PLANTED_SECRET: 'planted-secret' };
const official = mcpFile({ off: server('official', [], { env: { GIVEN: '${ILO_GIVEN:-by default}' } }) });

let http: TestServer;
beforeAll(async () => {
  http = await startServer();
});
afterAll(() => http.stop());

test('calls of every kind, typed', () => {
  const program = `f>R t t
  w=forecast! "Bergen"
  prnt w.sky
  prnt w.degrees
  prnt (add-all [1,2,3])
  prnt (fails())
  prnt (off-sort "cab")
  prnt (get-user 7 nil)
  get-user 8 "de"`;
  const { code, out, err } = ilo(['--mcp', official, program]);
  expect(err).toBe('');
  expect(out).toBe('rain\n7\n~6\n^it is broken\n~abc\n~user 7 en\nuser 8 de\n');
  expect(code).toBe(0);
});

test('signatures are verified before anything runs', () => {
  const wrong = [
    ['f>R t t;get-user "x" nil', 'ILO-T007'],
    ['f>R t t;get-user 1', 'ILO-T006'],
    ['f>R t t;w=forecast! "x";prnt w.skky;~"x"', 'ILO-T019'],
    ['f>R t t;no-such-tool 1', 'ILO-T005'],
    ['tool get-user"mine" id:t>R t t\nf>R t t;get-user "x"', 'ILO-C006'],
  ] as const;
  for (const [program, code] of wrong) {
    const ran = ilo(['check', '--mcp', official, program]);
    expect([program, ran.code, ran.out]).toEqual([program, 2, '']);
    expect(ran.err).toContain(code);
  }
  // What a program declares as it is, or as any, is fine; its own functions come before tools.
  const fine = 'tool get-user"mine" id:n lang:O t>R _ t\nslow x:n>n;+x 1\nf>n;slow 1';
  expect(ilo(['--mcp', official, fine, 'f'])).toMatchObject({ code: 0, out: '2\n' });
});

test('a server gets the environment that the configuration names, and no secret shows anywhere', () => {
  const { out, err } = ilo(['--mcp', official, 'f>R t t;environment()'], { env: SECRET });
  const environment = JSON.parse(out) as Record<string, string>;
  expect(Object.keys(environment).sort()).toEqual(['GIVEN', 'PATH']);
  expect(environment.GIVEN).toBe('by default');
  expect(out + err).not.toContain(SECRET.ILO_PLANTED_SECRET);
  const given = ilo(['--mcp', official, 'f>R t t;environment()'], { env: { ILO_GIVEN: 'from outside' } });
  expect(JSON.parse(given.out)).toMatchObject({ GIVEN: 'from outside' });
});

test('every engine gives the same', () => {
  for (const engine of ['tree', 'closure', 'stack', 'vm', 'vm-fresh', 'js', 'jit']) {
    const ran = ilo([
      '--engine',
      engine,
      '--mcp',
      official,
      'f>R t t;w=forecast! "Oslo";s=fmt "{} {}" w.sky w.degrees;~s',
    ]);
    expect([engine, ran.out, ran.err]).toEqual([engine, 'sun 7\n', '']);
  }
});

test('time limits hold while a tool is waited for', () => {
  const limited = ilo(['--mcp', official, '--timeout', '300', 'f>R t t;slow 20000']);
  expect(limited.code).toBe(1);
  expect(JSON.parse(limited.err)).toMatchObject({ code: 'ILO-R044' });
  const own = 'tool slow"waits" ms:n>R t t timeout:0.2\nf>R t t;slow 20000';
  expect(ilo(['--mcp', official, own])).toMatchObject({
    code: 1,
    err: "^MCP server 'off' did not answer in time\n",
  });
  const short = mcpFile({ off: server('official', [], { timeout_secs: 0.2 }) });
  expect(ilo(['--mcp', short, 'f>R t t;slow 20000']).err).toBe("^MCP server 'off' did not answer in time\n");
});

describe('over streamable HTTP', () => {
  test.each([['events'], ['--json']])('%s', async flag => {
    const { url, stop } = await startHttp(flag);
    try {
      const config = mcpFile({ web: { url } });
      const ran = ilo(['--mcp', config, 'f>R t t;w=forecast! "Bergen";prnt w.sky;prnt (fails());get-user 7 nil']);
      expect(ran).toMatchObject({ code: 0, out: 'rain\n^it is broken\nuser 7 en\n', err: '' });
    } finally {
      stop();
    }
  });

  test('a server that is not there, or is no MCP server', () => {
    const wrong = [
      [{ url: 'http://127.0.0.1:2/mcp' }, /^MCP server 'web' cannot be reached: .*refused/],
      [{ url: `${http.url}/missing` }, /^MCP server 'web' answered with HTTP status 404$/],
      [{ url: `${http.url}/echo` }, /^MCP server 'web' has not answered$/],
    ] as const;
    for (const [entry, message] of wrong) {
      const ran = ilo(['tools', '--mcp', mcpFile({ web: { ...entry, start_secs: 5 } })]);
      expect(ran.code).toBe(2);
      expect(JSON.parse(ran.err)).toMatchObject({
        code: 'ILO-C005',
        message: expect.stringMatching(message) as string,
      });
    }
  });
});

describe('ilo tools', () => {
  const tools = (): string =>
    file('tools.json', {
      tools: {
        plain: { url: `${http.url}/echo` },
        typed: { url: `${http.url}/echo`, description: 'Echoes', signature: 'x:n>R _ t' },
      },
    });

  test('lists names, signatures and where they are from', () => {
    const { out } = ilo(['tools', '--mcp', official, '--tools', tools()]);
    const lines = out.split('\n').map(line => line.replace(/ +/g, ' '));
    expect(lines[0]).toBe('plain (over HTTP, no signature) http');
    expect(lines[1]).toBe('typed x:n>R _ t http Echoes');
    expect(lines).toContain('get-user id:n lang:O t>R t t off: get_user Reads a "user".');
    expect(lines).toContain('off-sort text:t>R t t off: sort');
  });

  test('as JSON, as declarations that check, and as a graph', () => {
    const json = JSON.parse(ilo(['tools', '--mcp', official, '--json']).out) as Record<string, unknown>[];
    expect(json[0]).toEqual({
      name: 'get-user',
      source: 'mcp',
      server: 'off',
      tool: 'get_user',
      description: 'Reads a "user".\nBy id.',
      params: [
        { name: 'id', type: 'n' },
        { name: 'lang', type: 'O t' },
      ],
      return: 'R t t',
      declaration: 'tool get-user"Reads a \\"user\\". By id." id:n lang:O t>R t t',
    });
    const { out } = ilo(['tools', '--mcp', official, '--tools', tools(), '--ilo']);
    expect(ilo(['check', `${out}main>n;1`])).toMatchObject({ code: 0, err: '' });
    expect(ilo(['check', '--mcp', official, '--tools', tools(), `${out}main>n;1`])).toMatchObject({ code: 0, err: '' });
    expect(ilo(['tools', '--mcp', official, '--graph']).out).toContain('get-user     -> forecast, off-sort');
  });

  test('what is wrong with the command line or a file', () => {
    expect(ilo(['tools'])).toMatchObject({ code: 2 });
    expect(ilo(['tools', '--mcp', official, '--json', '--ilo'])).toMatchObject({ code: 2 });
    const cases = [
      ['nothing', 'expected an object', '7'],
      ['no servers', 'missing field `mcpServers`', '{}'],
      ['half', 'JSON', '{"mcpServers":'],
      ['entry', "server 'a': expected an object", '{"mcpServers":{"a":7}}'],
      ['command', "server 'a': `command` or `url` must be text", '{"mcpServers":{"a":{}}}'],
      ['args', "server 'a': `args` must be a list of texts", '{"mcpServers":{"a":{"command":"x","args":[1]}}}'],
      ['env', "server 'a': `env` must be an object of texts", '{"mcpServers":{"a":{"command":"x","env":{"A":1}}}}'],
      ['seconds', "server 'a': `timeout_secs` must be", '{"mcpServers":{"a":{"command":"x","timeout_secs":-1}}}'],
      ['variable', 'has no variable ILO_MISSING', '{"mcpServers":{"a":{"command":"x","args":["${ILO_MISSING}"]}}}'],
      ['url', '`url` must be an http or https address', '{"mcpServers":{"a":{"url":"file:///etc/passwd"}}}'],
    ];
    for (const [name, message, text] of cases) {
      const ran = ilo(['tools', '--mcp', file(`${name}.json`, text!)]);
      expect([name, ran.code]).toEqual([name, 2]);
      expect(JSON.parse(ran.err)).toMatchObject({
        code: 'ILO-C004',
        message: expect.stringContaining(message!) as string,
      });
    }
    const missing = ilo(['--mcp', '/no/such.json', 'f>n;1']);
    expect(JSON.parse(missing.err)).toMatchObject({ code: 'ILO-C004' });
    const signature = file('signature.json', { tools: { a: { url: 'http://x/', signature: 'nonsense' } } });
    expect(JSON.parse(ilo(['tools', '--tools', signature]).err)).toMatchObject({ code: 'ILO-C004' });
  });
});

test('tools over HTTP: a signature declares them, retries and timeouts of the declaration count', () => {
  const tools = file('http.json', {
    tools: {
      echo: { url: `${http.url}/echo`, signature: 'x:n>R _ t' },
      gone: { url: 'http://127.0.0.1:2/', retries: 0 },
    },
  });
  expect(ilo(['--tools', tools, 'f>R _ t;r=echo! 7;~r.body'])).toMatchObject({ code: 0, out: '{"args":[7]}\n' });
  expect(ilo(['check', '--tools', tools, 'f>R _ t;echo "x"']).err).toContain('ILO-T007');
  const gone = 'tool gone"is not there" x:n>R _ t timeout:1,retry:2\nf>R _ t;gone 1';
  expect(ilo(['--tools', tools, gone]).err).toMatch(/^\^HTTP error calling 'gone'/);
  expect(ilo(['--tools', tools, '--mcp', official, 'f>R _ t;r=echo! 7;prnt r.body;get-user 1 nil']).out).toBe(
    '{"args":[7]}\nuser 1 en\n',
  );
});

test('in serv, all threads ask the same servers, side by side', () => {
  const program = 'f ms:n>R t t;slow ms';
  const requests = [
    { id: 1, program, args: ['1500'] },
    { id: 2, program, args: ['1'] },
    { id: 3, program: 'f>R t t;get-user 3 nil' },
    { id: 4, program: 'f>R t t;get-user "x" nil' },
    { id: 5, program, args: ['60000'], limits: { timeout: 300 } },
  ];
  const input = requests.map(request => `${JSON.stringify(request)}\n`).join('');
  const { stdout, status } = spawnSync(process.execPath, [CLI, 'serv', '--mcp', official, '--jobs', '4'], {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...SECRET },
    timeout: 60_000,
  });
  expect(status).toBe(0);
  const answers = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { id?: number });
  expect(answers[0]).toEqual({ ready: true });
  expect(answers.at(-1)).toMatchObject({ id: 1, ok: 'done' });
  const byId = new Map(answers.map(answer => [answer.id, answer]));
  expect(byId.get(2)).toMatchObject({ ok: 'done' });
  expect(byId.get(3)).toMatchObject({ ok: 'user 3 en' });
  expect(byId.get(4)).toMatchObject({ error: { phase: 'verify', diagnostics: [{ code: 'ILO-T007' }] } });
  expect(byId.get(5)).toMatchObject({ error: { phase: 'runtime', diagnostics: [{ code: 'ILO-R044' }] } });
});

test('in repl and test', () => {
  const { stdout } = spawnSync(process.execPath, [CLI, 'repl', '-j', '--mcp', official], {
    input: 'get-user 7 nil\nu id:n>R t t;get-user id "de"\nu 8\n',
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stdout).toBe('{"ok":"user 7 en"}\n{"ok":"defined u"}\n{"ok":"user 8 de"}\n');
  const program = file('tested.ilo', 'u id:n>R t t;get-user id "de"\n-- run: u 8\n-- out: user 8 de\n');
  expect(ilo(['test', '--mcp', official, program]).out).toBe('1 passed, 0 failed\n');
});
