// The part of a side that all sides in Node share.
import { createInterface } from 'node:readline';

/** How often a side calls its program before it reports the answer and the memory it needed. */
const FIRST_CALLS = 3;

/**
 * Uses what a call gave. V8 may leave out work whose result nobody wants, and it puts off joining texts until somebody looks at one: a call
 * is over when its text can be looked at.
 */
function read(result) {
  if (typeof result === 'number') return result;
  return typeof result === 'string' ? result.charCodeAt(result.length >> 1) : 0;
}

/** Reports the answer and the peak of memory, then makes as many calls as each line of the input says, and says what processor time they took. */
export async function answer(call, show) {
  let result;
  for (let i = 0; i < FIRST_CALLS; i++) result = call();
  const peak = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ result: show(result), peak })}\n`);
  let sink = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const before = process.cpuUsage();
    for (let calls = Number(line); calls > 0; calls--) sink += read(call());
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(`${sink === Number.MAX_VALUE ? 'never' : (user + system) / 1000}\n`);
  }
}
