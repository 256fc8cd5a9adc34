// CSV and TSV, read and written the way `rd`, `rdb` and `wr` need them. Writing follows RFC 4180: a field that holds the
// separator, a quote or a line feed is quoted. Reading goes line by line, so a quoted field ends at the end of its line at
// the latest; quotes may open anywhere in a field, and `""` inside them is one quote.
import { builtinFault } from '../../../core/fault.ts';
import { checkTextSize } from '../../../core/limits.ts';
import { List } from '../../../core/value/list.ts';
import { MapValue } from '../../../core/value/map.ts';
import { RecordValue } from '../../../core/value/record.ts';
import { describe, showNumber, showValue } from '../../../core/value/show.ts';
import { compareText } from '../../../core/value/text-order.ts';
import type { Value } from '../../../core/value/value.ts';

export type Separator = ',' | '\t';

/** Rows of text fields. Lines end in `\n` or `\r\n`; a last line end makes no row. */
export function parseRows(text: string, separator: Separator): List {
  const rows: Value[] = [];
  for (const line of linesOf(text)) rows.push(new List(parseRow(line, separator)));
  return new List(rows);
}

/** The lines of a text without their ends (`\n` or `\r\n`); a last line end makes no further line. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const unended = lines.pop()!;
  lines.forEach((line, index) => {
    if (line.endsWith('\r')) lines[index] = line.slice(0, -1);
  });
  if (unended !== '') lines.push(unended);
  return lines;
}

/** The fields of one line. A line feed in quotes is part of a field, when the caller leaves it in. */
export function parseRow(line: string, separator: Separator): string[] {
  let quote = line.indexOf('"');
  if (quote < 0) return line.split(separator);
  const fields: string[] = [];
  let field = '';
  let at = 0;
  let end = -1;
  for (;;) {
    // Where the next separator and the next quote are is looked for again only when one has been passed.
    if (end < at) end = indexOrEnd(line, separator, at);
    if (quote < end) {
      const close = quotedEnd(line, quote + 1);
      field += line.slice(at, quote) + line.slice(quote + 1, close).replaceAll('""', '"');
      at = close + 1;
      quote = indexOrEnd(line, '"', at);
    } else {
      fields.push(field + line.slice(at, end));
      field = '';
      if (end === line.length) return fields;
      at = end + 1;
    }
  }
}

function indexOrEnd(line: string, wanted: string, from: number): number {
  const index = line.indexOf(wanted, from);
  return index < 0 ? line.length : index;
}

/** The index of the quote that closes a quoted part starting at `from`, or the end of the line. */
function quotedEnd(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at >= 0 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at < 0 ? line.length : at;
}

/**
 * The rows as CSV or TSV text, each line ended by `\n`. Rows are lists, or records or maps whose keys (those of the first row,
 * sorted) become a header line; a row without a key has an empty field there. Throws a Fault for other rows, or a mixture.
 */
export function formatRows(rows: List, separator: Separator): string {
  const items = rows.view();
  const first = items[0];
  if (first === undefined) return '';
  const header = headerOf(first);
  const lines: string[] = [];
  let units = 0;
  const put = (fields: readonly string[]) => {
    const line = fields.join(separator);
    units += line.length + 1;
    checkTextSize(units);
    lines.push(line, '\n');
  };
  if (header !== undefined) put(header.map(name => formatField(name, separator)));
  for (const row of items) {
    if (header === undefined) {
      if (!(row instanceof List))
        throw builtinFault('wr', `row shape mismatch (expected list rows), got ${describe(row)}`);
      put(row.view().map(field => formatField(field, separator)));
    } else {
      const lookup = keyedRow(row);
      put(header.map(name => formatField(lookup(name), separator)));
    }
  }
  return lines.join('');
}

function headerOf(first: Value): string[] | undefined {
  if (first instanceof List) return undefined;
  if (first instanceof RecordValue) return [...first.shape.names].sort(compareText);
  if (first instanceof MapValue) return first.sortedKeys().map(showValue);
  throw builtinFault('wr', `each row must be a list, record, or map, got ${describe(first)}`);
}

/** How to find a row's fields by name. A number key of a map is found under its digits. */
function keyedRow(row: Value): (name: string) => Value {
  if (row instanceof RecordValue) return name => row.get(name) ?? null;
  if (row instanceof MapValue) {
    return name => row.get(name) ?? (/^-?[0-9]+$/.test(name) ? row.get(Number(name)) : undefined) ?? null;
  }
  throw builtinFault('wr', `row shape mismatch (expected record/map rows), got ${describe(row)}`);
}

/** A value as a field, in quotes where it needs them. */
export function formatField(value: Value, separator: Separator): string {
  const text = value === null ? '' : typeof value === 'number' ? showNumber(value) : showValue(value);
  if (!text.includes(separator) && !text.includes('"') && !text.includes('\n')) return text;
  return `"${doubleQuotes(text)}"`;
}

/** Quotes are doubled in pieces of this many units, and not by `replaceAll`: that makes a tree of single characters of the text. */
const PIECE_UNITS = 1 << 16;

function doubleQuotes(text: string): string {
  let doubled = '';
  for (let from = 0; from < text.length; from += PIECE_UNITS) {
    doubled += text
      .slice(from, from + PIECE_UNITS)
      .split('"')
      .join('""');
    checkTextSize(doubled.length);
  }
  return doubled;
}
