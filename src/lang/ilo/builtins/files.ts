// Reading and writing files, and parsing what was read elsewhere. A file that cannot be read or written is an `^reason` for the program;
// only `rdjl`, whose result has no room for one, faults. The formats are csv, tsv and json; every other name means the text itself.
import { builtinFault, builtinSentence } from '../../../core/fault.ts';
import type { Outcome } from '../../../core/host.ts';
import { MAX_TEXT_UNITS } from '../../../core/limits.ts';
import { writeJson } from '../../../core/value/json.ts';
import { parseJson } from '../../../core/value/json-parse.ts';
import { List } from '../../../core/value/list.ts';
import { Err, Ok } from '../../../core/value/result.ts';
import { describe } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, listArgument, sizeOf, textArgument } from './arguments.ts';
import { formatRows, linesOf, parseRows } from './csv.ts';
import type { BuiltinContext, BuiltinRow, Cost } from './row.ts';

/** Opening a file takes about as long as this many simple operations. */
const FILE_FUEL = 1000;
/** Fuel for this many units of text that pass in or out. */
const UNITS_PER_FUEL = 16;

const opening = (): Cost => ({ fuel: FILE_FUEL, bytes: 0 });

function writingCost(args: readonly Value[]): Cost {
  const units = sizeOf(args[1]);
  return { fuel: FILE_FUEL + Math.ceil(units / UNITS_PER_FUEL), bytes: 0 };
}

/** Values made from CSV or JSON take up to some sixteen bytes for a unit of text. */
function parsingCost(args: readonly Value[]): Cost {
  const units = sizeOf(args[0]);
  return { fuel: 1 + units, bytes: 16 * units };
}

/** The text of a file, paid for. */
function readText(path: string, context: BuiltinContext): Outcome<string> {
  const file = context.host.readFile(path);
  if ('ok' in file) context.charge(Math.ceil(file.ok.length / UNITS_PER_FUEL), 2 * file.ok.length);
  return file;
}

function toResult(outcome: Outcome<Value>): Value {
  return 'ok' in outcome ? new Ok(outcome.ok) : new Err(outcome.err);
}

/** The part of a path's last name after its last dot, in lower case; undefined for `notes`, `.profile` and `..`. */
export function extensionOf(path: string): string | undefined {
  const name = path
    .replace(/(?:\/\.?)+$/, '')
    .split('/')
    .at(-1)!;
  const dot = name.lastIndexOf('.');
  return dot <= 0 || name === '..' ? undefined : name.slice(dot + 1).toLowerCase();
}

function parseAs(format: string | undefined, text: string): Outcome<Value> {
  switch (format) {
    case 'csv':
      return { ok: parseRows(text, ',') };
    case 'tsv':
      return { ok: parseRows(text, '\t') };
    case 'json':
      return parseJson(text);
    default:
      return { ok: text };
  }
}

function read(args: readonly Value[], context: BuiltinContext): Value {
  const path = textArgument('rd', 'requires text path', argument(args, 0));
  const format = args.length > 1 ? textArgument('rd', 'format', argument(args, 1)) : extensionOf(path);
  const file = readText(path, context);
  if ('err' in file) return new Err(file.err);
  if (format === 'csv' || format === 'tsv' || format === 'json') {
    context.charge(file.ok.length, 16 * file.ok.length);
  }
  return toResult(parseAs(format, file.ok));
}

function readLines(args: readonly Value[], context: BuiltinContext): Value {
  const file = readText(textArgument('rdl', 'requires text path', argument(args, 0)), context);
  if ('err' in file) return new Err(file.err);
  context.charge(file.ok.length, 16 * file.ok.length);
  return new Ok(new List(linesOf(file.ok)));
}

/** One result for each line that is not empty. */
function readJsonLines(args: readonly Value[], context: BuiltinContext): Value {
  const path = textArgument('rdjl', 'requires text path', argument(args, 0));
  const file = readText(path, context);
  if ('err' in file) throw builtinSentence('rdjl', `failed to read '${path}': ${file.err}`);
  context.charge(file.ok.length, 16 * file.ok.length);
  const lines = file.ok.split('\n').filter(line => line !== '');
  return new List(lines.map(line => toResult(parseJson(line))));
}

function write(args: readonly Value[], context: BuiltinContext): Value {
  const path = textArgument('wr', 'first arg (the path)', argument(args, 0));
  const data = argument(args, 1);
  if (args.length < 3) return writeText(path, textArgument('wr', 'second arg (the content)', data), context);
  const text = formatAs(textArgument('wr', 'format arg', argument(args, 2)), data);
  context.charge(text.length, 2 * text.length);
  return writeText(path, text, context);
}

