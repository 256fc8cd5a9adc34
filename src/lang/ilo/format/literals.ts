// Literals and types in source form.
import { unreachable } from '../../../base/assert.ts';
import type { Type } from '../../../core/type.ts';
import type { LiteralValue } from '../ast.ts';

/** A literal that reads back as the same value. */
export function literalSource(value: LiteralValue): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return textSource(value);
  return typeof value === 'number' ? numberSource(value) : String(value);
}

/** A number that reads back as the same double, infinity included. */
export function numberSource(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  if (value === Number.NEGATIVE_INFINITY) return '-1e999';
  return String(value).replace('e+', 'e');
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\r', '\\r'],
  ['\f', '\\f'],
  ['\b', '\\b'],
  ['\v', '\\v'],
  ['\x07', '\\a'],
  ['\0', '\\0'],
  ['"', '\\"'],
]);

/**
 * A text literal. A backslash stays single where the next character makes no escape with it, so that regular expressions
 * keep their usual look: `"\d+"`.
 */
export function textSource(text: string): string {
  const escaped = text.replace(/[\n\t\r\f\b\v\x07\0"]|\\+/g, (found, at: number) => {
    if (!found.startsWith('\\')) return ESCAPES.get(found)!;
    const next = text.charAt(at + found.length);
    const plain = next !== '' && !/[ntrfbva0/"\n\t\r\f\b\v\x07\0]/.test(next);
    return '\\'.repeat(plain ? found.length * 2 - 1 : found.length * 2);
  });
  return `"${escaped}"`;
}

/**
 * A type as it is written in a header. Types that take others are one run of letters, with parentheses only where a type
 * would take too much; for people (`grouped`) every part that has parts itself has them: `R (L n) t`.
 */
export function typeSource(type: Type, grouped = false): string {
  const last = (part: Type) =>
    grouped && isCompound(part) ? `(${typeSource(part, true)})` : typeSource(part, grouped);
  const inner = (part: Type) => (endsOpen(part) ? `(${typeSource(part, grouped)})` : last(part));
  switch (type.kind) {
    case 'optional':
      return `O ${last(type.of)}`;
    case 'list':
      return `L ${last(type.of)}`;
    case 'map':
      return `M ${inner(type.key)} ${last(type.value)}`;
    case 'result':
      return `R ${inner(type.ok)} ${last(type.err)}`;
    case 'fn':
      return ['F', ...type.params.map(inner), last(type.result)].join(' ');
    case 'sum':
      return `S ${type.variants.join(' ')}`;
    case 'num':
      return 'n';
    case 'text':
      return 't';
    case 'bool':
      return 'b';
    case 'nil':
    case 'any':
      return '_';
    case 'named':
      return type.name;
    default:
      return unreachable(type);
  }
}

function isCompound(type: Type): boolean {
  return ['optional', 'list', 'map', 'result', 'fn', 'sum'].includes(type.kind);
}

/** Takes everything that follows, so it cannot stand in front of other types. */
function endsOpen(type: Type): boolean {
  switch (type.kind) {
    case 'fn':
    case 'sum':
      return true;
    case 'optional':
    case 'list':
      return endsOpen(type.of);
    case 'map':
      return endsOpen(type.value);
    case 'result':
      return endsOpen(type.err);
    default:
      return false;
  }
}
