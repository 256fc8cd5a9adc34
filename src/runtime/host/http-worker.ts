// The thread behind the synchronous HTTP bridge: takes batches of requests from its port, answers each batch with one message, and
// then wakes the thread that waits. It always answers: an error that escapes everything else still ends the open batches.
import { type MessagePort, workerData } from 'node:worker_threads';
import { failureText, performAll } from './http-fetch.ts';
import type { WireBatch, WireReply, WireResponse } from './http-protocol.ts';

export interface WorkerSetup {
  readonly port: MessagePort;
  /** Counts answers; the other thread waits for it to change. */
  readonly answers: Int32Array;
}

const { port, answers } = workerData as WorkerSetup;
const open = new Map<number, WireBatch>();

function answer(batch: WireBatch, responses: readonly WireResponse[]): void {
  if (!open.delete(batch.id)) return;
  const memory = responses.flatMap(response => ('err' in response ? [] : [response.body.buffer as ArrayBuffer]));
  const reply: WireReply = { id: batch.id, responses };
  port.postMessage(reply, memory);
  Atomics.add(answers, 0, 1);
  Atomics.notify(answers, 0);
}

function failOpenBatches(error: unknown): void {
  const err = failureText(error);
  for (const batch of [...open.values()]) {
    answer(
      batch,
      batch.requests.map(() => ({ err })),
    );
  }
}

process.on('uncaughtException', failOpenBatches);
process.on('unhandledRejection', failOpenBatches);

port.on('message', (batch: WireBatch) => {
  open.set(batch.id, batch);
  performAll(batch.requests, batch.parallel, batch.limits).then(responses => answer(batch, responses), failOpenBatches);
});
