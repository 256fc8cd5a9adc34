// As much of `fetch` as http-fetch.ts uses, on sockets whose addresses a guard has looked at: Node's own `fetch` gives no say in where it
// connects to. Connections are not kept, so that none that was allowed for one program serves another.
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP } from 'node:net';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { allowsAddress, guardedLookup, type NetGuard, refusedAddress } from './http-guard.ts';

export interface FetchedResponse {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  /** Decompressed. `cancel` lets go of the connection. */
  readonly body: (AsyncIterable<Uint8Array> & { readonly cancel: () => Promise<void> }) | null;
}

export interface FetchOptions {
  readonly method: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
  readonly body?: Uint8Array;
}

/** Performs one request and follows nothing. Rejects when there is no answer, or when the guard refuses the address. */
export function guardedFetch(guard: NetGuard, url: URL, options: FetchOptions): Promise<FetchedResponse> {
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // A literal address is never looked up, so the lookup cannot refuse it.
  if (isIP(name) !== 0 && !allowsAddress(guard, name)) return Promise.reject(refusedAddress(name));
  const headers: Record<string, string> = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br' };
  options.headers.forEach((value, key) => {
    headers[key] = value;
  });
  if (options.body !== undefined) headers['content-length'] = String(options.body.byteLength);
  const send = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const { method, signal } = options;
    const lookup = guardedLookup(guard) as never;
    const sent = send(url, { method, headers, signal, lookup, agent: false }, message => resolve(asResponse(message)));
    sent.on('error', reject);
    sent.end(options.body);
  });
}

function asResponse(message: IncomingMessage): FetchedResponse {
  const body = decompressed(message);
  return {
    status: message.statusCode ?? 0,
    headers: {
      get: name => {
        const value = message.headers[name];
        return value === undefined ? null : String(value);
      },
    },
    body: Object.assign(body as Readable & AsyncIterable<Uint8Array>, {
      cancel: async () => {
        message.destroy();
        body.destroy();
      },
    }),
  };
}

function decompressed(message: IncomingMessage): Readable {
  const decoders = String(message.headers['content-encoding'] ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '' && name !== 'identity')
    .reverse()
    .slice(0, 4)
    .map(name => decoderOf(name));
  const out = new PassThrough();
  // Errors of any part end the last one, which is the one that is read.
  pipeline([message, ...decoders, out], () => {});
  return out;
}

function decoderOf(name: string): NodeJS.ReadWriteStream {
  if (name === 'gzip' || name === 'x-gzip') return createGunzip();
  if (name === 'deflate') return createInflate();
  if (name === 'br') return createBrotliDecompress();
  return new PassThrough();
}
