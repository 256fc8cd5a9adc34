// Regular expressions: Rust's syntax and meaning, in time linear in the text. See regex/ for how.
import { builtinFault } from '../../../core/fault.ts';
import { checkListSize, checkTextSize } from '../../../core/limits.ts';
import { List } from '../../../core/value/list.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, LIST_BYTES, sizeOf, textArgument } from './arguments.ts';
import { compileRegex, type Match, type Regex } from './regex/regex.ts';
import { parseReplacement } from './regex/replacement.ts';
import { PatternProblem } from './regex/syntax.ts';
import type { Watch } from './regex/watched-text.ts';
import type { BuiltinContext, BuiltinRow, Cost } from './row.ts';

/** Pieces of a result are joined this many at a time. */
const PIECES = 4096;
/** Bytes of one match in a result: the text object and its place. */
const MATCH_BYTES = 48;
/** What a character that is looked at costs: the simplest patterns are cheaper than one operation. */
const INSTRUCTIONS_PER_FUEL = 16;
/** Reads are charged in portions of no more than this, and of no more fuel: a millisecond or so. */
const PORTION = 4096;

function cost(args: readonly Value[]): Cost {
  return { fuel: 10 + sizeOf(args[0]) + sizeOf(args.at(-1)), bytes: LIST_BYTES };
}

/** A pattern, and what is charged while it reads a text. */
interface Prepared {
  readonly regex: Regex;
  readonly watch: Watch;
}

function prepare(builtin: string, source: string, text: string, context: BuiltinContext): Prepared {
  let regex: Regex;
  try {
    regex = compileRegex(source);
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    const place = error.position === undefined ? '' : ` at character ${error.position}`;
    throw builtinFault(builtin, `invalid regex pattern: ${error.problem}${place}`);
  }
  const perRead = regex.size / INSTRUCTIONS_PER_FUEL;
  const reads = Math.max(1, Math.min(PORTION, Math.floor(PORTION / perRead)));
  // The first portion, of which most texts are no more than a part, is charged beforehand.
  context.charge(Math.ceil(regex.size) + Math.min(text.length, reads) * Math.floor(perRead), 0);
  const fuel = Math.ceil(reads * perRead);
  return { regex, watch: { reads, spend: () => context.charge(fuel, 0) } };
}

/** The text of a group, or undefined when it took no part in the match. */
function groupText(text: string, match: Match, group: number): string | undefined {
  const start = match[2 * group] ?? -1;
  return start < 0 ? undefined : text.slice(start, match[2 * group + 1]);
}

/** The texts of the groups that took part. */
function groupTexts(text: string, match: Match, groupCount: number): string[] {
  const texts: string[] = [];
  for (let group = 1; group <= groupCount; group++) {
    const part = groupText(text, match, group);
    if (part !== undefined) texts.push(part);
  }
  return texts;
}

/** What `pick` makes of every match, leaving out undefined. */
function collect(
  { regex, watch }: Prepared,
  text: string,
  context: BuiltinContext,
  pick: (match: Match) => Value | undefined,
): List {
  const items: Value[] = [];
  regex.forEachMatch(text, watch, match => {
    const item = pick(match);
    if (item !== undefined) {
      checkListSize(items.length + 1);
      context.charge(1, MATCH_BYTES);
      items.push(item);
    }
    return true;
  });
  return new List(items);
}

function findFirstOrAll(prepared: Prepared, text: string, context: BuiltinContext): List {
  const { regex, watch } = prepared;
  if (regex.groupCount === 0) return collect(prepared, text, context, match => groupText(text, match, 0));
  const match = regex.searcher(text, watch)(0);
  return new List(match === undefined ? [] : groupTexts(text, match, regex.groupCount));
}

function findAll(prepared: Prepared, text: string, context: BuiltinContext): List {
  const { regex } = prepared;
  return collect(prepared, text, context, match => {
    if (regex.groupCount === 0) return new List([groupText(text, match, 0)!]);
    context.charge(regex.groupCount, regex.groupCount * MATCH_BYTES);
    return new List(groupTexts(text, match, regex.groupCount));
  });
}

