// One call of `tot` on the tree engine, beside CPython doing the same.
import { execFileSync } from 'node:child_process';
import { median, spread, time, verdict } from './measure.mjs';

const SOURCE = 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t';
const CALLS = 200_000;
const PYTHON = `
import time, sys
def tot(p, q, r):
    s = p * q
    t = s * r
    return s + t
def loop(n):
    for i in range(n):
        tot(10.0, 20.0, 0.1)
loop(20000)
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    loop(${CALLS})
    print((time.perf_counter() - start) * 1e9 / ${CALLS})
`;

export function benchTree({ loadProgram, TreeMachine, makeServices, BUILTINS }, quick) {
  const { unit } = loadProgram(SOURCE, { readFile: () => ({ err: 'none' }) });
  const services = makeServices({
    builtins: BUILTINS,
    host: {},
    maxDepth: 1000,
    random: Math.random,
    callValue: () => null,
  });
  const machine = new TreeMachine(unit, services);
  const callee = unit.byName.get('tot');
  const args = [10, 20, 0.1];
  const work = () => {
    for (let i = 0; i < CALLS; i++) machine.run(callee, args);
  };
  console.log('\nThe tree engine: one call of tot');
  for (let i = 0; i < 5; i++) work();
  const ours = [];
  const python = [];
  for (let round = 0; round < (quick ? 3 : 7); round++) {
    for (let i = 0; i < 3; i++) ours.push((time(work) * 1e6) / CALLS);
    const out = execFileSync('python3', ['-c', PYTHON, '3'], { encoding: 'utf8' });
    python.push(...out.trim().split('\n').map(Number));
  }
  const version = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
  console.log(
    `     tree ${median(ours).toFixed(0)} ns (spread ${spread(ours).toFixed(2)}), ${version} ${median(python).toFixed(0)} ns (spread ${spread(python).toFixed(2)})`,
  );
  return [verdict('tree engine over CPython, per call of tot', median(ours) / median(python), 2)];
}
