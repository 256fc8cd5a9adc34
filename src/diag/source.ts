// A source text with its places. Spans count UTF-16 code units, people count lines and characters, and the JSON form of
// a diagnostic counts UTF-8 bytes (as the reference does); this file converts between the three.
//
// Everything is computed on first use and then in O(log lines) or O(1): line starts in one array, and, for texts that
// are not pure ASCII, running totals of bytes and characters at every 1024th unit. A file with one line of 10 MiB and
// ten thousand diagnostics therefore stays linear.

/** One place in a text. Lines and columns count from 1, offsets from 0. */
export interface Place {
  readonly line: number;
  /** In Unicode characters (scalar values): a tab is one, an emoji is one. */
  readonly column: number;
  /** In UTF-8 bytes, from 1. */
  readonly byteColumn: number;
  /** In UTF-8 bytes from the start of the text. */
  readonly byteOffset: number;
}

const STEP = 1024;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

interface Totals {
  readonly bytes: Int32Array;
  readonly characters: Int32Array;
}

export class SourceText {
  /** What to call the text in messages: a path, or undefined for code given on the command line. */
  readonly name: string | undefined;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;
  /** The number of the first line, when the text is a piece of a larger one. */
  readonly firstLine: number;
  /** undefined: not computed yet; null: the text is ASCII and every unit is one byte and one character. */
  #totals: Totals | null | undefined;

  constructor(text: string, name?: string, firstLine = 1) {
    this.text = text;
    this.name = name;
    this.firstLine = firstLine;
  }

  /** The number of the last line. */
  get lineCount(): number {
    return this.#starts().length + this.firstLine - 1;
  }

  /** The place of a UTF-16 offset; offsets outside the text are moved to its nearest end. */
  place(offset: number): Place {
    const at = Math.max(0, Math.min(offset, this.text.length));
    const line = this.#lineIndex(at);
    const start = this.#starts()[line]!;
    const bytes = this.byteOffset(at);
    return {
      line: line + this.firstLine,
      column: this.#total('characters', at) - this.#total('characters', start) + 1,
      byteColumn: bytes - this.byteOffset(start) + 1,
      byteOffset: bytes,
    };
  }

  /** The UTF-8 byte offset of a UTF-16 offset. */
  byteOffset(offset: number): number {
    return this.#total('bytes', Math.max(0, Math.min(offset, this.text.length)));
  }

  /** The UTF-16 range of a line, without its line break; `\r\n` counts as one break. */
  lineRange(line: number): { readonly start: number; readonly end: number } {
    const starts = this.#starts();
    const index = line - this.firstLine;
    const start = starts[index] ?? this.text.length;
    let end = starts[index + 1] ?? this.text.length;
    if (end > start && this.text.charCodeAt(end - 1) === NEWLINE) end--;
    if (end > start && this.text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
    return { start, end };
  }

  /** A line's text, without its line break; empty for a line that does not exist. */
  lineText(line: number): string {
    const { start, end } = this.lineRange(line);
    return this.text.slice(start, end);
  }

  #starts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }

  #lineIndex(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #total(unit: 'bytes' | 'characters', offset: number): number {
    if (this.#totals === undefined) this.#totals = totalsOf(this.text);
    if (this.#totals === null) return offset;
    const checkpoint = Math.floor(offset / STEP);
    let total = this.#totals[unit][checkpoint]!;
    const measure = unit === 'bytes' ? utf8Bytes : scalars;
    for (let at = checkpoint * STEP; at < offset; at++) total += measure(this.text.charCodeAt(at));
    return total;
  }
}

/** The bytes that one UTF-16 unit adds to the UTF-8 form; each half of a surrogate pair adds two of the four. */
function utf8Bytes(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit & 0xf800) === 0xd800) return 2;
  return 3;
}

/** A surrogate pair is one character: its second half adds none. */
function scalars(unit: number): number {
  return (unit & 0xfc00) === 0xdc00 ? 0 : 1;
}

function totalsOf(text: string): Totals | null {
  if (/^[\0-\x7f]*$/.test(text)) return null;
  const size = Math.floor(text.length / STEP) + 1;
  const bytes = new Int32Array(size);
  const characters = new Int32Array(size);
  let byteCount = 0;
  let characterCount = 0;
  for (let at = 0; at < text.length; at++) {
    if (at % STEP === 0) {
      bytes[at / STEP] = byteCount;
      characters[at / STEP] = characterCount;
    }
    const unit = text.charCodeAt(at);
    byteCount += utf8Bytes(unit);
    characterCount += scalars(unit);
  }
  if (text.length % STEP === 0) {
    bytes[size - 1] = byteCount;
    characters[size - 1] = characterCount;
  }
  return { bytes, characters };
}

/** Finds the text a diagnostic points into: the main one for undefined, otherwise an imported file. */
export type SourceLookup = (file: string | undefined) => SourceText | undefined;

/** The lookup for a program in one text. */
export function onlySource(source: SourceText | undefined): SourceLookup {
  return file => (file === undefined ? source : undefined);
}
