// What only a real process can show: exit codes, streams, signals, closed pipes. Every start costs time, so each test does much.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ENGINES } from '../../src/runtime/engines.ts';
import { CLI, ilo, shell } from './spawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilo-process-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the build', () => {
  expect(statSync(CLI).mode & 0o111).toBe(0o111);
  expect(readFileSync(CLI, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  for (const cache of ['ilo', 'once', 'more']) expect(existsSync(join(CLI, `../${cache}.cache`))).toBe(true);
});

test('a cache of another build is not used', () => {
  const copy = join(folder, 'copy');
  shell(`mkdir ${copy} && cp ${join(CLI, '..')}/* ${copy}/`);
  for (const [name, program] of [
    ['once', 'f x:n>n;*x 2'],
    ['ilo', 'f x:n>n;@i 0..x{x=+x 1};x'],
  ] as const) {
    const cache = join(copy, `${name}.cache`);
    const bytes = readFileSync(cache);
    for (const wrong of [
      Buffer.alloc(0),
      bytes.subarray(0, 5000),
      Buffer.concat([Buffer.from('0'.repeat(16)), bytes.subarray(16)]),
    ]) {
      writeFileSync(cache, wrong);
      expect(shell(`${process.execPath} ${copy}/cli.cjs '${program}' 5`)).toMatchObject({
        code: 0,
        out: '10\n',
        err: '',
      });
    }
  }
});

// Forty processes.
test('plain runs need one bundle, everything else the other', { timeout: 120_000 }, () => {
  const without = (bundle: string): string => {
    const copy = join(folder, `without-${bundle}`);
    if (!existsSync(copy)) shell(`mkdir -p ${copy} && cp ${join(CLI, '..')}/* ${copy}/; rm ${copy}/${bundle}.*`);
    return `${process.execPath} ${copy}/cli.cjs`;
  };
  const plain = [
    "'dbl x:n>n;*x 2' 5",
    "-j run 'dbl x:n>n;*x 2' --fuel 100 5",
    "'f x:n y:t>t;y' -3 -- --engine",
    "'f n:n>n;s=0;@i 0..n{s=+s i};s' 5",
    "'f>n;x' -t",
    '\'f>t;cat (srt ["b" "a"]) ""\'',
    "'a>n;1 b>n;2'",
    'no-such-file.ilo',
  ];
  const others = [
    'help run',
    'check "f>n;1"',
    '-j check "f>n;1"',
    '--engine vm "f>n;1"',
    '"f>n;1" --run-jit',
    '',
    '--help',
    'chekc',
  ];
  const run = (command: string, line: string): object => {
    const { code, out, err } = shell(`${command} ${line}`);
    return { code, out, err };
  };
  for (const line of plain) expect([line, run(without('more'), line)]).toEqual([line, run('$ILO', line)]);
  for (const line of others) expect([line, run(without('ilo'), line)]).toEqual([line, run('$ILO', line)]);
  for (const line of plain)
    expect([line, run(without('ilo'), line)]).toEqual([
      line,
      { code: 1, out: '', err: expect.stringContaining('ilo.js') as string },
    ]);
});

test('what plain runs read holds no tables of machine code', () => {
  const holds = (bundle: string): boolean => readFileSync(join(CLI, '..', `${bundle}.js`), 'latin1').includes('r/m32,');
  expect([holds('ilo'), holds('more')]).toEqual([false, true]);
});

test('streams and exit codes', () => {
  expect(ilo(['dbl x:n>n;*x 2', '5'])).toEqual({ code: 0, signal: null, out: '10\n', err: '' });
  expect(ilo(['f>R n t;^"bad"'])).toMatchObject({ code: 1, out: '', err: '^bad\n' });
  expect(ilo(['f>n;x'])).toMatchObject({ code: 2, out: '' });
  expect(ilo(['help', 'run'])).toMatchObject({ code: 0, err: '' });
});

test('a reader that goes away ends the program without a word', () => {
  const endless = "'f>n;i=0;wh true{i=+i 1;prnt i};i'";
  const seen = shell(`{ $ILO ${endless}; echo "code $?" >&2; } | head -2`);
  expect(seen.out).toBe('1\n2\n');
  expect(seen.err).toBe('code 141\n');
  expect(shell(`{ $ILO help builtins; echo "code $?" >&2; } | true`).err).toMatch(/^code (0|141)\n$/);
});

test('output that cannot be written is said once', () => {
  if (!existsSync('/dev/full')) return;
  expect(shell("$ILO 'f>n;prnt 1;2' > /dev/full")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error: cannot write the output: .*\n$/),
  });
});

test('a lot of output arrives whole', () => {
  const seen = ilo(['f n:n>n;@i 0..n{prnt i};0', '200000']);
  expect(seen.out.length).toBe(1_288_892);
  expect(seen.out.endsWith('199999\n0\n')).toBe(true);
});

