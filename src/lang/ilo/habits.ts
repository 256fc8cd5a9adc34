// Words of other languages, and what ilo has in their place. They are looked up only where a name or a type is unknown, so a
// program that declares one of them may use it.
import { Kind } from './tokens.ts';

const LOOP = 'a loop over a list is `@x xs{…}`, over numbers `@i 0..n{…}`';
const CHOICE = 'a choice is `condition{a}{b}` or `?condition a b`';
const MATCH = 'a choice by value is `?x{1:"one";_:"more"}`';
const NOTHING = 'nothing is `nil`';
const FAILURE = 'a failure is `^"why"`; a function that may fail gives `R`, and its caller matches `~v` and `^e`';
const OUTPUT = '`prnt x` prints a value';
const INLINE = 'an inline function is `(x:n>n;body)`';
const APPEND = '`xs=+=xs v` appends to a list';
const IMPORT = '`use "file.ilo"` imports';

const WORDS: ReadonlyMap<string, string> = new Map([
  ['for', LOOP],
  ['foreach', LOOP],
  ['while', 'a loop with a condition is `wh condition{…}`'],
  ['loop', 'a loop with a condition is `wh condition{…}`'],
  ['else', CHOICE],
  ['elif', CHOICE],
  ['then', CHOICE],
  ['switch', MATCH],
  ['case', MATCH],
  ['match', MATCH],
  ['break', '`brk` leaves a loop'],
  ['continue', '`cnt` goes on with the next round'],
  ['null', NOTHING],
  ['none', NOTHING],
  ['undefined', NOTHING],
  ['and', 'and is `&a b`'],
  ['or', 'or is `|a b`'],
  ['not', 'not is `!x`'],
  ['throw', FAILURE],
  ['raise', FAILURE],
  ['try', FAILURE],
  ['catch', FAILURE],
  ['println', OUTPUT],
  ['printf', OUTPUT],
  ['echo', OUTPUT],
  ['puts', OUTPUT],
  ['lambda', INLINE],
  ['function', INLINE],
  ['append', APPEND],
  ['push', APPEND],
  ['import', IMPORT],
  ['require', IMPORT],
  ['include', IMPORT],
  ['size', '`len x` counts'],
  ['reduce', '`fld f xs start` folds a list'],
  ['join', '`cat texts separator` joins texts'],
  ['replace', '`rgxsub pattern replacement text` replaces'],
  ['upper', '`upr s` is the text in capitals'],
  ['lower', '`lwr s` is the text in small letters'],
  ['substr', '`slc s from to` cuts a text'],
  ['keys', '`mkeys m` lists the keys of a map'],
  ['values', '`mvals m` lists the values of a map'],
  ['int', '`num s` reads a number from a text, `flr x` rounds one down'],
  ['float', '`num s` reads a number from a text'],
]);

/** What to write instead of a word that is unknown here and usual elsewhere. */
export function wordAdvice(word: string): string | undefined {
  return WORDS.get(word);
}

/** Whether a word is followed by names that mean nothing here: `for x in xs`. */
export function beginsPhrase(word: string): boolean {
  return word === 'for' || word === 'foreach';
}

const NUMBER = 'the type of numbers is `n`';
const TEXT = 'the type of texts is `t`';
const TRUTH = 'the type of truth values is `b`';
const LIST = 'a list of numbers has the type `L n`';
const MAP = 'a map from texts to numbers has the type `M t n`';
const UNKNOWN = 'a value of any type is `_`';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['num', NUMBER],
  ['number', NUMBER],
  ['int', NUMBER],
  ['integer', NUMBER],
  ['float', NUMBER],
  ['double', NUMBER],
  ['str', TEXT],
  ['string', TEXT],
  ['text', TEXT],
  ['bool', TRUTH],
  ['boolean', TRUTH],
  ['list', LIST],
  ['array', LIST],
  ['vec', LIST],
  ['map', MAP],
  ['dict', MAP],
  ['object', MAP],
  ['any', UNKNOWN],
  ['void', UNKNOWN],
  ['nil', UNKNOWN],
  ['result', 'a result has the type `R n t`: a number, or a text that says why not'],
  ['option', 'an optional number has the type `O n`'],
  ['optional', 'an optional number has the type `O n`'],
  ['function', 'a function from a number to a text has the type `F n t`'],
]);

/** What to write instead of a type that is unknown here and usual elsewhere. */
export function typeAdvice(name: string): string | undefined {
  return TYPES.get(name);
}

/** What was probably meant where a token of the kind `wanted` belongs and one of the kind `got`, followed by `next`, stands. */
export function tokenAdvice(wanted: number, got: number, next: number): string | undefined {
  if (wanted === Kind.greater) {
    if (got === Kind.minus && next === Kind.greater) return 'the result type follows `>`, not `->`';
    if (got === Kind.openParen) return 'parameters stand without parentheses: `name a:n b:n>n;body`';
    if (got === Kind.equal) return 'values are bound inside of functions: `name>type;x=value;…`';
    return 'declare functions as `name param:type>type;body`';
  }
  if (wanted === Kind.closeParen && got === Kind.comma)
    return 'arguments stand side by side, without commas: `max a b`; a list is `[a, b]`';
  if (wanted === Kind.closeParen && got === Kind.colon)
    return 'an inline function names the type of its result: `(x:n>n;body)`';
  if (wanted === Kind.openBrace && got === Kind.semicolon)
    return 'a block has braces that open on the line of its head: `@x xs{…}`, `condition{…}`, `wh condition{…}`';
  if (wanted === Kind.semicolon) return 'arms and fields are separated by `;`';
  return undefined;
}
