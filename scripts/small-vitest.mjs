// As much of vitest as the tests of native code use, in one file and without a process of its own: scripts/native-arm64.mjs runs those tests
// on an emulated processor, where vitest's own binaries do not run.
import { deepStrictEqual, ok } from 'node:assert/strict';

const tests = [];
const path = [];

export function describe(name, body) {
  path.push(name);
  body();
  path.pop();
}

export function test(name, body, ...more) {
  tests.push({ name: [...path, name].join(' > '), body, more });
}

/** `%s` stands for the first value of a case. */
const titled = (name, first) => name.replace('%s', String(first));

function each(rows) {
  return (name, body) => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      this(titled(name, values[0]), () => body(...values));
    }
  };
}

for (const declare of [describe, test]) {
  declare.each = each.bind(declare);
  declare.runIf = condition => (condition ? declare : () => {});
  declare.skipIf = condition => (condition ? () => {} : declare);
}

const before = [];
const after = [];
export const beforeAll = body => before.push(body);
export const afterAll = body => after.push(body);

/** Properties that are undefined count as absent. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, plain(each)]),
  );
}

/** The checks that tests negate. */
function negated(actual, message) {
  const check = (holds, what) => ok(holds, `${message ?? ''} ${JSON.stringify(actual)} ${what}`);
  return {
    toBe: other => check(!Object.is(actual, other), `is ${String(other)}`),
    toContain: part => check(!actual.includes(part), `contains ${part}`),
    toMatch: pattern => check(!pattern.test(actual), `matches ${pattern}`),
  };
}

export function expect(actual, message) {
  const check = (holds, what) => ok(holds, `${message ?? ''} ${JSON.stringify(actual)} ${what}`);
  return {
    toBe: expected => check(Object.is(actual, expected), `is not ${String(expected)}`),
    toEqual: expected => deepStrictEqual(plain(actual), plain(expected), message),
    toBeUndefined: () => check(actual === undefined, 'is defined'),
    toContain: expected => check(actual.includes(expected), `does not contain ${expected}`),
    toBeGreaterThan: expected => check(actual > expected, `is not greater than ${expected}`),
    toBeLessThan: expected => check(actual < expected, `is not less than ${expected}`),
    toBeLessThanOrEqual: expected => check(actual <= expected, `is greater than ${expected}`),
    toMatch: expected => check(expected.test(actual), `does not match ${expected}`),
    toHaveLength: expected => check(actual.length === expected, `has not ${expected} items`),
    get not() {
      return negated(actual, message);
    },
  };
}

/** Runs everything that was declared, and ends the process. */
export async function runAll() {
  let failed = 0;
  for (const body of before) await body();
  for (const { name, body } of tests) {
    const started = performance.now();
    try {
      await body();
    } catch (error) {
      failed++;
      console.log(
        `FAILED ${name}\n  ${String(error?.message ?? error)
          .split('\n')
          .slice(0, 12)
          .join('\n  ')}`,
      );
    }
    // Whoever waits wants to see that something happens.
    const seconds = (performance.now() - started) / 1000;
    if (seconds > 5) console.log(`${process.arch}: ${name} took ${Math.round(seconds)} s`);
  }
  for (const body of after) await body();
  console.log(`${process.arch}: ${tests.length} tests, ${failed} failed`);
  process.exit(failed > 0 || tests.length === 0 ? 1 : 0);
}
