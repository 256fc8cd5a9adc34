// JSON as builtins. The texts are read and written in core/value/json.ts and json-parse.ts, which the command line and tools use too.
import { builtinSentence } from '../../../core/fault.ts';
import { writeJson } from '../../../core/value/json.ts';
import { jsonAtPath, parseJson } from '../../../core/value/json-parse.ts';
import { Err, Ok } from '../../../core/value/result.ts';
import { describe } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import type { BuiltinRow, Cost } from './row.ts';

/** Reading JSON makes values of up to some twenty times its size: an item costs two units of text (`1,`). */
function readingCost(args: readonly Value[]): Cost {
  const units = typeof args[0] === 'string' ? args[0].length : 0;
  return { fuel: 1 + units, bytes: 16 * units };
}

export const JSON_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'jpth',
    topic: 'json',
    signatures: ['jpth json:t path:t > R t t'],
    effect: 'pure',
    cost: readingCost,
    doc: 'The part of a JSON text at a path of keys and list indexes separated by dots, as text.',
    example: { code: 'f>R t t;jpth "{\\"a\\":[5,{\\"b\\":true}]}" "a.1.b"', out: 'true' },
    run: ([json, path]) => {
      if (typeof json !== 'string' || typeof path !== 'string') throw builtinSentence('jpth', 'requires two text args');
      const found = jsonAtPath(json, path);
      return 'ok' in found ? new Ok(found.ok) : new Err(found.err);
    },
  },
  {
    name: 'jdmp',
    topic: 'json',
    signatures: ['jdmp value:_ > t'],
    effect: 'pure',
    // The writer counts what it writes; the size of a nested value is not known before it is walked.
    cost: () => ({ fuel: 1, bytes: 0 }),
    doc: 'The value as JSON text: records and maps with sorted keys, `~v` and `^e` as what they hold.',
    example: { code: 'f>t;jdmp [1 "a" 2.5]', out: '[1,"a",2.5]' },
    run: ([value], context) =>
      writeJson(value!, { results: 'unwrap', charge: units => context.charge(units, 2 * units) }),
  },
  {
    name: 'jpar',
    topic: 'json',
    signatures: ['jpar json:t > R _ t'],
    effect: 'pure',
    cost: readingCost,
    doc: 'Parses JSON text: objects become records, arrays lists, null nil.',
    example: { code: 'f>R n t;r=jpar! "{\\"x\\":{\\"y\\":7}}";~r.x.y', out: '7' },
    run: ([json]) => {
      if (typeof json !== 'string') throw builtinSentence('jpar', `requires text, got ${describe(json!)}`);
      const parsed = parseJson(json);
      return 'ok' in parsed ? new Ok(parsed.ok) : new Err(parsed.err);
    },
  },
];
