// What a service's process and an isolated one say to each other. All of it is data that can be cloned; errors travel as their parts.
import type { Data, Place, Stats } from '../api.ts';
import type { Used } from '../meters.ts';
import type { Limited } from '../options.ts';
import type { Asked } from './questions.ts';

/** Programs that a thread or process keeps; beyond that the one that was not used for the longest time is dropped, on both sides. */
export const MOST_PROGRAMS = 256;

/** The capabilities that are data; functions of the caller stay where they are, and are `asked` (questions.ts). */
export interface SentCapabilities {
  /** With `names`, only these may be asked for. */
  readonly env?: { readonly names: readonly string[] | undefined; readonly values: Readonly<Record<string, string>> };
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly net?: {
    readonly hosts: readonly string[];
    readonly allowPrivate?: boolean;
    readonly timeout?: number;
    readonly maxBytes?: number;
  };
  readonly clock?: true | 'asked';
  readonly random?: true | number | 'asked';
  /** Whether each read, write and request is asked about. */
  readonly onRequest: boolean;
  /** Whether what is printed is wanted. */
  readonly print: boolean;
}

export interface RunRequest {
  readonly kind: 'run';
  readonly id: number;
  /** Identifies the source; the text is sent the first time only. */
  readonly program: string;
  readonly source:
    | {
        readonly text: string;
        readonly file: string | undefined;
        readonly used: readonly (readonly [string, string])[];
      }
    | undefined;
  readonly name: string;
  readonly args: readonly Data[];
  readonly limits: Limited;
  readonly engine: string;
  readonly capabilities: SentCapabilities;
  readonly tools: readonly { readonly name: string; readonly signature: string }[];
}

/** The answer of a tool that was called. */
export interface ToolAnswer {
  readonly kind: 'answer';
  readonly call: number;
  /** With a code, the run ends with this error. */
  readonly answer: { readonly ok: Data } | { readonly err: string; readonly code: string };
}

export type ToIsolated = RunRequest | ToolAnswer;

export interface SentError {
  readonly code: string;
  readonly message: string;
  readonly limit: boolean;
  readonly place: Place | undefined;
  readonly calls: readonly string[];
  readonly stats: Stats | undefined;
}

export type FromIsolated =
  | { readonly kind: 'done'; readonly id: number; readonly result: Data; readonly stats: Stats }
  | { readonly kind: 'failed'; readonly id: number; readonly error: SentError; readonly stats: Stats }
  /** The program is there, and its function is called now. */
  | { readonly kind: 'started'; readonly id: number }
  /** The program of a request is not there any more: the text is wanted again. */
  | { readonly kind: 'unknown'; readonly id: number }
  /** What it has used so far, in case it is ended with force. */
  | { readonly kind: 'used'; readonly id: number; readonly used: Used }
  | Asked
  /** What was printed, a text for each `prnt`. */
  | { readonly kind: 'print'; readonly id: number; readonly texts: readonly string[] }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly call: number;
      readonly tool: string;
      readonly args: readonly unknown[];
    };
