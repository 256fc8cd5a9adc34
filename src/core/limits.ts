// The largest values a program may make, whatever the limits of the run: a little above them V8 throws or ends the process.
// Whatever builds a value checks its size before it allocates.
import { fault } from './fault.ts';
import { takeRoom } from './room.ts';

/** UTF-16 units in one text: half of what V8 allows. */
export const MAX_TEXT_UNITS = 2 ** 28;

/** Items in one list. */
export const MAX_LIST_ITEMS = 2 ** 26;

/** Entries in one map, and distinct values that one builtin can tell apart: half of what V8 allows. */
export const MAX_MAP_ENTRIES = 2 ** 23;

/** Texts up to this many units may be made without note. */
export const UNNOTED_UNITS = 8192;

/** Throws ILO-R041 when a text of that many UTF-16 units would be too large. */
export function checkTextSize(units: number): void {
  // A text that is never made takes no room.
  if (units > MAX_TEXT_UNITS) throw fault('ILO-R041', 'size', { what: 'text', size: units, limit: MAX_TEXT_UNITS });
  if (units > UNNOTED_UNITS) takeRoom(units);
}

/** Throws ILO-R041 when a list of that many items would be too large. */
export function checkListSize(items: number): void {
  if (items > MAX_LIST_ITEMS) throw fault('ILO-R041', 'size', { what: 'list', size: items, limit: MAX_LIST_ITEMS });
}

/** Throws ILO-R041 when a map of that many entries would be too large. */
export function checkMapSize(entries: number): void {
  if (entries > MAX_MAP_ENTRIES)
    throw fault('ILO-R041', 'size', { what: 'map', size: entries, limit: MAX_MAP_ENTRIES });
}
