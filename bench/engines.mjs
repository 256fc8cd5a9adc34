// The engines side by side on small programs, and CPython doing the same: nanoseconds for one call from outside. Each is a process of
// its own, as in a program that uses one engine: a loop that calls several of them is compiled for none.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, spread, verdict } from './measure.mjs';
import { measureInTurns, startSide } from './sides/measured.mjs';

/** At most so many times CPython's time for a call of `tot`. */
const TARGETS = { tree: 2, closure: 0.5, stack: 0.4, 'vm-fresh': 0.4, vm: 0.2, js: 0.05 };

/** The first function is called with `args`; the Python must do the same work. */
const PROGRAMS = [
  {
    name: 'tot',
    args: [10, 20, 0.1],
    ilo: 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t',
    python: 'def run(p, q, r):\n    s = p * q\n    t = s * r\n    return s + t',
  },
  {
    name: 'sum of 1,000',
    args: [1000],
    ilo: 'run n:n>n;s=0;@i 0..n{s=+s i};s',
    python: 'def run(n):\n    s = 0\n    for i in range(n):\n        s = s + i\n    return s',
  },
  {
    name: 'fib 20',
    args: [20],
    ilo: 'run n:n>n;<=n 1 n;a=run -n 1;b=run -n 2;+a b',
    python: 'def run(n):\n    if n <= 1:\n        return n\n    a = run(n - 1)\n    b = run(n - 2)\n    return a + b',
  },
  {
    name: 'text of 1,000 parts',
    args: [1000],
    ilo: 'run n:n>t;s="";@i 0..n{s=+s "ab"};s',
    python: 'def run(n):\n    s = ""\n    for i in range(n):\n        s = s + "ab"\n    return s',
  },
  {
    name: 'list of 1,000 items',
    args: [1000],
    ilo: 'run n:n>L n;xs=[];@i 0..n{xs=+=xs *i 2};xs',
    python: 'def run(n):\n    xs = []\n    for i in range(n):\n        xs.append(i * 2)\n    return xs',
  },
];

export const show = nanoseconds =>
  nanoseconds < 1000 ? `${nanoseconds.toFixed(0)} ns` : `${(nanoseconds / 1000).toFixed(1)} µs`;

/** Measures one program on all engines and in CPython, prints the line, and gives the medians in nanoseconds. */
async function measureProgram({ name, args, ilo, python }, engines, { bundle, quick, clock }) {
  const here = path => fileURLToPath(new URL(path, import.meta.url));
  const file = join(dirname(bundle), 'program');
  writeFileSync(`${file}.ilo`, ilo);
  writeFileSync(`${file}.py`, python);
  const words = args.map(String);
  const sides = [];
  try {
    for (const engine of engines) {
      sides.push(
        await startSide(engine, process.execPath, [here('sides/ilo.mjs'), bundle, engine, `${file}.ilo`, ...words]),
      );
    }
    sides.push(await startSide('CPython', 'python3', [here('sides/python.py'), `${file}.py`, ...words]));
    const effort = quick ? { warm: 100, sample: 5, rounds: 5 } : { warm: 400, sample: 20, rounds: 21 };
    const times = await measureInTurns(sides, { ...effort, clock });
    const nanoseconds = times.map(samples => median(samples) * 1e6);
    const base = nanoseconds.pop();
    const steady = Math.max(...times.map(spread)).toFixed(2);
    const cells = nanoseconds.map(each => `${show(each)} ${(each / base).toFixed(2)}`);
    console.log(row(name, [...cells, show(base), steady]));
    return { label: name, python: base, medians: new Map(engines.map((engine, i) => [engine, nanoseconds[i]])) };
  } finally {
    for (const side of sides) side.end();
  }
}

/** A line of the table. */
const row = (label, cells) => `     ${label.padEnd(20)}${cells.map(cell => cell.padStart(16)).join('')}`;

/** Prints the table; gives its lines, and for each engine with a target whether it is met. */
export async function benchEngines(options) {
  const { engines } = options;
  const version = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\nThe engines: median of one call, and over ${version}; last the widest spread of the line`);
  console.log(row('', [...engines, 'CPython', 'spread']));
  const lines = [];
  for (const program of PROGRAMS) lines.push(await measureProgram(program, engines, options));
  const [{ medians, python }] = lines;
  const kept = engines.flatMap(engine => {
    const target = TARGETS[engine];
    const label = `${engine} over CPython, per call of tot`;
    return target === undefined ? [] : [verdict(label, medians.get(engine) / python, target)];
  });
  return { engines, lines, targets: TARGETS, kept };
}
