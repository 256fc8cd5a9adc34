// The thread behind the synchronous HTTP bridge: takes batches of requests from its port, answers each batch with one message, and
// then wakes the thread that waits. It always answers: an error that escapes everything else still ends the open batches.
import { workerData } from 'node:worker_threads';
import { failureText, performAll } from './http-fetch.ts';
import type { WireAbandon, WireBatch, WireReply, WireResponse } from './http-protocol.ts';
import { answerTo, type ChannelEnd } from './sync-port.ts';

const end = workerData as ChannelEnd;
const open = new Map<number, { readonly batch: WireBatch; readonly abandon: () => void }>();

function answer(batch: WireBatch, responses: readonly WireResponse[]): void {
  if (!open.delete(batch.id)) return;
  const memory = responses.flatMap(response => ('err' in response ? [] : [response.body.buffer as ArrayBuffer]));
  const reply: WireReply = { id: batch.id, responses };
  answerTo(end, reply, memory);
}

function failOpenBatches(error: unknown): void {
  const err = failureText(error);
  for (const { batch } of [...open.values()]) {
    answer(
      batch,
      batch.requests.map(() => ({ err })),
    );
  }
}

process.on('uncaughtException', failOpenBatches);
process.on('unhandledRejection', failOpenBatches);

function begin(batch: WireBatch): void {
  const controller = new AbortController();
  const abandon = (): void => controller.abort();
  open.set(batch.id, { batch, abandon });
  const timer = Number.isFinite(batch.withinMs) ? setTimeout(abandon, batch.withinMs) : undefined;
  performAll(batch.requests, batch.parallel, batch.limits, controller.signal)
    .then(responses => answer(batch, responses), failOpenBatches)
    .finally(() => clearTimeout(timer));
}

end.port.on('message', (message: WireBatch | WireAbandon) => {
  if ('abandon' in message) open.get(message.abandon)?.abandon();
  else begin(message);
});