function findAllFlat(prepared: Prepared, text: string, context: BuiltinContext): List {
  const { regex } = prepared;
  if (regex.groupCount > 1) {
    throw builtinFault(
      'rgxall1',
      `pattern has ${regex.groupCount} capture groups; rgxall1 only supports 0 or 1, rgxall gives them all`,
    );
  }
  return collect(prepared, text, context, match => groupText(text, match, regex.groupCount));
}

function substitute({ regex, watch }: Prepared, replacement: string, text: string, context: BuiltinContext): string {
  const parts = parseReplacement(replacement, regex.groupNames);
  let done = '';
  let out: string[] = [];
  let units = 0;
  let copied = 0;
  const put = (piece: string) => {
    units += piece.length;
    checkTextSize(units);
    out.push(piece);
    // Joined now and then: the many small pieces of a long text would take far more room than the text.
    if (out.length < PIECES) return;
    done += out.join('');
    out = [];
  };
  regex.forEachMatch(text, watch, match => {
    const before = units;
    put(text.slice(copied, match[0]));
    for (const part of parts) put(typeof part === 'string' ? part : (groupText(text, match, part) ?? ''));
    copied = match[1]!;
    context.charge(1, 2 * (units - before));
    return true;
  });
  if (units === 0 && copied === 0) return text;
  put(text.slice(copied));
  return done + out.join('');
}

/** A builtin from a pattern and a text to a list. */
function finder(
  signature: string,
  find: (prepared: Prepared, text: string, context: BuiltinContext) => List,
  doc: string,
  example: readonly [code: string, out: string],
  aliases?: readonly string[],
): BuiltinRow {
  const name = signature.slice(0, signature.indexOf(' '));
  return {
    name,
    ...(aliases && { aliases }),
    topic: 'regular expressions',
    signatures: [signature],
    effect: 'pure',
    cost,
    doc,
    example: { code: example[0], out: example[1] },
    run: (args, context) => {
      const pattern = textArgument(name, 'first arg (the string pattern)', argument(args, 0));
      const text = textArgument(name, 'second arg', argument(args, 1));
      return find(prepare(name, pattern, text, context), text, context);
    },
  };
}

export const REGEX_BUILTINS: readonly BuiltinRow[] = [
  finder(
    'rgx pattern:t text:t > L t',
    findFirstOrAll,
    'All matches of a pattern without groups; with groups, the groups of the first match.',
    ['f>L t;rgx "(\\\\w+)@(\\\\w+)" "to ann@home, bo@work"', '[ann, home]'],
    ['regex'],
  ),
  finder(
    'rgxall pattern:t text:t > L (L t)',
    findAll,
    'Every match, as a list of its groups, or of the whole match when the pattern has none.',
    ['f>L (L t);rgxall "(\\\\w)=(\\\\d+)" "a=1 b=22"', '[[a, 1], [b, 22]]'],
    ['regex_all'],
  ),
  finder(
    'rgxall1 pattern:t text:t > L t',
    findAllFlat,
    'Every match of a pattern without groups, or what its only group matched each time.',
    ['f>L t;rgxall1 "<b>(.*?)</b>" "<b>x</b> <b>y</b>"', '[x, y]'],
  ),
  {
    name: 'rgxsub',
    aliases: ['regex_sub'],
    topic: 'regular expressions',
    signatures: ['rgxsub pattern:t replacement:t text:t > t'],
    effect: 'pure',
    cost,
    doc: 'The text with every match replaced; `$1` and `$name` stand for groups, `$$` for a dollar.',
    example: { code: 'f>t;rgxsub "(\\\\w+) (\\\\w+)" "$2 $1" "hello world"', out: 'world hello' },
    run: (args, context) => {
      const pattern = textArgument('rgxsub', 'first arg (the string pattern)', argument(args, 0));
      const replacement = textArgument('rgxsub', 'second arg (the replacement)', argument(args, 1));
      const text = textArgument('rgxsub', 'third arg', argument(args, 2));
      return substitute(prepare('rgxsub', pattern, text, context), replacement, text, context);
    },
  },
];
