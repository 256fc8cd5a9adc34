// Dates: seconds since 1970 to text and back, UTC only, with strftime formats. See dates/ for the calendar and the formats.
import { builtinSentence } from '../../../core/fault.ts';
import { checkTextSize } from '../../../core/limits.ts';
import { Err, Ok } from '../../../core/value/result.ts';
import { showNumber } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { formatMoment } from './dates/strftime.ts';
import { parseMoment } from './dates/strptime.ts';
import type { BuiltinRow } from './row.ts';

/** A specifier of two characters gives at most this many. */
const LONGEST_ITEM = 32;

export const DATE_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'dtfmt',
    topic: 'dates',
    signatures: ['dtfmt epoch:n format:t > R t t'],
    effect: 'pure',
    cost: ([, format]) => {
      const units = typeof format === 'string' ? format.length : 0;
      return { fuel: 20 + units, bytes: LONGEST_ITEM * units };
    },
    doc: 'A moment (seconds since 1970, UTC) as text, by a strftime format.',
    example: { code: 'f>R t t;dtfmt 1700000000 "%Y-%m-%d %H:%M:%S"', out: '2023-11-14 22:13:20' },
    run: ([epoch, format]) => formatEpoch(epoch!, format!),
  },
  {
    name: 'dtparse',
    topic: 'dates',
    signatures: ['dtparse text:t format:t > R n t'],
    effect: 'pure',
    cost: ([text, format]) => {
      const units = (typeof text === 'string' ? text.length : 0) + (typeof format === 'string' ? format.length : 0);
      return { fuel: 20 + units, bytes: LONGEST_ITEM * units };
    },
    doc: 'The seconds since 1970 (UTC) of a date or date and time, by a strftime format.',
    example: { code: 'f>R n t;dtparse "2024-01-15" "%Y-%m-%d"', out: '1705276800' },
    run: ([text, format]) => {
      if (typeof text !== 'string' || typeof format !== 'string')
        throw builtinSentence('dtparse', 'requires two text args');
      const parsed = parseMoment(text, format);
      return 'epoch' in parsed ? new Ok(parsed.epoch) : new Err(`dtparse: ${parsed.problem}`);
    },
  },
];

function formatEpoch(epoch: Value, format: Value): Value {
  if (typeof epoch !== 'number' || typeof format !== 'string') {
    throw builtinSentence('dtfmt', 'requires a number (epoch) and text (format)');
  }
  checkTextSize((format.length / 2) * LONGEST_ITEM);
  if (!Number.isFinite(epoch)) return new Err(`dtfmt: epoch is not finite (${showNumber(epoch)})`);
  if (Math.abs(epoch) > 2 ** 63) return new Err(`dtfmt: epoch out of range (${showNumber(epoch)})`);
  const seconds = Math.trunc(epoch);
  const formatted = formatMoment(seconds, format);
  if ('text' in formatted) return new Ok(formatted.text);
  if (formatted.problem === 'format') return new Err(`dtfmt: bad or unsupported format string`);
  return new Err(`dtfmt: timestamp out of range (${showNumber(seconds)})`);
}
