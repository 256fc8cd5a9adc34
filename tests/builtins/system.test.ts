// Printing, waiting, the clock and the environment.
import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { List } from '../../src/core/value/list.ts';
import { Err } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import { SYSTEM_BUILTINS } from '../../src/lang/ilo/builtins/system.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { callWithHost, faultOf } from './with-host.ts';

const call = (host: Host, name: string, ...args: Value[]) => callWithHost(SYSTEM_BUILTINS, host, name, ...args);

describe('prnt', () => {
  test('prints a line and gives the value itself', () => {
    const host = createVirtualHost();
    const value = new List([1, 'a', new Err('x'), null]);
    expect(call(host, 'prnt', value).value).toBe(value);
    call(host, 'prnt', '');
    call(host, 'prnt', 'ü\n');
    call(host, 'prnt', 0.1);
    expect(host.output()).toBe('[1, a, ^x, nil]\n\nü\n\n0.1\n');
  });

  test('charges in proportion to the text', () => {
    const host = createVirtualHost();
    const difference = call(host, 'prnt', 'x'.repeat(4000)).charged.fuel - call(host, 'prnt', '').charged.fuel;
    expect(difference).toBeGreaterThanOrEqual(500);
  });
});

describe('sleep', () => {
  test.each([
    [10, 10],
    [10.9, 10],
    [0.9, 0],
    [0, 0],
    [-5, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    [Number.NEGATIVE_INFINITY, 0],
  ])('%d waits %d ms', (asked, waited) => {
    const slept: number[] = [];
    const host: Host = { ...createVirtualHost(), sleep: milliseconds => slept.push(milliseconds) };
    expect(call(host, 'sleep', asked).value).toBe(null);
    expect(slept).toEqual(waited === 0 ? [] : [waited]);
  });

  test('wants a number', () => {
    expect(faultOf(() => call(createVirtualHost(), 'sleep', '10'))).toMatch(
      /^ILO-R009 sleep requires a number of milliseconds/,
    );
  });
});

describe('now', () => {
  test('is the clock of the host', () => {
    expect(call(createVirtualHost({ now: 1700000000.25 }), 'now').value).toBe(1700000000.25);
  });
});

describe('env', () => {
  const host = createVirtualHost({ environment: { NAME: 'größe', EMPTY: '' } });

  test('gives what is set, also when it is empty', () => {
    expect(call(host, 'env', 'NAME').shown).toBe('~größe');
    expect(call(host, 'env', 'EMPTY').shown).toBe('~');
  });

  test.each(['NONE', '', 'a=b', 'a\0b', '__proto__', 'toString'])('%j is not set', name => {
    expect(call(host, 'env', name).shown).toBe(`^env var '${name}' not set`);
  });

  test('wants text', () => {
    expect(faultOf(() => call(host, 'env', 1))).toMatch(/^ILO-R009 env requires text, got number 1/);
  });
});
