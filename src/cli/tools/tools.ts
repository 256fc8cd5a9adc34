// `ilo tools`: what a configuration of tools offers to programs, under the names and with the signatures that they have there.
import { showType, type Type } from '../../core/type.ts';
import { plainText } from '../../runtime/tools/channel.ts';
import { declarationOf, signatureOf, type ToolEntry } from '../../runtime/tools/declare.ts';
import { parseSimple } from '../arguments.ts';
import { type Console, EXIT, refuse } from '../console.ts';
import { withTools } from './open.ts';

const USAGE = 'ilo tools [--mcp FILE] [--tools FILE] [--human|--ilo|--json] [--full] [--graph]';
/** In front of a tool whose signature only the programs that declare it know. */
const UNTYPED = '(over HTTP, no signature)';

/** `ilo tools --mcp FILE --tools FILE`. */
export async function toolsCommand(args: readonly string[], console: Console): Promise<number> {
  const spelled = args.map(arg => (arg === '-m' ? '--mcp' : arg));
  const parsed = parseSimple(spelled, ['--human', '--ilo', '--full', '-f', '--graph', '-g']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice ?? USAGE);
  const { operands, flags, options } = parsed.ok;
  if (operands.length > 0) return refuse(console, `unexpected '${operands[0]}'`, USAGE);
  if (options.tools === undefined && options.mcp === undefined)
    return refuse(console, 'ilo tools needs a configuration: --mcp FILE, --tools FILE or both', USAGE);
  if ([options.json, flags.has('--ilo'), flags.has('--human')].filter(Boolean).length > 1)
    return refuse(console, '--human, --ilo and --json are mutually exclusive', USAGE);
  return withTools(options, console, async ({ entries }) => {
    const full = flags.has('--full') || flags.has('-f');
    if (flags.has('--graph') || flags.has('-g')) console.out.write(graphOf(entries));
    else if (options.json) console.out.write(`${JSON.stringify(entries.map(asJson), undefined, 2)}\n`);
    else if (flags.has('--ilo')) console.out.write(declarations(entries));
    else console.out.write(table(entries, full));
    return EXIT.ok;
  });
}

function asJson(entry: ToolEntry): unknown {
  const { name, source, server, original, description, params, result } = entry;
  return {
    name,
    source,
    ...(server === undefined ? {} : { server, tool: original }),
    description: description === '' ? null : description,
    params: params.map(param => ({ name: param.name, type: showType(param.type) })),
    return: result === undefined ? null : showType(result),
    declaration: declarationOf(entry) ?? null,
  };
}

/** Source text that declares all tools; those without a signature take nothing and give what they please. */
function declarations(entries: readonly ToolEntry[]): string {
  return entries.map(entry => `${declarationOf(entry) ?? `tool ${entry.name}"">R t t`}\n`).join('');
}

function table(entries: readonly ToolEntry[], full: boolean): string {
  const rows = entries.map(entry => [
    entry.name,
    signatureOf(entry).trim() || UNTYPED,
    entry.server === undefined ? 'http' : plainText(`${entry.server}: ${entry.original}`),
    full ? entry.description.replace(/\s+/g, ' ') : firstSentence(entry.description),
  ]);
  const widths = [0, 1, 2].map(column => Math.min(48, Math.max(0, ...rows.map(row => row[column]!.length))));
  return rows
    .map(
      row =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const end = line.search(/[.!?] /);
  const first = end < 0 ? line : line.slice(0, end + 1);
  return first.length <= 72 ? first : `${first.slice(0, 71)}…`;
}

/** For each tool, those that take what it gives. */
function graphOf(entries: readonly ToolEntry[]): string {
  const typed = entries.filter(({ result }) => result !== undefined);
  if (typed.length === 0) return 'no tool has a signature\n';
  const width = Math.max(...typed.map(({ name }) => name.length));
  return typed
    .map(entry => {
      const given = entry.result!.kind === 'result' ? entry.result!.ok : entry.result!;
      const takers = typed
        .filter(other => other !== entry && other.params.some(({ type }) => takes(type, given)))
        .map(({ name }) => name);
      return `${entry.name.padEnd(width)}  ${takers.length === 0 ? '-' : `-> ${takers.join(', ')}`}\n`;
    })
    .join('');
}

function takes(param: Type, given: Type): boolean {
  const type = param.kind === 'optional' ? param.of : param;
  if (type.kind === 'any' || given.kind === 'any') return true;
  return showType(type) === showType(given);
}
