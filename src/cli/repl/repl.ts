// `ilo repl`: an interactive session. On a terminal with history, completion and continuation lines; from a pipe, and with -j, line by line
// for programs.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { diagnose } from '../../diag/diagnostic.ts';
import { onlySource, SourceText } from '../../diag/source.ts';
import { BUILTINS } from '../../lang/ilo/builtins/table.ts';
import { linesOf, TOO_LONG } from '../../runtime/host/lines.ts';
import { OptionReader } from '../arguments.ts';
import { openHost } from '../call.ts';
import { type Console, EXIT, refuse, report } from '../console.ts';
import { dumpText } from '../dump.ts';
import { type OpenTools, withTools } from '../tools/open.ts';
import { goesOn, type Reply, Session } from './session.ts';

const PROMPT = 'ilo> ';
const MORE = '.. ';
const HELP = [
  ':defs            what is defined',
  ':t EXPRESSION    the type of what it gives',
  ':dump [STAGE]    the definitions at a stage of compilation: ast, core, ir, ir:opt, bc, js',
  ':w FILE          save the definitions',
  ':wq FILE         save them and leave',
  ':clear           forget them',
  ':help            this',
  ':q               leave; so do :q!, :x, exit and the end of the input',
].join('\n');
const HISTORY = join(homedir(), '.ilo_history');
const LONGEST_HISTORY = 1000;
const LEAVE: readonly string[] = [':q', ':q!', ':x', ':quit', ':exit', 'exit', 'quit'];

/** The longest line from a pipe, in bytes. */
const LONGEST_LINE = 16 * 1024 * 1024;
const USAGE = 'ilo repl [-j] [--engine NAME] [--tools FILE] [--mcp FILE]';

/** `ilo repl [-j] [--engine NAME] [--tools FILE] [--mcp FILE]`. */
export async function replCommand(args: readonly string[], console: Console): Promise<number> {
  const reader = new OptionReader();
  const spelled = args.map(arg => (arg === '-m' ? '--mcp' : arg));
  for (let at = 0; at < args.length; ) {
    const next = reader.read(spelled, at);
    if (reader.problem !== undefined) return refuse(console, reader.problem);
    if (next === at) return refuse(console, `unexpected '${args[at]}'`, USAGE);
    at = next;
  }
  const options = reader.options();
  if (options.tools === undefined && options.mcp === undefined) return converse(options, undefined, console);
  return withTools(options, console, tools => converse(options, tools, console));
}

async function converse(options: Options, tools: OpenTools | undefined, console: Console): Promise<number> {
  const { engine, limits, maxDepth } = options;
  const host = openHost(console, tools?.call);
  const run = { host, engine, limits, ...(maxDepth === undefined ? {} : { maxDepth }) };
  const session = new Session(run, tools?.declared);
  const onTerminal = isatty(0) && !options.json;
  const history = onTerminal ? readHistory() : [];
  const terminal = onTerminal
    ? createInterface({
        input: process.stdin,
        output: process.stdout,
        prompt: PROMPT,
        history: [...history].reverse(),
        historySize: LONGEST_HISTORY,
        terminal: true,
        completer: (line: string) => complete(line, session),
      })
    : undefined;
  if (onTerminal)
    console.out.write('ilo: definitions stay, everything else is evaluated. :help says more, :q leaves.\n');
  const prompt = (text: string): void => {
    console.out.flush();
    terminal?.setPrompt(text);
    terminal?.prompt();
  };
  let input = '';
  prompt(PROMPT);
  // Ctrl-C forgets what was typed; with nothing typed it leaves.
  terminal?.on('SIGINT', () => {
    if (input === '' && terminal.line === '') return terminal.close();
    input = '';
    terminal.write(null, { ctrl: true, name: 'e' });
    terminal.write(null, { ctrl: true, name: 'u' });
    console.out.write('\n');
    prompt(PROMPT);
  });
  for await (const line of terminal ?? linesOf(process.stdin, LONGEST_LINE)) {
    if (line === TOO_LONG) {
      input = '';
      await answer(tooLong(), options, console);
      continue;
    }
    const blank = line.trim() === '';
    if (input === '' && blank) {
      prompt(PROMPT);
      continue;
    }
    input = input === '' ? line : `${input}\n${line}`;
    if (!blank && !input.startsWith(':') && goesOn(input)) {
      prompt(MORE);
      continue;
    }
    const whole = input.trim();
    input = '';
    if (onTerminal) remember(whole);
    if (LEAVE.includes(whole)) break;
    const leave = await interruptibly(terminal !== undefined, () =>
      whole.startsWith(':') ? command(whole, session, options, console) : answer(session.take(whole), options, console),
    );
    if (leave) break;
    prompt(PROMPT);
  }
  // What was typed when the input ended is still meant.
  if (input.trim() !== '') await answer(session.take(input.trim()), options, console);
  terminal?.close();
  console.out.flush();
  return EXIT.ok;
}

