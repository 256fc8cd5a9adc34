// Printing, from inside a process whose output is a pipe, a file, a closed pipe, a slow reader or a full disk.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OUTPUT_BUFFER_UNITS, OutputFailure, openOutput } from '../../src/runtime/host/output.ts';
import { type HostProgram, hostProgram } from './program.ts';

const SCRIPT = `
  const host = createNodeHost();
  const lines = (n) => { for (let i = 0; i < n; i++) host.print('line ' + i + '\\n'); };
  try {
    switch (args[0]) {
      case 'lines': lines(Number(args[1])); break;
      case 'order':
        host.print('1\\n'); host.printError('2\\n'); host.print('3\\n'); host.printError('4\\n'); host.print('5');
        break;
      case 'sleep':
        host.print('before\\n'); host.sleep(60_000); break;
      case 'wide': host.print('✓🎉'.repeat(100_000)); break;
      case 'stdout-path':
        host.print('a'); host.writeFile('/dev/stdout', 'b'); host.print('c'); break;
      case 'stdin': {
        const text = host.readFile(args[1] ?? '/dev/stdin');
        host.print(JSON.stringify(text)); break;
      }
      case 'forever': for (;;) lines(1000);
    }
    host.flush();
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    host.flush();
    host.printError('ended: ' + (error.closed ? 'closed' : error.reason) + '\\n');
    process.exitCode = 3;
  }
`;

let program: HostProgram;
let folder: string;
beforeAll(() => {
  program = hostProgram(SCRIPT);
  folder = mkdtempSync(join(tmpdir(), 'ilo-output-'));
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

function expected(count: number): string {
  return Array.from({ length: count }, (_, i) => `line ${i}\n`).join('');
}

describe('complete', () => {
  test('a million lines into a pipe and into a file', () => {
    const piped = program.run(['lines', '1000000']);
    expect(piped.status).toBe(0);
    expect(piped.stdout === expected(1_000_000)).toBe(true);
    program.shell(`$P lines 1000000 > ${folder}/out`);
    expect(readFileSync(`${folder}/out`, 'utf8') === expected(1_000_000)).toBe(true);
  });

  test('a reader that takes its time, and a pipe that another process made non-blocking', () => {
    const slow = program.shell(`$P lines 200000 | (sleep 0.3; cat) | tail -1`);
    expect(slow.stdout).toBe('line 199999\n');
    // Node makes its end of an inherited pipe non-blocking for both processes.
    const script = `new (require('net').Socket)({ fd: 1, readable: false, writable: true }); setTimeout(() => {}, 1500)`;
    const nonBlocking = program.shell(
      `(node -e "${script}" & sleep 0.3; $P lines 200000) | (sleep 0.6; cat) | tail -1`,
    );
    expect(nonBlocking.stdout).toBe('line 199999\n');
    expect(nonBlocking.stderr).toBe('');
  });

  test('characters are never cut', () => {
    expect(program.run(['wide']).stdout === '✓🎉'.repeat(100_000)).toBe(true);
  });

  test('output and error output keep their order', () => {
    expect(program.shell('$P order 2>&1').stdout).toBe('1\n2\n3\n4\n5');
    expect(program.run(['stdout-path']).stdout).toBe('abc');
  });

  test('what was printed is visible before a sleep', async () => {
    const child = spawn(process.execPath, [program.path, 'sleep'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const seen = await new Promise<string>(resolve => child.stdout.once('data', data => resolve(String(data))));
    expect(seen).toBe('before\n');
    // Ctrl-C ends the process while it waits.
    child.kill('SIGINT');
    const signal = await new Promise(resolve => child.once('exit', (_, how) => resolve(how)));
    expect(signal).toBe('SIGINT');
  });
});

describe('nobody there', () => {
  test('a reader that goes away ends the program quietly', () => {
    const ended = program.shell('$P forever | head -1; echo $PIPESTATUS');
    expect(ended.stdout).toBe('line 0\n3\n');
    expect(ended.stderr).toBe('ended: closed\n');
  });

  test('a full disk is named', () => {
    const ended = program.shell('$P lines 3 > /dev/full');
    expect(ended.status).toBe(3);
    expect(ended.stderr).toBe('ended: No space left on device (os error 28)\n');
  });

  test('closed error output is nobody to complain to', () => {
    const ended = program.shell('$P order 2>/dev/full; echo $?');
    expect(ended.stdout).toBe('1\n3\n50\n');
  });
});

describe('reading what the process was given', () => {
  test('standard input from a pipe, slowly, from a file, and a pipe of the shell', () => {
    expect(program.shell('printf abc | $P stdin').stdout).toBe('{"ok":"abc"}');
    expect(program.shell('(printf a; sleep 0.3; printf b) | $P stdin').stdout).toBe('{"ok":"ab"}');
    expect(program.shell(`printf file > ${folder}/in; $P stdin < ${folder}/in`).stdout).toBe('{"ok":"file"}');
    expect(program.shell('$P stdin <(printf shell)').stdout).toBe('{"ok":"shell"}');
    expect(program.shell('$P stdin < /dev/null').stdout).toBe('{"ok":""}');
  });
});

describe('buffering', () => {
  function intoFile(
    lineBuffered: boolean | undefined,
    use: (output: ReturnType<typeof openOutput>, size: () => number) => void,
  ): void {
    const path = join(folder, 'buffered');
    const fd = openSync(path, 'w');
    try {
      use(openOutput(fd, lineBuffered), () => readFileSync(path).length);
    } finally {
      closeSync(fd);
    }
  }

  test('text gathers until there is enough, or until a flush', () => {
    intoFile(undefined, (output, size) => {
      output.write('x\n');
      expect(size()).toBe(0);
      output.flush();
      expect(size()).toBe(2);
      output.write('y'.repeat(OUTPUT_BUFFER_UNITS));
      expect(size()).toBe(2 + OUTPUT_BUFFER_UNITS);
    });
  });

  test('a terminal gets every line', () => {
    intoFile(true, (output, size) => {
      output.write('x');
      expect(size()).toBe(0);
      output.write('y\n');
      expect(size()).toBe(3);
    });
  });

  test('a stream found gone says so at every write, but a last flush is quiet', () => {
    const output = openOutput(openSync('/dev/full', 'w'), false);
    output.write('x');
    expect(() => output.flush()).toThrow(OutputFailure);
    expect(() => output.write('y')).toThrow(OutputFailure);
    expect(() => output.flush()).not.toThrow();
  });
});
