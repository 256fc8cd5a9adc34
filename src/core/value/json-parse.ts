// JSON in: text to values. Accepts exactly what serde_json accepts and says the same short sentence about the rest, with line
// and column (in UTF-8 bytes), because programs match on it: at most 127 levels of nesting, no lone surrogate escapes, no
// number beyond the doubles. Duplicate keys: the last one counts. `__proto__` is a key like any other.
//
// One scanner builds through a small interface, so that values, and the untyped tree that `jpth` walks (it keeps the spelling
// of numbers), come from the same grammar. Recursion is bounded by the nesting limit.
import type { Outcome } from '../host.ts';
import { floatJson } from './json.ts';
import { List } from './list.ts';
import { type RecordValue, recordOf, Shape } from './record.ts';
import { Err, Ok } from './result.ts';
import { compareText } from './text-order.ts';
import type { Value } from './value.ts';

const MAX_DEPTH = 127;

interface Builder<T> {
  /** The number spelled in a part of the text, and its value when that is known already; undefined when it is beyond the doubles. */
  readonly number: (text: string, start: number, end: number, value: number | undefined) => T | undefined;
  readonly text: (text: string) => T;
  readonly word: (word: true | false | null) => T;
  readonly list: (items: T[]) => T;
  /** `names` may be those of an object before, and is not to be changed. */
  readonly object: (names: readonly string[], values: T[]) => T;
}

/** Parses JSON to values: an object becomes a record of type `json` with its fields in order of appearance. */
export function parseJson(text: string): Outcome<Value> {
  return scan(text, valueBuilder('json', false));
}

/** Parses what a tool answered: as `parseJson`, but `{"ok":v}` and `{"err":e}` become `~v` and `^e`. */
export function parseToolJson(text: string): Outcome<Value> {
  return scan(text, valueBuilder('_', true));
}

/** JSON as text: a string's own characters, anything else printed compactly with sorted keys. */
export function jsonToText(text: string): Outcome<string> {
  const tree = scan(text, TREE_BUILDER);
  return 'err' in tree ? tree : { ok: treeText(tree.ok) };
}

/** The part of a JSON text at a path of keys and indexes separated by dots, as `jsonToText` gives it. */
export function jsonAtPath(text: string, path: string): Outcome<string> {
  const tree = scan(text, TREE_BUILDER);
  if ('err' in tree) return tree;
  let node: Tree | undefined = tree.ok;
  for (const key of path.split('.')) {
    if (/^\+?[0-9]+$/.test(key)) node = Array.isArray(node) ? node[Number(key)] : undefined;
    else node = node instanceof TreeObject ? node.get(key) : undefined;
    if (node === undefined) return { err: `key not found: ${key}` };
  }
  return { ok: treeText(node) };
}

// --- builders ---

