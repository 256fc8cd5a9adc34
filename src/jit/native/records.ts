// What is alive at a point (points.ts), from the heap of native code and back into it. In the heap stand, for each function that was left, the number
// of its point and its values, 8 bytes each, innermost first; what a run goes on with lies right below where the heap is free.

import type { Value } from '../../core/value/value.ts';
import type { ValueId } from '../../ir/ir.ts';
import { Exporter, heapBase, type Importer } from './border.ts';
import type { CodePoint, NativeCode } from './compile.ts';
import { AT, type Heap, type Memory } from './memory.ts';
import type { PointPart, PointValue } from './points.ts';
import { type PartKind, partsOf } from './shapes.ts';

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
  const exporter = new Exporter(heap, memory, code);
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

function readValue({ shape, parts }: PointValue, from: number, heap: Heap, exporter: Exporter): Value {
  const kinds = partsOf(shape);
  const { words, numbers } = heap;
  return exporter.join(shape, part => {
    const { at, constant, whole } = parts[part]!;
    if (at < 0) return constant;
    const place = from + 8 * at;
    const { kind } = kinds[part]!;
    if (whole) return (words[place >> 2]! >>> 0) + words[(place >> 2) + 1]! * 2 ** 32;
    if (kind === 'f') return numbers[place >> 3]!;
    return kind === 'i' ? words[place >> 2]! : exporter.placeAt(place >> 2);
  });
}

/** Further from zero than this no number is kept as an integer. */
const LARGEST_WHOLE = 2 ** 52;

/** What goes to a place of a record. */
interface Placed extends PointPart {
  readonly kind: PartKind;
  readonly content: number;
}

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
  const placed: (Placed | undefined)[] = new Array(size).fill(undefined);
  for (const { value, shape, parts } of values) {
    if (parts.every(({ at }) => at < 0 || placed[at] !== undefined)) continue;
    const known = held(value);
    if (known === undefined) continue;
    const contents = importer.split(known, shape);
    if (contents === undefined) return false;
    parts.forEach((part, i) => {
      if (part.at >= 0) placed[part.at] ??= { ...part, kind: partsOf(shape)[i]!.kind, content: contents[i]! };
    });
  }
  const begin = importer.take(8 * size);
  if (begin === undefined) return false;
  return placed.every((each, i) => each !== undefined && put(each, begin + 8 * i, importer, heap));
}

/** Gives whether it could be put there. */
function put({ kind, content, whole }: Placed, at: number, importer: Importer, { words, numbers }: Heap): boolean {
  if (whole) {
    if (!Number.isInteger(content) || Object.is(content, -0) || Math.abs(content) > LARGEST_WHOLE) return false;
    words[at >> 2] = content;
    words[(at >> 2) + 1] = Math.floor(content / 2 ** 32);
  } else if (kind === 'f') numbers[at >> 3] = content;
  else if (kind === 'pointer') importer.putAddress(at >> 2, content);
  else {
    words[at >> 2] = content;
    words[(at >> 2) + 1] = 0;
  }
  return true;
}
