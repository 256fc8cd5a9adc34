// The program's output streams. Printing is synchronous and complete: what was printed is on its way to the reader when `flush` returns,
// in order, however short the system's writes are and however full the pipe is. Between flushes text gathers in memory, because one
// system call a line would make a million lines take seconds; a terminal gets every line at once.
//
// process.stdout is never touched: its writes to pipes may be asynchronous, and loading it costs start-up time.
import { Buffer } from 'node:buffer';
import { fstatSync, statSync, writeSync } from 'node:fs';
import { errorCode, osErrorText } from './os-error.ts';
import { makeBackoff } from './pause.ts';

/** How much text gathers before it is written, in UTF-16 units. */
export const OUTPUT_BUFFER_UNITS = 64 * 1024;

/**
 * Thrown by printing when nobody can receive the output any more. It ends the program, and it is no fault of the program's: when
 * `closed` the reader went away (`ilo … | head -1`) and the process ends without a word; otherwise `reason` says what failed,
 * for example a full disk. Carries no stack: it is a condition for the caller of the engine, not an error of ours.
 */
export class OutputFailure {
  readonly closed: boolean;
  readonly reason: string;

  constructor(closed: boolean, reason: string) {
    this.closed = closed;
    this.reason = reason;
  }
}

/** What a process exits with when the reader of its output went away: as if the system's SIGPIPE had ended it. */
export const OUTPUT_CLOSED_EXIT_CODE = 141;

export interface Output {
  /** Takes text to be written. Throws an OutputFailure when the stream is gone. */
  readonly write: (text: string) => void;
  /** Writes what was taken so far. Throws an OutputFailure the first time the stream is found gone, then nothing more. */
  readonly flush: () => void;
}

/** An output on an open file descriptor. `lineBuffered` defaults to whether it is a terminal. */
export function openOutput(fd: number, lineBuffered?: boolean): Output {
  let pending = '';
  let failure: OutputFailure | undefined;
  let byLine = lineBuffered;

  const flush = (): void => {
    if (pending === '') return;
    const bytes = Buffer.from(pending, 'utf8');
    pending = '';
    failure = writeAll(fd, bytes);
    if (failure) throw failure;
  };
  const write = (text: string): void => {
    if (failure) throw failure;
    pending += text;
    if (pending.length >= OUTPUT_BUFFER_UNITS) flush();
    else if (text.includes('\n')) {
      byLine ??= isTerminal(fd);
      if (byLine) flush();
    }
  };
  return { write, flush };
}

/** Writes all bytes to a descriptor, waiting while the other end is busy. Gives what went wrong, or undefined. */
export function writeAll(fd: number, bytes: Uint8Array): OutputFailure | undefined {
  let wait = makeBackoff();
  for (let at = 0; at < bytes.length; ) {
    try {
      const written = writeSync(fd, bytes, at, bytes.length - at);
      at += written;
      if (written > 0) wait = makeBackoff();
    } catch (error) {
      // A pipe that another process made non-blocking reports "full" instead of waiting; there is no way to wait for it but to ask again.
      if (errorCode(error) === 'EAGAIN') wait();
      else return new OutputFailure(errorCode(error) === 'EPIPE', osErrorText(error));
    }
  }
  return undefined;
}

/**
 * Whether somebody may be watching: any character device but /dev/null. Not exact (tty.isatty is), but that module takes
 * milliseconds to load, and a needless write per line to an odd device does no harm.
 */
function isTerminal(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isCharacterDevice() && stats.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch {
    return false;
  }
}
