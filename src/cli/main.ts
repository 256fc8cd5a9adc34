// The entry of the process: one command line in, one exit code out, whatever happens on the way.
import { isatty } from 'node:tty';
import { OUTPUT_CLOSED_EXIT_CODE, OutputFailure, openOutput } from '../runtime/host/output.ts';
import { type Console, EXIT } from './console.ts';
import { dispatch } from './dispatch.ts';

/** Runs the process's own command line and ends the process. */
async function start(): Promise<void> {
  const out = openOutput(1);
  const err = openOutput(2);
  const console: Console = {
    out,
    err,
    env: process.env,
    // Asked only when there is something to say: loading node:tty takes milliseconds.
    errIsTerminal: () => isatty(2),
  };
  process.exitCode = await guarded(() => dispatch(process.argv.slice(2), console), out, err);
}

async function guarded(
  body: () => Promise<number>,
  out: { readonly flush: () => void },
  err: { readonly write: (text: string) => void; readonly flush: () => void },
): Promise<number> {
  let code: number;
  try {
    code = await body();
    out.flush();
    err.flush();
    return code;
  } catch (error) {
    if (error instanceof OutputFailure) {
      if (error.closed) return OUTPUT_CLOSED_EXIT_CODE;
      return say(err, `error: cannot write the output: ${error.reason}\n`, EXIT.failed);
    }
    try {
      out.flush();
    } catch {
      // The report of the bug matters more than where the output went.
    }
    return say(err, internalError(error), EXIT.internal);
  }
}

function say(
  err: { readonly write: (text: string) => void; readonly flush: () => void },
  text: string,
  code: number,
): number {
  try {
    err.write(text);
    err.flush();
  } catch {
    // Nobody listens: the exit code is all that is left.
  }
  return code;
}

/** A bug of ours in one line; with ILO_DEBUG=1 the stack follows, for whoever looks for it. */
function internalError(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = `internal error: ${what.replace(/\s+/g, ' ').slice(0, 300)} (please report it together with the program)\n`;
  return process.env.ILO_DEBUG === '1' && error instanceof Error ? `${line}${error.stack}\n` : line;
}

void start();
