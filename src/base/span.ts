// A span is a half-open range of UTF-16 code units in one source text. It is the only notion of "place" in the
// compiler; lines, columns and UTF-8 byte offsets are computed from it when a diagnostic is rendered.

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The smallest span that covers both. */
export function mergeSpans(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
