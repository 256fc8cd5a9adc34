// What the synchronous bridge and its worker thread say to each other, and the limits every request has.
import type { NetGuard } from './http-guard.ts';

/** No request takes longer than this from start to the last byte, redirects included. */
export const HTTP_TIMEOUT_MS = 30_000;

export interface HttpLimits {
  /** Redirects followed for one request. */
  readonly maxRedirects: number;
  /** Bytes of one response body, counted after decompression. */
  readonly maxBodyBytes: number;
  /** Bytes of all response bodies of one call (`get-many`) together. */
  readonly maxTotalBytes: number;
}

export const HTTP_LIMITS: HttpLimits = {
  maxRedirects: 20,
  maxBodyBytes: 32 * 1024 * 1024,
  maxTotalBytes: 256 * 1024 * 1024,
};

export interface WireRequest {
  /** Which hosts and addresses the request may reach; everything when there is none. */
  readonly guard?: NetGuard;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** A response of any status, or why there is none. */
export type WireResponse =
  | { readonly status: number; readonly body: Uint8Array }
  /** `refused`: it was not allowed, which is more than a failure. */
  | { readonly err: string; readonly refused?: true };

export interface WireBatch {
  readonly id: number;
  readonly requests: readonly WireRequest[];
  readonly parallel: number;
  readonly limits: HttpLimits;
  /** Milliseconds after which nobody waits for any of the responses. */
  readonly withinMs: number;
}

/** Nobody waits for a batch any more: its requests are to be given up. It is answered all the same. */
export interface WireAbandon {
  readonly abandon: number;
}

export interface WireReply {
  readonly id: number;
  readonly responses: readonly WireResponse[];
}
