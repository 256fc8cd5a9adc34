// The engines side by side on small programs, and CPython doing the same: nanoseconds for one call from outside. All in one
// process, so from program to program V8 has seen the engines used in more ways; the first is measured once more at the end.
import { execFileSync } from 'node:child_process';
import { median, spread, time, verdict } from './measure.mjs';

/** At most so many times CPython's time for a call of `tot`. */
const TARGETS = { tree: 2, closure: 0.5, stack: 0.4, 'vm-fresh': 0.4, vm: 0.2, js: 0.05 };

/** The first function is called with `args`, `calls` times in a measurement; the Python must do the same work. */
const PROGRAMS = [
  {
    name: 'tot',
    calls: 200_000,
    args: [10, 20, 0.1],
    ilo: 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t',
    python: 'def run(p, q, r):\n    s = p * q\n    t = s * r\n    return s + t',
  },
  {
    name: 'sum of 1,000',
    calls: 500,
    args: [1000],
    ilo: 'run n:n>n;s=0;@i 0..n{s=+s i};s',
    python: 'def run(n):\n    s = 0\n    for i in range(n):\n        s = s + i\n    return s',
  },
  {
    name: 'fib 20',
    calls: 5,
    args: [20],
    ilo: 'run n:n>n;<=n 1 n;a=run -n 1;b=run -n 2;+a b',
    python: 'def run(n):\n    if n <= 1:\n        return n\n    a = run(n - 1)\n    b = run(n - 2)\n    return a + b',
  },
  {
    name: 'text of 1,000 parts',
    calls: 300,
    args: [1000],
    ilo: 'run n:n>t;s="";@i 0..n{s=+s "ab"};s',
    python: 'def run(n):\n    s = ""\n    for i in range(n):\n        s = s + "ab"\n    return s',
  },
  {
    name: 'list of 1,000 items',
    calls: 300,
    args: [1000],
    ilo: 'run n:n>L n;xs=[];@i 0..n{xs=+=xs *i 2};xs',
    python: 'def run(n):\n    xs = []\n    for i in range(n):\n        xs.append(i * 2)\n    return xs',
  },
];

/** Nanoseconds for a call, measured `rounds` times in a process of its own. */
function pythonTimes({ python, args, calls }, rounds) {
  const program = `
import time
${python}
def loop(calls):
    for i in range(calls):
        run(${args.join(', ')})
loop(${Math.ceil(calls / 10)})
for _ in range(${rounds}):
    start = time.perf_counter()
    loop(${calls})
    print((time.perf_counter() - start) * 1e9 / ${calls})
`;
  return execFileSync('python3', ['-c', program], { encoding: 'utf8' }).trim().split('\n').map(Number);
}

/** One call after the other on one machine, as a function that makes `calls` of them. */
function workOn(engine, { ilo, args, calls }, { loadProgram, MACHINES, makeServices, BUILTINS, entryOf }) {
  const { unit, diagnostics } = loadProgram(ilo, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics[0].message);
  const services = makeServices({
    builtins: BUILTINS,
    host: {},
    maxDepth: 1000,
    random: Math.random,
    callValue: () => null,
  });
  const machine = MACHINES[engine](unit, services);
  const entry = entryOf(machine, 0);
  const [a, b, c] = args;
  // Spreading would cost more than some of the calls.
  if (args.length === 3) {
    return () => {
      for (let i = 0; i < calls; i++) entry(a, b, c);
    };
  }
  return () => {
    for (let i = 0; i < calls; i++) entry(a);
  };
}

export const show = nanoseconds =>
  nanoseconds < 1000 ? `${nanoseconds.toFixed(0)} ns` : `${(nanoseconds / 1000).toFixed(1)} µs`;

/** Measures one program on all engines and in CPython, prints the line, and gives the medians in nanoseconds. */
function measureProgram(program, label, engines, internals, quick) {
  const works = engines.map(engine => workOn(engine, program, internals));
  for (let i = 0; i < 5; i++) for (const work of works) work();
  const times = engines.map(() => []);
  const python = [];
  for (let round = 0; round < (quick ? 3 : 7); round++) {
    for (let i = 0; i < 3; i++) {
      for (const [side, work] of works.entries()) times[side].push((time(work) * 1e6) / program.calls);
    }
    python.push(...pythonTimes(program, 3));
  }
  const base = median(python);
  const cells = times.map(samples => `${show(median(samples))} ${(median(samples) / base).toFixed(2)}`);
  const steady = Math.max(...[...times, python].map(spread)).toFixed(2);
  console.log(row(label, [...cells, `${show(base)}`, steady]));
  return { label, python: base, medians: new Map(engines.map((engine, side) => [engine, median(times[side])])) };
}

/** A line of the table. */
const row = (label, cells) => `     ${label.padEnd(20)}${cells.map(cell => cell.padStart(16)).join('')}`;

/** Prints the table; gives its lines, and for each engine with a target whether it is met. */
export function benchEngines(internals, quick) {
  const engines = internals.ENGINES.map(({ name }) => name);
  const version = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\nThe engines: median of one call, and over ${version}; last the widest spread of the line`);
  console.log(row('', [...engines, 'CPython', 'spread']));
  const lines = PROGRAMS.map(program => measureProgram(program, program.name, engines, internals, quick));
  // V8 has seen all other programs by now, and can no longer build the one that it sees into one piece.
  lines.push(measureProgram(PROGRAMS[0], 'tot, after the rest', engines, internals, quick));
  const [{ medians, python }] = lines;
  const kept = engines.flatMap(engine => {
    const target = TARGETS[engine];
    const label = `${engine} over CPython, per call of tot`;
    return target === undefined ? [] : [verdict(label, medians.get(engine) / python, target)];
  });
  return { engines, lines, targets: TARGETS, kept };
}
