// The threads of `ilo serv`: each works on one request at a time; one that does not come back in time, or dies, is replaced.
import { Worker } from 'node:worker_threads';
import { fault } from '../../core/fault.ts';
import { type ChannelEnd, syncChannel } from '../../runtime/host/sync-port.ts';
import type { ToolEndpoints } from '../../runtime/host/tools.ts';
import type { ToolEntry } from '../../runtime/tools/declare.ts';
import type { McpHub } from '../../runtime/tools/hub.ts';
import { serveHub } from '../../runtime/tools/hub-port.ts';
import { READY, SERV_LIMITS, type ServAnswer, type ServRequest } from './protocol.ts';

/** How long after its time limit a request is given up: it should have ended by itself. */
const GRACE_MS = 500;
/** MiB that one request may hold at once. */
const MEMORY_MIB = 1024;

/** What a thread is started with. */
export interface ThreadSetup {
  /** Undefined when no configuration was given: then calls of tools are only reported. */
  readonly endpoints: ToolEndpoints | undefined;
  /** All tools, those of MCP servers too. */
  readonly entries: readonly ToolEntry[];
  /** Where the MCP servers are asked; undefined when there are none. */
  readonly hub: ChannelEnd | undefined;
}

export interface Threads {
  /** Works on a request as soon as a thread is free. Never rejects. */
  readonly run: (request: ServRequest) => Promise<ServAnswer>;
  /** How many requests wait for a thread. */
  readonly waiting: () => number;
  readonly end: () => void;
}

/** `script` is this command line's own. All threads ask the same MCP servers. */
export function startThreads(
  script: string,
  count: number,
  tools: Pick<ThreadSetup, 'endpoints' | 'entries'>,
  hub: McpHub | undefined,
): Threads {
  const idle: Worker[] = [];
  const queue: (() => void)[] = [];
  const ready = new WeakSet<Worker>();
  let size = 0;
  const start = (): Worker => {
    size++;
    const channel = hub === undefined ? undefined : syncChannel();
    if (hub !== undefined && channel !== undefined) serveHub(hub, channel.answering);
    const setup: ThreadSetup = { ...tools, hub: channel?.waiting };
    return new Worker(script, {
      argv: ['serv-work'],
      workerData: setup,
      transferList: channel === undefined ? [] : [channel.waiting.port],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
      name: 'ilo-serv',
    });
  };
  const next = (): void => queue.shift()?.();
  const work = (worker: Worker, request: ServRequest): Promise<ServAnswer> =>
    new Promise(resolve => {
      const timeout = request.limits.timeout ?? SERV_LIMITS.timeout;
      let started = performance.now();
      let ended: ServAnswer | undefined;
      const lost = (code: string, message: string): ServAnswer => {
        const diagnostic = { code, labels: [], message, notes: [], severity: 'error' };
        const ms = Math.round(performance.now() - started);
        return { error: { phase: 'runtime', diagnostics: [diagnostic] }, output: '', ms };
      };
      let timer: NodeJS.Timeout | undefined;
      // The time of a request does not include that of starting its thread, which says when it is there.
      const begin = (): void => {
        started = performance.now();
        worker.postMessage(request);
        timer = setTimeout(() => {
          ended = lost('ILO-R044', fault('ILO-R044', 'time', { limit: timeout }).message);
          void worker.terminate();
        }, timeout + GRACE_MS);
      };
      const settle = (answer: ServAnswer, alive: boolean): void => {
        clearTimeout(timer);
        // Not removeAllListeners, which takes the listeners that Node itself needs.
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        if (alive) idle.push(worker);
        else size--;
        resolve(answer);
        next();
      };
      const onMessage = (message: unknown): void => {
        if (message === READY) {
          ready.add(worker);
          begin();
        } else if (ended === undefined) {
          // An answer that comes while its thread is being ended comes too late.
          settle(message as ServAnswer, true);
        }
      };
      const onError = (error: unknown): void => {
        const outOfMemory = (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY';
        ended ??= outOfMemory
          ? lost('ILO-R045', `the program held more memory than ${MEMORY_MIB} MiB`)
          : lost('ILO-R099', 'the thread of this request has crashed');
      };
      const onExit = (): void => {
        settle(ended ?? lost('ILO-R099', 'the thread of this request has ended'), false);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      if (ready.has(worker)) begin();
    });
  return {
    waiting: () => queue.length,
    run: request =>
      new Promise(resolve => {
        const begin = (): void => {
          const worker = idle.pop() ?? (size < count ? start() : undefined);
          if (worker === undefined) queue.push(begin);
          else void work(worker, request).then(resolve);
        };
        begin();
      }),
    end: () => {
      for (const worker of idle) void worker.terminate();
    },
  };
}
