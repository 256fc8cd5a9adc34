// `ilo serv` as a process: the lines it takes and gives, requests side by side, limits, and what comes in broken.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const CLI = join(resolve(import.meta.dirname, '../..'), 'dist/cli.cjs');

/** Runs `ilo serv` on some input and gives its lines, without the times. */
function serve(input: string | Iterable<Buffer>, ...flags: string[]): Promise<unknown[]> {
  const child = spawn(process.execPath, [CLI, 'serv', ...flags], {
    env: { ...process.env, ILO_PLANTED_SECRET: 'planted' },
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stdin.on('error', () => {});
  void (async () => {
    for (const part of typeof input === 'string' ? [Buffer.from(input)] : input) {
      if (!child.stdin.write(part)) await new Promise(resolve => child.stdin.once('drain', resolve));
    }
    child.stdin.end();
  })();
  return new Promise(resolve => {
    child.on('close', code => {
      expect(code).toBe(0);
      const lines = out.trimEnd().split('\n');
      resolve(
        lines.map(line => {
          const { ms, ...rest } = JSON.parse(line) as { ms?: number };
          return rest;
        }),
      );
    });
  });
}

const lines = (...requests: unknown[]): string => requests.map(request => `${JSON.stringify(request)}\n`).join('');

test('answers in the form of the reference, in order', async () => {
  const answers = await serve(
    lines(
      { program: 'f x:n>n;*x 2', args: ['21'] },
      { program: 'a>n;1\nb>n;2', func: 'b' },
      { program: 'f>R n t;^"bad"' },
      { program: 'f>R n t;~7' },
      { program: 'f>n;prnt "hi";3' },
      { program: 'f>L _;[1,nil,"x",true]' },
      { program: 'f>n;g()' },
      { program: 'f>n;(' },
      { program: 'f x:n>n;/1 x', args: ['0'] },
      { program: 'f x:n>n;x', args: [] },
      { program: 'f>n;1', func: 'none' },
      { program: 'type p{x:n}' },
      { program: 'f>L _;[(num "5"),~(num "x")]' },
      { program: 'f>_;^(mset mmap "k" (num "x"))' },
    ),
  );
  expect(answers).toMatchObject([
    { ready: true },
    { ok: 42 },
    { ok: 2 },
    { error: { phase: 'program', value: 'bad' } },
    { ok: 7 },
    { ok: 3, output: 'hi\n' },
    { ok: [1, null, 'x', true] },
    { error: { phase: 'verify', diagnostics: [{ code: 'ILO-T005' }] } },
    { error: { phase: 'parse', diagnostics: expect.any(Array) } },
    { error: { phase: 'runtime', diagnostics: [{ code: 'ILO-R003' }] } },
    { error: { phase: 'runtime', diagnostics: [{ code: 'ILO-R004' }] } },
    { error: { phase: 'runtime', diagnostics: [{ code: 'ILO-R002', message: 'undefined function: none' }] } },
    { error: { phase: 'runtime', diagnostics: [{ code: 'ILO-R012' }] } },
    { ok: [{ ok: 5 }, { ok: { err: 'x' } }] },
    { error: { phase: 'program', value: { k: { err: 'x' } } } },
  ]);
});

test('with ids, a slow request does not hold up the others', async () => {
  const slow = { id: 'slow', program: 'f>n;wh true{1};2', limits: { timeout: 1500, fuel: 1e15 } };
  const quick = [1, 2, 3].map(id => ({ id, program: 'f>n;1' }));
  const answers = await serve(lines(slow, ...quick), '--jobs', '2');
  expect(answers.slice(1, 4)).toEqual([1, 2, 3].map(id => ({ id, ok: 1 })));
  expect(answers[4]).toMatchObject({ id: 'slow', error: { phase: 'runtime', diagnostics: [{ code: 'ILO-R044' }] } });
});

test('limits, also those that nobody asked for', async () => {
  const answers = await serve(
    lines(
      { program: 'f>n;wh true{1};2', limits: { fuel: 1000 } },
      { program: 'f n:n>n;+1 f n', args: ['1'] },
      { program: 'f>n;xs=[1];wh true{xs=+xs xs};1', limits: { alloc: 100000 } },
      { program: 'f>n;wh true{prnt "x"};1', limits: { output: 100 } },
      { program: 'f>n;1' },
    ),
  );
  const codes = answers
    .slice(1, 5)
    .map(answer => (answer as { error: { diagnostics: { code: string }[] } }).error.diagnostics[0]!.code);
  expect(codes).toEqual(['ILO-R043', 'ILO-R040', 'ILO-R045', 'ILO-R046']);
  expect(answers[5]).toEqual({ ok: 1 });
});

test('what comes in broken is answered, and the next request is right', async () => {
  const good = JSON.stringify({ program: 'f>n;1' });
  const input = [
    'nonsense',
    '[]',
    'null',
    '{}',
    '{"program":1}',
    '{"program":"f>n;1","args":[1]}',
    '{"program":"f>n;1","func":7}',
    '{"program":"f>n;1","limits":{"fule":1}}',
    '{"program":"f>n;1","limits":{"fuel":0}}',
    '{"program":"f>n;1","engine":"fast"}',
    '{"program":"f>n;1","id":{}}',
    '{"program":"f>n;1","more":1}',
    '{"program":"f>n;1"',
    '',
    '   ',
    '{"program":"f>t;\\ud800"}',
    '\u0000',
    good,
    '{"program":"f>n;1"}'.slice(0, 9),
  ].join('\n');
  const answers = await serve(input);
  expect(answers).toHaveLength(1 + 17);
  for (const answer of answers.slice(1, 16)) expect(answer).toHaveProperty('error');
  expect(answers[16]).toEqual({ ok: 1 });
  expect(answers[17]).toMatchObject({ error: { phase: 'request' } });
});

test('a line of a gigabyte costs no memory and is refused', async () => {
  const part = Buffer.alloc(8 * 1024 * 1024, 'x');
  function* parts(): Generator<Buffer> {
    for (let i = 0; i < 128; i++) yield part;
    yield Buffer.from('\n{"program":"f>n;5"}\n');
  }
  const answers = await serve(parts());
  expect(answers).toMatchObject([{ ready: true }, { error: { phase: 'request' } }, { ok: 5 }]);
});
