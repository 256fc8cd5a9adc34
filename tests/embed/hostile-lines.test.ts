// What comes in broken, in part or without end to the two servers that read lines, `ilo serv` and `ilo mcp`: each is answered with its documented error,
// costs no memory, and the next request is right, on every engine.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { closeTally, count, ENGINE_NAMES, plantSecret, SECRET, took } from './hostile/tally.ts';

const CLI = join(resolve(import.meta.dirname, '../..'), 'dist/cli.cjs');
const ONCE = { level: 'in-process', engine: 'none' } as const;

plantSecret();

const GIGABYTE = 2 ** 30;
const PART = 2 ** 23;

/** A line of a gigabyte: `part` over and over between a beginning and an end. */
function* endless(start: string, part: string, end: string): Generator<Buffer> {
  yield Buffer.from(start);
  const piece = Buffer.alloc(PART, part);
  for (let length = 0; length < GIGABYTE; length += PART) yield piece;
  yield Buffer.from(end);
}

/** How a hostile line begins, what it goes on with, and how it ends. */
const GIGABYTES: readonly (readonly [what: string, start: string, part: string, end: string])[] = [
  ['letters', '', 'x', '\n'],
  ['a text that does not end', '{"program":"', 'x', '\n'],
  ['a text that ends', '{"jsonrpc":"2.0","id":7,"method":"ping","program":"', 'x', '"}\n'],
  ['a list in a list', '', '[', '\n'],
  ['a number', '{"id":', '9', '}\n'],
  ['zeros', '', '\0', '\n'],
  ['spaces', '', ' ', '\n'],
  ['halves of characters', '"', '\u{1F600}', '"\n'],
  ['names of one object', '{', '"a":1,', '\n'],
];

interface Served {
  readonly answers: readonly Record<string, unknown>[];
  /** Of the answer to the hostile line, from its last byte or the answer on, whichever came later. */
  readonly milliseconds: number;
  readonly mebibytes: number;
  readonly code: number | null;
}

/** Sends a server parts of its input, and waits for its end. `answered`: how many answers come before the input is closed. */
async function serve(command: string, parts: Iterable<Buffer>, answered: number): Promise<Served> {
  const child = spawn(process.execPath, [CLI, command], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});
  let out = '';
  const waiting: (() => void)[] = [];
  const lines = (): number => out.split('\n').length - 1;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (lines() >= answered) for (const go of waiting.splice(0)) go();
  });
  const closed = new Promise<number | null>(go => child.on('close', go));
  for (const part of parts) {
    if (!child.stdin.write(part)) await new Promise(go => child.stdin.once('drain', go));
  }
  const sent = performance.now();
  if (lines() < answered) await Promise.race([new Promise<void>(go => waiting.push(go)), closed]);
  const milliseconds = performance.now() - sent;
  const mebibytes = highWater(child.pid!);
  child.stdin.end();
  const code = await closed;
  expect(out).not.toContain(SECRET);
  const answers = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
  return { answers, milliseconds, mebibytes, code };
}

/** The most memory that a process has had at once; 0 where the system does not say. */
function highWater(pid: number): number {
  const path = `/proc/${pid}/status`;
  const found = existsSync(path) ? /VmHWM:\s+(\d+)/.exec(readFileSync(path, 'latin1')) : null;
  return Number(found?.[1] ?? 0) / 1024;
}

const GOOD = Buffer.from('{"program":"f>n;5"}\n');
const PING = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
const refused = { error: { phase: 'request' } };
const unread = { error: { code: -32700 } };

function* followed(parts: Iterable<Buffer>, next: Buffer): Generator<Buffer> {
  yield* parts;
  yield next;
}

test.each(GIGABYTES)(
  'a line of a gigabyte: %s',
  async (what, start, part, end) => {
    for (const [command, next, right, error] of [
      ['serv', GOOD, { ok: 5 }, refused],
      ['mcp', PING, { id: 1, result: {} }, unread],
    ] as const) {
      count('lines', ONCE);
      const before = command === 'serv' ? [{ ready: true }] : [];
      const expected = [...before, error, right];
      const served = await serve(command, followed(endless(start, part, end), next), expected.length);
      took('lines', `${what} to ${command}`, served.milliseconds);
      expect([what, served.code, served.answers]).toMatchObject([what, 0, expected]);
      expect(served.mebibytes).toBeLessThan(400);
    }
  },
  120_000,
);

test('a line of a gigabyte that never ends', async () => {
  for (const command of ['serv', 'mcp']) {
    count('lines', ONCE);
    const { answers, code } = await serve(command, endless('', 'x', ''), command === 'serv' ? 2 : 1);
    expect([code, answers.at(-1)]).toMatchObject([0, command === 'serv' ? refused : unread]);
  }
}, 120_000);

/** Beginnings of messages: each ends with the input. */
const WHOLE = '{"jsonrpc":"2.0","id":2,"method":"ping","program":"f>t;\\"\u{1F600}\\""}';

test('half messages, cut behind every byte', async () => {
  const bytes = Buffer.from(WHOLE);
  for (const command of ['serv', 'mcp']) {
    // All but the last as lines of their own, which end in the middle of anything, also of a character.
    const halves = Array.from({ length: bytes.length - 1 }, (_, cut) => bytes.subarray(0, cut + 1));
    count('lines', ONCE, halves.length);
    const next = command === 'serv' ? GOOD : PING;
    const parts = [...halves.flatMap(half => [half, Buffer.from('\n')]), next];
    const { answers, code } = await serve(command, parts, 0);
    const broken = command === 'serv' ? answers.slice(1, -1) : answers.slice(0, -1);
    expect([code, broken.length]).toEqual([0, halves.length]);
    for (const answer of broken) expect(answer).toMatchObject(command === 'serv' ? refused : unread);
    expect(answers.at(-1)).toMatchObject(command === 'serv' ? { ok: 5 } : { id: 1, result: {} });
  }
  for (const cut of [1, 20, bytes.length - 1]) {
    for (const command of ['serv', 'mcp']) {
      count('lines', ONCE);
      const { answers, code } = await serve(command, [bytes.subarray(0, cut)], 0);
      expect([code, answers.at(-1)]).toMatchObject([0, command === 'serv' ? refused : unread]);
    }
  }
}, 120_000);

test('after half a message and a line without end, programs are right and limits hold, on every engine', async () => {
  const requests = ENGINE_NAMES.flatMap(engine => [
    '{"program":"f>n;1","engine":"' + engine,
    JSON.stringify({ program: 'f x:n>n;*x 2', args: ['21'], engine }),
    'x'.repeat(17 * 2 ** 20),
    JSON.stringify({ program: 'f>n;wh true{1};1', engine, limits: { fuel: 10_000 } }),
  ]);
  count('lines', ONCE, requests.length);
  const { answers, code } = await serve('serv', [Buffer.from(`${requests.join('\n')}\n`)], 0);
  const outOfFuel = { error: { phase: 'runtime', diagnostics: [{ code: 'ILO-R043' }] } };
  const right = ENGINE_NAMES.flatMap(() => [refused, { ok: 42 }, refused, outOfFuel]);
  expect([code, answers]).toMatchObject([0, [{ ready: true }, ...right]]);
}, 120_000);

closeTally('lines', [], ['lines']);
