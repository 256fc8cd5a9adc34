// External tools over HTTP: `tool` declarations name them, a configuration file says where they are.
//
//     { "tools": { "get-user": { "url": "https://…", "method": "POST", "headers": {…}, "timeout_secs": 5, "retries": 2,
//                                "description": "Reads a user", "signature": "id:n>R user t" } } }
//
// With a `signature` in the language's notation, a program may call the tool without declaring it. `timeout:` and `retry:` of a program's own
// declaration count instead of those of the file, the shorter timeout in any case. A call sends `{"args":[…]}` as JSON and gives the JSON of an answer with a 2xx status. Everything else is an `err` for the program:
// another status (`HTTP 404 Not Found: …`), a timeout, a connection that failed, a tool that the file does not name. `retries` repeats a
// call that got no answer at all; an answer, whatever its status, is final. `fetch` cannot send a body with GET, so a tool with that
// method gets the arguments as the query parameter `args`.
import { STATUS_CODES } from 'node:http';
import type { Outcome, ToolCaller, ToolCallLimits } from '../../core/host.ts';
import { writeJson } from '../../core/value/json.ts';
import { parseJson } from '../../core/value/json-parse.ts';
import { readTextFile } from './files.ts';
import { performSync } from './http-bridge.ts';
import { HTTP_LIMITS, HTTP_TIMEOUT_MS, type WireRequest, type WireResponse } from './http-protocol.ts';
import { pause } from './pause.ts';
import { decodeUtf8 } from './utf8.ts';

export interface ToolEndpoint {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly timeoutMs: number;
  readonly retries: number;
  readonly description: string;
  /** Checked by whoever declares the tool to programs. */
  readonly signature: string | undefined;
}

export type ToolEndpoints = ReadonlyMap<string, ToolEndpoint>;

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const LONGEST_TIMEOUT_MS = 3_600_000;
const MOST_RETRIES = 10;
const RETRY_PAUSE_MS = 100;
const TIMED_OUT = 'the timeout of the request was reached';

/** Reads a tools configuration. `err` is a sentence for the user that names the file. */
export function loadTools(path: string): Outcome<ToolEndpoints> {
  const file = readTextFile(path);
  if ('err' in file) return { err: `failed to read tools config ${path}: ${file.err}` };
  const tools = parseTools(file.ok);
  return 'err' in tools ? { err: `failed to parse tools config ${path}: ${tools.err}` } : tools;
}

/** Reads the text of a tools configuration. */
export function parseTools(text: string): Outcome<ToolEndpoints> {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    return { err: (error as Error).message };
  }
  if (!isObject(config)) return { err: 'expected an object' };
  const tools = own(config, 'tools');
  if (!isObject(tools)) return { err: 'missing field `tools`, an object with an entry for each tool' };
  const endpoints = new Map<string, ToolEndpoint>();
  for (const [name, entry] of Object.entries(tools)) {
    const endpoint = readEndpoint(entry);
    if ('err' in endpoint) return { err: `tool '${name}': ${endpoint.err}` };
    endpoints.set(name, endpoint.ok);
  }
  return { ok: endpoints };
}

