// What the outside has told a run, in order. A program computes the same from the same answers, so the log together with the source and the
// arguments *is* the state of a suspended run: whoever has the three makes the run again without asking the outside twice.
import type { Host, Outcome } from '../core/host.ts';
import type { Value } from '../core/value/value.ts';
import { type ValueJson, valueFromJson, valueToJson } from './value-json.ts';

/** One answer: what was asked for, and what came back. */
type Entry = readonly [what: string, answer: unknown];

export class HostLog {
  private readonly entries: Entry[];
  /** How many entries were handed out again. */
  private next = 0;

  constructor(entries: readonly Entry[] = []) {
    this.entries = [...entries];
  }

  /** Whether answers come from the log and not from the outside. */
  get replaying(): boolean {
    return this.next < this.entries.length;
  }

  /** The answer to a question: from the log while there is one, otherwise from `ask`, and then it is logged. */
  answer<Answer>(what: string, ask: () => Answer): Answer {
    if (!this.replaying) {
      const answer = ask();
      this.entries.push([what, answer]);
      this.next++;
      return answer;
    }
    const [asked, answer] = this.entries[this.next++]!;
    if (asked !== what) throw new TypeError(`the run asked for ${what} where it had asked for ${asked}`);
    return answer as Answer;
  }

  /** The logged answer of a tool; undefined when it has to be asked. */
  toolAnswer(tool: string): Value | undefined {
    if (!this.replaying) return undefined;
    return valueFromJson(this.answer(`tool ${tool}`, () => null));
  }

  /** Logs what a tool has answered. */
  addToolAnswer(tool: string, value: Value): void {
    this.answer<ValueJson>(`tool ${tool}`, () => valueToJson(value));
  }

  toJson(): readonly Entry[] {
    return this.entries;
  }
}

/** The host with its answers logged. What was printed before a run was saved is not printed again. */
export function loggedHost(host: Host, log: HostLog): Host {
  return {
    ...host,
    print: text => log.answer('print', () => void host.print(text)),
    printError: text => log.answer('error', () => void host.printError(text)),
    now: () => log.answer('now', host.now),
    sleep: milliseconds => log.answer('sleep', () => void host.sleep(milliseconds)),
    env: name => log.answer<string | null>('env', () => host.env(name) ?? null) ?? undefined,
    readFile: path => log.answer<Outcome<string>>('read', () => host.readFile(path)),
    writeFile: (path, text) => log.answer<Outcome<true>>('write', () => host.writeFile(path, text)),
    http: (requests, parallel) => log.answer<readonly Outcome<string>[]>('http', () => host.http(requests, parallel)),
  };
}
