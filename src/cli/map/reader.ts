// The rows of the data, some thousands at a time: CSV and TSV, JSON lines, raw numbers.
import { parseJson } from '../../core/value/json-parse.ts';
import { List } from '../../core/value/list.ts';
import { MapValue } from '../../core/value/map.ts';
import { RecordValue } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { diagnose } from '../../diag/diagnostic.ts';
import { SourceText } from '../../diag/source.ts';
import { parseRow, type Separator } from '../../lang/ilo/builtins/csv.ts';
import { badCell, fieldSpan, jsonSpan, type Param, valueOfJson, valueOfText } from './cells.ts';
import { Bytes, Lines, type TextRow } from './lines.ts';
import { MapProblem } from './problem.ts';

export const FORMATS = ['csv', 'tsv', 'jsonl', 'f64'] as const;
export type Format = (typeof FORMATS)[number];

/** Some rows: a column for each parameter. */
export interface Chunk {
  readonly rows: number;
  readonly columns: readonly (readonly Value[] | Float64Array)[];
  /** The rows as they stand in the data; undefined for raw numbers. */
  readonly texts: readonly TextRow[] | undefined;
}

export interface Reader {
  /** The columns of the data by name, as far as they have any. */
  readonly header: string | undefined;
  /** At most so many rows; undefined when there are no more. Throws a MapProblem. */
  next(most: number): Chunk | undefined;
  /** What share of the data was read, from 0 to 1; undefined where nobody knows. */
  progress(): number | undefined;
  close(): void;
}

export function openReader(
  format: Format,
  paths: readonly string[],
  params: readonly Param[],
  hasHeader: boolean,
): Reader {
  if (format === 'f64') return new NumberReader(paths, params.length);
  const lines = new Lines(new Bytes(paths[0]!), format !== 'jsonl');
  return format === 'jsonl' ? new JsonReader(lines, params) : new FieldReader(lines, format, params, hasHeader);
}

abstract class TextReader implements Reader {
  abstract readonly header: string | undefined;
  protected readonly lines: Lines;
  protected readonly params: readonly Param[];
  protected readonly path: string;

  constructor(lines: Lines, params: readonly Param[]) {
    this.lines = lines;
    this.params = params;
    this.path = lines.bytes.path;
  }

  /** The arguments that a row stands for. Throws a MapProblem. */
  protected abstract values(row: TextRow): readonly Value[];

  next(most: number): Chunk | undefined {
    const columns: Value[][] = this.params.map(() => []);
    const texts: TextRow[] = [];
    while (texts.length < most) {
      const row = this.lines.next();
      if (row === undefined) break;
      const values = this.values(row);
      for (let i = 0; i < columns.length; i++) columns[i]!.push(values[i]!);
      texts.push(row);
    }
    return texts.length === 0 ? undefined : { rows: texts.length, columns, texts };
  }

  progress(): number | undefined {
    const { read, size } = this.lines.bytes;
    return size === undefined || size === 0 ? undefined : read / size;
  }

  close(): void {
    this.lines.bytes.close();
  }
}

class FieldReader extends TextReader {
  readonly header: string | undefined;
  private readonly separator: Separator;
  /** Which field each parameter takes. */
  private readonly fields: readonly number[];

  constructor(lines: Lines, format: 'csv' | 'tsv', params: readonly Param[], hasHeader: boolean) {
    super(lines, params);
    this.separator = format === 'csv' ? ',' : '\t';
    if (!hasHeader) {
      this.fields = [...params.keys()];
      return;
    }
    const row = lines.next();
    if (row === undefined) throw new MapProblem(diagnose('ILO-C007', 'header', {}), new SourceText('', this.path));
    this.header = row.text;
    const names = parseRow(row.text, this.separator).map(name => name.trim());
    const text = new SourceText(row.text, this.path, row.line);
    this.fields = params.map(({ name }) => {
      const field = names.indexOf(name);
      const span = { start: 0, end: row.text.length };
      if (field < 0) {
        throw new MapProblem(diagnose('ILO-C007', 'column', { param: name, known: names.join(', ') }, { span }), text);
      }
      if (names.indexOf(name, field + 1) >= 0) {
        throw new MapProblem(diagnose('ILO-C007', 'twice', { param: name }, { span }), text);
      }
      return field;
    });
  }

