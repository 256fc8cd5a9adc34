// `ilo serv`: requests and answers as lines of JSON over standard input and output (protocol.ts), for whoever would start many short
// processes. Requests run side by side in threads; each has limits, and none can hold up the others.
import { availableParallelism } from 'node:os';
import { type Line, linesOf, TOO_LONG } from '../../runtime/host/lines.ts';
import { McpHub } from '../../runtime/tools/hub.ts';
import { parseSimple } from '../arguments.ts';
import { type Console, EXIT, refuse, refuseWith } from '../console.ts';
import { packageVersion } from '../package.ts';
import { readToolFiles, serverProblems } from '../tools/configuration.ts';
import { answerLine, readRequest, requestError, type ServAnswer } from './protocol.ts';
import { startThreads, type Threads } from './threads.ts';

const USAGE = 'ilo serv [--tools FILE] [--mcp FILE] [--jobs N]';
/** The longest line, in bytes; the rest of a longer one is skipped. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** Reading stops while so many requests wait. */
const MOST_WAITING = 256;

/** `ilo serv [--tools FILE] [--mcp FILE] [--jobs N]`. Ends when standard input does and everything is answered. */
export async function servCommand(args: readonly string[], console: Console): Promise<number> {
  const spelled = args.map(arg => (arg === '-m' ? '--mcp' : arg));
  const parsed = parseSimple(spelled, [], ['--jobs']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice ?? USAGE);
  const { operands, values, options } = parsed.ok;
  if (operands.length > 0) return refuse(console, `unexpected '${operands[0]}'`, USAGE);
  const jobs = values.get('--jobs') ?? String(Math.max(2, availableParallelism()));
  if (!/^[1-9]\d{0,2}$/.test(jobs)) return refuse(console, '--jobs needs a whole number from 1 to 999 after it', USAGE);
  const read = readToolFiles(options);
  if ('diagnostic' in read) return refuseWith([read.diagnostic], options, console);
  const { endpoints, entries, servers } = read.ok;
  const hub = await McpHub.open(servers, [...endpoints.keys()], packageVersion());
  if (hub.problems.length > 0) {
    await hub.close();
    return refuseWith(serverProblems(hub.problems), options, console);
  }
  const configured = options.tools !== undefined || options.mcp !== undefined;
  const tools = { endpoints: configured ? endpoints : undefined, entries: [...entries, ...hub.entries] };
  const threads = startThreads(process.argv[1]!, Number(jobs), tools, servers.length > 0 ? hub : undefined);
  const server = new Server(threads, console);
  server.say('{"ready":true}');
  for await (const line of linesOf(process.stdin, LONGEST_LINE)) await server.take(line);
  await server.finished();
  threads.end();
  await hub.close();
  console.out.flush();
  return EXIT.ok;
}

class Server {
  private readonly threads: Threads;
  private readonly console: Console;
  private readonly running = new Set<Promise<void>>();
  /** Answers without an id wait for those before them. */
  private last: Promise<void> = Promise.resolve();

  constructor(threads: Threads, console: Console) {
    this.threads = threads;
    this.console = console;
  }

  say(line: string): void {
    this.console.out.write(`${line}\n`);
    this.console.out.flush();
  }

  /** Begins to work on a line; waits while there is too much to do already. */
  async take(line: Line): Promise<void> {
    if (line === TOO_LONG)
      return this.answer(undefined, Promise.resolve(requestError(`a request may have ${LONGEST_LINE} bytes`)));
    if (line.trim() === '') return;
    const request = readRequest(line);
    const work = 'problem' in request ? Promise.resolve(requestError(request.problem)) : this.threads.run(request);
    this.answer(request.id, work);
    while (this.threads.waiting() >= MOST_WAITING) await Promise.race(this.running);
  }

  async finished(): Promise<void> {
    await Promise.all(this.running);
  }

  private answer(id: string | number | undefined, work: Promise<ServAnswer>): void {
    const before = id === undefined ? this.last : Promise.resolve();
    const done = (async () => {
      const answer = await work;
      await before;
      this.say(answerLine(id, answer));
    })();
    if (id === undefined) this.last = done;
    this.running.add(done);
    void done.finally(() => this.running.delete(done));
  }
}
