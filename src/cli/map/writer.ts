// The results, written as they come: CSV and TSV, JSON lines, raw numbers. A file is replaced when all is done.
import { Buffer } from 'node:buffer';
import { closeSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { numberJson, writeJson } from '../../core/value/json.ts';
import { describe } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { diagnose } from '../../diag/diagnostic.ts';
import { formatField } from '../../lang/ilo/builtins/csv.ts';
import { osErrorText } from '../../runtime/host/os-error.ts';
import { writeAll } from '../../runtime/host/output.ts';
import type { Console } from '../console.ts';
import type { TextRow } from './lines.ts';
import { MapProblem } from './problem.ts';
import type { Format } from './reader.ts';

export interface WriterOptions {
  readonly format: Format;
  /** The name of the function, which becomes the name of the column. */
  readonly name: string;
  /** Whether columns have names. */
  readonly hasHeader: boolean;
  /** Whether the rows of the data are written in front of the results, and the line that names their columns. */
  readonly keep: { readonly header: string | undefined } | undefined;
}

/** Where bytes go: a file that is replaced at the end, or standard output. */
interface Sink {
  readonly text: (text: string) => void;
  readonly bytes: (bytes: Uint8Array) => void;
  readonly finish: () => void;
  readonly abandon: () => void;
}

export class Writer {
  private readonly options: WriterOptions;
  private readonly sink: Sink;
  private begun = false;
  private row = 0;

  /** Throws a MapProblem when the file cannot be made. */
  constructor(path: string | undefined, options: WriterOptions, console: Console) {
    this.options = options;
    this.sink = path === undefined ? standardOutput(console) : replacedFile(path);
  }

  /** Truth values are true and false, also where they come as numbers. */
  write(results: readonly Value[] | Float64Array, isBool: boolean, texts: readonly TextRow[] | undefined): void {
    const { format, keep } = this.options;
    if (!this.begun) this.begin();
    if (format === 'f64') this.sink.bytes(this.numbers(results));
    else {
      const lines: string[] = [];
      for (let i = 0; i < results.length; i++) {
        const given = results[i]!;
        const value = isBool && typeof given === 'number' ? given !== 0 : given;
        if (format === 'jsonl')
          lines.push(typeof value === 'number' ? numberJson(value) : writeJson(value, { results: 'wrap' }));
        else {
          const field = formatField(value, this.separator);
          lines.push(keep === undefined ? field : `${texts![i]!.text}${this.separator}${field}`);
        }
      }
      lines.push('');
      this.sink.text(lines.join('\n'));
    }
    this.row += results.length;
  }

  finish(): void {
    if (!this.begun) this.begin();
    this.sink.finish();
  }

  /** Leaves a file as it was. */
  abandon(): void {
    this.sink.abandon();
  }

  private get separator(): ',' | '\t' {
    return this.options.format === 'tsv' ? '\t' : ',';
  }

  private begin(): void {
    this.begun = true;
    const { format, name, hasHeader, keep } = this.options;
    if (!hasHeader || format === 'f64' || format === 'jsonl') return;
    const before = keep?.header === undefined ? '' : `${keep.header}${this.separator}`;
    this.sink.text(`${before}${formatField(name, this.separator)}\n`);
  }

  private numbers(results: readonly Value[] | Float64Array): Uint8Array {
    if (results instanceof Float64Array) return new Uint8Array(results.buffer, results.byteOffset, results.byteLength);
    const numbers = Float64Array.from(results, (value, i) => {
      if (typeof value === 'number') return Number.isNaN(value) ? Number.NaN : value;
      if (typeof value === 'boolean') return Number(value);
      const holes = { name: this.options.name, row: this.row + i + 1, got: describe(value) };
      throw new MapProblem(diagnose('ILO-C008', 'type', holes));
    });
    return new Uint8Array(numbers.buffer);
  }
}

function standardOutput({ out }: Console): Sink {
  return {
    text: out.write,
    bytes: bytes => {
      out.flush();
      const failure = writeAll(1, bytes);
      if (failure !== undefined) throw failure;
    },
    finish: out.flush,
    abandon: out.flush,
  };
}

function replacedFile(path: string): Sink {
  const temporary = `${path}.ilo-${process.pid}.tmp`;
  const failed = (reason: string): MapProblem => new MapProblem(diagnose('ILO-C008', 'file', { path, reason }));
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw failed(osErrorText(error));
    }
  };
  const fd = attempt(() => openSync(temporary, 'w', 0o666));
  const bytes = (data: Uint8Array): void => {
    const failure = writeAll(fd, data);
    if (failure !== undefined) throw failed(failure.reason);
  };
  return {
    bytes,
    text: text => bytes(Buffer.from(text, 'utf8')),
    finish: () =>
      attempt(() => {
        closeSync(fd);
        renameSync(temporary, path);
      }),
    abandon: () => {
      closeSync(fd);
      unlinkSync(temporary);
    },
  };
}
