// The tools of a run: what programs may call, and a caller that waits for the answer. The servers of an MCP configuration live in a thread of
// their own, because the thread of the program sleeps while it waits.
import { Worker } from 'node:worker_threads';
import type { ToolCaller } from '../../core/host.ts';
import type { Diagnostic } from '../../diag/diagnostic.ts';
import { SyncPort, syncChannel } from '../../runtime/host/sync-port.ts';
import { makeToolCaller } from '../../runtime/host/tools.ts';
import type { ToolEntry } from '../../runtime/tools/declare.ts';
import { callerThrough, type HubAnswer, type HubSetup, OPENED_ID } from '../../runtime/tools/hub-port.ts';
import { type DeclaredTools, declareTools } from '../../runtime/tools/inject.ts';
import { type Console, type ModeOptions, refuseWith } from '../console.ts';
import { packageVersion } from '../package.ts';
import { readToolFiles, serverProblems, type ToolConfiguration, type ToolFiles } from './configuration.ts';

export interface OpenTools {
  readonly entries: readonly ToolEntry[];
  /** For `loadProgram`. */
  readonly declared: DeclaredTools;
  /** For the host. */
  readonly call: ToolCaller;
  /** Ends the servers. */
  readonly close: () => void;
}

/** How much longer than its servers the thread of a hub may take to start. */
const START_GRACE_MS = 5000;
/** Longer than a server is given to end. */
const CLOSE_MS = 2000;

/** Opens what the flags name. Nothing was opened when there are diagnostics. */
export function openTools(
  files: ToolFiles,
): { readonly ok: OpenTools } | { readonly diagnostics: readonly Diagnostic[] } {
  const read = readToolFiles(files);
  if ('diagnostic' in read) return { diagnostics: [read.diagnostic] };
  const { endpoints, entries, servers } = read.ok;
  const overHttp = makeToolCaller(endpoints);
  if (servers.length === 0)
    return { ok: { entries, declared: declareTools(entries), call: overHttp, close: () => {} } };
  const hub = startHub(read.ok);
  if ('diagnostics' in hub) return hub;
  const all = [...entries, ...hub.ok.entries];
  return {
    ok: {
      entries: all,
      declared: declareTools(all),
      call: (name, argsJson, limits) => (endpoints.has(name) ? overHttp : hub.ok.call)(name, argsJson, limits),
      close: hub.ok.close,
    },
  };
}

/** Runs `body` with the tools that the flags name, if any, and ends them whatever happens. */
export async function withTools(
  options: ToolFiles & ModeOptions,
  console: Console,
  body: (tools: OpenTools) => Promise<number>,
): Promise<number> {
  const tools = openTools(options);
  if ('diagnostics' in tools) return refuseWith(tools.diagnostics, options, console);
  try {
    return await body(tools.ok);
  } finally {
    tools.ok.close();
  }
}

type Hub = Pick<OpenTools, 'entries' | 'call' | 'close'>;

function startHub({
  endpoints,
  servers,
}: ToolConfiguration): { readonly ok: Hub } | { readonly diagnostics: readonly Diagnostic[] } {
  const { waiting, answering } = syncChannel();
  const port = new SyncPort(waiting);
  const setup: HubSetup = { end: answering, servers, taken: [...endpoints.keys()], version: packageVersion() };
  const worker = new Worker(process.argv[1]!, {
    argv: ['tools-work'],
    workerData: setup,
    transferList: [answering.port],
    name: 'ilo-tools',
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.on('error', () => {});
  worker.unref();
  const close = (): void => {
    port.send({ id: -1, kind: 'close' });
    port.wait<HubAnswer>(-1, CLOSE_MS);
    void worker.terminate();
  };
  const longest = Math.max(...servers.map(({ startTimeoutMs }) => startTimeoutMs));
  const opened = port.wait<HubAnswer>(OPENED_ID, longest + START_GRACE_MS);
  const problems = opened?.kind === 'opened' ? opened.problems : ['the thread of the MCP servers did not start'];
  if (problems.length > 0 || opened?.kind !== 'opened') {
    close();
    return { diagnostics: serverProblems(problems) };
  }
  return { ok: { entries: opened.entries, call: callerThrough(port), close } };
}
