// The entry of the process: one command line in, one exit code out, whatever happens on the way.
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { OUTPUT_CLOSED_EXIT_CODE, OutputFailure, openOutput } from '../runtime/host/output.ts';
import { type Console, EXIT } from './console.ts';
import { dispatch } from './dispatch.ts';

declare global {
  /** Set in the thread that `rerunDeep` starts. */
  var iloDeep: true | undefined;
}

/** The stack of that thread. Memory is only taken for what is used; ten thousand calls of usual functions use about ten. */
const DEEP_STACK_MEBIBYTES = 256;

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
    rerunDeep: globalThis.iloDeep ? undefined : rerunDeep,
  };
  process.exitCode = await guarded(() => dispatch(process.argv.slice(2), console), out, err);
}

/**
 * The stack of the main thread cannot grow: its size is fixed before this code runs, and holds a thousand nested calls. A thread of
 * our own can have a large one, but takes as long to start as Node itself, so only programs that need it get it.
 */
function rerunDeep(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const entry = fileURLToPath(new URL('cli.cjs', import.meta.url));
    const worker = new Worker(`globalThis.iloDeep = true; require(${JSON.stringify(entry)});`, {
      eval: true,
      argv: process.argv.slice(2),
      resourceLimits: { stackSizeMb: DEEP_STACK_MEBIBYTES },
    });
    worker.once('error', error => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_WORKER_INIT_FAILED') resolve(undefined);
      else reject(error);
    });
    worker.once('exit', resolve);
  });
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
