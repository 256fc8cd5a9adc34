// Exponentials, logarithms and angles: nanoseconds a call beside V8's own functions, which round as they like. No target: a
// call is to be cheap beside the builtin call around it, which takes some hundred nanoseconds.
import { median, sideBySide } from './measure.mjs';

const COUNT = 20_000;

/** Numbers without a pattern, the same in every run. */
function samples(low, high) {
  let state = 1;
  return Float64Array.from({ length: COUNT }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  });
}

const ROWS = [
  ['exp', [-20, 20]],
  ['log', [0.001, 1000]],
  ['log2', [0.001, 1000]],
  ['log10', [0.001, 1000]],
  ['sin', [-10, 10]],
  ['cos', [-10, 10]],
  ['tan', [-10, 10]],
  ['sin', [1e6, 1e15], 'sin of large angles'],
  ['asin', [-1, 1]],
  ['acos', [-1, 1]],
  ['atan', [-5, 5]],
  ['atan2', [-5, 5], 'atan2', [-5, 5]],
  ['pow', [0.1, 30], 'pow', [-20, 20]],
  ['pow', [0.1, 30], 'pow x 3', [3, 3]],
  ['pow', [0.1, 30], 'pow x 10', [10, 10]],
];

/** A loop of its own for every function, so that V8 sees each call site with one function only. */
const looper = compute =>
  new Function(
    'compute',
    'xs',
    'ys',
    'let sum = 0; for (let i = 0; i < xs.length; i++) sum += compute(xs[i], ys[i]); return sum;',
  ).bind(undefined, compute);

/** Prints a line a function; `internals` holds ours under the names that Math gives them. */
export function benchMath(internals, quick) {
  console.log('\nElementary functions, ns a call (with the loop around it)');
  for (const [name, range, label = name, second = [1, 2]] of ROWS) {
    const xs = samples(...range);
    const ys = samples(...second);
    const ours = looper(internals[name]);
    const engine = looper(Math[name]);
    for (let i = 0; i < 5; i++) sideBySide([() => ours(xs, ys), () => engine(xs, ys)], 1);
    const [oursTimes, engineTimes] = sideBySide([() => ours(xs, ys), () => engine(xs, ys)], quick ? 9 : 31);
    const nanoseconds = times => (median(times) * 1e6) / COUNT;
    const [a, b] = [nanoseconds(oursTimes), nanoseconds(engineTimes)];
    console.log(
      `     ${label.padEnd(22)} ${a.toFixed(1).padStart(7)}   Math.* ${b.toFixed(1).padStart(6)}   ${(a / b).toFixed(1)} times`,
    );
  }
}
