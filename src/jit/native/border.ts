// Values across the border between JavaScript and the heap of native code. They are copied: a list that native code was given is its own, and
// a list that it gives is nobody else's. What is reached on two ways is copied once.
//
// What was copied is known by its shape and by what it is, never by the second alone: an empty list ends where it begins, so the record behind
// it has the same address; and a list that was taken as one of numbers is not one of truth values too.
import { List } from '../../core/value/list.ts';
import { RecordValue, recordOf } from '../../core/value/record.ts';
import { Err, Ok } from '../../core/value/result.ts';
import type { Value } from '../../core/value/value.ts';
import { AT, type Heap, type Memory } from './memory.ts';
import {
  type Alternative,
  alternativesOf,
  isList,
  isRecord,
  isSum,
  itemOf,
  partsOf,
  placeOf,
  type RecordLayout,
  type Shape,
} from './shapes.ts';
import type { Texts } from './texts.ts';

/** Deeper values are not taken across. */
const MOST_NESTED = 4;

export type Layouts = ReadonlyMap<string, RecordLayout>;

/** What code knows of the values that it works on. */
export interface KnownInside {
  readonly records: Layouts;
  readonly texts: Texts;
}

export function layoutOf(shape: Shape, layouts: Layouts): RecordLayout | undefined {
  return layouts.get(shape.slice('record '.length));
}

/** Whether values of this shape can be copied: whether they nest only so deep. */
export function crosses(shape: Shape, layouts: Layouts, left = MOST_NESTED): boolean {
  if (isList(shape)) return left > 0 && crosses(itemOf(shape), layouts, left - 1);
  if (isSum(shape)) return [...alternativesOf(shape).values()].every(each => crosses(each, layouts, left));
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

function alternativeOf(value: Value): Alternative {
  if (value === null) return 'nil';
  return value instanceof Ok ? 'ok' : value instanceof Err ? 'err' : 'plain';
}

const TYPES: Readonly<Partial<Record<Shape, string>>> = { num: 'number', bool: 'boolean', text: 'string' };

/** Whether a value is of a shape, without what is in lists and records. */
export function mayBe(value: Value, shape: Shape, texts: Texts): boolean {
  if (isSum(shape)) {
    const inside = alternativesOf(shape).get(alternativeOf(value));
    const held = value instanceof Ok || value instanceof Err ? value.value : value;
    return inside !== undefined && mayBe(held, inside, texts);
  }
  if (shape === 'nil') return value === null;
  return typeof value === (TYPES[shape] ?? 'object') && (shape !== 'text' || texts.find(value as string) !== undefined);
}

/** Copies values into the heap, from its beginning on. */
export class Importer {
  private readonly heap: Heap;
  private readonly base: number;
  private readonly layouts: Layouts;
  private readonly texts: Texts;
  private readonly known = new Copies<Value, number>();
  /** Bytes taken so far. */
  used = 0;

  constructor(heap: Heap, memory: Memory, { records, texts }: KnownInside) {
    this.heap = heap;
    this.base = heapBase(memory);
    this.layouts = records;
    this.texts = texts;
  }

  /**
   * The parts of a value: numbers, words and places in the heap. Undefined when it is not of the shape, or there is no room. A part that it
   * has nothing for is 0.
   */
  split(value: Value, shape: Shape): readonly number[] | undefined {
    if (!isSum(shape)) {
      const part = this.splitPlain(value, shape);
      return part === undefined ? undefined : [part];
    }
    const alternative = alternativeOf(value);
    const inside = alternativesOf(shape).get(alternative);
    if (inside === undefined) return undefined;
    const parts = partsOf(shape).map(({ flag }) => (flag === alternative ? 1 : 0) as number);
    const part = this.splitPlain(value instanceof Ok || value instanceof Err ? value.value : value, inside);
    if (part === undefined) return undefined;
    const at = placeOf(shape, inside);
    if (at >= 0) parts[at] = part;
    return parts;
  }

  private splitPlain(value: Value, shape: Shape): number | undefined {
    switch (shape) {
      case 'num':
        return typeof value === 'number' ? canonical(value) : undefined;
      case 'bool':
        return typeof value === 'boolean' ? Number(value) : undefined;
      case 'text':
        return typeof value === 'string' ? this.texts.find(value) : undefined;
      case 'nil':
        return value === null ? 0 : undefined;
      default:
        return this.place(value, shape);
    }
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

/** Copies values out of the heap. */
export class Exporter {
  private readonly heap: Heap;
  private readonly base: number;
  private readonly layouts: Layouts;
  private readonly texts: Texts;
  private readonly known = new Copies<number, Value>();

  constructor(heap: Heap, memory: Memory, { records, texts }: KnownInside) {
    this.heap = heap;
    this.base = heapBase(memory);
    this.layouts = records;
    this.texts = texts;
  }

  /** The value that has these parts. */
  join(shape: Shape, partAt: (part: number) => number): Value {
    if (!isSum(shape)) return this.joinPlain(shape, partAt(0));
    const all = alternativesOf(shape);
    const parts = partsOf(shape);
    const flagged = parts.findIndex(({ flag }, i) => flag !== undefined && partAt(i) !== 0);
    const alternative = flagged < 0 ? [...all.keys()][0]! : parts[flagged]!.flag!;
    const inside = all.get(alternative)!;
    const at = placeOf(shape, inside);
    const value = this.joinPlain(inside, at < 0 ? 0 : partAt(at));
    return alternative === 'ok' ? new Ok(value) : alternative === 'err' ? new Err(value) : value;
  }

  private joinPlain(shape: Shape, part: number): Value {
    switch (shape) {
      case 'num':
      case 'never':
        return canonical(part);
      case 'bool':
        return part !== 0;
      case 'nil':
        return null;
      case 'text':
        return this.texts.at(part);
      default:
        return this.read(part, shape);
    }
  }

  /** Where the address that stands at a place leads in the heap. */
  placeAt(word: number, { words }: { readonly words: Int32Array } = this.heap): number {
    return (words[word]! >>> 0) + words[word + 1]! * 2 ** 32 - this.base;
  }

  private read(at: number, shape: Shape): Value {
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
  private readItem(at: number, shape: Shape): Value {
    const { numbers, words } = this.heap;
    if (shape === 'num') return canonical(numbers[at >> 3]!);
    if (shape === 'nil') return null;
    if (shape === 'bool') return words[at >> 2] !== 0;
    return this.read(this.placeAt(at >> 2), shape);
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
