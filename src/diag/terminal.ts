// The shape of a diagnostic on a terminal, shared by the plain and the coloured renderer:
//
//     error[ILO-T004]: undefined variable 'y'
//       --> 2:6
//       |
//     2 |   +x y
//       |      ^ here
//       |
//       = note: in function 'f'
//       = suggestion: did you mean 'x'?
//
// A long line is shown as a window around the span, with an ellipsis where it was cut. The span is measured in terminal
// cells, so that the carets stand under the right characters after tabs, wide characters and combining marks.
import type { Span } from '../base/span.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { SourceLookup, SourceText } from './source.ts';
import { cellsOf, makeVisible, makeVisibleLines } from './width.ts';

/** What a part of the output is; the painter decides how it looks. */
export type Ink = 'error' | 'warning' | 'strong' | 'frame' | 'faint';
export type Painter = (text: string, ink: Ink) => string;

/** Lines up to this many UTF-16 units are shown whole. */
const WHOLE_LINE = 160;
const BEFORE_SPAN = 40;
const WINDOW = 120;

/** Renders one diagnostic, ending in a line break. `paint` colours the parts. */
export function renderWith(diagnostic: Diagnostic, sources: SourceLookup, paint: Painter): string {
  const severity = paint(diagnostic.severity, diagnostic.severity);
  const code = paint(`[${diagnostic.code}]`, 'strong');
  let out = `${severity}${code}: ${paint(clean(diagnostic.message), 'strong')}\n`;
  const source = sources(diagnostic.file);
  const primary = diagnostic.labels.find(label => label.primary);
  if (primary && source) out += excerpt(primary.span, primary.message, source, diagnostic, paint);
  for (const label of diagnostic.labels) {
    if (label.primary || label.message === '') continue;
    const where = source ? ` (${placeText(source, label.span.start)})` : '';
    out += footer(label.message + where, paint);
  }
  for (const note of diagnostic.notes) out += footer(`note: ${note}`, paint);
  if (diagnostic.suggestion !== undefined) out += footer(`suggestion: ${diagnostic.suggestion}`, paint);
  return out;
}

function footer(text: string, paint: Painter): string {
  return `  ${paint('=', 'faint')} ${clean(text).replaceAll('\n', '\n    ')}\n`;
}

function clean(text: string): string {
  return makeVisibleLines(text.replaceAll('\r\n', '\n'));
}

function placeText(source: SourceText, offset: number): string {
  const { line, column } = source.place(offset);
  return `${line}:${column}`;
}

function excerpt(span: Span, message: string, source: SourceText, diagnostic: Diagnostic, paint: Painter): string {
  const { line } = source.place(span.start);
  const file = diagnostic.file === undefined ? '' : `${makeVisible(diagnostic.file)}:`;
  const number = String(line);
  const blank = ' '.repeat(number.length);
  const bar = paint('|', 'frame');
  const view = viewOf(source, line, span);
  const label = message === '' ? '' : ` ${paint(clean(message), diagnostic.severity)}`;
  return [
    `  ${paint('-->', 'frame')} ${file}${placeText(source, span.start)}`,
    `${blank} ${bar}`,
    `${paint(number, 'frame')} ${bar} ${view.shown}`,
    `${blank} ${bar} ${' '.repeat(view.indent)}${paint('^'.repeat(view.carets), diagnostic.severity)}${label}`,
    `${blank} ${bar}`,
    '',
  ].join('\n');
}

interface View {
  readonly shown: string;
  readonly indent: number;
  readonly carets: number;
}

/** The visible part of a line and where in it the carets go. A span over several lines is marked on its first one. */
function viewOf(source: SourceText, line: number, span: Span): View {
  const range = source.lineRange(line);
  const from = Math.min(Math.max(span.start, range.start), range.end);
  const to = Math.min(Math.max(span.end, from), range.end);
  let start = range.start;
  let end = range.end;
  if (end - start > WHOLE_LINE) {
    start = Math.max(start, Math.min(from - BEFORE_SPAN, end - WINDOW));
    end = Math.min(end, start + WINDOW);
    if (isLowSurrogate(source.text, start)) start--;
    if (isLowSurrogate(source.text, end)) end--;
  }
  const cutLeft = start > range.start;
  const cutRight = end < range.end;
  let shown = cutLeft ? '…' : '';
  let indent = shown.length;
  let carets = 0;
  for (const cell of cellsOf(source.text.slice(start, end))) {
    shown += cell.shown;
    if (start + cell.end <= from) indent += cell.width;
    else if (carets === 0 || start + cell.end <= to) carets += cell.width;
  }
  if (cutRight) shown += '…';
  // A span that is empty or at the end of its line still gets one caret.
  const covered = from === to ? Math.min(carets, 1) : carets;
  return { shown, indent, carets: Math.max(1, covered) };
}

function isLowSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
