// Recursion that counts down goes on in a form that does not count its depth: where that is found, and that nobody can tell.
import { describe, expect, test } from 'vitest';
import { showValue } from '../../../src/core/value/show.ts';
import { irOf } from '../../../src/ir/unit.ts';
import { findCountdown } from '../../../src/jit/js/countdown.ts';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../../src/runtime/program.ts';

function load(source: string) {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(`${source}: ${diagnostics.map(each => each.message).join('; ')}`);
  return unit;
}

/** The end and the kind of what the typed version of the last function is found to count down to. */
function found(source: string) {
  const unit = load(source);
  const ir = irOf(unit);
  const version = ir.versions.plan.get(unit.functions.length - 1);
  if (version === undefined) return undefined;
  const countdown = findCountdown(ir.typed(version), version);
  return countdown && [countdown.end, countdown.isExact];
}

const SHORT = [
  ['f n:n>n;<=n 1 n;+ (f - n 1) (f - n 2)', [1, false]],
  ['f n:n>n;<n 1 7;+ 1 (f - n 3)', [1, false]],
  ['f n:n>n;>n 0{ret + 1 (f - n 1)};0', [0, false]],
  ['f n:n>n;>=n (-3){ret + 1 (f - n 1.5)};0', [-3, false]],
  ['f n:n>n;=n 0 1;* n (f - n 1)', [0, true]],
  ['f n:n m:n>n;<=n 1 m;f (- n 1) (+ m 2)', [1, false]],
  ['f n:n>n;<=n 1 n;/ (f - n 1) 2', [1, false]],
  ['f n:n>L n;<=n 1 [n];[(f - n 1) n]', [1, false]],
] as const;

const COUNTED = [
  // The number does not go down, not by enough, or past the end.
  'f n:n>n;<=n 1 n;f + n 1',
  'f n:n>n;<=n 1 n;f - n 0.5',
  'f n:n>n;<=n 1 n;f - 1 n',
  'f n:n>n;=n 0 1;f - n 2',
  'f n:n>n;=n 0.5 1;f - n 1',
  'f n:n m:n>n;<=m 1 n;f (- n 1) m',
  // It calls itself on the other side as well.
  'f n:n>n;<=n 1{ret f - n 1};f - n 2',
  'f n:n>n;a=f - n 1;<=n 1 n;a',
  // Something else may fail, or look how deep it is.
  'f n:n>n;<=n 1 n;/ 1 (f - n 1)',
  'f n:n>n;<=n 1 n;cel (f - n 1)',
  'f n:n>n;<=n 1 n;xs=+=[n] 1;+ xs.0 (f - n 1)',
  'g n:n>n;>n 5{ret g + n 1};n\nf n:n>n;<=n 1 n;+ (g n) (f - n 1)',
];

describe('recursion that counts down', () => {
  test.each(SHORT)('%s', (source, countdown) => expect(found(source)).toEqual(countdown));
  test.each(COUNTED)('not %s', source => expect(found(source)).toBe(undefined));
});

test.each([...SHORT.map(([source]) => source), ...COUNTED])('the same as the tree: %s', source => {
  const unit = load(source);
  const params = unit.functions.at(-1)!.params.length;
  const branches = (source.match(/\(f/g) ?? []).length;
  for (const n of [
    0,
    -0,
    1,
    2,
    5.5,
    12,
    -1,
    -3.5,
    0.1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    780,
    800,
    1e9,
  ]) {
    if (branches > 1 && n > 20) continue;
    for (const maxDepth of [10_000, 7]) {
      const args = [n, 3].slice(0, params);
      const [tree, js] = (['tree', 'js'] as const).map(engine => {
        const result = runProgram(unit, 'f', args, {
          host: createVirtualHost({}),
          engine,
          maxDepth,
        });
        return 'value' in result
          ? showValue(result.value)
          : { fault: result.fault.code, span: result.fault.span, calls: result.fault.calls };
      });
      expect(js, `n = ${n}, at most ${maxDepth} deep`).toEqual(tree);
    }
  }
});
