// Diagnostics for machines: one JSON object on one line, in the reference's schema with its keys in alphabetical order.
// Offsets and columns count UTF-8 bytes. `file` is added when the place is in an imported file.
import type { Diagnostic, Label } from './diagnostic.ts';
import type { SourceLookup, SourceText } from './source.ts';

/** Renders a diagnostic as one line of JSON, without a line break. Labels have `line` and `col` when the text is known. */
export function renderJson(diagnostic: Diagnostic, sources: SourceLookup): string {
  const source = sources(diagnostic.file);
  return JSON.stringify({
    code: diagnostic.code,
    file: diagnostic.file,
    labels: diagnostic.labels.map(label => jsonLabel(label, source)),
    message: diagnostic.message,
    notes: diagnostic.notes,
    severity: diagnostic.severity,
    suggestion: diagnostic.suggestion,
  });
}

function jsonLabel(label: Label, source: SourceText | undefined): object {
  const { span, message, primary } = label;
  if (!source) return { end: span.end, message, primary, start: span.start };
  const place = source.place(span.start);
  return {
    col: place.byteColumn,
    end: source.byteOffset(span.end),
    line: place.line,
    message,
    primary,
    start: place.byteOffset,
  };
}
