// What emitted programs have at their top, as a table: each definition by its name. A topic is a piece of Python; its definitions are
// divided by two blank lines, as Python's style wants them. A program gets those that it names, those that they name, and so on.
import { assert } from '../../base/assert.ts';
import { DATES } from './prelude/dates.ts';
import { FAULTS } from './prelude/faults.ts';
import { FILES } from './prelude/files.ts';
import { FUNCTIONS } from './prelude/functions.ts';
import { JSON_TEXT } from './prelude/json.ts';
import { LINEAR_ALGEBRA } from './prelude/linear-algebra.ts';
import { LISTS } from './prelude/lists.ts';
import { MAPS } from './prelude/maps.ts';
import { MATH } from './prelude/math.ts';
import { NUMBERS } from './prelude/numbers.ts';
import { OPERATORS } from './prelude/operators.ts';
import { REGEX } from './prelude/regex.ts';
import { START } from './prelude/start.ts';
import { STATISTICS } from './prelude/statistics.ts';
import { SYSTEM } from './prelude/system.ts';
import { TEXT } from './prelude/text.ts';
import { VALUES } from './prelude/values.ts';

const TOPICS = [
  VALUES,
  FAULTS,
  OPERATORS,
  NUMBERS,
  MATH,
  STATISTICS,
  LINEAR_ALGEBRA,
  LISTS,
  TEXT,
  FUNCTIONS,
  MAPS,
  REGEX,
  JSON_TEXT,
  DATES,
  FILES,
  SYSTEM,
  START,
];

const MODULES = 'decimal functools itertools json math os random re sys threading time unicodedata'.split(' ');

interface Definition {
  readonly code: string;
  /** All words in it: more than what it needs, and no less. */
  readonly words: ReadonlySet<string>;
}

/** Every definition by its name, in an order in which Python can read them. */
export const PRELUDE: ReadonlyMap<string, Definition> = byName([
  ...MODULES.map(name => [name, { code: `import ${name}`, words: new Set<string>() }] as const),
  ...TOPICS.flatMap(definitionsOf),
]);

/** The second of two definitions of one name would take the place of the first. */
function byName(definitions: readonly (readonly [string, Definition])[]): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>();
  for (const [name, definition] of definitions) {
    assert(!found.has(name), `${name} is defined twice in the prelude`);
    found.set(name, definition);
  }
  return found;
}

function definitionsOf(topic: string): readonly (readonly [string, Definition])[] {
  return topic
    .trim()
    .split('\n\n\n')
    .map(code => {
      const name = /^(?:(?:def|class) )?(\w+)/m.exec(code.replace(/^(#|@).*\n/gm, ''))![1]!;
      return [name, { code, words: wordsOf(code) }] as const;
    });
}

/** The definitions that some Python needs: imports as one, then each of the others. */
export function preludeFor(program: string): readonly string[] {
  const needed = new Set<string>();
  const work = [...wordsOf(program)];
  for (let word = work.pop(); word !== undefined; word = work.pop()) {
    const definition = PRELUDE.get(word);
    if (definition === undefined || needed.has(word)) continue;
    needed.add(word);
    work.push(...definition.words);
  }
  const chosen = [...PRELUDE].filter(([name]) => needed.has(name)).map(([, { code }]) => code);
  const imports = chosen.filter(code => code.startsWith('import '));
  return [imports.join('\n'), ...chosen.filter(code => !code.startsWith('import '))].filter(part => part !== '');
}

/** Words outside comments and texts. */
function wordsOf(code: string): ReadonlySet<string> {
  const bare = code.replace(/^\s*#.*$|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/gm, ' ');
  return new Set(bare.match(/[A-Za-z_]\w*/g) ?? []);
}
