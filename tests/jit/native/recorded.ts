// The part of the encoder proof that is kept in the tree, so that the tests need no GNU binutils: for every form the number of its
// cases, a digest of what `as` and `objdump` made of a selection of them, and three of these in full, to be read.
import { createHash } from 'node:crypto';

export const RECORD_PATH = 'tests/jit/native/encoder-recorded.txt';
const SELECTED = 64;

/** One instruction: its bytes in hex and its text, with single spaces. */
export const caseLine = (hex: string, text: string): string => `${hex} ${text.replace(/\s+/g, ' ').trim()}`;

/** Evenly through the cases, in steps that have nothing in common with the number of registers. */
export function selected<Item>(items: readonly Item[]): Item[] {
  let step = Math.ceil(items.length / SELECTED);
  if (step > 1 && step % 2 === 0) step++;
  return items.filter((_, index) => index % step === 0);
}

const digest = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Whether a case can be recorded: how far away a constant lies depends on which other cases there are. */
export const isRecordable = (line: string): boolean => !line.includes('[rip');

/** What is recorded of a form: one line. `some` are the selected ones of its `count` cases. */
export function formRecord(architecture: string, name: string, count: number, some: readonly string[]): string {
  const shown = [0, some.length >> 1, some.length - 1].map(index => some[index]!);
  return [architecture, name, count, digest(some.join('\n')), ...new Set(shown)].join(' | ');
}

/** What is recorded of a program of jumps. */
export const distanceRecord = (architecture: string, seed: number, bytes: Uint8Array): string =>
  [architecture, `distances ${seed}`, bytes.length, digest(bytes)].join(' | ');

/** How many programs of jumps the proof makes, and how many of them are recorded. */
export const DISTANCE_PROGRAMS = { x64: { proven: 300, recorded: 40 }, arm64: { proven: 40, recorded: 6 } };
