// Builtins on text alone (those that take a list as well are with the lists). Case follows Unicode's full mappings without
// regard to locale; widths count code points; white space is Unicode's White_Space.
import { builtinFault, builtinSentence } from '../../../core/fault.ts';
import { checkListSize, checkTextSize, MAX_LIST_ITEMS } from '../../../core/limits.ts';
import { List } from '../../../core/value/list.ts';
import { describe, showNumber } from '../../../core/value/show.ts';
import { codePointLength } from '../../../core/value/text.ts';
import type { Value } from '../../../core/value/value.ts';
import {
  argument,
  constantCost,
  costPerItem,
  ITEM_BYTES,
  LIST_BYTES,
  listArgument,
  numberArgument,
  sizeOf,
  textArgument,
} from './arguments.ts';
import type { BuiltinContext, BuiltinRow } from './row.ts';
import { trim } from './white-space.ts';

/** A text in a list of texts: its place, and the string object. */
const PIECE_BYTES = ITEM_BYTES + 24;

/** A builtin from text to text. */
function mapping(
  name: string,
  transform: (text: string) => string,
  doc: string,
  example: readonly [code: string, out: string],
  alias?: string,
): BuiltinRow {
  return {
    name,
    ...(alias !== undefined && { aliases: [alias] }),
    topic: 'text',
    signatures: [`${name} text:t > t`],
    effect: 'pure',
    cost: costPerItem(0, 1, 2),
    doc,
    example: { code: example[0], out: example[1] },
    run: args => {
      const result = transform(textArgument(name, 'requires text', argument(args, 0)));
      checkTextSize(result.length);
      return result;
    },
  };
}

function capitalise(text: string): string {
  const first = text.codePointAt(0);
  if (first === undefined) return '';
  const head = String.fromCodePoint(first);
  return head.toUpperCase() + text.slice(head.length);
}

/** `padl` and `padr`: the text with as many pad characters before or after it as reach the width. */
function padding(name: 'padl' | 'padr', side: string, join: (text: string, pad: string) => string): BuiltinRow {
  return {
    name,
    topic: 'text',
    signatures: [`${name} text:t width:n > t`, `${name} text:t width:n pad:t > t`],
    effect: 'pure',
    cost: args => {
      const width = typeof args[1] === 'number' && args[1] > 0 ? args[1] : 0;
      const units = sizeOf(args[0]) + (Number.isFinite(width) ? width : 0);
      return { fuel: 1 + units, bytes: 2 * units };
    },
    doc: `Pads the text on the ${side} to a width in characters, with spaces or with a character given.`,
    example: name === 'padl' ? { code: 'f>t;padl "7" 3 "0"', out: '007' } : { code: 'f>t;padr "7" 3 "."', out: '7..' },
    run: args => {
      const text = textArgument(name, 'arg 1', argument(args, 0));
      const width = numberArgument(name, 'arg 2', argument(args, 1));
      if (!Number.isInteger(width) || width < 0) {
        const wanted = Number.isInteger(width) ? 'non-negative' : 'a non-negative integer';
        throw builtinSentence(name, `width must be ${wanted}, got ${showNumber(width)}`);
      }
      const pad = args.length > 2 ? padCharacter(name, argument(args, 2)) : ' ';
      const missing = width - codePointLength(text);
      if (missing <= 0) return text;
      checkTextSize(text.length + missing * pad.length);
      return join(text, pad.repeat(missing));
    },
  };
}

function padCharacter(name: string, value: Value): string {
  if (typeof value === 'string' && codePointLength(value) === 1) return value;
  throw builtinSentence(name, `pad char must be a 1-character string, got ${describe(value)}`);
}

/** The parts of a text between separators; an empty separator stands between any two characters, and at both ends. */
function split(text: string, separator: string): List {
  const most = MAX_LIST_ITEMS + 1;
  if (separator === '') {
    checkListSize(codePointLength(text) + 2);
    return new List(['', ...characters(text), '']);
  }
  const parts = text.split(separator, most);
  checkListSize(parts.length);
  return new List(parts);
}

function characters(text: string): string[] {
  checkListSize(codePointLength(text));
  return Array.from(text);
}

