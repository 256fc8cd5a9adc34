// Functions that stand in place of their calls. That is done only where nothing is counted, which is never in a thread as vitest's: so these run
// in processes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IS_NATIVE } from './harness.ts';
import { makeScripts, type Scripts } from './processes.ts';

let scripts: Scripts;
beforeAll(async () => {
  scripts = await makeScripts();
});
afterAll(() => scripts.remove());

/** Each has `f a:n b:n>n`, and small functions that it calls. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'one that divides': 'g x:n y:n>n;/ x (- y 2)\nf a:n b:n>n;s=0;@i 0..9{s=+ s (g i b)};+ s (g b a)',
  'one that divides in another':
    'g x:n y:n>n;/ x y\nh x:n>n;- (g x 2) (g 3 x)\nf a:n b:n>n;s=h a;@i 0..9{s=+ s (h (+ i b))};s',
  'one that divides as the caller does': 'g x:n y:n>n;/ x y\nf a:n b:n>n;s=0;@i 0..4{s=+ (/ a b) (g a b)};s',
  'the caller divides as one did': 'g x:n y:n>n;/ x y\nf a:n b:n>n;s=0;@i 0..4{s=+ (g b a) (/ b a)};s',
  'one with many ways':
    'g x:n>n;>= x 50 1;>= x 40 2;>= x 30 3;>= x 20 4;>= x 10 5;>= x 5 6;>= x 0 7;8\nf a:n b:n>n;s=0;@i 0..9{s=+ (* s 2) (g (* i a))};+ s (g b)',
  'one in a loop that is not entered': 'g x:n>n;* x 3\nf a:n b:n>n;s=0;@i 5..3{s=g i};wh < s a{s=+ (g s) 7};s',
  'one in its own caller': 'g x:n>n;- x 1\nf a:n b:n>n;<= a 0 b;> a 9 b;f (g a) (+ b (g a))',
};

/** An emulated processor takes its time. */
const NUMBERS =
  process.env.ILO_TEST_NODE === undefined
    ? '[0, -0, 1, -1, 0.5, 2, 3, 7, -7, 45, 1e6, 2 ** 52, -(2 ** 63), 1e300, NaN, Infinity, -Infinity]'
    : '[0, -0, 2, 3, -7, 45, 1e300, NaN]';

/** One process for all: on an emulated processor it takes seconds until Node has begun. */
const SCRIPT = `
  const numbers = ${NUMBERS};
  const shown = ({ value, fault }) => {
    if (fault === undefined) return Object.is(value, -0) ? '-0' : String(value);
    return [fault.code, fault.message, JSON.stringify(fault.span), fault.calls].join(' ');
  };
  const said = {};
  for (const [name, source] of Object.entries(${JSON.stringify(PROGRAMS)})) {
    const unit = unitOf(source);
    const why = ilo.nativeUnitOf(unit, false).whyNotNative(unit.byName.get('f'));
    const wrong = [];
    for (const a of numbers) for (const b of numbers) {
      const [got, want] = ['jit', 'tree'].map(engine => shown(run(unit, 'f', [a, b], { engine })));
      if (got !== want) wrong.push({ a, b, got, want });
    }
    said[name] = [why ?? 'native', wrong.length, JSON.stringify(wrong.slice(0, 3))].join(' ');
  }
  said.chain = run(unitOf('g x:n y:n>n;/ x y\\nf a:n>n;s=0;@i -9..a{s=+ s (g 1 i)};s'), 'f', [3]).fault.calls.join();
  const unit = unitOf('g x:n>n;+ x 1\\nf n:n>n;<= n 0 (g n);s=0;@i 0..1{s=+ s (g i)};+ s (f (- n 1))');
  const wrong = [];
  for (let maxDepth = 1; maxDepth < 12; maxDepth++) {
    const [got, want] = ['jit', 'tree'].map(engine => {
      const { value, fault } = run(unit, 'f', [6], { engine, maxDepth });
      return value ?? [fault.code, fault.message, fault.calls.length].join(' ');
    });
    if (got !== want) wrong.push({ maxDepth, got, want });
  }
  said.depth = JSON.stringify(wrong);
  console.log(JSON.stringify(said));`;

describe.runIf(IS_NATIVE)('functions in place of their calls', () => {
  let said: Readonly<Record<string, string>>;
  beforeAll(() => {
    const text = scripts.run(SCRIPT);
    // What ended the process is no JSON.
    said = text.startsWith('{') ? JSON.parse(text) : { ended: text };
  });

  test.each(Object.keys(PROGRAMS))('%s', name => {
    expect(said[name] ?? said.ended).toBe('native 0 []');
  });

  test('the chain of a division by zero names the function', () => {
    expect(said.chain ?? said.ended).toBe('f,g');
  });

  test('calls nest as deep as the limit says, with those that are not made', () => {
    expect(said.depth ?? said.ended).toBe('[]');
  });

  test.runIf(process.arch === 'x64')('depth is looked at once, before the loop; nothing is called', () => {
    const source = 'g x:n>n;/ (+ x 1) 2\nh x:n y:n>n;/ x y\nf n:n>n;s=0;@i 1..n{s=+ s (h (g i) (g s))};s';
    const text = scripts.run(
      `const source = ${JSON.stringify(source)}; console.log(ilo.listNative(unitOf(source), source, false));`,
    );
    const code = text.slice(text.indexOf('\nf:'), text.indexOf('\nh:'));
    expect(code.match(/cmp +r13d/g)?.length).toBe(1);
    expect(code).not.toContain('call');
    // By two is multiplied.
    expect(code.match(/divsd/g)?.length).toBe(1);
  });
});
