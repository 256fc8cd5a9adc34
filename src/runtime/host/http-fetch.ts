// One HTTP request with Node's own `fetch`, under limits. Whatever happens is a response or a reason in words, never an exception:
//
//  - `fetch` follows redirects silently and up to a number of its own, so they are followed here: a loop is named as such, the method
//    is kept (only 303 turns into GET), and credentials do not travel to another origin;
//  - the body is counted as it arrives, after decompression, so that neither a large answer nor a small one that unpacks into a
//    large one fills the memory;
//  - one timer covers everything from the name lookup to the last byte, so that a server that sends a byte a second cannot
//    stretch a request.
import { Buffer } from 'node:buffer';
import { type FetchedResponse, guardedFetch } from './guarded-fetch.ts';
import { allowsUrl, REFUSED_CODE } from './http-guard.ts';
import type { HttpLimits, WireRequest, WireResponse } from './http-protocol.ts';
import { errorCode, firstLine, osErrorText } from './os-error.ts';

const TIMED_OUT = 'the timeout of the request was reached';
const ABANDONED = 'the time of the run was over';
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'host']);

/** Memory for response bodies that the requests of one call share. */
export interface ByteBudget {
  left: number;
}

/** Performs all requests, at most `parallel` at a time, and gives the responses in order; gives up what is left when `signal` is aborted. Never rejects. */
export async function performAll(
  requests: readonly WireRequest[],
  parallel: number,
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<WireResponse[]> {
  const responses: WireResponse[] = new Array(requests.length);
  const budget: ByteBudget = { left: limits.maxTotalBytes };
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < requests.length) {
      const index = next++;
      responses[index] = await perform(requests[index]!, limits, budget, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, requests.length)) }, runner));
  return responses;
}

/**
 * Performs one request. Never rejects, and always resolves in time: aborting is how `fetch` is told to stop, but after some malformed
 * answers it never says that it did, so nobody waits for it beyond the timeout.
 */
export function perform(
  request: WireRequest,
  limits: HttpLimits,
  budget: ByteBudget,
  abandoned: AbortSignal,
): Promise<WireResponse> {
  if (abandoned.aborted) return Promise.resolve({ err: ABANDONED });
  const controller = new AbortController();
  return new Promise(resolve => {
    const settle = (response: WireResponse): void => {
      clearTimeout(timer);
      abandoned.removeEventListener('abort', abandon);
      resolve(response);
      // Also lets go of a connection whose answer was not read to the end.
      controller.abort();
    };
    const timer = setTimeout(() => settle({ err: TIMED_OUT }), request.timeoutMs);
    const abandon = (): void => settle({ err: ABANDONED });
    abandoned.addEventListener('abort', abandon);
    followRedirects(request, limits, budget, controller.signal).then(settle, error =>
      settle(refusal(error) ?? { err: failureText(error) }),
    );
  });
}

async function followRedirects(
  request: WireRequest,
  limits: HttpLimits,
  budget: ByteBudget,
  signal: AbortSignal,
): Promise<WireResponse> {
  const first = parseUrl(request.url);
  if (typeof first === 'string') return { err: first };
  const headers = encodeHeaders(request.headers);
  if (typeof headers === 'string') return { err: headers };
  let url = first;
  let { method } = request;
  // As bytes, because `fetch` would add a content type to a string.
  let body = request.body === undefined ? undefined : Buffer.from(request.body, 'utf8');
  const seen = new Set<string>();
  const { guard } = request;
  for (let count = 0; ; count++) {
    seen.add(`${method} ${url.href}`);
    if (guard !== undefined && !allowsUrl(guard, url)) return { err: `${url.host} is not allowed`, refused: true };
    const options = { method, headers, signal, ...(body === undefined ? {} : { body }) };
    const response: FetchedResponse =
      guard === undefined
        ? ((await fetch(url, { ...options, redirect: 'manual' })) as unknown as FetchedResponse)
        : await guardedFetch(guard, url, options);
    if (!REDIRECTS.has(response.status)) return await readBody(response, limits, budget);
    // Not waited for: some malformed bodies never end, and nobody wants this one.
    response.body?.cancel().catch(() => {});
    const location = response.headers.get('location');
    if (location === null) return { err: 'redirection location header missing' };
    const target = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (!target || !isHttp(target)) {
      return { err: 'got redirected to an absolute url which does not start with http:// or https://' };
    }
    if (target.origin !== url.origin) for (const name of CREDENTIALS) headers.delete(name);
    if (response.status === 303 && method !== 'GET') {
      method = 'GET';
      body = undefined;
    }
    url = target;
    if (seen.has(`${method} ${url.href}`)) return { err: 'infinite redirection loop detected' };
    if (count >= limits.maxRedirects) return { err: 'too many redirections (over the max)' };
  }
}

