// An MCP server over streamable HTTP: each message is a POST, and what the server has to say comes back as one JSON document or as a
// stream of events. A stream of events that nobody asked for (GET) is not opened: there is nothing that ilo would do with it.
import { failureText } from '../host/http-fetch.ts';
import { type Channel, type ChannelEvents, isMessage, LONGEST_MESSAGE, type Message } from './channel.ts';
import type { HttpServer } from './mcp-config.ts';

const CLOSE_MS = 500;

export function openHttpChannel(server: HttpServer, events: ChannelEvents): Channel {
  let session: string | undefined;
  let version: string | undefined;
  const closed = new AbortController();

  const headers = (): Record<string, string> => ({
    ...server.headers,
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
    ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
  });

  const post = async (message: Message, timeoutMs: number): Promise<string | undefined> => {
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(Math.ceil(timeoutMs))]);
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify(message),
      // A redirect would carry the headers, which may be secrets, to somebody else.
      redirect: 'manual',
      signal,
    });
    session = response.headers.get('mcp-session-id') ?? session;
    if (!response.ok) {
      await response.body?.cancel();
      return `answered with HTTP status ${response.status}`;
    }
    if (response.status === 202 || response.body === null) return undefined;
    const isStream = (response.headers.get('content-type') ?? '').toLowerCase().startsWith('text/event-stream');
    return isStream ? readEvents(response.body, events) : readDocument(response.body, events);
  };

  return {
    send: async (message, timeoutMs) => {
      try {
        const problem = await post(message, timeoutMs);
        // By now every answer has been taken; if this one was among them, nobody listens any more.
        return problem ?? ('method' in message && 'id' in message ? 'has not answered' : undefined);
      } catch (error) {
        if (closed.signal.aborted) return 'was closed';
        return (error as Error).name === 'TimeoutError'
          ? 'did not answer in time'
          : `cannot be reached: ${failureText(error)}`;
      }
    },
    agreed: protocolVersion => {
      version = protocolVersion;
    },
    close: async () => {
      closed.abort();
      if (session === undefined) return;
      // Says that the session may be forgotten; a server that does not care is left alone.
      await fetch(server.url, {
        method: 'DELETE',
        headers: headers(),
        redirect: 'manual',
        signal: AbortSignal.timeout(CLOSE_MS),
      })
        .then(response => response.body?.cancel())
        .catch(() => {});
    },
  };
}

async function readDocument(body: ReadableStream<Uint8Array>, events: ChannelEvents): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > LONGEST_MESSAGE) return `has sent a message of more than ${LONGEST_MESSAGE} bytes`;
    parts.push(part);
  }
  return take(Buffer.concat(parts).toString('utf8'), events) ? undefined : 'has sent what is no message';
}

/** Server-sent events: the `data:` lines of an event, up to an empty line, are a message. */
async function readEvents(body: ReadableStream<Uint8Array>, events: ChannelEvents): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > LONGEST_MESSAGE) return `has sent more than ${LONGEST_MESSAGE} bytes for one request`;
    rest += decoder.decode(part, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && data.length > 0) {
        take(data.join('\n'), events);
        data = [];
      }
    }
  }
  if (data.length > 0) take(data.join('\n'), events);
  return undefined;
}

function take(text: string, events: ChannelEvents): boolean {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return false;
  }
  // The protocol of March 2025 may put several messages into one document.
  for (const message of Array.isArray(json) ? (json as unknown[]) : [json])
    if (isMessage(message)) events.onMessage(message);
  return true;
}
