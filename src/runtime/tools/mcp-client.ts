// The client's side of the Model Context Protocol, as far as tools need it: greeting, list of tools, calls. Everything that can happen is an
// outcome: a server that never answers, dies in the middle, sends garbage or an error gives a sentence that begins with its name.
//
// Ours instead of the official SDK, which brings two web frameworks, a schema compiler and ninety packages along; what is needed of the
// protocol are three requests over lines of JSON. The tests put it beside the SDK's own server and client.
import type { Outcome } from '../../core/host.ts';
import { type Channel, isMessage, type Message, plainText } from './channel.ts';
import { openHttpChannel } from './http-channel.ts';
import type { McpServer } from './mcp-config.ts';
import { openStdioChannel } from './stdio-channel.ts';

/** Newest first: the first is asked for, the others are understood. */
export const PROTOCOL_VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

/** More pages, or more tools, are refused: a server may go on listing for ever. */
const MOST_PAGES = 100;
const MOST_TOOLS = 2000;
/** The code of JSON-RPC for a method that is not there. */
const NO_METHOD = -32601;

/** A tool as its server describes it; nothing but the name has been checked. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
  readonly outputSchema: unknown;
}

/** What a call has given, or why it failed. */
export interface CallResult {
  readonly text: string;
  /** What stood in `structuredContent`. */
  readonly structured: unknown;
  readonly failed: boolean;
}

type Settle = (outcome: Outcome<unknown>) => void;

export class McpClient {
  private readonly server: McpServer;
  private readonly version: string;
  private channel: Channel | undefined;
  private connecting: Promise<Outcome<true>> | undefined;
  private readonly pending = new Map<number, Settle>();
  private lastId = 0;

  /** `version` is that of ilo, for the greeting. */
  constructor(server: McpServer, version: string) {
    this.server = server;
    this.version = version;
  }

  get name(): string {
    return this.server.name;
  }

