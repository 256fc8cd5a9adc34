// From what stands in the data to arguments of a function, and where in a row it stands.

import { showType, type Type } from '../../core/type.ts';
import { List } from '../../core/value/list.ts';
import type { Value } from '../../core/value/value.ts';
import { diagnose } from '../../diag/diagnostic.ts';
import { SourceText } from '../../diag/source.ts';
import { parseNumber } from '../../lang/ilo/builtins/numbers.ts';
import { fits, readArgument } from '../values.ts';
import type { TextRow } from './lines.ts';
import { MapProblem } from './problem.ts';

export interface Param {
  readonly name: string;
  /** Aliases are replaced. */
  readonly type: Type;
}

/** A cell of text as a value for a parameter; undefined when it is none. */
export function valueOfText(cell: string, type: Type): Value | undefined {
  if (type.kind === 'num') return parseNumber(cell.trim());
  if (type.kind === 'bool') {
    const word = cell.trim();
    return word === 'true' ? true : word === 'false' ? false : undefined;
  }
  if (type.kind === 'text') return cell;
  if (type.kind === 'optional') return cell.trim() === '' ? null : valueOfText(cell, type.of);
  const value = readArgument(cell, type);
  return fits(value, type) ? value : undefined;
}

/** Whether a value from JSON may be passed to a parameter; undefined when not. */
export function valueOfJson(value: Value, type: Type): Value | undefined {
  if (type.kind === 'optional' && value === null) return value;
  const wanted = type.kind === 'optional' ? type.of : type;
  if (wanted.kind === 'list' && !(value instanceof List)) return undefined;
  return fits(value, wanted) ? value : undefined;
}

/** Where in a row of CSV the field of a number begins and ends. */
export function fieldSpan(text: string, separator: string, wanted: number): { start: number; end: number } {
  let field = 0;
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (at === text.length || (text[at] === separator && !quoted)) {
      if (field === wanted) return { start, end: at };
      field++;
      start = at + 1;
    }
  }
  return { start: text.length, end: text.length };
}

/** Where in a line of JSON the value of a field stands, as far as one can see without reading all of it. */
export function jsonSpan(text: string, name: string): { start: number; end: number } {
  const key = JSON.stringify(name);
  const at = text.indexOf(key);
  if (at < 0) return { start: 0, end: text.length };
  const start = at + key.length + (/^\s*:\s*/.exec(text.slice(at + key.length))?.[0].length ?? 0);
  const end = /^("([^"\\]|\\.)*"|[^,}\]]*)/.exec(text.slice(start))?.[0].length ?? 1;
  return { start, end: start + end };
}

/** A cell that is not what its parameter asks for. */
export function badCell(
  row: TextRow,
  path: string,
  span: { readonly start: number; readonly end: number },
  { name, type }: Param,
): MapProblem {
  const cell = row.text.slice(span.start, span.end);
  const shown = cell.length > 60 ? `${cell.slice(0, 57)}...` : cell;
  const problem = diagnose('ILO-C007', 'cell', { cell: shown, type: showType(type), param: name }, { span });
  return new MapProblem(problem, new SourceText(row.text, path, row.line));
}