/** The URL, or what is wrong with it. */
function parseUrl(text: string): URL | string {
  if (!/^https?:\/\//i.test(text)) return 'the url does not start with http:// or https://';
  if (!URL.canParse(text)) return 'invalid url';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'a url cannot carry a user name or password; send a header';
  return url;
}

function isHttp(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}

/** The headers as bytes in Latin-1 clothing (what `fetch` sends as it is), or which one is not allowed. */
function encodeHeaders(pairs: WireRequest['headers']): Headers | string {
  const headers = new Headers();
  for (const [name, value] of pairs) {
    if (/[\r\n\0]/.test(value)) return `invalid value of header '${name}'`;
    try {
      headers.set(name, Buffer.from(value, 'utf8').toString('latin1'));
    } catch {
      return `invalid header name '${name}'`;
    }
  }
  return headers;
}

async function readBody(response: FetchedResponse, limits: HttpLimits, budget: ByteBudget): Promise<WireResponse> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (response.body !== null) {
    for await (const chunk of response.body) {
      length += chunk.byteLength;
      budget.left -= chunk.byteLength;
      if (length > limits.maxBodyBytes) return { err: `response is larger than ${inMebibytes(limits.maxBodyBytes)}` };
      if (budget.left < 0) return { err: `responses are together larger than ${inMebibytes(limits.maxTotalBytes)}` };
      chunks.push(chunk);
    }
  }
  // Memory of its own, so that it can be handed to the other thread without a copy.
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return { status: response.status, body };
}

function inMebibytes(bytes: number): string {
  return `${Math.round((bytes / 1048576) * 100) / 100} MiB`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'failed to lookup address information: Name or service not known',
  EAI_AGAIN: 'failed to lookup address information: Temporary failure in name resolution',
  UND_ERR_SOCKET: 'connection closed before the response was complete',
  UND_ERR_CONNECT_TIMEOUT: 'Connection timed out (os error 110)',
  UND_ERR_HEADERS_TIMEOUT: TIMED_OUT,
  UND_ERR_BODY_TIMEOUT: TIMED_OUT,
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the response are too large',
};

/** The response for a connection that the guard refused. */
function refusal(error: unknown): WireResponse | undefined {
  return errorCode(error) === REFUSED_CODE ? { err: String((error as Error).message), refused: true } : undefined;
}

/** What an exception of `fetch` means. The reason is in a chain of causes, at whose end is the system's error. */
export function failureText(error: unknown): string {
  let inner = error;
  for (let depth = 0; depth < 10; depth++) {
    // Several addresses of one name were tried: the last attempt speaks for all.
    const several = (inner as { errors?: unknown }).errors;
    const next = Array.isArray(several) && several.length > 0 ? several.at(-1) : (inner as { cause?: unknown }).cause;
    if (typeof next !== 'object' || next === null) break;
    inner = next;
  }
  const code = errorCode(inner) ?? '';
  const message = firstLine(String((inner as { message?: unknown }).message ?? inner));
  const reason = REASONS[code];
  if (reason !== undefined) return reason;
  if (code.startsWith('EAI_')) return `failed to lookup address information: ${code}`;
  if (code.startsWith('HPE_')) return `malformed response: ${message}`;
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_')) return `cannot decompress the response: ${message}`;
  if (/CERT|SSL|TLS|UNABLE_TO/.test(code)) return `TLS error: ${message}`;
  return typeof (inner as { errno?: unknown }).errno === 'number' ? osErrorText(inner) : `request failed: ${message}`;
}
