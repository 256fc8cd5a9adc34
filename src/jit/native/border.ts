// Values across the border between JavaScript and the heap of native code. They are copied: a list that native code was given is its own, and
// a list that it gives is nobody else's. What is reached on two ways is copied once.
//
// What was copied is known by its shape and by what it is, never by the second alone: an empty list ends where it begins, so the record behind
// it has the same address; and a list that was taken as one of numbers is not one of truth values too.
import { List } from '../../core/value/list.ts';
import { RecordValue, recordOf } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { AT, type Heap, type Memory } from './memory.ts';
import { isList, isRecord, itemOf, type RecordLayout, type Shape } from './shapes.ts';

/** Deeper values are not taken across. */
const MOST_NESTED = 4;

export type Layouts = ReadonlyMap<string, RecordLayout>;

export function layoutOf(shape: Shape, layouts: Layouts): RecordLayout | undefined {
  return layouts.get(shape.slice('record '.length));
}

/** Whether values of this shape can be copied: whether they nest only so deep. */
export function crosses(shape: Shape, layouts: Layouts, left = MOST_NESTED): boolean {
  if (isList(shape)) return left > 0 && crosses(itemOf(shape), layouts, left - 1);
  if (!isRecord(shape)) return true;
  const layout = layoutOf(shape, layouts);
  return left > 0 && layout !== undefined && layout.fields.every(field => crosses(field, layouts, left - 1));
}

/** What was copied already, and to where. */
class Copies<From, To> {
  private readonly byShape = new Map<Shape, Map<From, To>>();

  get(from: From, shape: Shape): To | undefined {
    return this.byShape.get(shape)?.get(from);
  }

  set(from: From, shape: Shape, to: To): void {
    const known = this.byShape.get(shape);
    if (known === undefined) this.byShape.set(shape, new Map([[from, to]]));
    else known.set(from, to);
  }
}

/** Copies values into the heap, from its beginning on. */
export class Importer {
  private readonly heap: Heap;
  private readonly base: number;
  private readonly layouts: Layouts;
  private readonly known = new Copies<Value, number>();
  /** Bytes taken so far. */
  used = 0;

  constructor(heap: Heap, memory: Memory, layouts: Layouts) {
    this.heap = heap;
    this.base = heapBase(memory);
    this.layouts = layouts;
  }

  /** Where the value is in the heap; undefined when it is not of the shape, or there is no room. */
  place(value: Value, shape: Shape): number | undefined {
    const known = this.known.get(value, shape);
    if (known !== undefined) return known;
    const at = isList(shape) ? this.placeList(value, itemOf(shape)) : this.placeRecord(value, shape);
    if (at !== undefined) this.known.set(value, shape, at);
    return at;
  }

  private placeList(value: Value, item: Shape): number | undefined {
    if (!(value instanceof List)) return undefined;
    const items = value.view();
    const at = this.take(8 + 8 * items.length);
    if (at === undefined) return undefined;
    const { words } = this.heap;
    words[at >> 2] = items.length;
    words[(at >> 2) + 1] = items.length;
    return this.placeItems(items, () => item, at + 8) ? at + 8 : undefined;
  }

  private placeRecord(value: Value, shape: Shape): number | undefined {
    const layout = layoutOf(shape, this.layouts);
    if (layout === undefined || !(value instanceof RecordValue) || value.shape.typeName !== layout.shape.typeName) {
      return undefined;
    }
    const values = layout.shape.names.map(name => value.get(name));
    if (values.includes(undefined) || values.length !== value.size) return undefined;
    const at = this.take(8 * Math.max(1, values.length));
    if (at === undefined) return undefined;
    return this.placeItems(values as Value[], i => layout.fields[i]!, at) ? at : undefined;
  }

  private placeItems(items: readonly Value[], shapeAt: (index: number) => Shape, at: number): boolean {
    const { numbers, words } = this.heap;
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!;
      const shape = shapeAt(i);
      const word = (at >> 2) + 2 * i;
      if (shape === 'num') {
        if (typeof item !== 'number') return false;
        numbers[(at >> 3) + i] = item;
      } else if (shape === 'bool') {
        if (typeof item !== 'boolean') return false;
        words[word] = item ? 1 : 0;
        words[word + 1] = 0;
      } else if (shape === 'nil') {
        if (item !== null) return false;
      } else {
        const inner = this.place(item, shape);
        if (inner === undefined) return false;
        this.putAddress(word, inner);
      }
    }
    return true;
  }

  /** Puts the address of what lies at `at` in the heap there. */
  putAddress(word: number, at: number): void {
    const { words } = this.heap;
    const address = this.base + at;
    words[word] = address;
    words[word + 1] = address / 2 ** 32;
  }

  /** Takes so many bytes; gives where they are. */
  take(bytes: number): number | undefined {
    const at = this.used;
    // Half of the heap is for the program.
    if (at + bytes > this.heap.words.byteLength / 2) return undefined;
    this.used += bytes;
    return at;
  }
}

/** Copies what lies at `at` in the heap. */
export function exportValue(at: number, shape: Shape, heap: Heap, memory: Memory, layouts: Layouts): Value {
  return new Exporter(heap, memory, layouts).read(at, shape);
}

/** Copies values out of the heap. */
export class Exporter {
  private readonly heap: Heap;
  private readonly base: number;
  private readonly layouts: Layouts;
  private readonly known = new Copies<number, Value>();

  constructor(heap: Heap, memory: Memory, layouts: Layouts) {
    this.heap = heap;
    this.base = heapBase(memory);
    this.layouts = layouts;
  }

  read(at: number, shape: Shape): Value {
    const known = this.known.get(at, shape);
    if (known !== undefined) return known;
    const made = isList(shape) ? this.readList(at, itemOf(shape)) : this.readRecord(at, shape);
    this.known.set(at, shape, made);
    return made;
  }

  private readList(at: number, item: Shape): Value {
    const length = this.heap.words[(at - 8) >> 2]!;
    const items: Value[] = [];
    for (let i = 0; i < length; i++) items.push(this.readItem(at + 8 * i, item));
    return new List(items);
  }

  private readRecord(at: number, shape: Shape): Value {
    const { shape: kind, fields } = layoutOf(shape, this.layouts)!;
    return recordOf(
      kind,
      fields.map((field, i) => this.readItem(at + 8 * i, field)),
    );
  }

  /** What is in the 8 bytes at a place. */
  readItem(at: number, shape: Shape): Value {
    const { numbers, words } = this.heap;
    if (shape === 'num') return canonical(numbers[at >> 3]!);
    if (shape === 'nil') return null;
    const low = words[at >> 2]!;
    if (shape === 'bool') return low !== 0;
    return this.read((low >>> 0) + words[(at >> 2) + 1]! * 2 ** 32 - this.base, shape);
  }
}

/** Every NaN that enters the runtime has the same bits. */
export function canonical(value: number): number {
  return Number.isNaN(value) ? Number.NaN : value;
}

/** The address of the heap. */
export function heapBase({ words }: Memory): number {
  return (words[AT.heap >> 2]! >>> 0) + words[(AT.heap >> 2) + 1]! * 2 ** 32;
}
