// A host without a machine: files are a map, the clock stands still unless the program sleeps, output is captured, and there is no
// network. For tests and for embedding.
import type { Host, Outcome, ToolCaller } from '../../core/host.ts';

export interface VirtualHostOptions {
  /** Contents by path. The host changes this map. */
  readonly files?: Map<string, string>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Seconds since the Unix epoch when the program starts. */
  readonly now?: number;
  /** Answers by URL; every other URL is refused. */
  readonly responses?: ReadonlyMap<string, Outcome<string>>;
  readonly tool?: ToolCaller;
}

export interface VirtualHost extends Host {
  /** What was printed so far. */
  readonly output: () => string;
  readonly errorOutput: () => string;
  readonly files: ReadonlyMap<string, string>;
}

const REFUSED = 'Connection refused (os error 111)';
const MISSING = 'No such file or directory (os error 2)';

export function createVirtualHost(options: VirtualHostOptions = {}): VirtualHost {
  const files = options.files ?? new Map<string, string>();
  const environment = options.environment ?? {};
  let output = '';
  let errorOutput = '';
  let now = options.now ?? 0;
  return {
    files,
    output: () => output,
    errorOutput: () => errorOutput,
    print: text => {
      output += text;
    },
    printError: text => {
      errorOutput += text;
    },
    now: () => now,
    sleep: milliseconds => {
      now += milliseconds / 1000;
    },
    env: name => (Object.hasOwn(environment, name) ? environment[name] : undefined),
    readFile: path => {
      const text = files.get(path);
      return text === undefined ? { err: MISSING } : { ok: text };
    },
    writeFile: (path, text) => {
      files.set(path, text);
      return { ok: true };
    },
    http: requests => requests.map(request => options.responses?.get(request.url) ?? { err: REFUSED }),
    tool: options.tool,
  };
}