  protected values(row: TextRow): readonly Value[] {
    const cells = parseRow(row.text, this.separator);
    return this.params.map((param, i) => {
      const cell = cells[this.fields[i]!];
      if (cell === undefined) {
        const holes = { param: param.name, got: cells.length, want: this.fields[i]! + 1 };
        const span = { start: row.text.length, end: row.text.length };
        throw new MapProblem(
          diagnose('ILO-C007', 'short', holes, { span }),
          new SourceText(row.text, this.path, row.line),
        );
      }
      const value = valueOfText(cell, param.type);
      if (value === undefined) {
        throw badCell(row, this.path, fieldSpan(row.text, this.separator, this.fields[i]!), param);
      }
      return value;
    });
  }
}

class JsonReader extends TextReader {
  readonly header = undefined;

  protected values(row: TextRow): readonly Value[] {
    const parsed = parseJson(row.text);
    if ('err' in parsed)
      throw this.problem(row, diagnose('ILO-C007', 'json', { problem: parsed.err }, { span: all(row) }));
    const fieldOf = this.fieldsOf(parsed.ok, row);
    return this.params.map((param, i) => {
      const given = fieldOf(param.name, i);
      if (given === undefined) {
        throw this.problem(row, diagnose('ILO-C007', 'field', { param: param.name }, { span: all(row) }));
      }
      const value = valueOfJson(given, param.type);
      if (value === undefined) throw badCell(row, this.path, jsonSpan(row.text, param.name), param);
      return value;
    });
  }

  private fieldsOf(value: Value, row: TextRow): (name: string, at: number) => Value | undefined {
    if (value instanceof RecordValue) return name => value.get(name);
    if (value instanceof MapValue) return name => value.get(name);
    if (value instanceof List && value.view().length === this.params.length) return (_, at) => value.view()[at];
    if (this.params.length === 1) return () => value;
    throw this.problem(row, diagnose('ILO-C007', 'shape', { want: this.params.length }, { span: all(row) }));
  }

  private problem(row: TextRow, diagnostic: MapProblem['diagnostic']): MapProblem {
    return new MapProblem(diagnostic, new SourceText(row.text, this.path, row.line));
  }
}

function all({ text }: TextRow): { start: number; end: number } {
  return { start: 0, end: text.length };
}

/** Doubles, the lowest byte first: one file row by row, or one file for each parameter. */
class NumberReader implements Reader {
  readonly header = undefined;
  private readonly files: readonly NumberFile[];
  private readonly width: number;

  constructor(paths: readonly string[], width: number) {
    this.width = paths.length === 1 ? width : 1;
    this.files = paths.map(path => new NumberFile(new Bytes(path)));
  }

  next(most: number): Chunk | undefined {
    const pieces = this.files.map(file => file.next(most * this.width, this.width));
    const counts = pieces.map(({ length }) => length);
    const least = counts.indexOf(Math.min(...counts));
    const longer = counts.findIndex(count => count > counts[least]!);
    if (longer >= 0) {
      const holes = { path: this.files[longer]!.bytes.path, other: this.files[least]!.bytes.path };
      throw new MapProblem(diagnose('ILO-C007', 'uneven', holes));
    }
    const { width } = this;
    const rows = counts[0]! / width;
    if (rows === 0) return undefined;
    if (this.files.length > 1 || width === 1) return { rows, columns: pieces, texts: undefined };
    const columns = Array.from({ length: width }, (_, column) =>
      Float64Array.from({ length: rows }, (_unused, row) => pieces[0]![row * width + column]!),
    );
    return { rows, columns, texts: undefined };
  }

  progress(): number | undefined {
    const { read, size } = this.files[0]!.bytes;
    return size === undefined || size === 0 ? undefined : read / size;
  }

  close(): void {
    for (const file of this.files) file.bytes.close();
  }
}

class NumberFile {
  readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  /** At most so many numbers, a multiple of `width`. */
  next(most: number, width: number): Float64Array {
    const numbers = new Float64Array(most);
    const into = new Uint8Array(numbers.buffer);
    let filled = 0;
    while (filled < into.length) {
      const piece = this.bytes.next(into.length - filled);
      if (piece.length === 0) break;
      into.set(piece, filled);
      filled += piece.length;
    }
    const left = filled % (8 * width);
    if (left !== 0) throw new MapProblem(diagnose('ILO-C007', 'rest', { bytes: left }));
    return numbers.subarray(0, filled / 8);
  }
}
