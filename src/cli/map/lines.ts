// A file or standard input as lines, read in pieces: whatever its size, only a few pieces are in memory.
import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { diagnose } from '../../diag/diagnostic.ts';
import { SourceText } from '../../diag/source.ts';
import { errorCode, osErrorText } from '../../runtime/host/os-error.ts';
import { makeBackoff } from '../../runtime/host/pause.ts';
import { MapProblem } from './problem.ts';

const PIECE_BYTES = 1 << 20;
/** A row is held in memory as a whole. */
const LONGEST_ROW = 1 << 24;

/** The bytes of a file, piece by piece. */
export class Bytes {
  readonly path: string;
  /** Undefined for what is no file of known size. */
  readonly size: number | undefined;
  /** Read so far. */
  read = 0;
  private readonly fd: number;
  private readonly piece = Buffer.allocUnsafe(PIECE_BYTES);

  /** `-` is standard input. Throws a MapProblem when there is no such file. */
  constructor(path: string) {
    this.path = path;
    try {
      this.fd = path === '-' ? 0 : openSync(path, 'r');
      const stats = fstatSync(this.fd);
      this.size = stats.isFile() ? stats.size : undefined;
    } catch (error) {
      throw this.unreadable(error);
    }
  }

  /** The next bytes, valid until the next call; none at the end. */
  next(most = PIECE_BYTES): Buffer {
    const wait = makeBackoff();
    for (;;) {
      try {
        const count = readSync(this.fd, this.piece, 0, Math.min(most, PIECE_BYTES), null);
        this.read += count;
        return this.piece.subarray(0, count);
      } catch (error) {
        // A terminal or a pipe that another process made non-blocking has nothing yet.
        if (errorCode(error) === 'EAGAIN') wait();
        else if (errorCode(error) === 'EOF') return this.piece.subarray(0, 0);
        else throw this.unreadable(error);
      }
    }
  }

  close(): void {
    if (this.fd > 2) closeSync(this.fd);
  }

  private unreadable(error: unknown): MapProblem {
    return new MapProblem(diagnose('ILO-C007', 'file', { path: this.path, reason: osErrorText(error) }));
  }
}

/** A row of text, with the number of the line that it begins in. */
export interface TextRow {
  readonly text: string;
  readonly line: number;
}

/** Lines of text; with `quoted`, a line goes on in the next one while a quote is open. Empty lines are left out. */
export class Lines {
  readonly bytes: Bytes;
  private readonly quoted: boolean;
  private readonly decoder = new StringDecoder('utf8');
  private waiting = '';
  private at = 0;
  private line = 1;
  private ended = false;

  constructor(bytes: Bytes, quoted: boolean) {
    this.bytes = bytes;
    this.quoted = quoted;
  }

  /** The next row; undefined at the end. */
  next(): TextRow | undefined {
    for (;;) {
      const first = this.line;
      let text = this.nextLine();
      if (text === undefined) return undefined;
      while (this.quoted && hasOpenQuote(text)) {
        const more = this.nextLine();
        if (more === undefined) break;
        text += `\n${more}`;
        if (text.length > LONGEST_ROW) throw this.tooLong(text, first);
      }
      if (text !== '') return { text, line: first };
    }
  }

  private nextLine(): string | undefined {
    for (;;) {
      const end = this.waiting.indexOf('\n', this.at);
      if (end >= 0) {
        const line = this.waiting.slice(
          this.at,
          this.waiting.charCodeAt(end - 1) === 13 && end > this.at ? end - 1 : end,
        );
        this.at = end + 1;
        this.line++;
        return line;
      }
      if (this.ended) {
        const last = this.waiting.slice(this.at);
        this.waiting = '';
        this.at = 0;
        if (last === '') return undefined;
        this.line++;
        return last.endsWith('\r') ? last.slice(0, -1) : last;
      }
      this.fill();
    }
  }

  private fill(): void {
    const rest = this.waiting.slice(this.at);
    if (rest.length > LONGEST_ROW) throw this.tooLong(rest, this.line);
    const piece = this.bytes.next();
    const isStart = this.bytes.read === piece.length;
    let text = piece.length === 0 ? this.decoder.end() : this.decoder.write(piece);
    if (isStart && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    this.ended = piece.length === 0;
    this.waiting = rest + text;
    this.at = 0;
  }

  private tooLong(text: string, line: number): MapProblem {
    const shown = new SourceText(text.slice(0, 200), this.bytes.path, line);
    return new MapProblem(diagnose('ILO-C007', 'long', { limit: LONGEST_ROW }, { span: { start: 0, end: 1 } }), shown);
  }
}

function hasOpenQuote(text: string): boolean {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  return open;
}