function characterOf(value: Value): string {
  const code = numberArgument('chr', 'requires number', value);
  if (!Number.isInteger(code) || code < 0 || code > 0xffffffff) {
    throw builtinSentence('chr', `requires a non-negative integer codepoint, got ${showNumber(code)}`);
  }
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw builtinFault('chr', `${showNumber(code)} is not a valid Unicode codepoint`);
  }
  return String.fromCodePoint(code);
}

function join(items: readonly Value[], separator: string, context: BuiltinContext): string {
  let units = 0;
  for (const item of items) {
    if (typeof item !== 'string') throw builtinFault('cat', `list items must be text, got ${describe(item)}`);
    units += item.length + separator.length;
  }
  checkTextSize(units);
  context.charge(units, 2 * units);
  return items.join(separator);
}

export const TEXT_BUILTINS: readonly BuiltinRow[] = [
  mapping('trm', trim, 'The text without white space at its ends.', ['f>t;trm "  hi there\\n"', 'hi there'], 'trim'),
  mapping('upr', text => text.toUpperCase(), 'The text in upper case.', ['f>t;upr "straße 1"', 'STRASSE 1']),
  mapping('lwr', text => text.toLowerCase(), 'The text in lower case.', ['f>t;lwr "HeLLo"', 'hello']),
  mapping('cap', capitalise, 'The text with its first character in upper case.', [
    'f>t;cap "élan Vital"',
    'Élan Vital',
  ]),
  padding('padl', 'left', (text, pad) => pad + text),
  padding('padr', 'right', (text, pad) => text + pad),
  {
    name: 'ord',
    topic: 'text',
    signatures: ['ord text:t > n'],
    effect: 'pure',
    cost: constantCost,
    doc: 'The Unicode code point of the first character.',
    example: { code: 'f>n;ord "é"', out: '233' },
    run: args => {
      const code = textArgument('ord', 'requires text', argument(args, 0)).codePointAt(0);
      if (code === undefined) throw builtinSentence('ord', 'requires a non-empty string');
      return code;
    },
  },
  {
    name: 'chr',
    topic: 'text',
    signatures: ['chr code:n > t'],
    effect: 'pure',
    cost: constantCost,
    doc: 'The character with a Unicode code point.',
    example: { code: 'f>t;chr 233', out: 'é' },
    run: args => characterOf(argument(args, 0)),
  },
  {
    name: 'chars',
    topic: 'text',
    signatures: ['chars text:t > L t'],
    effect: 'pure',
    cost: costPerItem(0, 1, PIECE_BYTES),
    doc: 'The characters of a text, one text each.',
    example: { code: 'f>L t;chars "café"', out: '[c, a, f, é]' },
    run: args => new List(characters(textArgument('chars', 'requires text', argument(args, 0)))),
  },
  {
    name: 'spl',
    aliases: ['split'],
    topic: 'text',
    signatures: ['spl text:t separator:t > L t'],
    effect: 'pure',
    cost: args => {
      // A separator of n units leaves at most one part for every n units of text.
      const parts = 2 + Math.floor(sizeOf(args[0]) / Math.max(1, sizeOf(args[1])));
      return { fuel: 1 + sizeOf(args[0]), bytes: LIST_BYTES + PIECE_BYTES * parts };
    },
    doc: 'The parts of a text between separators.',
    example: { code: 'f>L t;spl "a-b-c" "-"', out: '[a, b, c]' },
    run: args =>
      split(
        textArgument('spl', 'requires two text args', argument(args, 0)),
        textArgument('spl', 'requires two text args', argument(args, 1)),
      ),
  },
  {
    name: 'cat',
    aliases: ['concat'],
    topic: 'text',
    signatures: ['cat parts:L t separator:t > t'],
    effect: 'pure',
    // The length of the result is charged when it is known, before it is made.
    cost: costPerItem(0, 1, 0),
    doc: 'Joins a list of texts, with a separator between them.',
    example: { code: 'f>t;cat ["a" "b" "c"] "-"', out: 'a-b-c' },
    run: (args, context) =>
      join(
        listArgument('cat', 'requires a list and text separator', argument(args, 0)).view(),
        textArgument('cat', 'requires a list and text separator', argument(args, 1)),
        context,
      ),
  },
];
