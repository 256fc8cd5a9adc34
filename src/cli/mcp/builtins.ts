// `search_builtins`: the rows of the builtin table that words mean, best first.
import type { BuiltinRow } from '../../lang/ilo/builtins/row.ts';
import { BUILTINS } from '../../lang/ilo/builtins/table.ts';

/** A builtin as an answer shows it. */
export interface FoundBuiltin {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly topic: string;
  readonly signatures?: readonly string[];
  readonly doc?: string;
  readonly effect?: string;
  readonly example?: string;
  readonly gives?: string;
}

export function searchBuiltins(query: string, limit: number): FoundBuiltin[] {
  const rows = [...BUILTINS.names()].map(name => BUILTINS.get(name)!);
  const words = query.toLowerCase().match(/[a-z0-9-]+/g) ?? [];
  if (words.length === 0) return rows.map(({ name, topic }) => ({ name, topic }));
  return rows
    .map((row, at) => ({ row, at, score: words.reduce((sum, word) => sum + scoreOf(row, word), 0) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, limit)
    .map(({ row }) => shown(row));
}

/** How much a word says about a builtin: its name most, then a part of a name, its topic, its description. */
function scoreOf({ name, aliases = [], topic, doc }: BuiltinRow, word: string): number {
  const names = [name, ...aliases];
  if (names.includes(word)) return 100;
  if (word.length > 2 && names.some(one => one.startsWith(word) || (one.length > 2 && word.startsWith(one)))) return 30;
  if (topic.toLowerCase().includes(word)) return 10;
  const text = doc.toLowerCase();
  if (new RegExp(`\\b${word}`).test(text)) return 6;
  // `sorting` for `sort`, `sorts` for `sorted`: the beginning of a word is what matters.
  return word.length > 4 && text.includes(word.slice(0, -2)) ? 3 : 0;
}

function shown({ name, aliases, topic, signatures, doc, effect, example }: BuiltinRow): FoundBuiltin {
  const call = example.args === undefined ? '' : `   called with ${example.args.join(' ')}`;
  return {
    name,
    ...(aliases === undefined ? {} : { aliases }),
    topic,
    signatures,
    doc,
    ...(effect === 'pure' ? {} : { effect }),
    example: `${example.code}${call}`,
    ...(example.out === undefined ? {} : { gives: example.out }),
  };
}
