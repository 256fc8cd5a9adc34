// JSON out: values to text. The text equals what serde_json prints, because programs compare it: keys in code point order,
// integers below 1e15 without a fraction, other numbers by the shortest digits that read back (`1.5e-7`, `1e+21`, `1e16` is
// `1e+16`), NaN and the infinities as null. JSON in is in json-parse.ts.
//
// The writer keeps its own stack, because nesting is up to the program, and it counts what it has written, because a value
// that shares its parts can be exponentially larger as text than in memory.
import { checkTextSize } from '../limits.ts';
import { List } from './list.ts';
import { MapValue } from './map.ts';
import { RecordValue, type Shape } from './record.ts';
import { Err, Ok } from './result.ts';
import { showNumber } from './show.ts';
import { leastUnits } from './size.ts';
import { compareText } from './text-order.ts';
import type { Value } from './value.ts';

export interface JsonStyle {
  /** Two spaces of indentation and a line per item, instead of no space at all. */
  readonly pretty?: boolean;
  /** `unwrap`: `~v` and `^e` become what they hold. `wrap`: they become `{"ok":v}` and `{"err":e}`. */
  readonly results: 'unwrap' | 'wrap';
  /** Told how many UTF-16 units are about to be kept, every now and then; may throw to stop. */
  readonly charge?: (units: number) => void;
}

const CHARGED_AT_ONCE = 1 << 14;

/** After so many pieces somebody looks whether the whole would be too long, before it is written in vain. */
const PIECES = 4096;

/** An open array or object: its items, the keys that go before them, and how far it has been written. */
interface Frame {
  readonly items: readonly Value[];
  /** Quoted, with the colon. */
  readonly keys: readonly string[] | undefined;
  /** Where the item of each key stands; undefined when they stand in order. */
  readonly order: readonly number[] | undefined;
  next: number;
}

/** How records of one shape are written: the keys in order, and where their values stand. */
interface Layout {
  readonly keys: readonly string[];
  readonly order: readonly number[];
}

/** The value as JSON text. Functions become the text that `str` shows. Throws a Fault when the text would be too long. */
export function writeJson(value: Value, style: JsonStyle): string {
  const pretty = style.pretty === true;
  let out = '';
  let pieces = 0;
  let units = 0;
  let charged = 0;
  const put = (text: string) => {
    units += text.length;
    if (units - charged > CHARGED_AT_ONCE) settle();
    out += text;
    if (++pieces === PIECES) checkTextSize(leastUnits(value, { results: style.results === 'wrap', captures: false }));
  };
  const settle = () => {
    checkTextSize(units);
    style.charge?.(units - charged);
    charged = units;
  };
  const lineBreak = (depth: number) => {
    // Indentation grows with the square of the nesting; past any nesting that a reader can see it stays as it is.
    if (pretty) put(`\n${'  '.repeat(Math.min(depth, 1000))}`);
  };
  const colon = pretty ? ': ' : ':';
  const layouts = new Map<Shape, Layout>();
  const stack: Frame[] = [];
  const open = (frame: Frame) => {
    if (frame.items.length === 0) {
      put(frame.keys === undefined ? '[]' : '{}');
    } else {
      put(frame.keys === undefined ? '[' : '{');
      stack.push(frame);
    }
  };
  const begin = (start: Value) => {
    let item = start;
    while (style.results === 'unwrap' && (item instanceof Ok || item instanceof Err)) item = item.value;
    const scalar = scalarJson(item);
    if (scalar !== undefined) {
      put(scalar);
      return;
    }
    const frame = frameOf(item, colon, layouts);
    const short = pretty ? undefined : shortJson(frame);
    if (short === undefined) open(frame);
    else put(short);
  };
  begin(value);
  while (stack.length > 0) {
    const frame = stack[stack.length - 1]!;
    const index = frame.next;
    if (index === frame.items.length) {
      stack.pop();
      lineBreak(stack.length);
      put(frame.keys === undefined ? ']' : '}');
      continue;
    }
    frame.next = index + 1;
    if (index > 0) put(',');
    lineBreak(stack.length);
    if (frame.keys !== undefined) put(frame.keys[index]!);
    begin(frame.items[frame.order === undefined ? index : frame.order[index]!]!);
  }
  settle();
  return out;
}

