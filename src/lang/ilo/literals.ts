// The values of literal tokens, read from the source when the parser takes them.
import type { Parser } from './cursor.ts';

export function numberValue(p: Parser, index: number): number {
  return Number(p.source.slice(p.tokens.starts[index], p.tokens.ends[index]));
}

export function textValue(p: Parser, index: number): string {
  return decodeText(p.source.slice(p.tokens.starts[index]! + 1, p.tokens.ends[index]! - 1));
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['f', '\f'],
  ['b', '\b'],
  ['v', '\v'],
  ['a', '\x07'],
  ['0', '\0'],
]);

/** What stands between the quotes, with escapes replaced. A backslash before any other character stands for itself. */
function decodeText(raw: string): string {
  let slash = raw.indexOf('\\');
  if (slash < 0) return raw;
  const parts: string[] = [];
  let from = 0;
  while (slash >= 0) {
    const escaped = ESCAPES.get(raw.charAt(slash + 1));
    if (escaped !== undefined) {
      parts.push(raw.slice(from, slash), escaped);
      from = slash + 2;
    }
    slash = raw.indexOf('\\', slash + 2);
  }
  parts.push(raw.slice(from));
  return parts.join('');
}
