// Where published code lies. A few large arenas, each cut into pages; a piece of code gets whole pages, because a page that holds running
// code is never written. What was given back is used again, smallest fitting gap first, neighbours joined.
//
// Giving back waits while native code runs on this thread (the addon refuses it): `look` may have JavaScript run in the middle of it.
import { type Addon, explain, loadAddon } from './addon.ts';

/** The addon knows the same number: a multiple of every page size in use. */
export const PAGE = 65_536;
const ARENA_BYTES = 16 * 2 ** 20;
const LARGEST_ARENA = 2 ** 30;

/** A piece of code in executable memory. */
export interface Published {
  readonly arena: number;
  readonly offset: number;
  readonly room: number;
}

interface Gap {
  readonly arena: number;
  offset: number;
  room: number;
}

const gaps: Gap[] = [];
const waiting: Published[] = [];

/** Puts code into executable memory. Gives undefined, and says why to `refused`, when the system does not allow it. */
export function publish(code: Uint8Array, refused: (why: string) => void): Published | undefined {
  const { addon } = loadAddon();
  if (addon === undefined) return undefined;
  giveBackWaiting(addon);
  const room = Math.ceil(Math.max(1, code.length) / PAGE) * PAGE;
  const place = takeGap(room) ?? reserveFor(addon, room, refused);
  if (place === undefined) return undefined;
  const problem = addon.publish(place.arena, place.offset, room, code);
  if (problem === 0) return place;
  addGap(place);
  refused(explain(problem));
  return undefined;
}

/** Gives a piece of code back. It must not be entered again. */
export function retire(published: Published): void {
  const { addon } = loadAddon();
  waiting.push(published);
  if (addon !== undefined) giveBackWaiting(addon);
}

function giveBackWaiting(addon: Addon): void {
  while (waiting.length > 0) {
    const last = waiting[waiting.length - 1]!;
    if (addon.retire(last.arena, last.offset, last.room) !== 0) return;
    waiting.pop();
    addGap(last);
  }
}

function takeGap(room: number): Published | undefined {
  let best: Gap | undefined;
  for (const gap of gaps) if (gap.room >= room && (best === undefined || gap.room < best.room)) best = gap;
  if (best === undefined) return undefined;
  const taken = { arena: best.arena, offset: best.offset, room };
  best.offset += room;
  best.room -= room;
  if (best.room === 0) gaps.splice(gaps.indexOf(best), 1);
  return taken;
}

function reserveFor(addon: Addon, room: number, refused: (why: string) => void): Published | undefined {
  const bytes = Math.max(ARENA_BYTES, room);
  if (bytes > LARGEST_ARENA) {
    refused('the code is too large');
    return undefined;
  }
  const arena = addon.reserve(bytes);
  if (arena < 0) {
    refused(explain(arena));
    return undefined;
  }
  addGap({ arena, offset: 0, room: bytes });
  return takeGap(room);
}

function addGap({ arena, offset, room }: Published): void {
  const before = gaps.find(gap => gap.arena === arena && gap.offset + gap.room === offset);
  const after = gaps.find(gap => gap.arena === arena && gap.offset === offset + room);
  if (after !== undefined) gaps.splice(gaps.indexOf(after), 1);
  const joined = room + (after?.room ?? 0);
  if (before !== undefined) before.room += joined;
  else gaps.push({ arena, offset, room: joined });
}

/** Pieces of code that were not given back, and pages that are free: for tests. */
export function gapPages(): number {
  return gaps.reduce((sum, gap) => sum + gap.room / PAGE, 0);
}
