// HTTP for a program that cannot wait: `fetch` is asynchronous, a program is a sequence of steps. The requests go to a worker
// thread (http-worker.ts), started on first use, and this thread sleeps in Atomics.wait until the answer lies in the message
// port. The worker never keeps the process alive, and it works in worker threads too: each thread has a worker of its own.
//
// Rejected: a child process with curl (not everywhere, arguments visible to others) and one worker per request (30 ms each).
//
// Every wait ends: the worker limits each request, and should it ever not answer at all, it is given up after the time that all of
// its requests together may take.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { HttpRequest, Outcome } from '../../core/host.ts';
import type { WireAbandon, WireBatch, WireRequest, WireResponse } from './http-protocol.ts';
import { HTTP_LIMITS, HTTP_TIMEOUT_MS, type HttpLimits, type WireReply } from './http-protocol.ts';
import { osErrorText } from './os-error.ts';
import { type ChannelEnd, SyncPort, syncChannel } from './sync-port.ts';
import { decodeUtf8 } from './utf8.ts';

/** How long after the last possible answer the worker is given up. Also covers its start. */
const GRACE_MS = 15_000;

interface Connection {
  readonly worker: Worker;
  readonly port: SyncPort;
}

let connection: Connection | undefined;
let lastBatch = 0;

/**
 * Performs all requests, at most `parallel` at a time, and gives the responses in order. Blocks until all are there; at most the
 * sum of the timeouts of each `parallel` requests, and at most `withinMs`. Never throws.
 */
export function performSync(
  requests: readonly WireRequest[],
  parallel: number,
  limits: HttpLimits = HTTP_LIMITS,
  withinMs = Number.POSITIVE_INFINITY,
): readonly WireResponse[] {
  if (requests.length === 0) return [];
  try {
    connection ??= connect();
  } catch (error) {
    return failAll(requests, `cannot start the network thread: ${osErrorText(error)}`);
  }
  const batch: WireBatch = { id: ++lastBatch, requests, parallel, limits, withinMs };
  connection.port.send(batch);
  const reply = connection.port.wait<WireReply>(
    batch.id,
    Math.min(withinMs, longestWait(requests, parallel)) + GRACE_MS,
  );
  if (reply) return reply.responses;
  const lost = connection;
  connection = undefined;
  void lost.worker.terminate();
  return failAll(requests, 'the network thread did not answer');
}

interface LaterConnection {
  readonly port: MessagePort;
  /** What to do with the answers that are still to come, by batch. */
  readonly open: Map<
    number,
    { readonly batch: WireBatch; readonly settle: (responses: readonly WireResponse[]) => void }
  >;
}

let laterConnection: LaterConnection | undefined;

/**
 * As `performSync`, for a caller that can wait, until `signal` is aborted, which gives the requests up. Its thread is another one, because the
 * first one's answers are taken where it is waited for.
 */
export function performLater(
  requests: readonly WireRequest[],
  parallel: number,
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<readonly WireResponse[]> {
  if (requests.length === 0) return Promise.resolve([]);
  try {
    laterConnection ??= connectLater();
  } catch (error) {
    return Promise.resolve(failAll(requests, `cannot start the network thread: ${osErrorText(error)}`));
  }
  const { port, open } = laterConnection;
  const batch: WireBatch = { id: ++lastBatch, requests, parallel, limits, withinMs: Number.POSITIVE_INFINITY };
  return new Promise(resolve => {
    const abandon = (): void => port.postMessage({ abandon: batch.id } satisfies WireAbandon);
    const settle = (responses: readonly WireResponse[]): void => {
      signal.removeEventListener('abort', abandon);
      resolve(responses);
    };
    open.set(batch.id, { batch, settle });
    port.ref();
    port.postMessage(batch);
    if (signal.aborted) abandon();
    else signal.addEventListener('abort', abandon);
  });
}

function connectLater(): LaterConnection {
  const open: LaterConnection['open'] = new Map();
  const { worker, waiting } = startWorker();
  const { port } = waiting;
  port.on('message', ({ id, responses }: WireReply) => {
    const asked = open.get(id);
    open.delete(id);
    if (open.size === 0) port.unref();
    asked?.settle(responses);
  });
  worker.on('exit', () => {
    laterConnection = undefined;
    port.close();
    for (const { batch, settle } of open.values()) settle(failAll(batch.requests, 'the network thread has ended'));
  });
  port.unref();
  return { port, open };
}

function failAll(requests: readonly WireRequest[], err: string): readonly WireResponse[] {
  return requests.map(() => ({ err }));
}

/** The most that requests can take, `parallel` at a time, when each takes its whole timeout. */
function longestWait(requests: readonly WireRequest[], parallel: number): number {
  const longest = requests.reduce((most, request) => Math.max(most, request.timeoutMs), 0);
  return Math.ceil(requests.length / Math.max(1, parallel)) * longest;
}

function connect(): Connection {
  const { worker, waiting } = startWorker();
  return { worker, port: new SyncPort(waiting) };
}

function startWorker(): { readonly worker: Worker; readonly waiting: ChannelEnd } {
  const path = workerPath();
  const { waiting, answering } = syncChannel();
  const worker = new Worker(path, {
    workerData: answering,
    transferList: [answering.port],
    // The worker has nothing to say on the program's streams, and none of the flags this process was started with concern it.
    execArgv: [],
    stdout: true,
    stderr: true,
    name: 'ilo-http',
  });
  // An error there shows as a missing answer; without a listener it would end this process with a stack trace.
  worker.on('error', () => {});
  worker.unref();
  return { worker, waiting };
}

/** The worker beside the bundle that runs now, or the one that was built when this runs from the sources. */
function workerPath(): string {
  const candidates = ['./http-worker.cjs', '../../../dist/http-worker.cjs'];
  const paths = candidates.map(candidate => fileURLToPath(new URL(candidate, import.meta.url)));
  const path = paths.find(existsSync);
  if (path === undefined) throw new Error('http-worker.cjs is missing from the installation');
  return path;
}

/** The `http` of a host: bodies of any status as text; what is not UTF-8 is an `err`. */
export function httpTexts(
  requests: readonly HttpRequest[],
  parallel: number,
  timeoutMs: number = HTTP_TIMEOUT_MS,
  limits: HttpLimits = HTTP_LIMITS,
): readonly Outcome<string>[] {
  const wire = requests.map(request => ({ ...request, timeoutMs }));
  return performSync(wire, parallel, limits).map(response => {
    if ('err' in response) return response;
    const text = decodeUtf8(response.body);
    return 'ok' in text ? text : { err: `response is not valid UTF-8: ${text.err}` };
  });
}
