// An MCP server as a child process: a message is a line of JSON on its standard input or output. What it writes on standard error is read, so
// that it never blocks, and the last of it explains an early end.
//
// The child leads a process group, so that `npx server` ends together with what it has started. Closing takes it from a polite end of
// its input to SIGKILL within half a second.
import { type ChildProcess, spawn } from 'node:child_process';
import { linesOf, TOO_LONG } from '../host/lines.ts';
import { osErrorText } from '../host/os-error.ts';
import { type Channel, type ChannelEvents, isMessage, LONGEST_MESSAGE, plainText } from './channel.ts';
import type { StdioServer } from './mcp-config.ts';

/** How long a child may take to end after its input has, and then after SIGTERM. */
const PATIENCE_MS = [150, 250] as const;
const MOST_SAID = 4096;
const LONGEST_LAST_WORDS = 300;
const HAS_GROUPS = process.platform !== 'win32';

/** Starts a server. A command that cannot be started ends the channel. */
export function openStdioChannel(server: StdioServer, events: ChannelEvents): Channel {
  let child: ChildProcess;
  try {
    child = spawn(server.command, [...server.args], {
      env: { ...server.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: HAS_GROUPS,
      windowsHide: true,
      ...(server.cwd === undefined ? {} : { cwd: server.cwd }),
    });
  } catch (error) {
    queueMicrotask(() => events.onEnd(`cannot be started: ${osErrorText(error)}`));
    return { send: async () => 'cannot be started', agreed: () => {}, close: async () => {} };
  }
  let ended: string | undefined;
  let said = '';
  const end = (reason: string): void => {
    if (ended !== undefined) return;
    ended = reason;
    events.onEnd(reason);
  };
  const gone = new Promise<void>(resolve => {
    child.once('error', error => {
      end(`cannot be started: ${osErrorText(error)}`);
      resolve();
    });
    child.once('exit', () => resolve());
    child.once('close', (code, signal) => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      end(`has ended ${how}${lastWords(said)}`);
    });
  });
  child.stdin!.on('error', () => {});
  child.stdout!.on('error', () => {});
  child.stderr!.on('error', () => {});
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MOST_SAID);
  });
  void readLines(child, events, end).catch(() => end('has closed its output'));

  return {
    send: async message => {
      if (ended !== undefined) return ended;
      const line = `${JSON.stringify(message)}\n`;
      if (line.length > LONGEST_MESSAGE) return `may be sent ${LONGEST_MESSAGE} bytes at most`;
      child.stdin!.write(line);
      return undefined;
    },
    agreed: () => {},
    close: async () => {
      child.stdin!.end();
      for (const [at, patience] of PATIENCE_MS.entries()) {
        if (await within(gone, patience)) return kill(child, 'SIGKILL');
        kill(child, at === 0 ? 'SIGTERM' : 'SIGKILL');
      }
      await within(gone, PATIENCE_MS[0]);
      end('was closed');
    },
  };
}

async function readLines(child: ChildProcess, events: ChannelEvents, end: (reason: string) => void): Promise<void> {
  for await (const line of linesOf(child.stdout!, LONGEST_MESSAGE)) {
    if (line === TOO_LONG) {
      end(`has sent a message of more than ${LONGEST_MESSAGE} bytes`);
      kill(child, 'SIGKILL');
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      // Some servers greet people on standard output; what is no message is nobody's answer.
      continue;
    }
    if (isMessage(message)) events.onMessage(message);
  }
}

/** The line of its standard error that says most about why a child has ended: the last that speaks of an error, or the last one. */
function lastWords(said: string): string {
  const lines = plainText(said, '\n')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('at '));
  const line = lines.findLast(one => /error|fail|cannot|can't|not found/i.test(one)) ?? lines.at(-1);
  return line === undefined ? '' : `: ${line.slice(0, LONGEST_LAST_WORDS)}`;
}

/** Ends the child and, where there are process groups, what it has started. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (HAS_GROUPS && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It is gone already.
  }
}

function within(event: Promise<void>, milliseconds: number): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    void event.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
