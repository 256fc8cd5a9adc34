// Waiting for an answer from another thread without an event loop: a program is a sequence of steps, so its thread sleeps in
// Atomics.wait until the message that it waits for lies in its port.
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** One end of a channel between two threads. It can be sent to a thread; the port has to be transferred. */
export interface ChannelEnd {
  readonly port: MessagePort;
  /** Counts answers; the thread that waits sleeps until it changes. */
  readonly answers: Int32Array;
}

/** A new channel: one thread waits, the other answers. */
export function syncChannel(): { readonly waiting: ChannelEnd; readonly answering: ChannelEnd } {
  const { port1, port2 } = new MessageChannel();
  const answers = new Int32Array(new SharedArrayBuffer(4));
  return { waiting: { port: port1, answers }, answering: { port: port2, answers } };
}

/** The end that waits. */
export class SyncPort {
  private readonly port: MessagePort;
  private readonly answers: Int32Array;

  constructor({ port, answers }: ChannelEnd) {
    this.port = port;
    this.answers = answers;
    port.unref();
  }

  send(message: unknown): void {
    this.port.postMessage(message);
  }

  /** Sleeps until the answer with this id is there, or so many milliseconds are over. Other answers are dropped: nobody waits for them. */
  wait<Answer extends { readonly id: number }>(id: number, milliseconds: number): Answer | undefined {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      // Read before looking into the port: an answer that comes in between changes the count, and the wait ends at once.
      const before = Atomics.load(this.answers, 0);
      for (;;) {
        const message = receiveMessageOnPort(this.port) as { message: Answer } | undefined;
        if (message === undefined) break;
        if (message.message.id === id) return message.message;
      }
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      Atomics.wait(this.answers, 0, before, left);
    }
  }
}

/** Answers and wakes the thread that waits. */
export function answerTo(end: ChannelEnd, answer: unknown, transfer: readonly ArrayBuffer[] = []): void {
  end.port.postMessage(answer, [...transfer]);
  Atomics.add(end.answers, 0, 1);
  Atomics.notify(end.answers, 0);
}
