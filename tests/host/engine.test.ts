// The host as a running program meets it.
import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { showValue } from '../../src/core/value/show.ts';
import { OutputFailure } from '../../src/runtime/host/output.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../src/runtime/program.ts';

function run(source: string, host: Host): string {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'no imports here' }) });
  if (!unit) throw new Error(diagnostics.map(diagnostic => diagnostic.message).join('; '));
  const result = runProgram(unit, 'f', [], { host });
  return 'fault' in result ? `${result.fault.code} ${result.fault.message}` : showValue(result.value);
}

describe('a program', () => {
  test('that prints to nobody ends with the condition, not with a fault or a bug', () => {
    const host: Host = {
      ...createVirtualHost(),
      print: () => {
        throw new OutputFailure(true, 'Broken pipe');
      },
    };
    expect(() => run('f>n;wh true{prnt "x"};1', host)).toThrow(OutputFailure);
  });

  test('fetches with get and with $, and hands errors on with !', () => {
    const host = createVirtualHost({ responses: new Map([['http://a/', { ok: 'body' }]]) });
    expect(run('f>R t t;get "http://a/"', host)).toBe('~body');
    expect(run('f>R t t;$"http://a/"', host)).toBe('~body');
    expect(run('f>R t t;x=$!"http://a/";~+x "!"', host)).toBe('~body!');
    expect(run('f>R t t;x=get! "http://b/";~+x "!"', host)).toBe('^Connection refused (os error 111)');
    expect(run('f>L (R t t);get-many ["http://a/" "http://b/"]', host)).toBe(
      '[~body, ^Connection refused (os error 111)]',
    );
  });

  test('writes, reads and prints in order', () => {
    const host = createVirtualHost();
    expect(run('f>R n t;wr! "a.csv" [["x" 1] ["y" 2]] "csv";rows=rd! "a.csv";@r rows{prnt r};~len rows', host)).toBe(
      '~2',
    );
    expect(host.output()).toBe('[x, 1]\n[y, 2]\n');
  });

  test('calls a tool with JSON and gets a value', () => {
    const calls: string[] = [];
    const host: Host = {
      ...createVirtualHost(),
      tool: (name, args) => {
        calls.push(`${name} ${args}`);
        return name === 'good' ? { ok: '{"n":[1,2]}' } : { err: 'HTTP 404 Not Found: no' };
      },
    };
    const tools = 'tool good"works" a:t b:L n>R _ t\ntool bad"fails" a:t>R _ t\n';
    expect(run(`${tools}f>R n t;x=good! "k" [1 2.5];~len x.n`, host)).toBe('~2');
    expect(run(`${tools}f>R n t;x=bad! "k";~1`, host)).toBe('^HTTP 404 Not Found: no');
    expect(calls).toEqual(['good ["k",[1,2.5]]', 'bad ["k"]']);
  });
});