  /** Starts the server, greets it and asks for its tools. */
  async open(): Promise<Outcome<readonly ListedTool[]>> {
    const deadline = performance.now() + this.server.startTimeoutMs;
    const connected = await this.connect();
    if ('err' in connected) return connected;
    const tools: ListedTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const left = deadline - performance.now();
      const listed = await this.request('tools/list', cursor === undefined ? {} : { cursor }, Math.max(1, left));
      if ('err' in listed) return this.problem(listed.err);
      const { tools: found, nextCursor } = isMessage(listed.ok) ? listed.ok : {};
      if (!Array.isArray(found)) return this.problem('has sent no list of tools');
      for (const tool of found as unknown[])
        if (isMessage(tool) && typeof tool.name === 'string') tools.push(readTool(tool));
      if (tools.length > MOST_TOOLS) return this.problem(`has more than ${MOST_TOOLS} tools`);
      if (typeof nextCursor !== 'string') return { ok: tools };
      cursor = nextCursor;
    }
    return this.problem(`lists its tools on more than ${MOST_PAGES} pages`);
  }

  /** Calls a tool. A server that has ended is started again. */
  async call(tool: string, args: Message, withinMs: number): Promise<Outcome<CallResult>> {
    const started = performance.now();
    const connected = await this.connect();
    if ('err' in connected) return connected;
    const timeout = Math.min(withinMs - (performance.now() - started), this.server.callTimeoutMs);
    const answer = await this.request('tools/call', { name: tool, arguments: args }, Math.max(1, timeout));
    if ('err' in answer) return this.problem(answer.err);
    const result = isMessage(answer.ok) ? answer.ok : undefined;
    if (result === undefined || !(Array.isArray(result.content) || 'structuredContent' in result))
      return this.problem(`has answered '${tool}' with what is no result`);
    const text = textOf(Array.isArray(result.content) ? (result.content as unknown[]) : []);
    return { ok: { text, structured: result.structuredContent, failed: result.isError === true } };
  }

  /** Ends the server. Never rejects. */
  async close(): Promise<void> {
    await this.channel?.close();
  }

  private connect(): Promise<Outcome<true>> {
    this.connecting ??= this.greet();
    return this.connecting;
  }

  private async greet(): Promise<Outcome<true>> {
    const { transport, startTimeoutMs } = this.server;
    // What an earlier channel still has to say concerns nobody.
    const events = {
      onMessage: (message: Message) => {
        if (this.channel === channel) this.take(message);
      },
      onEnd: (reason: string) => {
        if (this.channel === channel) this.ended(reason);
      },
    };
    const channel =
      transport.kind === 'stdio' ? openStdioChannel(transport, events) : openHttpChannel(transport, events);
    this.channel = channel;
    const greeting = {
      protocolVersion: PROTOCOL_VERSIONS[0]!,
      capabilities: {},
      clientInfo: { name: 'ilo', version: this.version },
    };
    const answer = await this.request('initialize', greeting, startTimeoutMs);
    const fail = (problem: string): Outcome<true> => {
      this.connecting = undefined;
      void channel.close();
      return this.problem(problem);
    };
    if ('err' in answer) return fail(answer.err);
    const chosen = isMessage(answer.ok) ? answer.ok.protocolVersion : undefined;
    if (typeof chosen !== 'string' || !PROTOCOL_VERSIONS.includes(chosen))
      return fail(`speaks no version of the protocol that ilo does (${PROTOCOL_VERSIONS.join(', ')})`);
    channel.agreed(chosen);
    const problem = await channel.send({ jsonrpc: '2.0', method: 'notifications/initialized' }, startTimeoutMs);
    return problem === undefined ? { ok: true } : fail(problem);
  }

  /** `err` goes on from "the server". */
  private request(method: string, params: Message, timeoutMs: number): Promise<Outcome<unknown>> {
    const id = ++this.lastId;
    const { channel } = this;
    return new Promise(resolve => {
      const settle: Settle = outcome => {
        if (!this.pending.delete(id)) return;
        clearTimeout(timer);
        resolve(outcome);
      };
      this.pending.set(id, settle);
      const timer = setTimeout(() => {
        settle({ err: 'did not answer in time' });
        if (method !== 'initialize') {
          const cancelled = {
            jsonrpc: '2.0',
            method: 'notifications/cancelled',
            params: { requestId: id, reason: 'timeout' },
          };
          void channel?.send(cancelled, timeoutMs);
        }
      }, timeoutMs);
      void channel?.send({ jsonrpc: '2.0', id, method, params }, timeoutMs).then(problem => {
        if (problem !== undefined) settle({ err: problem });
      });
    });
  }

  private take(message: Message): void {
    const { id, method } = message;
    if (typeof method === 'string') {
      if (id === undefined || id === null) return;
      // The server asks: it may see whether ilo is there, and there is nothing else that it could ask for.
      const answer =
        method === 'ping' ? { result: {} } : { error: { code: NO_METHOD, message: `ilo has no ${method}` } };
      void this.channel?.send({ jsonrpc: '2.0', id, ...answer }, this.server.callTimeoutMs);
      return;
    }
    const settle = typeof id === 'number' ? this.pending.get(id) : undefined;
    if (settle === undefined) return;
    if (isMessage(message.error)) settle({ err: `answered with an error: ${shortened(message.error.message)}` });
    else settle({ ok: message.result });
  }

  private ended(reason: string): void {
    this.connecting = undefined;
    for (const settle of [...this.pending.values()]) settle({ err: reason });
  }

  private problem(err: string): { readonly err: string } {
    return { err: `MCP server '${this.name}' ${err}` };
  }
}

function readTool(tool: Message): ListedTool {
  return {
    name: tool.name as string,
    description: typeof tool.description === 'string' ? plainText(tool.description, '\n') : '',
    inputSchema: tool.inputSchema,
    outputSchema: tool.outputSchema,
  };
}

/** The texts of a result, a line break between them; other parts as the JSON they came as. */
function textOf(content: readonly unknown[]): string {
  return content
    .map(part => (isMessage(part) && typeof part.text === 'string' ? part.text : JSON.stringify(part)))
    .join('\n')
    .toWellFormed();
}

function shortened(text: unknown): string {
  return plainText(typeof text === 'string' ? text.slice(0, 500) : 'without a message');
}
