// Functions among the capabilities, asked from an isolated program. It is in the middle of an instruction then, so its thread or process stands
// still until the answer is there, while the caller's event loop goes on. An answer is one number: seconds, a random number, or 1 and 0 for yes
// and no.
//
// A thread waits on shared memory, a process reads from a pipe that nothing else uses: what comes by messages would only arrive once the
// program lets go of its thread.
import { readSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Capabilities, CapabilityRequest } from '../api.ts';
import { askable } from '../capabilities.ts';
import { usageError } from '../errors.ts';

export type Question =
  | { readonly kind: 'clock' }
  | { readonly kind: 'random' }
  | { readonly kind: 'request'; readonly request: CapabilityRequest };

export interface Asked {
  readonly kind: 'ask';
  /** The run that asks. */
  readonly id: number;
  readonly question: Question;
}

/** Where the pipe of a process is found on its side; 3 is taken by messages. */
export const QUESTIONS_PIPE = 4;

/** Bytes that a thread shares with its caller: a flag, and the answer. */
export const SHARED_BYTES = 16;
const ANSWER_AT = 8;

/** The caller's side: gives an answer to a thread. */
export function answerThread(shared: SharedArrayBuffer, answer: number): void {
  new DataView(shared).setFloat64(ANSWER_AT, answer);
  const flag = new Int32Array(shared, 0, 1);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

/** The caller's side: an answer as a process reads it. */
export function answerBytes(answer: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, answer);
  return bytes;
}

/** The caller's side: reads the questions that come through a pipe, in whatever pieces. What is none is left out. */
export function questionReader(ask: (asked: Asked) => void): (piece: string) => void {
  let rest = '';
  return piece => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const asked = questionIn(line);
      if (asked !== undefined) ask(asked);
    }
  };
}

function questionIn(line: string): Asked | undefined {
  try {
    const read = JSON.parse(line) as Partial<Asked> | null;
    return read?.kind === 'ask' && typeof read.question === 'object' && read.question !== null
      ? (read as Asked)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The caller's side: answers what a program asks, with what its run was granted. Throws IloError. */
export function answerer(capabilities: Capabilities): (question: Question) => number {
  const { clock, random, onRequest } = askable(capabilities);
  return question => {
    if (question.kind === 'clock' && clock !== undefined) return clock();
    if (question.kind === 'random' && random !== undefined) return random();
    if (question.kind === 'request' && onRequest !== undefined) return onRequest(question.request) ? 1 : 0;
    throw usageError('ILO-E006', 'the isolated program asked for what it was not granted');
  };
}

/** The isolated side: asks, and waits for the answer. */
export function ask(id: number, question: Question): number {
  return parentPort === null ? askThroughPipe({ kind: 'ask', id, question }) : askThread({ kind: 'ask', id, question });
}

function askThread(asked: Asked): number {
  const shared = workerData as SharedArrayBuffer;
  const flag = new Int32Array(shared, 0, 1);
  Atomics.store(flag, 0, 0);
  parentPort!.postMessage(asked);
  Atomics.wait(flag, 0, 0);
  return new DataView(shared).getFloat64(ANSWER_AT);
}

function askThroughPipe(asked: Asked): number {
  const text = Buffer.from(`${JSON.stringify(asked)}\n`);
  for (let at = 0; at < text.length; ) at += writeSync(QUESTIONS_PIPE, text, at);
  const answer = new Uint8Array(8);
  for (let at = 0; at < answer.length; ) {
    const read = readSync(QUESTIONS_PIPE, answer, at, answer.length - at, null);
    // Nobody is there any more who could answer.
    if (read === 0) process.exit(1);
    at += read;
  }
  return new DataView(answer.buffer).getFloat64(0);
}
