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

/** A type as it is written in a header. */
export function typeSource(type: Type): string {
  switch (type.kind) {
    case 'optional':
      return `O ${typeSource(type.of)}`;
    case 'list':
      return `L ${typeSource(type.of)}`;
    case 'map':
      return `M ${closedType(type.key)} ${typeSource(type.value)}`;
    case 'result':
      return `R ${closedType(type.ok)} ${typeSource(type.err)}`;
    case 'fn':
      return ['F', ...type.params.map(closedType), typeSource(type.result)].join(' ');
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

/** In front of other types: what takes everything that follows needs parentheses. */
function closedType(type: Type): string {
  return endsOpen(type) ? `(${typeSource(type)})` : typeSource(type);
}

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
