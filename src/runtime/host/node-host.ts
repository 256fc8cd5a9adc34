// The host of the command line: the whole machine, as the process may use it. Capabilities are not decided here; a sandbox hands the
// engine a host that refuses.
//
// Output gathers in memory (output.ts) and is flushed before anything that takes time or can be seen from outside: sleeping, reading,
// the network, error output. Whoever makes a host flushes it at the end.
import type { Host, ToolCaller } from '../../core/host.ts';
import { readTextFile, writeTextFile } from './files.ts';
import { httpTexts } from './http-bridge.ts';
import { HTTP_LIMITS, HTTP_TIMEOUT_MS, type HttpLimits } from './http-protocol.ts';
import { type Output, OutputFailure, openOutput } from './output.ts';
import { pause } from './pause.ts';

export interface NodeHost extends Host {
  /** Writes all output taken so far. Throws an OutputFailure the first time standard output is found gone. */
  readonly flush: () => void;
}

export interface NodeHostOptions {
  /** Calls the program's tools; see makeToolCaller in tools.ts, which is loaded only where a configuration is given. */
  readonly tool?: ToolCaller;
  readonly httpTimeoutMs?: number;
  readonly httpLimits?: HttpLimits;
  readonly output?: Output;
  readonly errorOutput?: Output;
}

const STANDARD_OUTPUT = /^(?:\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/;
const STANDARD_ERROR = /^(?:\/dev\/stderr|\/dev\/fd\/2|\/proc\/self\/fd\/2)$/;

/** A host that reaches the real machine. */
export function createNodeHost(options: NodeHostOptions = {}): NodeHost {
  const output = options.output ?? openOutput(1);
  const errors = options.errorOutput ?? openOutput(2);
  const timeoutMs = options.httpTimeoutMs ?? HTTP_TIMEOUT_MS;
  const limits = options.httpLimits ?? HTTP_LIMITS;
  const callTool = options.tool;
  const { flush } = output;

  const printError = (text: string): void => {
    flush();
    try {
      errors.write(text);
      errors.flush();
    } catch (failure) {
      // When nobody can read the errors, there is no other place to complain to.
      if (!(failure instanceof OutputFailure)) throw failure;
    }
  };

  return {
    print: output.write,
    printError,
    flush,
    now: () => Date.now() / 1000,
    sleep: milliseconds => {
      flush();
      pause(milliseconds);
    },
    // The environment answers to inherited names such as `toString` as well.
    env: name => (Object.hasOwn(process.env, name) ? process.env[name] : undefined),
    readFile: path => {
      flush();
      return readTextFile(path);
    },
    writeFile: (path, text) => {
      if (STANDARD_OUTPUT.test(path)) output.write(text);
      else if (STANDARD_ERROR.test(path)) printError(text);
      else return writeTextFile(path, text);
      return { ok: true };
    },
    http: (requests, parallel) => {
      flush();
      return httpTexts(requests, parallel, timeoutMs, limits);
    },
    tool:
      callTool &&
      ((name, argsJson, limits) => {
        flush();
        return callTool(name, argsJson, limits);
      }),
  };
}
