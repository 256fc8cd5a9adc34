// MCP servers that misbehave: each ends in its documented error, nothing hangs, no child stays behind, and no stack shows.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { CLI, ilo } from '../cli/spawn.ts';
import { hostile, mcpFile, server } from './files.ts';

const NO_STACK = /\n\s+at |node:internal/;

test.each([
  ['never', 'did not answer in time'],
  ['garbage', 'did not answer in time'],
  ['dies', 'has ended with exit code 3: cannot find my configuration'],
  ['version', 'speaks no version of the protocol'],
  ['refuses', 'answered with an error: never initialize'],
  ['pages', 'lists its tools on more than 100 pages'],
  ['nolist', 'has sent no list of tools'],
])('a server that %s cannot be used', (way, message) => {
  const waits = message === 'did not answer in time';
  const ran = ilo(['--mcp', hostile(way, waits ? { start_secs: 0.5 } : {}), 'f>n;1']);
  expect(ran.code).toBe(2);
  expect(JSON.parse(ran.err)).toMatchObject({
    code: 'ILO-C005',
    message: expect.stringContaining(`MCP server 'h' ${message}`) as string,
  });
  expect(ran.err).not.toMatch(NO_STACK);
});

test('an endless line costs no memory and ends', () => {
  const ran = ilo(['--mcp', hostile('flood', { start_secs: 20 }), 'f>n;1']);
  expect(JSON.parse(ran.err)).toMatchObject({
    code: 'ILO-C005',
    message: expect.stringContaining('has sent a message of more than') as string,
  });
});

test('commands that do not exist or are no program', () => {
  for (const command of ['/no/such/command', import.meta.dirname, '']) {
    const ran = ilo(['--mcp', mcpFile({ h: { command } }), 'f>n;1']);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.err)).toMatchObject({ code: command === '' ? 'ILO-C004' : 'ILO-C005' });
  }
});

test('one server that is not there is named, and the others are ended', () => {
  const config = mcpFile({ good: server('official'), h: server('hostile', ['dies']) });
  const ran = ilo(['tools', '--mcp', config]);
  expect(JSON.parse(ran.err)).toMatchObject({ code: 'ILO-C005', message: expect.stringContaining("'h'") as string });
});

test('calls that go wrong are errors of the program', () => {
  const call = (way: string, detail?: string): string => {
    const config = hostile(way, way === 'mute' ? { timeout_secs: 0.3 } : {}, detail);
    const ran = ilo(['--mcp', config, detail === undefined ? 'f>R _ t;echo "hi"' : 'f>R _ t;r=shape! ();~r']);
    expect(ran.err).not.toMatch(NO_STACK);
    return ran.out + ran.err;
  };
  expect(call('fine')).toBe('fine: {"text":"hi"}\n');
  expect(call('asks')).toBe('asks: {"text":"hi"}\n');
  expect(call('mute')).toBe("^MCP server 'h' did not answer in time\n");
  expect(call('mid')).toBe("^MCP server 'h' has ended with exit code 9\n");
  const wrong = "^the answer of tool 'shape' is not what its schema says: ";
  expect(call('results', 'right')).toMatch(/\{n: 1[;,] s: \[a\]\}\n$/);
  expect(call('results', 'wrong')).toBe(`${wrong}it.n is not n\n`);
  expect(call('results', 'missing')).toBe(`${wrong}it.n is not n\n`);
  expect(call('results', 'list')).toBe(`${wrong}it.s[0] is not t\n`);
  expect(call('results', 'none')).toBe(`${wrong}it has no structured content\n`);
  expect(call('results', 'error')).toBe('^no such thing\n');
  expect(call('results', 'silent')).toBe("^tool 'shape' failed\n");
  expect(call('results', 'nothing')).toBe("^MCP server 'h' has answered 'shape' with what is no result\n");
  expect(call('results', 'number')).toBe("^MCP server 'h' has answered 'shape' with what is no result\n");
});

test('names that clash, are words of the language or no names at all', () => {
  const { out } = ilo(['tools', '--mcp', hostile('names'), '--json']);
  const tools = JSON.parse(out) as { name: string; tool: string; declaration: string }[];
  expect(tools.slice(0, 11).map(({ name }) => name)).toEqual([
    'get-user',
    'h-get-user',
    'h-get-user-2',
    'h-len',
    'h-filter',
    'h-if',
    'h-main',
    'tool-7up',
    'proto',
    'gr-e',
    'h-tool',
  ]);
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  const text = tools.map(({ declaration }) => declaration).join('\n');
  expect(ilo(['check', `${text}\nmain>n;1`])).toMatchObject({ code: 0, err: '' });
  expect(ilo(['tools', '--mcp', hostile('names')]).out).not.toMatch(/[\0-\x09\x0b-\x1f]/);
  // The name of the server's parameter is what it gets.
  expect(ilo(['--mcp', hostile('names'), 'f>R t t;tool-7up 3']).out).toBe('names: {"7up":3}\n');
  expect(ilo(['--mcp', hostile('names'), 'f>R t t;proto 3']).out).toBe('names: {"__proto__":3}\n');
});

test('schemas that go in circles, are huge or are none', () => {
  const signatures = (way: string): string[] =>
    (JSON.parse(ilo(['tools', '--mcp', hostile(way), '--json']).out) as { declaration: string }[]).map(
      ({ declaration }) => declaration,
    );
  expect(signatures('recursive')).toEqual(['tool tree"" root:_>R _ t']);
  expect(signatures('huge')[0]).toBe('tool wide"" arguments:_>R t t');
  expect(signatures('huge')[1]).toMatch(/^tool deep"" x:O (L ){17}_>R t t$/);
  expect(signatures('schemas')).toHaveLength(7);
  const wide = 'type a{p1:t;p2:n}\nf>R t t;wide (a p1:"x" p2:3)';
  expect(ilo(['--mcp', hostile('huge'), wide]).out).toBe('huge: {"p1":"x","p2":3}\n');
  expect(ilo(['--mcp', hostile('huge'), 'f>R t t;wide 7']).err).toBe(
    "^tool 'wide': its argument is a record or a map\n",
  );
});

test('no child stays behind, not even one that ignores everything', () => {
  const ran = spawnSync(process.execPath, [CLI, '--mcp', hostile('stubborn'), 'f>R t t;echo "x"'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(ran.stdout).toBe('stubborn: {"text":"x"}\n');
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  expect(stdout.split('\n').filter(line => line.includes('hostile.mjs stubborn'))).toEqual([]);
});
