// The second pair of eyes on generated source: before any of it reaches `new Function`, all of it is cut into tokens by this file's own
// scanner, and every token must be on a list. It knows nothing of how the source was made. Whatever a hole in the
// emitter let through from a program would be a string, or it would be refused here: no name of a global, no property but a
// few, no template, no regular expression, no comment.
//
// A string may be a value and nothing else. Brackets behind a value hold numbers and variables alone, and stand only behind variables that the emitter
// keeps arrays in: a string in the source never names a property. Only functions that the source declares, or is handed, are called or made
// objects with, and nothing sets their names: whatever a value of the program is, it is not called.
import { InternalError } from '../../base/assert.ts';
import { HELPER_NAMES } from './helpers.ts';

const KEYWORDS: ReadonlySet<string> = new Set(
  'break catch const continue else false for function if instanceof new null return throw true try typeof undefined var'.split(
    ' ',
  ),
);

/** Single names with one meaning each: see emit.ts. */
const FIXED: ReadonlySet<string> = new Set([
  'X',
  'C',
  'S',
  'T',
  'M',
  'c',
  'u',
  'd',
  'p',
  'e',
  'arguments',
  'slow',
  'complete',
]);

const GENERATED = /^[vwfghbskLFti](0|[1-9][0-9]*)$/;
const FUNCTION = /^[fghb][0-9]+$/;
const TEMPORARY = /^i[0-9]+$/;
/** What may be set more than once. */
const VARIABLE = /^([vwti][0-9]+|[cpu])$/;

/** Properties of X. */
const GIVEN: ReadonlySet<string> = new Set([
  ...HELPER_NAMES,
  'builtin',
  'complete',
  'meter',
  'site',
  'slow',
  'state',
  'table',
]);

/** Properties of anything else. */
const PROPERTIES: ReadonlySet<string> = new Set([
  'allocLimit',
  'bytes',
  'changes',
  'depth',
  'at',
  'entries',
  'first',
  'get',
  'index',
  'items',
  'left',
  'length',
  'push',
  'read',
  'second',
  'shape',
]);

/** Properties that may be called. */
const METHODS: ReadonlySet<string> = new Set(['at', 'builtin', 'get', 'push', 'read', 'site']);

/** Names that are called in prepared calls (entry.ts). */
const CALLED: ReadonlySet<string> = new Set(['C', 'complete', 'slow']);

const HELPERS: ReadonlySet<string> = new Set(HELPER_NAMES);

/** Helpers that may stand behind `new`. */
const CLASSES: ReadonlySet<string> = new Set(['Array', 'Err', 'FunctionValue', 'List', 'Ok', 'RecordValue']);

// Sticky, behind blanks: a name, a number, a string, punctuation, or the end. A `/` is a division and nothing else: comments cannot be
// scanned, because `//` and `/*` are refused below.
const TOKEN =
  /[ \n]*(?:([A-Za-z_$][A-Za-z0-9_$]*)|([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|"(?:[ !#-[\]-~]|\\["\\bfnrt]|\\u[0-9a-f]{4})*")|(===|!==|\.\.\.|<=|>=|&&|\|\||[-+*/%=<>!?:;,.(){}[\]])|$)/y;

/** What stands between brackets behind a value: a number, a variable, or the difference of two of these. */
const OPERAND =
  '(?:[vwi][0-9]+|[0-9.]+(?:e[+-]?[0-9]+)?|\\(-?[0-9.]+(?:e[+-]?[0-9]+)?(?: / 0)?\\)|true|false|null|undefined)';
const INDEX = new RegExp(`\\[(?:([0-9]+)|${OPERAND}(?: - ${OPERAND})?)\\]`, 'y');

/** What begins with `function` or `catch`: only variables are named there. */
const HEAD = /function(?: [fgh][0-9]+)? ?\((?:d|v[0-9]+)?(?:, v[0-9]+)*\)|catch \(e\)/y;

// Brackets with an index are one token, and so are heads.
const ITEM = '[]';
const ITEM_OF_TABLE = 'T[]';
const HEADED = 'head';

/** What a value may end with besides names, numbers and strings. */
const ENDINGS: ReadonlySet<string> = new Set([
  ')',
  ']',
  '}',
  ITEM,
  ITEM_OF_TABLE,
  'true',
  'false',
  'null',
  'undefined',
]);

/** Throws an InternalError when the source contains anything that the emitter has no business to write. */
export function checkGenerated(source: string): void {
  /** The two tokens before. */
  let before = '';
  let previous = '';
  let end = 0;
  while (end < source.length) {
    const match = matchAt(TOKEN, source, end);
    if (match === null) throw refused(source, end);
    const [, name, literal, punctuation] = match;
    let text = name ?? literal ?? punctuation ?? '';
    end = TOKEN.lastIndex;
    const start = end - text.length;
    if (name !== undefined) {
      if ((name === 'function' || name === 'catch') && previous !== '.') {
        if (matchAt(HEAD, source, start) === null) throw refused(source, start);
        end = HEAD.lastIndex;
        text = HEADED;
      } else if (!isAllowedName(name, previous, before)) {
        throw refused(source, start);
      }
    } else if (punctuation === '[' && isValue(previous)) {
      const index = matchAt(INDEX, source, start);
      if (index === null || !hasItems(previous, before, index[1] !== undefined)) throw refused(source, start);
      end = INDEX.lastIndex;
      text = previous === 'T' ? ITEM_OF_TABLE : ITEM;
    } else if (punctuation !== undefined && !isAllowedPunctuation(punctuation, previous, before, source[end])) {
      throw refused(source, start);
    }
    before = previous;
    previous = text;
  }
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function isAllowedPunctuation(text: string, previous: string, before: string, next: string | undefined): boolean {
  switch (text) {
    case '/':
      return next !== '/' && next !== '*';
    case '(':
      // Behind a block a statement begins.
      return !isValue(previous) || previous === '}' || mayBeCalled(previous, before);
    case '=':
      return maySet(previous, before);
    default:
      return true;
  }
}

function isAllowedName(name: string, previous: string, before: string): boolean {
  if (previous === '.') return before === 'X' ? GIVEN.has(name) : PROPERTIES.has(name);
  if (previous === 'new') return CLASSES.has(name);
  return KEYWORDS.has(name) || FIXED.has(name) || GENERATED.test(name) || HELPERS.has(name);
}

/** Whether a value may end with a token, so that what stands behind it belongs to it. */
function isValue(token: string): boolean {
  return ENDINGS.has(token) || (/[A-Za-z0-9"]/.test(token) && token !== HEADED && !KEYWORDS.has(token));
}

/** Whether what ends with these tokens is a function of the source, or of those who run it. */
function mayBeCalled(token: string, before: string): boolean {
  if (before === '.') return METHODS.has(token);
  return token === ITEM_OF_TABLE || FUNCTION.test(token) || HELPERS.has(token) || CALLED.has(token);
}

/** Whether what ends with these tokens may be set. */
function maySet(token: string, before: string): boolean {
  return token === ITEM || before === '.' || before === 'const' || VARIABLE.test(token);
}

/** Whether what ends with these tokens has items; `isPlain`: the index is a whole number. */
function hasItems(token: string, before: string, isPlain: boolean): boolean {
  if (before === '.') return token === 'first';
  return token === 'T' || token === 'C' ? isPlain : TEMPORARY.test(token);
}

function refused(source: string, at: number): InternalError {
  return new InternalError(`generated source is refused at ${at}: ${JSON.stringify(source.slice(at, at + 40))}`);
}
