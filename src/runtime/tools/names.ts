// Names of tools as names of the language: `get_user` and `getUser` are `get-user`. Names that are taken (by a builtin, a word of the language, or
// another tool) get the name of their server in front, and a number where that is not enough: always in the order of the
// configuration, so that the same configuration gives the same names.

import { Kind, WORDS } from '../../lang/ilo/tokens.ts';
import { builtinOfAlias, isBuiltinName } from '../../spec/builtin-names.ts';

const LONGEST_NAME = 60;

/** Whether a text can name a parameter, a field or a type. */
export function isName(text: string): boolean {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) return false;
  const word = WORDS.get(text);
  return word === undefined || (word & 0xff) === Kind.identifier;
}

/** Whether a text can name a function and means nothing yet. */
function isFreeName(text: string): boolean {
  return (
    isName(text) && !WORDS.has(text) && !isBuiltinName(text) && builtinOfAlias(text) === undefined && text !== 'main'
  );
}

/** Text as a name: lower case, words joined by dashes; a letter in front where there is none. */
export function nameFrom(text: string, otherwise: string): string {
  const words = text
    .slice(0, 4 * LONGEST_NAME)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '');
  if (words === '') return otherwise;
  return /^[a-z]/.test(words) ? words : `${otherwise}-${words}`;
}

/** Gives each name once. */
export class NameGiver {
  private readonly taken = new Set<string>();

  /** A free name for a tool: its own, else with that of its server in front, else with a number behind. */
  tool(text: string, server: string): string {
    const base = nameFrom(text, 'tool');
    if (this.take(base, isFreeName)) return base;
    return this.numbered(`${nameFrom(server, 'server')}-${base}`, isFreeName);
  }

  /** A free name for a parameter. */
  parameter(text: string): string {
    return this.numbered(nameFrom(text, 'p'), isName);
  }

  /** Whether a name that has to be as it is was still free. */
  take(name: string, may: (name: string) => boolean = isName): boolean {
    if (this.taken.has(name) || !may(name)) return false;
    this.taken.add(name);
    return true;
  }

  private numbered(base: string, may: (name: string) => boolean): string {
    if (this.take(base, may)) return base;
    for (let number = 2; ; number++) if (this.take(`${base}-${number}`, may)) return `${base}-${number}`;
  }
}
