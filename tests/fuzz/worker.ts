// A process of a campaign: runs the programs of its seeds, makes what disagrees small, and reports.
import { setImmediate } from 'node:timers/promises';
import { loadAddon } from '../../src/jit/native/addon.ts';
import { bareSeconds, takeCounts } from './bare/counts.ts';
import type { Subject } from './call.ts';
import { tryProgram } from './campaign.ts';
import { type Shrunk, shrink } from './shrink.ts';
import { addBare, addProgram, emptyTally, type Tally } from './tally.ts';

export interface Assignment {
  readonly from: number;
  readonly count: number;
  /** Seeds go up by this: each process takes every n-th. */
  readonly step: number;
  readonly engines: readonly Subject[];
}

export type Message =
  /** Which program is being looked at, for whoever watches whether it goes on. */
  | { readonly kind: 'at'; readonly seed: number; readonly shrinking: boolean }
  /** `seconds` of processor time since the last one; `machine`: what it runs on. */
  | { readonly kind: 'tally'; readonly tally: Tally; readonly seconds: number; readonly machine: string }
  /** `alike`: two like it were reported in full. */
  | { readonly kind: 'found'; readonly seed: number; readonly shrunk: Shrunk; readonly alike: boolean }
  | { readonly kind: 'done' };

/** Disagreements that look alike are made small only so often. */
const MOST_ALIKE = 2;
const PROGRAMS_PER_MESSAGE = 200;
/** Where programs take long, whoever ends a campaign wants to know of the last ones, too. */
const SECONDS_PER_MESSAGE = 20;
/** A program that takes long is announced before a run of it when this many milliseconds have passed since it was last. */
const ANNOUNCE_AFTER = 1000;

export async function work(assignment: Assignment, send: (message: Message) => void): Promise<void> {
  const { from, count, step, engines } = assignment;
  const machine = `${process.arch}, ${loadAddon().addon === undefined ? 'without' : 'with'} machine code${process.env.ILO_BARE === undefined ? '' : ', run bare'}`;
  const alike = new Map<string, number>();
  let tally = emptyTally();
  let before = process.cpuUsage();
  let bareBefore = bareSeconds();
  let sent = performance.now();
  const sendTally = (): void => {
    sent = performance.now();
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const bare = bareSeconds();
    send({ kind: 'tally', tally, seconds: (user + system) / 1e6 + bare - bareBefore, machine });
    bareBefore = bare;
    tally = emptyTally();
  };
  for (let i = 0; i < count; i++) {
    const seed = from + i * step;
    send({ kind: 'at', seed, shrinking: false });
    let announced = performance.now();
    // Each run is limited, but lists that are shared and changed in turns are copied each time: many runs of one program may take minutes.
    const report = tryProgram(seed, engines, undefined, () => {
      const now = performance.now();
      if (now - announced < ANNOUNCE_AFTER) return;
      announced = now;
      send({ kind: 'at', seed, shrinking: false });
    });
    addProgram(tally, report);
    addBare(tally, takeCounts());
    const { disagreement, program, text } = report;
    if (disagreement !== undefined) {
      const look = `${disagreement.engine} ${headOf(disagreement.expected)} ${headOf(disagreement.got)}`;
      const times = alike.get(look) ?? 0;
      alike.set(look, times + 1);
      const isAlike = times >= MOST_ALIKE;
      send({ kind: 'at', seed, shrinking: true });
      const shrunk = isAlike ? { tree: program.tree, text, disagreement } : shrink(program.tree, disagreement);
      send({ kind: 'found', seed, shrunk, alike: isAlike });
    }
    const late = performance.now() - sent > 1000 * SECONDS_PER_MESSAGE;
    if (late || tally.programs === PROGRAMS_PER_MESSAGE) sendTally();
    // What was sent goes out, and what was sent to us is heard.
    await setImmediate();
  }
  sendTally();
  send({ kind: 'done' });
}

/** What kind of observation it is: `value`, `fault ILO-R009`, `crash TypeError:`. */
function headOf(observed: string): string {
  const words = observed.split(/\s/, 2);
  return words[0] === 'value' ? 'value' : words.join(' ');
}

if (process.send !== undefined && process.argv[2] !== undefined) {
  const send = process.send.bind(process);
  // Nobody is there any more.
  process.on('disconnect', () => process.exit());
  await work(JSON.parse(process.argv[2]) as Assignment, message => send(message));
}
