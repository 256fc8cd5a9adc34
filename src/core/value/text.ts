// Text by Unicode code point. A text is a JavaScript string, which counts UTF-16 units; ilo counts code points (indexing,
// slicing) and UTF-8 bytes (`len`). Programs walk a long text with `at s i` or ask for `len s` in every turn of a loop, so
// both must not scan the text each time: what a scan of a long text found is kept for the few texts used last.
//
// Text without surrogates has one unit per code point and needs no index. For the rest the unit of every 64th code point
// is noted, and a lookup walks less than 64 code points from there. Short texts are scanned: that is faster than asking.

/** Texts up to this many units, and positions this near to an end, are walked instead of indexed. */
const SHORT = 64;
const STEP = 64;
const KEPT = 4;

/** What is known about a text, found out when it is first asked for. */
interface Facts {
  readonly text: string;
  bytes: number | undefined;
  index: Index | undefined;
}

interface Index {
  readonly codePoints: number;
  /** The unit at which code point 64·i begins; undefined when every code point is one unit. */
  readonly units: Uint32Array | undefined;
}

const kept: Facts[] = [];
let oldest = 0;

const SURROGATE = /[\ud800-\udfff]/;

/** Whether every code point of the text is one UTF-16 unit. */
export function isOneUnitPerCodePoint(text: string): boolean {
  return !SURROGATE.test(text);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The unit after the code point that begins at `unit`. */
function after(text: string, unit: number): number {
  return isHigh(text.charCodeAt(unit)) && isLow(text.charCodeAt(unit + 1)) ? unit + 2 : unit + 1;
}

/** The unit at which the code point that ends before `unit` begins. */
function before(text: string, unit: number): number {
  return unit >= 2 && isLow(text.charCodeAt(unit - 1)) && isHigh(text.charCodeAt(unit - 2)) ? unit - 2 : unit - 1;
}

function keptFacts(text: string): Facts | undefined {
  for (const facts of kept) if (facts.text === text) return facts;
  return undefined;
}

function keep(facts: Facts): Facts {
  kept[oldest] = facts;
  oldest = (oldest + 1) % KEPT;
  return facts;
}

function factsOf(text: string): Facts {
  return keptFacts(text) ?? keep({ text, bytes: undefined, index: undefined });
}

function indexOf(text: string): Index {
  const facts = factsOf(text);
  facts.index ??= makeIndex(text);
  return facts.index;
}

function makeIndex(text: string): Index {
  if (isOneUnitPerCodePoint(text)) return { codePoints: text.length, units: undefined };
  const units = new Uint32Array(Math.floor(text.length / STEP) + 1);
  let codePoints = 0;
  for (let unit = 0; unit < text.length; unit = after(text, unit)) {
    if (codePoints % STEP === 0) units[codePoints / STEP] = unit;
    codePoints++;
  }
  return { codePoints, units };
}

/** How many code points the text has. */
export function codePointLength(text: string): number {
  if (text.length > SHORT) return indexOf(text).codePoints;
  let count = 0;
  for (let unit = 0; unit < text.length; unit = after(text, unit)) count++;
  return count;
}

/** How many bytes the text takes in UTF-8. */
export function utf8Length(text: string): number {
  if (text.length <= SHORT) return countBytes(text);
  const facts = factsOf(text);
  facts.bytes ??= Buffer.byteLength(text, 'utf8');
  return facts.bytes;
}

function countBytes(text: string): number {
  let bytes = 0;
  for (let unit = 0; unit < text.length; unit++) {
    const code = text.charCodeAt(unit);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (isHigh(code) && isLow(text.charCodeAt(unit + 1))) {
      bytes += 4;
      unit++;
    } else bytes += 3;
  }
  return bytes;
}

/** The text without its first code point; empty for an empty text. A length in bytes that is known stays known. */
export function withoutFirst(text: string): string {
  const first = text.slice(0, after(text, 0));
  const rest = text.slice(first.length);
  const bytes = rest.length > SHORT ? keptFacts(text)?.bytes : undefined;
  if (bytes !== undefined) keep({ text: rest, bytes: bytes - countBytes(first), index: undefined });
  return rest;
}

/** The unit at which code point `index` begins; the text's length in units when there are no more than `index`. */
function unitOfCodePoint(text: string, index: number): number {
  let unit = 0;
  let missing = index;
  if (index > SHORT && text.length > SHORT) {
    const { codePoints, units } = indexOf(text);
    if (index >= codePoints) return text.length;
    if (units === undefined) return index;
    unit = units[Math.floor(index / STEP)]!;
    missing = index % STEP;
  }
  while (missing > 0 && unit < text.length) {
    unit = after(text, unit);
    missing--;
  }
  return unit;
}

/**
 * The code point at an index, as a text of its own; undefined outside. A negative index counts from the end: -1 is the
 * last. The index is an integer.
 */
export function codePointAt(text: string, index: number): string | undefined {
  if (index < 0) {
    if (index < -SHORT) {
      const fromStart = codePointLength(text) + index;
      return fromStart < 0 ? undefined : codePointAt(text, fromStart);
    }
    let unit = text.length;
    for (let missing = -index; missing > 0; missing--) {
      if (unit === 0) return undefined;
      unit = before(text, unit);
    }
    return text.slice(unit, after(text, unit));
  }
  const unit = unitOfCodePoint(text, index);
  return unit < text.length ? text.slice(unit, after(text, unit)) : undefined;
}

/** The code points from `start` to before `end`; both are integers, 0 or more, and may lie beyond the end. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  if (start >= end) return '';
  const from = unitOfCodePoint(text, start);
  return text.slice(from, end >= text.length ? text.length : unitOfCodePoint(text, end));
}

/** The code points as numbers. */
export function codePointsOf(text: string): Uint32Array {
  const points = new Uint32Array(text.length);
  let count = 0;
  for (let unit = 0; unit < text.length; unit = after(text, unit)) points[count++] = text.codePointAt(unit)!;
  return points.subarray(0, count);
}

/** The text of code points, all of them valid. */
export function textOfCodePoints(points: Uint32Array): string {
  let text = '';
  // In pieces, because the number of arguments of one call is limited by the stack.
  for (let at = 0; at < points.length; at += 4096) text += String.fromCodePoint(...points.subarray(at, at + 4096));
  return text;
}

/**
 * The unit at which `wanted` first occurs in `text` from unit `from` on, or -1. Linear in both lengths: V8's own search is
 * quadratic for long needles that almost match everywhere, so those use the failure table of Knuth, Morris and Pratt.
 */
export function findText(text: string, wanted: string, from: number): number {
  if (wanted.length <= 128) return text.indexOf(wanted, from);
  const back = failureTable(wanted);
  let matched = 0;
  for (let unit = from; unit < text.length; unit++) {
    const code = text.charCodeAt(unit);
    while (matched > 0 && code !== wanted.charCodeAt(matched)) matched = back[matched - 1]!;
    if (code === wanted.charCodeAt(matched)) matched++;
    if (matched === wanted.length) return unit - matched + 1;
  }
  return -1;
}

/** For every prefix of `wanted`, the length of its longest proper prefix that is also its suffix. */
function failureTable(wanted: string): Int32Array {
  const back = new Int32Array(wanted.length);
  let matched = 0;
  for (let i = 1; i < wanted.length; i++) {
    const code = wanted.charCodeAt(i);
    while (matched > 0 && code !== wanted.charCodeAt(matched)) matched = back[matched - 1]!;
    if (code === wanted.charCodeAt(matched)) matched++;
    back[i] = matched;
  }
  return back;
}
