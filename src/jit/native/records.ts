// What is alive at a point (points.ts), from the heap of native code and back into it. In the heap stand, for each function that was left, the number
// of its point and its values, 8 bytes each, innermost first; what a run goes on with lies right below where the heap is free.

import type { Value } from '../../core/value/value.ts';
import type { ValueId } from '../../ir/ir.ts';
import { canonical, Exporter, heapBase, type Importer } from './border.ts';
import type { CodePoint, NativeCode } from './compile.ts';
import { AT, type Heap, type Memory } from './memory.ts';
import type { PointValue } from './points.ts';
import { isList, isRecord } from './shapes.ts';

/** A function that was left, with the values that were alive, by their numbers in the IR. */
export interface Left {
  readonly point: CodePoint;
  readonly values: ReadonlyMap<ValueId, Value>;
}

/** What native code has written down, outermost first. */
export function readRecords(code: NativeCode, heap: Heap, memory: Memory): readonly Left[] {
  const base = heapBase(memory);
  const addressAt = (field: number): number =>
    (memory.words[field >> 2]! >>> 0) + memory.words[(field >> 2) + 1]! * 2 ** 32 - base;
  const exporter = new Exporter(heap, memory, code.records);
  const found: Left[] = [];
  const end = addressAt(AT.heapNext);
  for (let at = addressAt(AT.records); at < end; ) {
    const point = code.points[heap.words[at >> 2]!]!;
    const values = new Map<ValueId, Value>();
    for (const each of point.values) values.set(each.value, readValue(each, at + 8, heap, exporter));
    found.push({ point, values });
    at += 8 + 8 * point.size;
  }
  return found.reverse();
}

function readValue({ shape, at, constant, whole }: PointValue, from: number, heap: Heap, exporter: Exporter): Value {
  if (shape === 'nil') return null;
  if (at < 0) return shape === 'bool' ? constant !== 0 : constant;
  const place = from + 8 * at;
  if (!whole) return exporter.readItem(place, shape);
  return (heap.words[place >> 2]! >>> 0) + heap.words[(place >> 2) + 1]! * 2 ** 32;
}

/** Further from zero than this no number is kept as an integer. */
const LARGEST_WHOLE = 2 ** 52;

/**
 * Puts what is alive at a point behind what the importer has placed. `held` gives the values by their numbers, undefined for what is not
 * known. Gives whether all of it could be placed.
 */
export function writeState(
  { values, size }: CodePoint,
  held: (value: ValueId) => Value | undefined,
  importer: Importer,
  heap: Heap,
): boolean {
  const wanted: (PointValue | undefined)[] = new Array(size).fill(undefined);
  const given: Value[] = [];
  for (const each of values) {
    if (each.at < 0 || wanted[each.at] !== undefined) continue;
    const value = held(each.value);
    if (value === undefined) continue;
    wanted[each.at] = each;
    given[each.at] = value;
  }
  const places: number[] = [];
  for (let i = 0; i < size; i++) {
    const each = wanted[i];
    if (each === undefined) return false;
    const isPlaced = isList(each.shape) || isRecord(each.shape);
    const placed = isPlaced ? importer.place(given[i]!, each.shape) : 0;
    if (placed === undefined) return false;
    places.push(placed);
  }
  const at = importer.take(8 * size);
  if (at === undefined) return false;
  const { words, numbers } = heap;
  for (let i = 0; i < size; i++) {
    const { shape, whole } = wanted[i]!;
    const value = given[i]!;
    const word = (at >> 2) + 2 * i;
    if (whole) {
      if (typeof value !== 'number' || !Number.isInteger(value) || Object.is(value, -0)) return false;
      if (Math.abs(value) > LARGEST_WHOLE) return false;
      words[word] = value;
      words[word + 1] = Math.floor(value / 2 ** 32);
    } else if (shape === 'num') {
      if (typeof value !== 'number') return false;
      numbers[(at >> 3) + i] = canonical(value);
    } else if (shape === 'bool') {
      if (typeof value !== 'boolean') return false;
      words[word] = value ? 1 : 0;
      words[word + 1] = 0;
    } else if (isList(shape) || isRecord(shape)) {
      importer.putAddress(word, places[i]!);
    } else {
      words[word] = 0;
      words[word + 1] = 0;
    }
  }
  return true;
}
