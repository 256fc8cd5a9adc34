// A hub for threads that have no event loop: they ask through a port and sleep until the answer is there. In `ilo run` the hub has a thread of its
// own; in `ilo serv` it lives in the main thread, and the threads that run programs ask.
import type { ToolAnswer, ToolCaller, ToolCallLimits } from '../../core/host.ts';
import { answerTo, type ChannelEnd, type SyncPort } from '../host/sync-port.ts';
import type { ToolEntry } from './declare.ts';
import type { McpHub } from './hub.ts';
import type { McpServer } from './mcp-config.ts';

/** What the thread of a hub is started with. */
export interface HubSetup {
  readonly end: ChannelEnd;
  readonly servers: readonly McpServer[];
  readonly taken: readonly string[];
  readonly version: string;
}

export type HubQuestion =
  | {
      readonly id: number;
      readonly kind: 'call';
      readonly name: string;
      readonly argsJson: string;
      readonly limits: ToolCallLimits;
    }
  | { readonly id: number; readonly kind: 'close' };

export type HubAnswer =
  | {
      readonly id: number;
      readonly kind: 'opened';
      readonly entries: readonly ToolEntry[];
      readonly problems: readonly string[];
    }
  | { readonly id: number; readonly kind: 'answer'; readonly answer: ToolAnswer }
  | { readonly id: number; readonly kind: 'closed' };

/** The id of the first answer, which nobody has asked for. */
export const OPENED_ID = 0;

const LONGEST_CALL_MS = 3_600_000;
/** An answer is given up this long after the hub should have given it up itself. */
const GRACE_MS = 2000;

/** Answers what comes through a port, until it is closed. */
export function serveHub(hub: McpHub, end: ChannelEnd): void {
  end.port.on('message', (question: HubQuestion) => {
    const { id } = question;
    const say = (answer: HubAnswer): void => answerTo(end, answer);
    if (question.kind === 'close') void hub.close().then(() => say({ id, kind: 'closed' }));
    else {
      const { name, argsJson, limits } = question;
      void hub.call(name, argsJson, limits).then(answer => say({ id, kind: 'answer', answer }));
    }
  });
}

/** Calls through a port. */
export function callerThrough(port: SyncPort): ToolCaller {
  let lastId = OPENED_ID;
  return (name, argsJson, limits = { withinMs: LONGEST_CALL_MS, retries: undefined }) => {
    const id = ++lastId;
    const withinMs = Math.min(limits.withinMs, LONGEST_CALL_MS);
    const question: HubQuestion = { id, kind: 'call', name, argsJson, limits: { ...limits, withinMs } };
    port.send(question);
    const reply = port.wait<HubAnswer>(id, withinMs + GRACE_MS);
    return reply?.kind === 'answer' ? reply.answer : { err: `timeout calling tool '${name}'` };
  };
}
