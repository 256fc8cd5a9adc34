// The thread behind the synchronous HTTP bridge: takes batches of requests from its port, answers each batch with one message, and
// then wakes the thread that waits. It always answers: an error that escapes everything else still ends the open batches.
import { workerData } from 'node:worker_threads';
import { failureText, performAll } from './http-fetch.ts';
import type { WireBatch, WireReply, WireResponse } from './http-protocol.ts';
import { answerTo, type ChannelEnd } from './sync-port.ts';

const end = workerData as ChannelEnd;
const open = new Map<number, WireBatch>();

function answer(batch: WireBatch, responses: readonly WireResponse[]): void {
  if (!open.delete(batch.id)) return;
  const memory = responses.flatMap(response => ('err' in response ? [] : [response.body.buffer as ArrayBuffer]));
  const reply: WireReply = { id: batch.id, responses };
  answerTo(end, reply, memory);
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

end.port.on('message', (batch: WireBatch) => {
  open.set(batch.id, batch);
  performAll(batch.requests, batch.parallel, batch.limits).then(responses => answer(batch, responses), failOpenBatches);
});