/** Larger lists and records are written item by item, and so is what holds longer texts. */
const SHORT_ITEMS = 16;
const SHORT_PIECE = 256;

/** The compact text of what has few items, none of them with parts of its own, as most records are; undefined for the others. */
function shortJson({ items, keys, order }: Frame): string | undefined {
  const { length } = items;
  if (length === 0 || length > SHORT_ITEMS) return undefined;
  let text = keys === undefined ? '[' : '{';
  for (let i = 0; i < length; i++) {
    const scalar = scalarJson(items[order === undefined ? i : order[i]!]!);
    if (scalar === undefined || scalar.length > SHORT_PIECE) return undefined;
    if (i > 0) text += ',';
    text += keys === undefined ? scalar : keys[i]! + scalar;
  }
  return text + (keys === undefined ? ']' : '}');
}

/** The JSON text of a value without parts; undefined for the others. */
function scalarJson(value: Value): string | undefined {
  if (typeof value === 'string') return textJson(value);
  if (typeof value === 'number') return numberJson(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'null';
  if (value instanceof List || value instanceof MapValue || value instanceof RecordValue) return undefined;
  if (value instanceof Ok || value instanceof Err) return undefined;
  return JSON.stringify(`<${value.captures.length > 0 ? 'closure' : 'fn'}:${value.name}>`);
}

/** Up to this many units a loop is faster than V8's writer. */
const SHORT_TEXT = 32;

function textJson(text: string): string {
  if (text.length > SHORT_TEXT) return JSON.stringify(text);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || unit > 0x7e) return JSON.stringify(text);
  }
  return `"${text}"`;
}

function frameOf(value: Value, colon: string, layouts: Map<Shape, Layout>): Frame {
  const frame = (items: readonly Value[], keys?: readonly string[], order?: readonly number[]): Frame => ({
    items,
    keys,
    order,
    next: 0,
  });
  if (value instanceof List) return frame(value.view());
  if (value instanceof Ok) return frame([value.value], [`"ok"${colon}`]);
  if (value instanceof Err) return frame([value.value], [`"err"${colon}`]);
  if (value instanceof RecordValue) {
    let layout = layouts.get(value.shape);
    if (layout === undefined) {
      layout = layoutOf(value.shape.names, colon);
      layouts.set(value.shape, layout);
    }
    return frame(value.values, layout.keys, layout.order);
  }
  const names: string[] = [];
  const items: Value[] = [];
  if (value instanceof MapValue) {
    // A number key becomes text here; where the same text is a key too, the text key's value stands.
    for (const [key, item] of value.view()) {
      if (typeof key === 'number' && value.has(showNumber(key))) continue;
      names.push(typeof key === 'number' ? showNumber(key) : key);
      items.push(item);
    }
  }
  const { keys, order } = layoutOf(names, colon);
  return frame(items, keys, order);
}

function layoutOf(names: readonly string[], colon: string): Layout {
  const order = Array.from(names.keys()).sort((a, b) => compareText(names[a]!, names[b]!));
  return { keys: order.map(index => JSON.stringify(names[index]) + colon), order };
}

/** A number in a JSON text: an integer where it is one below 1e15, else as `floatJson` has it; null when not finite. */
export function numberJson(n: number): string {
  // -0 is a whole number that is written without its sign.
  if ((n | 0) === n) return String(n | 0);
  if (!Number.isFinite(n)) return 'null';
  if (Number.isInteger(n) && Math.abs(n) < 1e15) return n === 0 ? '0' : String(n);
  return floatJson(n);
}

/** A finite double with the fewest digits that read back: `1.0`, `0.00001`, `1.5e-7`, `1e+21`. */
export function floatJson(n: number): string {
  if (n === 0) return Object.is(n, -0) ? '-0.0' : '0.0';
  const size = Math.abs(n);
  // Between these bounds JavaScript writes the same digits, and no exponent either.
  if (size >= 1e-5 && size < 1e16) return Number.isInteger(n) ? `${n}.0` : String(n);
  // `1.5e-7` and `1e+21` are written alike.
  return n.toExponential();
}
