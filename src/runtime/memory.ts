// Looks at V8's heap for core/room.ts. V8 ends the process when its heap is full, and nothing can catch that; so a program is ended well
// before, when what is left after a collection of garbage is most of what the heap may grow to.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fault } from '../core/fault.ts';
import { room } from '../core/room.ts';

/** The share of the heap that a program may fill. */
const FULL = 0.7;
/** Between two looks a program allocates at most this share of the heap, or this many bytes. */
const SHARE_PER_LOOK = 1 / 16;
const MOST_PER_LOOK = 2 ** 28;

/** From now on looks are taken; asked for before each run, and the same for all of them. */
export function watchMemory(): void {
  room.look = look;
}

function look(bytes: number): void {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  room.left = Math.floor(Math.min(limit * SHARE_PER_LOOK, MOST_PER_LOOK));
  if (used + bytes < limit * FULL) return;
  collectGarbage();
  if (getHeapStatistics().used_heap_size + bytes < limit * FULL) return;
  throw fault('ILO-R045', 'memory', { limit: Math.floor((limit * FULL) / 2 ** 20) });
}

let collect: (() => void) | undefined;

function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}