function readEndpoint(entry: unknown): Outcome<ToolEndpoint> {
  if (!isObject(entry)) return { err: 'expected an object' };
  const url = own(entry, 'url');
  const method = own(entry, 'method') ?? 'POST';
  const headers = own(entry, 'headers') ?? {};
  const seconds = own(entry, 'timeout_secs') ?? HTTP_TIMEOUT_MS / 1000;
  const retries = own(entry, 'retries') ?? 0;
  const description = own(entry, 'description') ?? '';
  const signature = own(entry, 'signature');
  if (typeof url !== 'string') return { err: '`url` must be text' };
  if (typeof method !== 'string') return { err: '`method` must be text' };
  if (!isObject(headers)) return { err: '`headers` must be an object of texts' };
  const pairs = Object.entries(headers);
  if (!pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string')) {
    return { err: '`headers` must be an object of texts' };
  }
  if (typeof seconds !== 'number' || !(seconds > 0)) return { err: '`timeout_secs` must be a number above 0' };
  if (typeof retries !== 'number' || !Number.isInteger(retries) || retries < 0) {
    return { err: '`retries` must be a whole number, 0 or more' };
  }
  if (typeof description !== 'string') return { err: '`description` must be text' };
  if (signature !== undefined && typeof signature !== 'string') return { err: '`signature` must be text' };
  return {
    ok: {
      url,
      method: METHODS.has(method.toUpperCase()) ? method.toUpperCase() : 'POST',
      headers: pairs,
      timeoutMs: Math.min(Math.ceil(seconds * 1000), LONGEST_TIMEOUT_MS),
      retries: Math.min(retries, MOST_RETRIES),
      description: description.toWellFormed(),
      signature: signature?.toWellFormed(),
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The `tool` of a host. The result is the JSON of the answer. Never throws. */
export function makeToolCaller(endpoints: ToolEndpoints): ToolCaller {
  return (name, argsJson, limits) => {
    const endpoint = endpoints.get(name);
    if (endpoint === undefined) return { err: `tool not configured: ${name}` };
    const tries = new Tries(endpoint, argsJson, limits);
    for (;;) {
      const response = performSync([tries.request()], 1)[0]!;
      const wait = tries.pauseAfter(response);
      if (wait === undefined) return readAnswer(name, response);
      pause(wait);
    }
  };
}

/** The same for a caller that has an event loop to keep free. */
export async function callEndpoint(
  name: string,
  endpoint: ToolEndpoint,
  argsJson: string,
  limits: ToolCallLimits | undefined,
): Promise<Outcome<string>> {
  const { performAll } = await import('./http-fetch.ts');
  const tries = new Tries(endpoint, argsJson, limits);
  for (;;) {
    const response = (await performAll([tries.request()], 1, HTTP_LIMITS, NEVER))[0]!;
    const wait = tries.pauseAfter(response);
    if (wait === undefined) return readAnswer(name, response);
    await new Promise(resolve => setTimeout(resolve, wait));
  }
}

/** The timeout of each try is all that ends it. */
const NEVER = new AbortController().signal;

/** The tries of one call, and how long each may take. */
class Tries {
  private readonly endpoint: ToolEndpoint;
  private readonly argsJson: string;
  private readonly deadline: number;
  private left: number;
  private made = 0;

  constructor(endpoint: ToolEndpoint, argsJson: string, limits: ToolCallLimits | undefined) {
    this.endpoint = endpoint;
    this.argsJson = argsJson;
    this.deadline = performance.now() + (limits?.withinMs ?? Number.POSITIVE_INFINITY);
    this.left = Math.min(limits?.retries ?? endpoint.retries, MOST_RETRIES);
  }

  request(): WireRequest {
    const timeoutMs = Math.max(1, Math.min(this.endpoint.timeoutMs, Math.ceil(this.deadline - performance.now())));
    return toRequest({ ...this.endpoint, timeoutMs }, this.argsJson);
  }

  /** Milliseconds before the next try; undefined when this was the last one. */
  pauseAfter(response: WireResponse): number | undefined {
    const wait = RETRY_PAUSE_MS * ++this.made;
    if (!('err' in response) || this.left-- <= 0 || performance.now() + wait >= this.deadline) return undefined;
    return wait;
  }
}

function toRequest(endpoint: ToolEndpoint, argsJson: string): WireRequest {
  const { url, method, timeoutMs } = endpoint;
  if (method !== 'GET') {
    const headers = [['Content-Type', 'application/json'] as const, ...endpoint.headers];
    return { url, method, headers, body: `{"args":${argsJson}}`, timeoutMs };
  }
  const [address, fragment] = splitOnce(url, '#');
  const query = `${address.includes('?') ? '&' : '?'}args=${encodeURIComponent(argsJson)}`;
  const withQuery = address + query + (fragment === undefined ? '' : `#${fragment}`);
  return { url: withQuery, method, headers: endpoint.headers, body: undefined, timeoutMs };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function readAnswer(name: string, response: WireResponse): Outcome<string> {
  if ('err' in response) {
    return {
      err:
        response.err === TIMED_OUT ? `timeout calling tool '${name}'` : `HTTP error calling '${name}': ${response.err}`,
    };
  }
  const text = decodeUtf8(response.body);
  if ('err' in text) return { err: `JSON error for tool '${name}': response is not valid UTF-8: ${text.err}` };
  const { status } = response;
  // No content is a way to say nothing, which in JSON is null.
  if (status >= 200 && status < 300) return { ok: text.ok.trim() === '' ? 'null' : text.ok };
  const parsed = parseJson(text.ok);
  const detail = 'ok' in parsed ? writeJson(parsed.ok, { results: 'wrap' }) : text.ok.trim();
  return { err: `HTTP ${status} ${STATUS_CODES[status] ?? '<unknown status code>'}: ${detail}` };
}
