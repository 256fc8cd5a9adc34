// How messages of JSON-RPC travel to a server and back, whatever carries them.

export type Message = Readonly<Record<string, unknown>>;

export interface ChannelEvents {
  /** A message has come: an object, otherwise unchecked. */
  readonly onMessage: (message: Message) => void;
  /** Nothing will come any more. `reason` goes on from "the server". */
  readonly onEnd: (reason: string) => void;
}

export interface Channel {
  /** Sends a message. Gives why it could not be sent, in words that go on from "the server", or undefined. */
  readonly send: (message: Message, timeoutMs: number) => Promise<string | undefined>;
  /** What both sides have agreed on, once they have. */
  readonly agreed: (protocolVersion: string) => void;
  /** Ends the connection, and a child for good. Never rejects. */
  readonly close: () => Promise<void>;
}

/** The longest message in bytes, in either direction. */
export const LONGEST_MESSAGE = 16 * 1024 * 1024;

/** Text from a stranger without control characters, which could write on a terminal what nobody said; those in `keep` stay. */
export function plainText(text: string, keep = ''): string {
  return text.replace(/[\0-\x1f\x7f-\x9f]/g, char => (keep.includes(char) ? char : ' ')).toWellFormed();
}

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