/** While an input runs, Ctrl-C ends the process, as it does elsewhere: on a terminal that is read key by key it would be an ordinary key. */
async function interruptibly<T>(onTerminal: boolean, body: () => Promise<T>): Promise<T> {
  if (!onTerminal) return body();
  process.stdin.setRawMode(false);
  try {
    return await body();
  } finally {
    process.stdin.setRawMode(true);
  }
}

function tooLong(): Reply {
  const diagnostics = [diagnose('ILO-C001', 'codeSize', { limit: LONGEST_LINE })];
  return { kind: 'problems', diagnostics, source: new SourceText('') };
}

type Options = ReturnType<OptionReader['options']>;

/** Prints a reply. Gives whether to leave: never. */
async function answer(reply: Reply, options: Options, console: Console): Promise<false> {
  switch (reply.kind) {
    case 'defined':
      if (options.json)
        for (const name of reply.names) console.out.write(`${JSON.stringify({ ok: `defined ${name}` })}\n`);
      else console.out.write(`${reply.lines.join('\n')}\n`);
      break;
    case 'value':
      console.out.write(options.json ? `{"ok":${reply.json}}\n` : `${reply.text}\n`);
      break;
    case 'failed':
      console.out.write(options.json ? `{"error":${reply.json}}\n` : `${reply.text}\n`);
      break;
    case 'type':
      console.out.write(options.json ? `${JSON.stringify({ type: reply.text })}\n` : `${reply.text}\n`);
      break;
    case 'problems': {
      console.out.flush();
      if (options.json) {
        const { renderJson } = await import('../../diag/json.ts');
        for (const diagnostic of reply.diagnostics.slice(0, 1)) {
          console.out.write(`${renderJson(diagnostic, onlySource(reply.source))}\n`);
        }
      } else await report(reply.diagnostics, onlySource(reply.source), options, console);
    }
  }
  console.out.flush();
  return false;
}

/** A line that begins with a colon. Gives whether to leave. */
async function command(line: string, session: Session, options: Options, console: Console): Promise<boolean> {
  const [name, ...words] = line.split(/\s+/);
  const rest = line.slice(name!.length).trim();
  const say = (text: string): false => {
    console.out.write(options.json ? `${JSON.stringify({ ok: text })}\n` : `${text}\n`);
    return false;
  };
  switch (name) {
    case ':help':
      return say(HELP);
    case ':defs': {
      const texts = session.texts();
      return say(texts.length === 0 ? '(no definitions)' : texts.map(text => `  ${text}`).join('\n'));
    }
    case ':clear':
      session.clear();
      return say('cleared all definitions');
    case ':t':
      return answer(session.typeOf(rest), options, console);
    case ':dump':
      await dumpText(session.texts().join('\n'), undefined, [words[0] ?? 'core'], options, console);
      return false;
    case ':w':
    case ':wq': {
      const texts = session.texts();
      if (rest === '') return say(`usage: ${name} FILE`);
      if (texts.length === 0) return say('no definitions to save');
      try {
        writeFileSync(rest, `${texts.join('\n')}\n`);
      } catch (error) {
        return say(`error: ${rest}: ${(error as Error).message}`);
      }
      say(`saved ${texts.length} definition(s) to ${rest}`);
      return name === ':wq';
    }
    default:
      return say(`unknown command: ${name}  (type :help)`);
  }
}

function complete(line: string, session: Session): [string[], string] {
  const word = /[a-z][a-z0-9-]*$/.exec(line)?.[0] ?? '';
  const names = [...new Set([...session.names(), ...BUILTINS.names()])].filter(name => name.startsWith(word)).sort();
  return [word === '' ? [] : names, word];
}

function readHistory(): string[] {
  try {
    return readFileSync(HISTORY, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .slice(-LONGEST_HISTORY);
  } catch {
    return [];
  }
}

/** Inputs of several lines are kept as one. */
function remember(input: string): void {
  try {
    appendFileSync(HISTORY, `${input.replaceAll('\n', ' ')}\n`, { mode: 0o600 });
  } catch {
    // A session without a home still works.
  }
}
