// The assembled host: clock, waiting, environment, and that output is flushed before anything that takes time.
import { afterEach, describe, expect, test } from 'vitest';
import { createNodeHost } from '../../src/runtime/host/node-host.ts';
import { type Output, OutputFailure } from '../../src/runtime/host/output.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';

/** An output that writes down what happens to it. */
function recorder(log: string[], name: string): Output {
  return { write: text => log.push(`${name} ${text}`), flush: () => log.push(`${name} flush`) };
}

describe('the machine', () => {
  test('now is in seconds', () => {
    const before = Date.now() / 1000;
    const now = createNodeHost().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now() / 1000);
  });

  afterEach(() => {
    delete process.env.ILO_HOST_TEST;
  });

  test('env knows what is set, and nothing that objects inherit', () => {
    const host = createNodeHost();
    process.env.ILO_HOST_TEST = 'größe';
    expect(host.env('ILO_HOST_TEST')).toBe('größe');
    expect(host.env('ILO_HOST_TEST_2')).toBeUndefined();
    expect(host.env('toString')).toBeUndefined();
    expect(host.env('__proto__')).toBeUndefined();
  });

  test('output is flushed before waiting, reading, the network and errors', () => {
    const log: string[] = [];
    const host = createNodeHost({
      output: recorder(log, 'out'),
      errorOutput: recorder(log, 'err'),
      tool: () => ({ ok: '1' }),
    });
    host.print('a');
    host.printError('b');
    expect(log.splice(0)).toEqual(['out a', 'out flush', 'err b', 'err flush']);
    host.sleep(1);
    host.readFile('/dev/null');
    host.http([], 1);
    host.tool!('x', '[]');
    expect(log.splice(0)).toEqual(['out flush', 'out flush', 'out flush', 'out flush']);
    host.writeFile('/dev/stderr', 'c');
    expect(log).toEqual(['out flush', 'err c', 'err flush']);
  });

  test('error output that is gone is no error', () => {
    const gone = () => {
      throw new OutputFailure(true, 'Broken pipe');
    };
    const host = createNodeHost({ output: recorder([], ''), errorOutput: { write: gone, flush: gone } });
    expect(() => host.printError('x')).not.toThrow();
  });
});

describe('the virtual host', () => {
  test('captures output, keeps files, and its clock moves only by sleeping', () => {
    const host = createVirtualHost({ now: 100, environment: { A: '1' }, files: new Map([['in', 'x']]) });
    host.print('a');
    host.print('b');
    host.printError('e');
    host.sleep(1500);
    expect([host.output(), host.errorOutput(), host.now()]).toEqual(['ab', 'e', 101.5]);
    expect([host.env('A'), host.env('toString')]).toEqual(['1', undefined]);
    expect(host.readFile('in')).toEqual({ ok: 'x' });
    expect(host.readFile('out')).toEqual({ err: 'No such file or directory (os error 2)' });
    expect(host.writeFile('out', 'y')).toEqual({ ok: true });
    expect(host.files.get('out')).toBe('y');
  });

  test('has no network but what it was given', () => {
    const host = createVirtualHost({ responses: new Map([['u', { ok: 'body' }]]) });
    const request = { method: 'GET', headers: [], body: undefined } as const;
    expect(
      host.http(
        [
          { ...request, url: 'u' },
          { ...request, url: 'v' },
        ],
        1,
      ),
    ).toEqual([{ ok: 'body' }, { err: 'Connection refused (os error 111)' }]);
    expect(host.tool).toBeUndefined();
  });
});
