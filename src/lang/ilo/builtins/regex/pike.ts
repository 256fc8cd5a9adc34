// A matcher of our own for what re2js cannot express: word boundaries in text beyond ASCII, half boundaries, lines that end in
// `\r\n`, and counts above a thousand. It is Thompson's simulation with Pike's threads (R. Cox, "Regular Expression Matching: the
// Virtual Machine Approach", 2009): all threads advance together, one character at a time, in order of preference, so the
// time is bounded by program times text. A thread is an instruction and the positions it has saved.
//
// Invariant: within one step an instruction is in the list at most once, put there by the most preferred thread that reached it.
import { ACCEPT, ASSERT, JUMP, type Program, SAVE, SET, SPLIT } from './program.ts';
import type { Assertion } from './syntax.ts';
import type { Watch } from './watched-text.ts';

const NO_CLASS = -1;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Threads of one step, in order of preference, as a sparse set of instructions. */
interface Threads {
  count: number;
  readonly dense: Int32Array;
  readonly sparse: Int32Array;
  readonly slots: (Int32Array | undefined)[];
}

function makeThreads(size: number): Threads {
  return { count: 0, dense: new Int32Array(size), sparse: new Int32Array(size), slots: new Array(size) };
}

function has(threads: Threads, instruction: number): boolean {
  const place = threads.sparse[instruction]!;
  return place < threads.count && threads.dense[place] === instruction;
}

/** Finds the leftmost match that starts at `from` or later: positions of the match and of its groups, -1 where absent. */
export type Search = (from: number) => Int32Array | undefined;

export function searcher(program: Program, text: string, watch: Watch): Search {
  const { operations, first, second, sets, classOf, slotCount } = program;
  const size = operations.length;
  let current = makeThreads(size);
  let next = makeThreads(size);
  /** Instructions still to be followed, and saved positions to go back to: a slot's number and its old value. */
  const stack: number[] = [];
  let reads = watch.reads;

  /** Follows everything that needs no character from `start`, in order, and adds the threads that wait for one. */
  const add = (threads: Threads, start: number, given: Int32Array, at: number, before: number, after: number): void => {
    let slots = given;
    let owned = false;
    stack.push(start);
    while (stack.length > 0) {
      const instruction = stack.pop()!;
      if (instruction < 0) {
        const old = stack.pop()!;
        if (!owned) slots = slots.slice();
        owned = true;
        slots[-instruction - 1] = old;
        continue;
      }
      if (has(threads, instruction)) continue;
      threads.dense[threads.count] = instruction;
      threads.sparse[instruction] = threads.count;
      threads.slots[threads.count] = undefined;
      threads.count++;
      switch (operations[instruction]) {
        case JUMP:
          stack.push(first[instruction]!);
          break;
        case SPLIT:
          stack.push(second[instruction]!, first[instruction]!);
          break;
        case ASSERT:
          if (holds(program.assertions[first[instruction]!]!, text, at, program.wordClasses, before, after)) {
            stack.push(instruction + 1);
          }
          break;
        case SAVE: {
          const slot = first[instruction]!;
          if (slot < slotCount) {
            stack.push(slots[slot]!, -slot - 1, instruction + 1);
            if (!owned) slots = slots.slice();
            slots[slot] = at;
            owned = true;
          }
          break;
        }
        case SET:
        case ACCEPT:
          threads.slots[threads.count - 1] = slots;
          // Others may hold these positions now.
          owned = false;
          break;
      }
    }
  };

  return from => {
    const empty = new Int32Array(slotCount).fill(-1);
    let matched: Int32Array | undefined;
    current.count = 0;
    let at = from;
    let before = at === 0 ? NO_CLASS : classOf(codePointBefore(text, at));
    for (;;) {
      if (--reads < 0) {
        reads = watch.reads;
        watch.spend();
      }
      const codePoint = at < text.length ? text.codePointAt(at)! : -1;
      const after = codePoint < 0 ? NO_CLASS : classOf(codePoint);
      if (matched === undefined) add(current, 0, empty, at, before, after);
      if (current.count === 0) return matched;
      const end = at + (codePoint > 0xffff ? 2 : 1);
      const following = codePoint >= 0 && end < text.length ? classOf(text.codePointAt(end)!) : NO_CLASS;
      next.count = 0;
      for (let i = 0; i < current.count; i++) {
        const instruction = current.dense[i]!;
        const slots = current.slots[i];
        if (slots === undefined) continue;
        if (operations[instruction] === ACCEPT) {
          matched = slots;
          // Threads after this one are less preferred.
          break;
        }
        if (after >= 0 && sets[first[instruction]!]![after] === 1)
          add(next, instruction + 1, slots, end, after, following);
      }
      if (codePoint < 0) return matched;
      [current, next] = [next, current];
      before = after;
      at = end;
    }
  };
}

function codePointBefore(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && at > 1 ? text.codePointAt(at - 2)! : unit;
}

function isAsciiWord(unit: number): boolean {
  return (
    (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f || (unit >= 0x61 && unit <= 0x7a)
  );
}

/** Whether an assertion holds at a position between two characters, given by their classes. */
function holds(
  assertion: Assertion,
  text: string,
  at: number,
  words: Uint8Array,
  before: number,
  after: number,
): boolean {
  switch (assertion) {
    case 'textStart':
      return at === 0;
    case 'textEnd':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text.charCodeAt(at - 1) === LINE_FEED;
    case 'lineEnd':
      return at === text.length || text.charCodeAt(at) === LINE_FEED;
    case 'lineStartCrlf': {
      if (at === 0) return true;
      const unit = text.charCodeAt(at - 1);
      return unit === LINE_FEED || (unit === CARRIAGE_RETURN && text.charCodeAt(at) !== LINE_FEED);
    }
    case 'lineEndCrlf': {
      if (at === text.length) return true;
      const unit = text.charCodeAt(at);
      return (
        unit === CARRIAGE_RETURN || (unit === LINE_FEED && (at === 0 || text.charCodeAt(at - 1) !== CARRIAGE_RETURN))
      );
    }
    case 'wordBoundaryAscii':
    case 'notWordBoundaryAscii':
    case 'wordStartAscii':
    case 'wordEndAscii':
    case 'wordStartHalfAscii':
    case 'wordEndHalfAscii':
      return meets(
        assertion.slice(0, -'Ascii'.length),
        at > 0 && isAsciiWord(text.charCodeAt(at - 1)),
        at < text.length && isAsciiWord(text.charCodeAt(at)),
      );
    default:
      return meets(assertion, before >= 0 && words[before] === 1, after >= 0 && words[after] === 1);
  }
}

function meets(assertion: string, wordBefore: boolean, wordAfter: boolean): boolean {
  switch (assertion) {
    case 'wordBoundary':
      return wordBefore !== wordAfter;
    case 'notWordBoundary':
      return wordBefore === wordAfter;
    case 'wordStart':
      return !wordBefore && wordAfter;
    case 'wordEnd':
      return wordBefore && !wordAfter;
    case 'wordStartHalf':
      return !wordBefore;
    default:
      return !wordAfter;
  }
}
