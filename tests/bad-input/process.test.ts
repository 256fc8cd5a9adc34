// Interrupted in the middle, with nobody to read the output, or nowhere to write: the exit code is the documented one, and files
// are old or new, never half.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI, ilo, shell } from '../cli/spawn.ts';
import { startServer, type TestServer } from '../host/server.ts';
import { expectNoTrace, iloAsUser, noOrdinaryUser, workshop } from './outcome.ts';

const { folder, at, put, remove } = workshop();
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => {
  server.stop();
  remove();
});

/** Starts a program, waits for its first output, interrupts it; gives how it ended and what it said on standard error. */
function interrupted(
  program: string,
  args: readonly string[] = [],
): Promise<{ ended: string; err: string; out: string }> {
  const child = spawn(process.execPath, [CLI, '-t', '-nh', program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  child.stdout.on('data', chunk => {
    if (out === '') setTimeout(() => child.kill('SIGINT'), 100);
    out += chunk;
  });
  return new Promise(resolve => {
    child.on('close', (code, signal) => resolve({ ended: signal ?? `code ${code}`, err, out }));
  });
}

describe('Ctrl-C', () => {
  // A shell counts a death by SIGINT as 130.
  const BY_SIGNAL = { ended: 'SIGINT', err: '' };

  test('in a loop, in a sleep, in a request, and while printing', async () => {
    const request = `f>_;prnt "on";sleep 1;get "${server.url}/hang"`;
    const all = await Promise.all([
      interrupted(`f>n;prnt "on";sleep 1;i=0;wh true{i=+i 1};i`),
      interrupted('f>_;prnt "on";sleep 60000'),
      interrupted(request),
      interrupted('f>n;wh true{prnt "on"};1'),
      interrupted('f>n;prnt "on";sleep 1;s=padl "" 100000 "a";wh true{t=rgxall "(a|b)*c" s};1'),
    ]);
    for (const seen of all) expect(seen).toMatchObject(BY_SIGNAL);
  });

  test('in the thread with the large stack', async () => {
    const program = 'dig n:n>n;=n 0 0;r=dig -n 1;+r 1\nf>n;x=dig 8000;prnt "on";sleep 1;i=0;wh true{i=+i 1};i';
    expect(await interrupted(program, ['f'])).toMatchObject(BY_SIGNAL);
  });

  test('while files are written: each is old or new, and nothing else stays', async () => {
    const old = 'o'.repeat(3_000_000);
    const fresh = 'n'.repeat(4_000_000);
    for (let i = 0; i < 4; i++) put(`data${i}.txt`, old);
    const program = 'f>n;s=padl "" 4000000 "n";prnt "on";sleep 1;wh true{@i 0..4{p=fmt "data{}.txt" i;r=wr p s}};1';
    const endings = await Promise.all([interrupted(program), interrupted(program)]);
    for (const { ended } of endings) expect(ended).toBe('SIGINT');
    for (let i = 0; i < 4; i++) {
      const now = readFileSync(at(`data${i}.txt`), 'utf8');
      expect(now === old || now === fresh, `data${i}.txt has ${now.length}`).toBe(true);
    }
  });
});

describe('nobody reads', () => {
  test.each([
    ['results', `'f>_;range 0 100000'`],
    ['printing', `'f>n;@i 0..100000{prnt i};1'`],
    ['help', 'help lang'],
    ['a syntax tree', `--ast 'f>n;${'x=1;'.repeat(5000)}1'`],
  ])('%s', (_, args) => {
    const ran = shell(`{ $ILO -nh ${args}; echo "code $?" >&2; } | head -c 1`);
    expectNoTrace(ran);
    expect(ran.err).toMatch(/^code (0|141)\n$/);
  });

  test('neither stream', () => {
    const ran = shell(`$ILO 'f>n;@i 0..10{prnt i};/1 0' >&- 2>&-; echo "code $?"`);
    expect(ran.out).toMatch(/^code (1|141)\n$/);
    expect(shell(`$ILO 'f>n;nope' 2>&-; echo "code $?"`).out).toBe('code 2\n');
    expect(shell(`$ILO 'f>n;1' <&-`)).toMatchObject({ code: 0, out: '1\n' });
  });
});

describe('nowhere to write', () => {
  test('a disk that is full, a directory, a path that is none', () => {
    for (const path of ['/dev/full', '.', '', 'no/such/folder/x', 'a\\0b', 'x'.repeat(300)]) {
      const ran = ilo(['-nh', `f>R t t;wr "${path}" "data"`], { cwd: folder });
      expectNoTrace(ran);
      expect(ran, path).toMatchObject({ code: 1, out: '' });
      expect(ran.err).toMatch(/^\^.+\n$/);
    }
  });

  test('a directory that may not be written', context => {
    const reason = noOrdinaryUser();
    if (reason !== false) return context.skip(reason);
    mkdirSync(at('locked'), { mode: 0o555 });
    const program = put('old.ilo', 'f  >  n;1');
    for (const args of [
      ['-nh', `f>R t t;wr "${at('locked')}/x" "data"`],
      ['-nh', `f>R t t;wr "${program}" "data"`],
    ]) {
      const ran = iloAsUser(args);
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(ran.err).toMatch(/^\^Permission denied/);
    }
    const formatted = iloAsUser(['fmt', '--write', program]);
    expectNoTrace(formatted);
    expect(formatted.code).not.toBe(0);
    expect(readFileSync(program, 'utf8')).toBe('f  >  n;1');
    expect(readdirSync(at('locked'))).toEqual([]);
  });

  test('a working directory that is gone', () => {
    const ran = shell(`mkdir gone && cd gone && rmdir ../gone && $ILO -nh 'f>R t t;wr "x" "data"'`, folder);
    expectNoTrace(ran);
    expect(ran.code).toBe(1);
    expect(shell(`mkdir gone && cd gone && rmdir ../gone && $ILO 'f>n;1'`, folder)).toMatchObject({
      code: 0,
      out: '1\n',
    });
  });
});
