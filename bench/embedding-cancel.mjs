// How long a run goes on after its caller wanted it to end: from the moment at which a timer of the caller's was due, so that an event loop that is
// kept busy counts as well, to the rejection. Milliseconds of wall time, the median and the longest of some cancellations.
import { median } from './measure.mjs';

const LIMITS = { fuel: Infinity, timeout: 60_000 };
const LOOP = 'f n:n>n;i=0;wh >n 0{i=+i 1};i';
const BUSY = 20;

export async function benchCancelling({ compile, drainPools, report, quick }) {
  const count = quick ? 5 : 15;
  const program = compile(LOOP);
  for (const engine of ['js', 'vm', 'jit']) {
    await line(`a signal ends a loop, engine ${engine}`, () => cancelled(program, { engine }));
  }
  await line(`the same beside ${BUSY} others that do not end`, async () => {
    const others = new AbortController();
    const busy = program.with({ limits: LIMITS, signal: others.signal });
    const runs = Array.from({ length: BUSY }, () => busy.runAsync('f', 1).catch(() => {}));
    const took = await cancelled(program, {});
    others.abort();
    await Promise.all(runs);
    return took;
  });
  for (const isolation of ['worker', 'process']) {
    await line(`the same, a loop in machine code, isolation ${isolation}`, () =>
      cancelled(program, { isolation, engine: 'jit' }),
    );
  }
  drainPools();

  async function line(what, measure) {
    const times = [];
    for (let i = 0; i < count; i++) times.push(await measure());
    const longest = Math.max(...times);
    report.add(what, `${median(times).toFixed(1)} ms`, 'within 50 ms', longest <= 50);
    report.add('  the longest of them', `${longest.toFixed(1)} ms`, '');
  }
}

/** Milliseconds from when it was to be cancelled to its end. */
async function cancelled(program, options) {
  const cancel = new AbortController();
  const run = program.with({ ...options, limits: LIMITS, signal: cancel.signal }).runAsync('f', 1);
  const wait = options.isolation === undefined ? 40 : 400;
  const due = performance.now() + wait;
  setTimeout(() => cancel.abort(), wait);
  const code = await run.then(
    () => 'done',
    error => error.code,
  );
  if (code !== 'ILO-E007') throw new Error(`the run was to be cancelled, and ended with ${code}`);
  return performance.now() - due;
}
