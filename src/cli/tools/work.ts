// The thread of the MCP servers of a run: opens them, says what they offer, and answers until it is told to close.
import { isMainThread, workerData } from 'node:worker_threads';
import { answerTo } from '../../runtime/host/sync-port.ts';
import { McpHub } from '../../runtime/tools/hub.ts';
import { type HubAnswer, type HubSetup, OPENED_ID, serveHub } from '../../runtime/tools/hub-port.ts';
import { EXIT } from '../console.ts';

/** The hidden command behind that thread. */
export async function toolsWorkCommand(): Promise<number> {
  if (isMainThread) return EXIT.refused;
  const { end, servers, taken, version } = workerData as HubSetup;
  const hub = await McpHub.open(servers, taken, version);
  serveHub(hub, end);
  const opened: HubAnswer = { id: OPENED_ID, kind: 'opened', entries: hub.entries, problems: hub.problems };
  answerTo(end, opened);
  return new Promise(() => {});
}
