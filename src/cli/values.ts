// Arguments of a program: text from the command line as values, guided by the declared parameter types.
//
// A parameter of type `t` takes its argument verbatim. Otherwise numbers, `true`, `false`, `nil`, lists with and without
// brackets (`[1,2]`, `1,2`, `[[1,2],[3]]`) and quoted text are recognised, and everything else is text.
import type { Type } from '../core/type.ts';
import { FunctionValue } from '../core/value/function.ts';
import { List } from '../core/value/list.ts';
import type { Value } from '../core/value/value.ts';

/** Deeper lists than this are not worth typing on a command line; the limit keeps the recursion bounded. */
const DEEPEST_LIST = 100;

/** A value for a parameter of a type; an undefined type is unknown. */
export function readArgument(text: string, type: Type | undefined): Value {
  const wanted = type?.kind === 'optional' ? type.of : type;
  if (wanted?.kind === 'text' && !(type?.kind === 'optional' && text === 'nil')) return unquote(text);
  if (wanted?.kind === 'sum') return unquote(text);
  const value = readValue(text, wanted, 0);
  return wanted?.kind === 'list' && !(value instanceof List) && !(type?.kind === 'optional' && value === null)
    ? new List([readItem(text, wanted.of, 0)])
    : value;
}

function readItem(text: string, type: Type | undefined, depth: number): Value {
  return type?.kind === 'text' ? unquote(text) : readValue(text, type, depth);
}

function readValue(text: string, type: Type | undefined, depth: number): Value {
  if (depth < DEEPEST_LIST) {
    const itemType = type?.kind === 'list' ? type.of : undefined;
    if (isBracketed(text)) {
      const inner = text.slice(1, -1).trim();
      if (inner === '') return new List([]);
      return new List(splitAtCommas(inner).map(part => readItem(part, itemType, depth + 1)));
    }
    if (isQuoted(text)) return text.slice(1, -1);
    if (text.includes(',')) {
      const parts = splitAtCommas(text);
      if (parts.length > 1) return new List(parts.map(part => readItem(part, itemType, depth + 1)));
    }
  }
  if (text === 'nil') return null;
  if (text === 'true') return true;
  if (text === 'false') return false;
  return readNumber(text) ?? text;
}

/** Decimal notation with optional fraction and exponent; finite. Anything else is not a number. */
export function readNumber(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function isQuoted(text: string): boolean {
  return text.length >= 2 && text.startsWith('"') && text.indexOf('"', 1) === text.length - 1;
}

/** Without one pair of surrounding double quotes. What is inside stays as it is: no escapes. */
function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** True when the bracket that opens at the start closes at the end: `[1],[2]` is a bare list of two lists. */
function isBracketed(text: string): boolean {
  if (!text.startsWith('[') || !text.endsWith(']')) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return at === text.length - 1;
  }
  // Unbalanced: the outer pair is taken as the list's own.
  return true;
}

/** Splits at commas outside brackets, braces and quotes, and trims the parts. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    else if (char === ',' && depth <= 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** Whether a value may be passed to a parameter of a type. Types that only a run can check (named types, variables) accept all. */
export function fits(value: Value, type: Type): boolean {
  switch (type.kind) {
    case 'num':
      return typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'nil':
      return value === null;
    case 'optional':
      return value === null || fits(value, type.of);
    case 'list':
      // Items are looked at when they are used, as in a list that came from JSON.
      return value instanceof List;
    case 'sum':
      return typeof value === 'string' && type.variants.includes(value);
    case 'fn':
      return typeof value === 'string' || value instanceof FunctionValue;
    case 'map':
    case 'result':
      // No notation makes one of these, so whatever stands there is not one.
      return false;
    case 'any':
    case 'named':
      return true;
  }
}
