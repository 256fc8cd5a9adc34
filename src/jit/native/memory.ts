// The block of memory that native code is entered with, and that both sides know: limits in, arguments in, result and fault out. One for
// each thread: native code never calls back into code that could enter it again.
//
//     byte   0  arena, offset       what is entered                    }
//            8  depth limit, frame  how deep calls may nest, bytes each } the same in native/mmap_exec.cc
//           16  depth, status       calls still allowed; how it ended   }
//           24  look, self, code    addresses, for the addon            }
//           48  heap, its end       where lists and records are made    }
//           64  site, kind          the place of a fault, and its kind
//           72  fuel                what is left until somebody has to look, as a double
//           80  bytes               the same for memory, as an integer of 8 bytes
//           88  chain length, -     functions that a fault came through
//           96  result
//          104  entry, heap used    how far behind the code that is entered the function is that it calls; what arguments take of the heap
//          112  heap next           where the next list or record goes
//          120  records             where what was written down on leaving begins, in the heap (points.ts)
//          128  parts of a result besides the first (shapes.ts), 8 bytes each
//          512  arguments, 8 bytes each; a list is where it begins in the heap
//               for code on columns (batch/): their addresses (9), the first and the last row, what it answers
//         1024  the chain: an index of 4 bytes for each function, innermost first
//
// A list in the heap is its items, 8 bytes each; before them stand its length and for how many there is room, 4 bytes each. A record is its
// fields. Nothing in the heap outlives a call from outside.
import { type Addon, type EnterColumns, loadAddon } from './addon.ts';

/** Where each field is, in bytes. */
export const AT = {
  arena: 0,
  offset: 4,
  maxDepth: 8,
  frameBytes: 12,
  depth: 16,
  status: 20,
  look: 24,
  self: 32,
  code: 40,
  heap: 48,
  heapEnd: 56,
  site: 64,
  kind: 68,
  fuel: 72,
  bytes: 80,
  chainLength: 88,
  result: 96,
  entry: 104,
  heapUsed: 108,
  heapNext: 112,
  records: 120,
  parts: 128,
  args: 512,
  columnsFrom: 584,
  columnsTo: 588,
  rounds: 592,
  columnsFirst: 596,
  lanes: 640,
  chain: 1024,
} as const;

/** How many arguments there is room for. */
export const MAX_ARGUMENTS = 32;

/** What `status` says after a call; `canary`: code did not keep what it had to, and `site` says what (for tests). */
export const STATUS = { ok: 0, fault: 1, outOfRange: 100, noStack: 101, canary: 102 } as const;

/** What `kind` says besides the place: 0, the kind of the place; calls nest too deeply; `look` said to stop; to be done by another engine; to be left at the next point. */
export const FAULT = { atSite: 0, depth: 1, look: 2, leave: 3, pause: 4 } as const;

export interface Memory {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** Enters what the head of the block names. */
  readonly enter: () => void;
  readonly enterColumns: EnterColumns;
  /** Functions that the chain has room for: calls may not nest deeper. */
  readonly chainRoom: number;
}

export interface Heap {
  readonly numbers: Float64Array;
  readonly words: Int32Array;
}

const HEAP_BYTES = 2 ** 30;
let heap: Heap | undefined;
let heapAsked = false;

/** The heap of this thread; undefined when there is no memory for one. */
export function nativeHeap(): Heap | undefined {
  if (heapAsked) return heap;
  heapAsked = true;
  const buffer = loadAddon().addon?.heap(HEAP_BYTES);
  if (buffer !== undefined) heap = { numbers: new Float64Array(buffer), words: new Int32Array(buffer) };
  return heap;
}

/** So much of the heap is kept for the next call. */
const KEPT_BYTES = 2 ** 24;

/** Gives back what a call has taken of the heap, when it was much. */
export function trimHeap({ words }: Memory): void {
  // Differences of addresses in one heap fit 32 bits.
  const used = words[AT.heapNext >> 2]! - words[AT.heap >> 2]!;
  if (used < 0 || used > KEPT_BYTES) loadAddon().addon?.trim(KEPT_BYTES);
}

/** What code calls when fuel has run out; whoever enters sets it. 0 to go on. */
export type Look = () => number;

let memory: Memory | undefined;
let counter: { entries: number } | undefined;
let look: Look = () => 1;

/** Says who looks from now on. */
export function setLook(wanted: Look): void {
  look = wanted;
}

/** The memory of this thread, with room for calls that nest `depth` deep; undefined when there is none. */
export function memoryFor(depth: number): Memory | undefined {
  if (memory !== undefined && (memory.chainRoom >= depth || memory.chainRoom >= MOST_CALLS)) return memory;
  const { addon } = loadAddon();
  if (addon === undefined) return undefined;
  memory = makeMemory(addon, Math.min(MOST_CALLS, Math.max(16_384, depth))) ?? memory;
  return memory;
}

/** Has entries into machine code counted for runs that begin from now on, for whoever explains one; other runs pay nothing. */
export function countEntries(): { readonly entries: number } {
  counter = { entries: 0 };
  // Made again when it is next asked for, with a way in that counts.
  memory = undefined;
  return counter;
}

function counting(enter: () => void): () => void {
  const own = counter;
  if (own === undefined) return enter;
  return () => {
    own.entries++;
    enter();
  };
}

/** Deeper than this nobody's stack goes. */
const MOST_CALLS = 2 ** 20;

function makeMemory(addon: Addon, calls: number): Memory | undefined {
  const made = addon.context(AT.chain + 4 * calls, () => look());
  if (made === undefined) return undefined;
  const [enter, buffer, enterColumns] = made;
  return {
    enter: counting(enter),
    enterColumns,
    words: new Int32Array(buffer),
    numbers: new Float64Array(buffer),
    chainRoom: calls,
  };
}
