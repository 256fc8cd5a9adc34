// The second pair of eyes on generated source: before any of it reaches `new Function`, all of it is cut into tokens by this file's own
// scanner, and every token must be on a list. It knows nothing of how the source was made. Whatever a hole in the
// emitter let through from a program would be a string, or it would be refused here: no name of a global, no property but a
// few, no template, no regular expression, no comment.
import { InternalError } from '../../base/assert.ts';
import { HELPER_NAMES } from './helpers.ts';

const KEYWORDS: ReadonlySet<string> = new Set(
  'break case catch const continue else false for function if instanceof new null return throw true try typeof undefined var'.split(
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

/** Properties that may stand behind a dot. */
const PROPERTIES: ReadonlySet<string> = new Set([
  'allocLimit',
  'builtin',
  'bytes',
  'changes',
  'complete',
  'depth',
  'at',
  'entries',
  'first',
  'get',
  'index',
  'items',
  'left',
  'length',
  'meter',
  'push',
  'read',
  'second',
  'shape',
  'site',
  'slow',
  'state',
  'table',
]);

const HELPERS: ReadonlySet<string> = new Set(HELPER_NAMES);

// Sticky alternatives: blank, name, number, string, punctuation. A `/` is a division and nothing else: comments cannot be
// scanned, because `//` and `/*` are refused below.
const TOKEN =
  /[ \n]+|([A-Za-z_$][A-Za-z0-9_$]*)|([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)|("(?:[ !#-[\]-~]|\\["\\bfnrt]|\\u[0-9a-f]{4})*")|(===|!==|=>|\.\.\.|<=|>=|&&|\|\||[-+*/%=<>!?:;,.(){}[\]])/y;

/** Throws an InternalError when the source contains anything that the emitter has no business to write. */
export function checkGenerated(source: string): void {
  TOKEN.lastIndex = 0;
  let previous = '';
  while (TOKEN.lastIndex < source.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw refused(source, start);
    const [text, name, , , punctuation] = match;
    if (name !== undefined && !isAllowedName(name, previous)) throw refused(source, start);
    if (punctuation === '/' && (source[start + 1] === '/' || source[start + 1] === '*')) throw refused(source, start);
    if (text[0] !== ' ' && text[0] !== '\n') previous = text;
  }
}

function isAllowedName(name: string, previous: string): boolean {
  if (previous === '.') return PROPERTIES.has(name) || HELPERS.has(name);
  return KEYWORDS.has(name) || FIXED.has(name) || GENERATED.test(name) || HELPERS.has(name);
}

function refused(source: string, at: number): InternalError {
  return new InternalError(`generated source is refused at ${at}: ${JSON.stringify(source.slice(at, at + 40))}`);
}
