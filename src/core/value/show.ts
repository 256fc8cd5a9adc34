// Values as text: what `str`, `prnt`, `fmt` and the command line print, and how error messages name a value.
import { checkTextSize } from '../limits.ts';
import type { FunctionValue } from './function.ts';
import { List } from './list.ts';
import { MapValue } from './map.ts';
import { RecordValue } from './record.ts';
import { Err, Ok } from './result.ts';
import { leastUnits } from './size.ts';
import type { Value } from './value.ts';

/**
 * A number in decimal, never with an exponent: `1`, `0.1`, `1000000000000000000000`, `inf`, `-inf`, `NaN`. -0 is `0`. An
 * integer that fits 64 bits is written exactly; others with as few digits as tell them apart, then zeros.
 */
export function showNumber(n: number): string {
  if (Number.isInteger(n) && Math.abs(n) > Number.MAX_SAFE_INTEGER && Math.abs(n) < 2 ** 63)
    return BigInt(n).toString();
  return showShortestNumber(n);
}

/** As showNumber, but no digits beyond those that tell the number apart: what `str` gives. 2^62 is 4611686018427388000. */
export function showShortestNumber(n: number): string {
  // Small whole numbers, -0 among them, are what JavaScript shows.
  if ((n | 0) === n) return String(n | 0);
  const size = Math.abs(n);
  // Between these bounds JavaScript writes no exponent.
  if (size >= 1e-6 && size < 1e21) return String(n);
  if (Number.isNaN(n)) return 'NaN';
  if (n === Infinity) return 'inf';
  if (n === -Infinity) return '-inf';
  return expandExponent(String(n));
}

/** `1.5e-7` to `0.00000015`, `1e+21` to `1000000000000000000000`; other text unchanged. */
function expandExponent(text: string): string {
  const at = text.indexOf('e');
  if (at < 0) return text;
  const exponent = Number(text.slice(at + 1));
  const negative = text.startsWith('-');
  const mantissa = text.slice(negative ? 1 : 0, at);
  const dot = mantissa.indexOf('.');
  const digits = mantissa.replace('.', '');
  const point = (dot < 0 ? mantissa.length : dot) + exponent;
  const body =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : point >= digits.length
        ? digits + '0'.repeat(point - digits.length)
        : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${body}` : body;
}

/** Pieces are joined this many at a time, so that a text of many small ones costs little more than itself. */
const PIECES = 4096;

/**
 * The value as the language prints it. Iterative where values nest, because nesting is up to the program. Throws ILO-R041 when the
 * text would be too large: a value that shares its parts can be exponentially longer as text than in memory.
 */
export function showValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return showNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'nil';
  let done = '';
  let out: string[] = [];
  const put = (text: string): void => {
    out.push(text);
    if (out.length < PIECES) return;
    if (done === '') checkTextSize(leastUnits(value, { results: true, captures: true }));
    done += out.join('');
    out = [];
  };
  // A work list of literal pieces (strings wrapped in an array) and values still to be shown, last first.
  const work: (Value | [string])[] = [value];
  while (work.length > 0) {
    const item = work.pop()!;
    if (Array.isArray(item)) put(item[0]);
    else if (typeof item !== 'object' || item === null) put(showValue(item));
    else pushParts(item, work);
  }
  let units = done.length;
  for (const piece of out) units += piece.length;
  checkTextSize(units);
  return done + out.join('');
}

function pushParts(value: List | MapValue | RecordValue | Ok | Err | FunctionValue, work: (Value | [string])[]): void {
  const parts: (Value | [string])[] = [];
  if (value instanceof List) {
    const items = value.view();
    parts.push(['[']);
    items.forEach((item, i) => {
      if (i > 0) parts.push([', ']);
      parts.push(item);
    });
    parts.push([']']);
  } else if (value instanceof MapValue) {
    parts.push(['{']);
    value.sortedKeys().forEach((key, i) => {
      parts.push([`${i > 0 ? '; ' : ''}${typeof key === 'number' ? showNumber(key) : key}: `], value.get(key)!);
    });
    parts.push(['}']);
  } else if (value instanceof RecordValue) {
    parts.push([`${value.shape.typeName} {`]);
    value.shape.names.forEach((name, i) => {
      parts.push([`${i > 0 ? ', ' : ''}${name}: `], value.at(i));
    });
    parts.push(['}']);
  } else if (value instanceof Ok) {
    parts.push(['~'], value.value);
  } else if (value instanceof Err) {
    parts.push(['^'], value.value);
  } else if (value.captures.length === 0) {
    parts.push([`<fn:${value.name}>`]);
  } else {
    parts.push([`<closure:${value.name}[`]);
    value.captures.forEach((capture, i) => {
      if (i > 0) parts.push([', ']);
      parts.push(capture);
    });
    parts.push([']>']);
  }
  for (let i = parts.length - 1; i >= 0; i--) work.push(parts[i]!);
}

/** The kind of a value, for messages: `number`, `text`, `list`, … */
export function kindOf(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'number';
  if (value instanceof List) return 'list';
  if (value instanceof MapValue) return 'map';
  if (value instanceof RecordValue) return 'record';
  if (value instanceof Ok || value instanceof Err) return 'result';
  return 'function';
}

/** A short picture of a value for messages: its kind and the beginning of what it prints. */
export function describe(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'object') return `a ${kindOf(value)}`;
  const text = typeof value === 'string' ? JSON.stringify(value) : showValue(value);
  return `${kindOf(value)} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
}