test('Ctrl-C ends a loop', async () => {
  const child = spawn(process.execPath, [CLI, 'f>n;prnt "on";i=0;wh true{i=+i 1};i'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  const ended = new Promise<string | number | null>(resolve =>
    child.on('exit', (code, signal) => resolve(signal ?? code)),
  );
  await new Promise(resolve => setTimeout(resolve, 500));
  child.kill('SIGINT');
  // A shell counts a death by SIGINT as 130.
  expect(await ended).toBe('SIGINT');
  expect(err).toBe('');
});

test('a bug of ours is one line, and a stack only for whoever asks', () => {
  const broken = join(folder, 'broken');
  shell(`mkdir ${broken} && cp ${join(CLI, '..')}/* ${broken}/`);
  const bundle = join(broken, 'ilo.js');
  const fault = 'JSON.stringify=()=>{throw new TypeError("x is not\\na function")};';
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('"use strict";', `"use strict";${fault}`));
  for (const cache of ['ilo', 'once']) rmSync(join(broken, `${cache}.cache`));
  // The diagnostic would be JSON.
  const line = `${process.execPath} ${broken}/cli.cjs 'f>n;x'`;
  expect(shell(line)).toMatchObject({
    code: 70,
    out: '',
    err: 'internal error: TypeError: x is not a function (please report it together with the program)\n',
  });
  expect(shell(`ILO_DEBUG=1 ${line}`).err).toContain('\n    at JSON.stringify');
});

test('variables from .env files stand behind the environment', () => {
  writeFileSync(join(folder, '.env'), '# comment\nILO_TEST_A=one\n ILO_TEST_B = two \nbroken\n');
  writeFileSync(join(folder, '.env.local'), 'ILO_TEST_B=three\nILO_TEST_C=shadowed\n');
  const program = 'f>t;a=env!! "ILO_TEST_A";b=env!! "ILO_TEST_B";c=env!! "ILO_TEST_C";cat [a b c] " "';
  const options = { cwd: folder, env: { ILO_TEST_C: 'real' } };
  expect(ilo([program], options)).toMatchObject({ code: 0, out: 'one three real\n' });
  expect(ilo(['f>R t t;env "ILO_TEST_D"'], options)).toMatchObject({ code: 1 });
});

test('a program through a pipe, and one that may not be read', () => {
  expect(shell("echo 'f>n;7' | $ILO run /dev/stdin")).toMatchObject({ code: 0, out: '7\n' });
  const secret = join(folder, 'secret.ilo');
  writeFileSync(secret, 'f>n;1', { mode: 0o000 });
  if (process.getuid?.() !== 0)
    expect(shell(`$ILO -t ${secret}`)).toMatchObject({ code: 2, err: expect.stringContaining('no permission') });
});

test.each(ENGINES.map(({ name }) => name))('%s: deep recursion on the stack of the main thread', engine => {
  const down = 'down n:n>n;=n 0 0;+1 down -n 1';
  const run = (source: string, ...args: string[]) => ilo(['-t', '--engine', engine, source, ...args]);
  const seen = run(`main n:n>n;prnt "start";wr "/dev/stderr" "once";down n ${down}`, 'main', '9000');
  expect(seen).toEqual({ code: 0, signal: null, out: 'start\n9000\n', err: 'once' });
  const through = run('f n:n>n;=n 0 0;xs=map f [-n 1];x=hd xs;+x 1', '9000');
  expect(through).toMatchObject({ code: 0, out: '9000\n' });
  const endless = run('f n:n>n;f +n 1', '0');
  expect(endless).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('call depth limit of 10000 reached'),
  });
  expect(endless.err.match(/ILO-R040/g)?.length).toBe(1);
});

test('deep recursion in a program from a pipe, and in a test', () => {
  const down = 'down n:n>n;=n 0 0;+1 down -n 1';
  expect(shell(`echo '${down}' | $ILO -t run /dev/stdin 9000`)).toMatchObject({ code: 0, out: '9000\n' });
  const path = join(folder, 'deep.ilo');
  writeFileSync(path, `${down}\n-- run: down 9000\n-- out: 9000\n`);
  expect(ilo(['test', path])).toMatchObject({ code: 0, out: '1 passed, 0 failed\n' });
});

test('declared tools are called where the configuration says', async () => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => response.end(JSON.stringify(`${request.method} ${body}`)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = join(folder, 'tools.json');
  writeFileSync(config, JSON.stringify({ tools: { ask: { url: `http://127.0.0.1:${port}/`, method: 'POST' } } }));
  const args = [CLI, 'tool ask"asks" a:n b:t>R t t\nf>R t t;ask 1 "x"', 'f', '--tools', config];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', chunk => {
    out += chunk;
  });
  expect(await new Promise(resolve => child.on('close', resolve))).toBe(0);
  server.close();
  expect(out).toContain('POST {"args":[1,"x"]}');
});

test('100 MB are refused at once', () => {
  const big = join(folder, 'big.ilo');
  shell(`truncate -s 100M ${big}`);
  expect(shell(`$ILO -t ${big}`)).toMatchObject({ code: 2, err: expect.stringContaining('error[ILO-C001]') });
});
