// Whether two syntax trees mean the same program: equal in everything but places in the text, the types that the verifier
// adds, and how things were spelt (infix or prefix, a builtin's long name).
import type { Decl } from '../ast.ts';

const SPELLING: ReadonlySet<string> = new Set(['span', 'nameSpan', 'pathSpan', 'infix', 'alias', 'file']);

/** Compares two declarations. Fields that only the first one has (what the verifier found) do not count. */
export function sameDeclaration(a: Decl, b: Decl): boolean {
  if (a.kind === 'error' || b.kind === 'error') return a.kind === b.kind;
  return same(a, b);
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of Object.keys(right)) {
    if (SPELLING.has(key) || (key === 'type' && isExpressionType(right))) continue;
    if (!same(left[key], right[key])) return false;
  }
  return true;
}

/** Parameters and type patterns have a declared type; everywhere else `type` is what the verifier found. */
function isExpressionType(node: Record<string, unknown>): boolean {
  return 'kind' in node && node.kind !== 'is';
}
