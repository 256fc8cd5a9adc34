// Every builtin's doc example is a program that passes verification and prints what the row says. Files live in memory here;
// the rest of the host is the real one.
import { describe, expect, test } from 'vitest';
import { callEntry } from '../../src/cli/call.ts';
import { functionsOf } from '../../src/cli/entry.ts';
import type { Host } from '../../src/core/host.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import { showValue } from '../../src/core/value/show.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { DEFAULT_ENGINE } from '../../src/runtime/engines.ts';
import { createNodeHost } from '../../src/runtime/host/node-host.ts';
import { loadProgram } from '../../src/runtime/program.ts';

function hostWith(printed: string[]): Host {
  const files = new Map<string, string>();
  const writer = { write: (text: string) => void printed.push(text), flush: () => {} };
  return {
    ...createNodeHost({ output: writer, errorOutput: writer }),
    env: () => undefined,
    readFile: path => (files.has(path) ? { ok: files.get(path)! } : { err: `no file ${path}` }),
    writeFile: (path, text) => {
      files.set(path, text);
      return { ok: true };
    },
  };
}

/** Runs the only function of a program, and gives what is printed, its result included. */
function run(code: string, words: readonly string[]): string {
  const { program, diagnostics, unit } = loadProgram(code, { readFile: () => ({ err: 'no imports here' }) });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const printed: string[] = [];
  const outcome = callEntry(program, unit!, functionsOf(program)[0]!, words, DEFAULT_ENGINE, hostWith(printed));
  if ('diagnostic' in outcome) throw new Error(`${outcome.diagnostic.code}: ${outcome.diagnostic.message}`);
  const { value } = outcome;
  if (value instanceof Err) throw new Error(`the example fails: ${showValue(value)}`);
  return printed.join('') + showValue(value instanceof Ok ? value.value : value);
}

describe.each([...BUILTINS.names()])('%s', name => {
  const { code, args, out } = BUILTINS.get(name)!.example;
  test('does what its example says', () => {
    expect(code).toContain(name);
    const printed = run(code, args ?? []);
    if (out !== undefined) expect(printed).toBe(out);
  });
});