function formatAs(format: string, data: Value): string {
  switch (format) {
    case 'csv':
    case 'tsv':
      if (data instanceof List) return formatRows(data, format === 'csv' ? ',' : '\t');
      throw builtinFault('wr', `data for ${format} must be a list of rows, got ${describe(data)}`);
    case 'json':
      return writeJson(data, { pretty: true, results: 'unwrap' });
    default:
      throw builtinFault('wr', `unknown format '${format}', expected csv, tsv, or json`);
  }
}

function writeLines(args: readonly Value[], context: BuiltinContext): Value {
  const path = textArgument('wrl', 'requires text path and list of text', argument(args, 0));
  const lines = listArgument('wrl', 'requires text path and list of text', argument(args, 1)).view();
  let units = lines.length;
  for (const line of lines) {
    units += textArgument('wrl', 'every line', line).length;
    if (units > MAX_TEXT_UNITS) {
      throw builtinFault('wrl', `the result would be longer than ${MAX_TEXT_UNITS} characters`);
    }
  }
  context.charge(Math.ceil(units / UNITS_PER_FUEL), 2 * units);
  return writeText(path, lines.length === 0 ? '' : `${lines.join('\n')}\n`, context);
}

/** The result of a write is the path, so that it can be passed on. */
function writeText(path: string, text: string, context: BuiltinContext): Value {
  const written = context.host.writeFile(path, text);
  return 'ok' in written ? new Ok(path) : new Err(written.err);
}

export const FILE_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'rd',
    aliases: ['read'],
    topic: 'files',
    signatures: ['rd path:t > R _ t', 'rd path:t format:t > R _ t'],
    effect: 'read',
    cost: opening,
    doc: 'Reads a file: `csv` and `tsv` as rows of texts, `json` parsed, anything else as text; by extension or by the given format.',
    example: { code: 'f>R _ t;wr! "/tmp/ilo-rd.csv" "a,1\\nb,2\\n";rd "/tmp/ilo-rd.csv"', out: '[[a, 1], [b, 2]]' },
    run: read,
  },
  {
    name: 'rdl',
    aliases: ['readlines'],
    topic: 'files',
    signatures: ['rdl path:t > R (L t) t'],
    effect: 'read',
    cost: opening,
    doc: 'Reads a file as a list of its lines, without line ends.',
    example: { code: 'f>R (L t) t;wr! "/tmp/ilo-rdl.txt" "one\\ntwo\\n";rdl "/tmp/ilo-rdl.txt"', out: '[one, two]' },
    run: readLines,
  },
  {
    name: 'rdb',
    aliases: ['readbuf'],
    topic: 'files',
    signatures: ['rdb s:t format:t > R _ t'],
    effect: 'pure',
    cost: parsingCost,
    doc: 'Parses a text as `rd` parses a file of that format.',
    example: { code: 'f>R _ t;rdb "a,\\"b,c\\"" "csv"', out: '[[a, b,c]]' },
    run: args => {
      const text = textArgument('rdb', 'requires text string', argument(args, 0));
      return toResult(parseAs(textArgument('rdb', 'format', argument(args, 1)), text));
    },
  },
  {
    name: 'rdjl',
    topic: 'files',
    signatures: ['rdjl path:t > L (R _ t)'],
    effect: 'read',
    cost: opening,
    doc: 'Reads a file of JSON lines: one result for each line that is not empty.',
    example: {
      code: 'f>L (R _ t);wr!! "/tmp/ilo-rdjl.jsonl" "1\\n[2]\\n";rdjl "/tmp/ilo-rdjl.jsonl"',
      out: '[~1, ~[2]]',
    },
    run: readJsonLines,
  },
  {
    name: 'wr',
    aliases: ['write'],
    topic: 'files',
    signatures: ['wr path:t text:t > R t t', 'wr path:t data:_ format:t > R t t'],
    effect: 'write',
    cost: writingCost,
    doc: 'Replaces a file by a text, or by data as `csv`, `tsv` or `json`; gives the path.',
    example: {
      code: 'f>R t t;wr! "/tmp/ilo-wr.json" [1 2] "json";rd "/tmp/ilo-wr.json" "raw"',
      out: '[\n  1,\n  2\n]',
    },
    run: write,
  },
  {
    name: 'wrl',
    aliases: ['writelines'],
    topic: 'files',
    signatures: ['wrl path:t lines:L t > R t t'],
    effect: 'write',
    cost: writingCost,
    doc: 'Replaces a file by lines, each ended by a line break; gives the path.',
    example: { code: 'f>R (L t) t;wrl! "/tmp/ilo-wrl.txt" ["a" "b"];rdl "/tmp/ilo-wrl.txt"', out: '[a, b]' },
    run: writeLines,
  },
];
