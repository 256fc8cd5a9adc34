// One thread of a campaign: runs the programs of its seeds, makes what disagrees small, and reports.
import { parentPort, workerData } from 'node:worker_threads';
import type { EngineName } from '../../src/runtime/engines.ts';
import { tryProgram } from './campaign.ts';
import { type Shrunk, shrink } from './shrink.ts';
import { addProgram, emptyTally, type Tally } from './tally.ts';

export interface Assignment {
  readonly from: number;
  readonly count: number;
  /** Seeds go up by this: each thread takes every n-th. */
  readonly step: number;
  readonly engines: readonly EngineName[];
  /** The seed being worked on, and 1 while it is being made smaller, for whoever watches whether it goes on. */
  readonly progress: Int32Array;
}

export type Message =
  | { readonly kind: 'tally'; readonly tally: Tally }
  /** `alike`: two like it were reported in full. */
  | { readonly kind: 'found'; readonly seed: number; readonly shrunk: Shrunk; readonly alike: boolean }
  | { readonly kind: 'done' };

/** Disagreements that look alike are made small only so often. */
const MOST_ALIKE = 2;
const PROGRAMS_PER_MESSAGE = 200;

export function work({ from, count, step, engines, progress }: Assignment, send: (message: Message) => void): void {
  const alike = new Map<string, number>();
  let tally = emptyTally();
  for (let i = 0; i < count; i++) {
    const seed = from + i * step;
    Atomics.store(progress, 0, seed);
    const report = tryProgram(seed, engines);
    addProgram(tally, report);
    const { disagreement, program, text } = report;
    if (disagreement !== undefined) {
      const look = `${disagreement.engine} ${headOf(disagreement.expected)} ${headOf(disagreement.got)}`;
      const times = alike.get(look) ?? 0;
      alike.set(look, times + 1);
      const isAlike = times >= MOST_ALIKE;
      Atomics.store(progress, 1, 1);
      const shrunk = isAlike ? { tree: program.tree, text, disagreement } : shrink(program.tree, disagreement);
      Atomics.store(progress, 1, 0);
      send({ kind: 'found', seed, shrunk, alike: isAlike });
    }
    if (tally.programs === PROGRAMS_PER_MESSAGE) {
      send({ kind: 'tally', tally });
      tally = emptyTally();
    }
  }
  send({ kind: 'tally', tally });
  send({ kind: 'done' });
}

/** What kind of observation it is: `value`, `fault ILO-R009`, `crash TypeError:`. */
function headOf(observed: string): string {
  const words = observed.split(/\s/, 2);
  return words[0] === 'value' ? 'value' : words.join(' ');
}

if (parentPort !== null && workerData?.progress !== undefined) {
  const port = parentPort;
  work(workerData as Assignment, message => port.postMessage(message));
}
