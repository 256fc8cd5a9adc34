// Sides of a comparison, as processes that wait for each other. A side is a process that holds one program. It calls the program three
// times and writes one line of JSON: the `result` and, where it knows it, the `peak` of its memory. Then it reads numbers, line by
// line, makes so many calls, and writes how many milliseconds of processor time they took.
//
// All sides live at once and are measured in turns, so a change of the machine's speed hits all of them alike, and one clock, the one
// here, serves for all. What a turn costs besides the calls (about 0.1 ms) is small against a sample. Where other work disturbs the
// machine, processor time is steadier; it counts what V8 does in other threads as well.
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a side, and waits until it has reported. Throws when it does not. */
export async function startSide(name, command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.on('error', () => {});
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended early: ${command} ${args.join(' ')}`);
    return value;
  };
  const { result, peak } = JSON.parse(await next());
  return {
    name,
    result,
    peak,
    /** Milliseconds for so many calls, on the wall's clock or of the processor. */
    measure: async (calls, clock) => {
      const start = process.hrtime.bigint();
      child.stdin.write(`${calls}\n`);
      const processor = Number(await next());
      return clock === 'cpu' ? processor : Number(process.hrtime.bigint() - start) / 1e6;
    },
    end: () => child.stdin.end(),
  };
}

/** Calls until the warm-up is over, and gives how many calls make a sample of `sample` milliseconds. */
export async function warmUp(side, { warm, sample, clock }) {
  let calls = 1;
  for (let spent = 0; ; ) {
    const milliseconds = await side.measure(calls, clock);
    spent += milliseconds;
    const fitting = Math.max(1, Math.min(calls * 8, Math.round((calls * sample) / Math.max(milliseconds, 1e-3))));
    if (spent >= warm) return fitting;
    calls = fitting;
  }
}

/** Milliseconds of one call for each side, `rounds` times. */
export async function measureInTurns(sides, effort) {
  const counts = [];
  for (const side of sides) counts.push(await warmUp(side, effort));
  const times = sides.map(() => []);
  for (let round = 0; round < effort.rounds; round++) {
    for (const [i, side] of sides.entries()) {
      times[i].push((await side.measure(counts[i], effort.clock)) / counts[i]);
    }
  }
  return times;
}

/** The first of several commands that this machine has, or undefined. */
export function findCommand(candidates) {
  return candidates.find(command => {
    try {
      execFileSync(command, ['-e', ''], { stdio: 'ignore' });
      return true;
    } catch (error) {
      return error.code !== 'ENOENT' && error.status !== 127;
    }
  });
}