function valueBuilder(typeName: string, results: boolean): Builder<Value> {
  // Objects of one file mostly share their keys, and records of one shape share the shape.
  const shapes = new Map<string, Shape>();
  let lastNames: readonly string[] | undefined;
  let lastShape: Shape | undefined;
  return {
    number: (text, start, end, value) => {
      const n = value ?? Number(text.slice(start, end));
      return Number.isFinite(n) ? n : undefined;
    },
    text: text => text,
    word: word => word,
    list: items => new List(items),
    object: (names, values) => {
      if (names === lastNames && lastShape !== undefined) return recordOf(lastShape, values);
      if (results && names.length > 0 && names.every(name => name === names[0])) {
        const last = values[values.length - 1]!;
        if (names[0] === 'ok') return new Ok(last);
        if (names[0] === 'err') return new Err(last);
      }
      if (names.length > 64) return uncachedRecord(typeName, names, values);
      const key = names.join('\0');
      const known = shapes.get(key);
      const isKnown = known !== undefined && sameNames(known.names, names);
      const record = isKnown ? recordOf(known, values) : uncachedRecord(typeName, names, values);
      if (record.values !== values) return record;
      if (known === undefined) shapes.set(key, record.shape);
      lastNames = names;
      lastShape = record.shape;
      return record;
    },
  };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

/** Makes the shape as well; a repeated key keeps its first place and takes its last value. */
function uncachedRecord(typeName: string, names: readonly string[], values: Value[]): RecordValue {
  const places = new Map<string, number>();
  const last: Value[] = [];
  names.forEach((name, index) => {
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    last[place] = values[index]!;
  });
  if (places.size === names.length) return recordOf(new Shape(typeName, names), values);
  return recordOf(new Shape(typeName, [...places.keys()]), last);
}

/** A JSON document before it means anything: numbers in the spelling that printing gives them. */
type Tree = string | { readonly literal: string } | Tree[] | TreeObject;

class TreeObject {
  readonly names: readonly string[];
  readonly values: readonly Tree[];
  constructor(names: readonly string[], values: readonly Tree[]) {
    this.names = names;
    this.values = values;
  }

  /** The last value given for the key. */
  get(name: string): Tree | undefined {
    return this.values[this.names.lastIndexOf(name)];
  }
}

const TREE_BUILDER: Builder<Tree> = {
  number: (text, start, end) => {
    const source = text.slice(start, end);
    const n = Number(source);
    if (!Number.isFinite(n)) return undefined;
    return { literal: /^-?[0-9]+$/.test(source) && fitsInteger(source) ? source : floatJson(n) };
  },
  text: text => text,
  word: word => ({ literal: String(word) }),
  list: items => items,
  object: (names, values) => new TreeObject(names, values),
};

/** Whether an integer keeps its digits: it does as an unsigned or signed 64-bit number, and `-0` does not. */
function fitsInteger(source: string): boolean {
  if (source.length < 17) return source !== '-0';
  if (source.length > 21) return false;
  const value = BigInt(source);
  return value < 1n << 64n && value >= -(1n << 63n);
}

function treeText(tree: Tree): string {
  if (typeof tree === 'string') return tree;
  const out: string[] = [];
  const put = (node: Tree): void => {
    if (typeof node === 'string') {
      out.push(JSON.stringify(node));
    } else if (Array.isArray(node)) {
      node.forEach((item, index) => {
        out.push(index === 0 ? '[' : ',');
        put(item);
      });
      out.push(node.length === 0 ? '[]' : ']');
    } else if (node instanceof TreeObject) {
      const last = new Map(node.names.map((name, index) => [name, index]));
      const keys = [...last.keys()].sort(compareText);
      keys.forEach((key, index) => {
        out.push(index === 0 ? '{' : ',', JSON.stringify(key), ':');
        put(node.values[last.get(key)!]!);
      });
      out.push(keys.length === 0 ? '{}' : '}');
    } else {
      out.push(node.literal);
    }
  };
  put(tree);
  return out.join('');
}

// --- the scanner ---

/** Thrown inside this file only: what is wrong, and how many UTF-16 units and UTF-8 bytes after them were read. */
class SyntaxProblem {
  readonly problem: string;
  readonly units: number;
  readonly bytes: number;
  constructor(problem: string, units: number, bytes: number) {
    this.problem = problem;
    this.units = units;
    this.bytes = bytes;
  }
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
/** Whole numbers of so many digits are below 2^53. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => Number(`1e${power}`));
const END_LIST = 0x5d;
const END_OBJECT = 0x7d;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function scan<T>(text: string, builder: Builder<T>): Outcome<T> {
  try {
    return { ok: new Scanner(text, builder).document() };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    // The reader has consumed the offending byte, so a line feed counts as the beginning of the next line.
    const before = text.slice(0, error.units + (error.bytes > 0 && text.charCodeAt(error.units) === LINE_FEED ? 1 : 0));
    const lineStart = before.lastIndexOf('\n') + 1;
    let line = 1;
    for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++;
    const extra = before.length > error.units ? 0 : error.bytes;
    const column = Buffer.byteLength(before.slice(lineStart)) + extra;
    return { err: `${error.problem} at line ${line} column ${column}` };
  }
}

class Scanner<T> {
  private readonly text: string;
  private readonly builder: Builder<T>;
  private at = 0;
  private depth = 0;
  /** Whether the last string was written without escapes. */
  private plain = true;
  /** The names of the last object at each depth whose names were all plain: the next one mostly has the same. */
  private readonly guesses: (readonly string[] | undefined)[] = [];

  constructor(text: string, builder: Builder<T>) {
    this.text = text;
    this.builder = builder;
  }

  document(): T {
    const value = this.value();
    if (this.skipSpace() >= 0) throw this.problem('trailing characters', this.at);
    return value;
  }

  /** The problem with the unit at an index, which counts as read, or with the end of the text. */
  private problem(problem: string, index: number): SyntaxProblem {
    return index >= this.text.length
      ? new SyntaxProblem(problem, this.text.length, 0)
      : new SyntaxProblem(problem, index, 1);
  }

  /** The unit after white space, not consumed; -1 at the end. */
  private skipSpace(): number {
    const text = this.text;
    for (; this.at < text.length; this.at++) {
      const unit = text.charCodeAt(this.at);
      if (unit !== SPACE && unit !== LINE_FEED && unit !== TAB && unit !== CARRIAGE_RETURN) return unit;
    }
    return -1;
  }

  private value(): T {
    const unit = this.skipSpace();
    switch (unit) {
      case -1:
        throw this.problem('EOF while parsing a value', this.at);
      case QUOTE:
        return this.builder.text(this.string());
      case 0x5b:
        return this.list();
      case 0x7b:
        return this.object();
      case 0x74:
        return this.word('true', true);
      case 0x66:
        return this.word('false', false);
      case 0x6e:
        return this.word('null', null);
      default:
        if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) return this.number();
        throw this.problem('expected value', this.at);
    }
  }

  private word(word: string, meaning: true | false | null): T {
    for (let i = 1; i < word.length; i++) {
      const index = this.at + i;
      if (index >= this.text.length) throw this.problem('EOF while parsing a value', index);
      if (this.text.charCodeAt(index) !== word.charCodeAt(i)) throw this.problem('expected ident', index);
    }
    this.at += word.length;
    return this.builder.word(meaning);
  }

  private isDigit(index: number): boolean {
    const unit = this.text.charCodeAt(index);
    return unit >= 0x30 && unit <= 0x39;
  }

  private digits(from: number): number {
    let at = from;
    while (this.isDigit(at)) at++;
    return at;
  }

  private number(): T {
    const { text } = this;
    const start = this.at;
    let at = start;
    if (text.charCodeAt(at) === MINUS) at++;
    const first = at;
    if (!this.isDigit(at)) throw this.problem(at < text.length ? 'invalid number' : 'EOF while parsing a value', at);
    if (text.charCodeAt(at) === ZERO) {
      at++;
      if (this.isDigit(at)) throw this.problem('invalid number', at);
    } else {
      at = this.digits(at);
    }
    // Few digits, and no exponent: the digits are a whole number that is exact, and so is the power of ten, and a quotient is rounded once.
    const whole = at;
    if (text.charCodeAt(at) === DOT) {
      at++;
      const end = this.digits(at);
      if (end === at) throw this.problem(at < text.length ? 'invalid number' : 'EOF while parsing a value', at);
      at = end;
    }
    const known = at - first <= EXACT_DIGITS ? this.exact(first, whole, at) : undefined;
    const unit = text.charCodeAt(at);
    const hasExponent = unit === 0x65 || unit === 0x45;
    if (hasExponent) {
      at++;
      if (text[at] === '+' || text[at] === '-') at++;
      const end = this.digits(at);
      if (end === at) throw this.problem(at < text.length ? 'invalid number' : 'EOF while parsing a value', at);
      at = end;
    }
    const n = hasExponent || known === undefined ? undefined : first > start ? -known : known;
    const value = this.builder.number(text, start, at, n);
    if (value === undefined) throw new SyntaxProblem('number out of range', at, 0);
    this.at = at;
    return value;
  }

  /** The value of a few digits, of which those from `whole` on stand behind a point. */
  private exact(start: number, whole: number, end: number): number {
    let digits = 0;
    for (let at = start; at < end; at++) {
      if (at !== whole) digits = 10 * digits + this.text.charCodeAt(at) - ZERO;
    }
    return end - whole > 1 ? digits / POWERS_OF_TEN[end - whole - 1]! : digits;
  }

  private string(): string {
    const { text } = this;
    let start = this.at + 1;
    let result = '';
    this.plain = true;
    for (let at = start; ; at++) {
      if (at >= text.length) throw this.problem('EOF while parsing a string', at);
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.at = at + 1;
        return result + text.slice(start, at);
      }
      if (unit === BACKSLASH) {
        result += text.slice(start, at);
        this.at = at + 1;
        this.plain = false;
        result += this.escape();
        start = this.at;
        at = start - 1;
      } else if (unit < SPACE) {
        throw this.problem('control character (\\u0000-\\u001F) found while parsing a string', at);
      }
    }
  }

  /** The characters that an escape stands for; the backslash is read already. */
  private escape(): string {
    const { text } = this;
    const at = this.at;
    if (at >= text.length) throw this.problem('EOF while parsing a string', at);
    const short = SHORT_ESCAPES.get(text[at]!);
    if (short !== undefined) {
      this.at = at + 1;
      return short;
    }
    if (text[at] !== 'u') throw this.problem('invalid escape', at);
    this.at = at + 1;
    const first = this.hex();
    if (first >= 0xdc00 && first <= 0xdfff) {
      throw new SyntaxProblem('lone leading surrogate in hex escape', this.at, 0);
    }
    if (first < 0xd800 || first > 0xdbff) return String.fromCharCode(first);
    for (const expected of ['\\', 'u']) {
      if (this.at >= text.length) throw this.problem('EOF while parsing a string', this.at);
      if (text[this.at] !== expected) throw this.problem('unexpected end of hex escape', this.at);
      this.at++;
    }
    const second = this.hex();
    if (second < 0xdc00 || second > 0xdfff) {
      throw new SyntaxProblem('lone leading surrogate in hex escape', this.at, 0);
    }
    return String.fromCharCode(first, second);
  }

  private hex(): number {
    const digits = this.text.slice(this.at, this.at + 4);
    if (digits.length < 4) throw this.problem('EOF while parsing a string', this.text.length);
    this.at += 4;
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new SyntaxProblem('invalid escape', this.at, 0);
    return Number.parseInt(digits, 16);
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw this.problem('recursion limit exceeded', this.at);
    this.at++;
  }

  private list(): T {
    this.enter();
    const items: T[] = [];
    for (;;) {
      let unit = this.skipSpace();
      if (unit === END_LIST) break;
      if (unit < 0) throw this.problem('EOF while parsing a list', this.at);
      if (items.length > 0) {
        if (unit !== COMMA) throw this.problem('expected `,` or `]`', this.at);
        this.at++;
        unit = this.skipSpace();
        if (unit === END_LIST) throw this.problem('trailing comma', this.at);
      }
      items.push(this.value());
    }
    this.at++;
    this.depth--;
    return this.builder.list(items);
  }

  private object(): T {
    this.enter();
    const { depth } = this;
    const guess = this.guesses[depth];
    /** How many names were the guessed ones so far; from the first other one on they are gathered. */
    let guessed = 0;
    let names: string[] | undefined = guess === undefined ? [] : undefined;
    let plain = true;
    const values: T[] = [];
    for (;;) {
      let unit = this.skipSpace();
      if (unit === END_OBJECT) break;
      if (unit < 0) throw this.problem('EOF while parsing an object', this.at);
      if (values.length > 0) {
        if (unit !== COMMA) throw this.problem('expected `,` or `}`', this.at);
        this.at++;
        unit = this.skipSpace();
        if (unit === END_OBJECT) throw this.problem('trailing comma', this.at);
        if (unit < 0) throw this.problem('EOF while parsing a value', this.at);
      }
      if (unit !== QUOTE) throw this.problem('key must be a string', this.at);
      if (names === undefined && this.isNext(guess![guessed])) {
        guessed++;
      } else {
        names ??= guess!.slice(0, guessed);
        names.push(this.string());
        plain &&= this.plain;
      }
      const colon = this.skipSpace();
      if (colon !== COLON) {
        throw this.problem(colon < 0 ? 'EOF while parsing an object' : 'expected `:`', this.at);
      }
      this.at++;
      values.push(this.value());
    }
    this.at++;
    this.depth--;
    if (names === undefined && guessed === guess!.length) return this.builder.object(guess!, values);
    names ??= guess!.slice(0, guessed);
    this.guesses[depth] = plain ? names : undefined;
    return this.builder.object(names, values);
  }

  /** Whether a name without escapes stands here; reads it if so. */
  private isNext(name: string | undefined): boolean {
    if (name === undefined || !this.text.startsWith(name, this.at + 1)) return false;
    const end = this.at + 1 + name.length;
    if (this.text.charCodeAt(end) !== QUOTE) return false;
    this.at = end + 1;
    return true;
  }
}
