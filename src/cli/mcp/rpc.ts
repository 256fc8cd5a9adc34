// The server's side of JSON-RPC 2.0 over lines, as MCP's stdio transport wants it: a line is a message, requests run side by side, each is answered
// when it is done. What cannot be read is answered with an error, never with silence, and never ends the server.
import { type Line, linesOf, TOO_LONG } from '../../runtime/host/lines.ts';

/** The longest message in bytes; the rest of a longer one is skipped. */
const LONGEST_MESSAGE = 4 * 1024 * 1024;
/** Reading stops while so many requests are worked on. */
const MOST_OPEN = 64;

/** Codes of JSON-RPC. */
export const RPC = {
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  internal: -32603,
  notFound: -32002,
} as const;

export class RpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type Params = Readonly<Record<string, unknown>>;
/** Answers a request. Throws an RpcError for one that makes no sense; `signal` is aborted when the client has lost interest. */
export type Handler = (params: Params, signal: AbortSignal) => unknown;

type Id = string | number;

export class RpcServer {
  private readonly handlers: Readonly<Record<string, Handler>>;
  private readonly write: (line: string) => void;
  private readonly open = new Map<Id, AbortController>();
  private readonly running = new Set<Promise<void>>();

  /** `write` takes a whole line, with its end. */
  constructor(handlers: Readonly<Record<string, Handler>>, write: (line: string) => void) {
    this.handlers = handlers;
    this.write = write;
  }

  /** Serves until the input ends and everything is answered. */
  async serve(input: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const line of linesOf(input, LONGEST_MESSAGE)) {
      this.take(line);
      while (this.running.size >= MOST_OPEN) await Promise.race(this.running);
    }
    await Promise.all(this.running);
  }

  private take(line: Line): undefined {
    if (line === TOO_LONG) return this.fail(null, RPC.parse, `a message may have ${LONGEST_MESSAGE} bytes`);
    if (line.trim() === '') return undefined;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch (error) {
      return this.fail(null, RPC.parse, `invalid JSON: ${(error as Error).message}`);
    }
    if (typeof message !== 'object' || message === null || Array.isArray(message))
      return this.fail(null, RPC.request, 'expected one message, an object');
    const { jsonrpc, id, method, params = {} } = message as Params;
    // An answer to a question that was never asked.
    if (method === undefined && ('result' in message || 'error' in message)) return undefined;
    const known = typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : undefined;
    if (jsonrpc !== '2.0' || typeof method !== 'string')
      return this.fail(known ?? null, RPC.request, 'expected {"jsonrpc": "2.0", "method": …}');
    if (typeof params !== 'object' || params === null || Array.isArray(params))
      return this.fail(known ?? null, RPC.params, '`params` must be an object');
    if (id === undefined) return this.notified(method, params as Params);
    if (known === undefined) return this.fail(null, RPC.request, '`id` must be a string or a number');
    if (this.open.has(known)) return this.fail(known, RPC.request, 'this `id` is in use');
    const controller = new AbortController();
    this.open.set(known, controller);
    const done = this.answer(known, method, params as Params, controller).finally(() => {
      this.open.delete(known);
      this.running.delete(done);
    });
    this.running.add(done);
    return undefined;
  }

  private async answer(id: Id, method: string, params: Params, { signal }: AbortController): Promise<void> {
    try {
      const handler = Object.hasOwn(this.handlers, method) ? this.handlers[method]! : undefined;
      if (handler === undefined) throw new RpcError(RPC.method, `there is no method '${method.slice(0, 100)}'`);
      const result = await handler(params, signal);
      if (!signal.aborted) this.say({ id, result });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RpcError) this.fail(id, error.code, error.message);
      else this.fail(id, RPC.internal, `internal error: ${(error as Error)?.message ?? error}`);
    }
  }

  private notified(method: string, params: Params): undefined {
    if (method !== 'notifications/cancelled') return undefined;
    const { requestId } = params;
    if (typeof requestId === 'string' || typeof requestId === 'number') this.open.get(requestId)?.abort();
    return undefined;
  }

  private fail(id: Id | null, code: number, message: string): undefined {
    this.say({ id, error: { code, message } });
    return undefined;
  }

  private say(message: object): void {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
}
