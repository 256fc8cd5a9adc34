// A strftime format as a list of items, shared by formatting (strftime.ts) and parsing (strptime.ts). The specifiers, their
// padding and what is an error are those of Rust's chrono crate, because programs compare the results; that is also why this
// is an implementation of our own and not a library.
import { isWhiteSpace } from '../white-space.ts';

export type Pad = 'none' | 'zero' | 'space';

export type NumberField =
  | 'year'
  | 'century'
  | 'yearOfCentury'
  | 'isoYear'
  | 'isoYearOfCentury'
  | 'quarter'
  | 'month'
  | 'day'
  | 'weekFromSunday'
  | 'weekFromMonday'
  | 'isoWeek'
  | 'daysFromSunday'
  | 'weekdayFromMonday'
  | 'ordinal'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'nanosecond'
  | 'timestamp';

export type FixedField =
  | 'shortMonth'
  | 'longMonth'
  | 'shortWeekday'
  | 'longWeekday'
  | 'lowerAmPm'
  | 'upperAmPm'
  /** `.` and as many digits as needed, or nothing. */
  | 'fraction'
  | 'fraction3'
  | 'fraction6'
  | 'fraction9'
  | 'digits3'
  | 'digits6'
  | 'digits9'
  | 'zoneName'
  | 'offset'
  | 'offsetColon'
  | 'offsetSeconds'
  | 'offsetHours'
  /** As `offset` in parsing, but minutes may be missing and `Z` is taken; cannot be formatted. */
  | 'offsetPermissive'
  | 'rfc3339';

export type FormatItem =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'space'; readonly text: string }
  | { readonly kind: 'number'; readonly field: NumberField; readonly pad: Pad }
  | { readonly kind: 'fixed'; readonly field: FixedField }
  | { readonly kind: 'bad' };

const zero = (field: NumberField): FormatItem => ({ kind: 'number', field, pad: 'zero' });
const space = (field: NumberField): FormatItem => ({ kind: 'number', field, pad: 'space' });
const bare = (field: NumberField): FormatItem => ({ kind: 'number', field, pad: 'none' });
const fixed = (field: FixedField): FormatItem => ({ kind: 'fixed', field });
const literal = (text: string): FormatItem => ({ kind: 'literal', text });
const gap = (text: string): FormatItem => ({ kind: 'space', text });
const BAD: FormatItem = { kind: 'bad' };

const DATE = [zero('month'), literal('/'), zero('day'), literal('/'), zero('yearOfCentury')];
const TIME = [zero('hour'), literal(':'), zero('minute'), literal(':'), zero('second')];

const SPECIFIERS: ReadonlyMap<string, readonly FormatItem[]> = new Map([
  ['A', [fixed('longWeekday')]],
  ['B', [fixed('longMonth')]],
  ['C', [zero('century')]],
  ['D', DATE],
  ['F', [zero('year'), literal('-'), zero('month'), literal('-'), zero('day')]],
  ['G', [zero('isoYear')]],
  ['H', [zero('hour')]],
  ['I', [zero('hour12')]],
  ['M', [zero('minute')]],
  ['P', [fixed('lowerAmPm')]],
  ['R', [zero('hour'), literal(':'), zero('minute')]],
  ['S', [zero('second')]],
  ['T', TIME],
  ['U', [zero('weekFromSunday')]],
  ['V', [zero('isoWeek')]],
  ['W', [zero('weekFromMonday')]],
  ['X', TIME],
  ['Y', [zero('year')]],
  ['Z', [fixed('zoneName')]],
  ['a', [fixed('shortWeekday')]],
  ['b', [fixed('shortMonth')]],
  [
    'c',
    [
      fixed('shortWeekday'),
      gap(' '),
      fixed('shortMonth'),
      gap(' '),
      space('day'),
      gap(' '),
      ...TIME,
      gap(' '),
      zero('year'),
    ],
  ],
  ['d', [zero('day')]],
  ['e', [space('day')]],
  ['f', [zero('nanosecond')]],
  ['g', [zero('isoYearOfCentury')]],
  ['h', [fixed('shortMonth')]],
  ['j', [zero('ordinal')]],
  ['k', [space('hour')]],
  ['l', [space('hour12')]],
  ['m', [zero('month')]],
  ['n', [gap('\n')]],
  ['p', [fixed('upperAmPm')]],
  ['q', [bare('quarter')]],
  ['r', [zero('hour12'), literal(':'), zero('minute'), literal(':'), zero('second'), gap(' '), fixed('upperAmPm')]],
  ['s', [bare('timestamp')]],
  ['t', [gap('\t')]],
  ['u', [bare('weekdayFromMonday')]],
  ['v', [space('day'), literal('-'), fixed('shortMonth'), literal('-'), zero('year')]],
  ['w', [bare('daysFromSunday')]],
  ['x', DATE],
  ['y', [zero('yearOfCentury')]],
  ['z', [fixed('offset')]],
  ['+', [fixed('rfc3339')]],
  ['%', [literal('%')]],
  [':z', [fixed('offsetColon')]],
  ['::z', [fixed('offsetSeconds')]],
  [':::z', [fixed('offsetHours')]],
  ['#z', [fixed('offsetPermissive')]],
  ['.f', [fixed('fraction')]],
  ['.3f', [fixed('fraction3')]],
  ['.6f', [fixed('fraction6')]],
  ['.9f', [fixed('fraction9')]],
  ['3f', [fixed('digits3')]],
  ['6f', [fixed('digits6')]],
  ['9f', [fixed('digits9')]],
]);

const PADS: ReadonlyMap<string, Pad> = new Map([
  ['-', 'none'],
  ['0', 'zero'],
  ['_', 'space'],
]);

/** The items of a format. An unknown or incomplete specifier is a `bad` item, which ends the list. */
export function parseFormat(format: string): readonly FormatItem[] {
  const items: FormatItem[] = [];
  let at = 0;
  while (at < format.length) {
    const start = at;
    if (format[at] === '%') {
      const pad = PADS.get(format[at + 1] ?? '');
      const from = pad === undefined ? at + 1 : at + 2;
      const name = /^(?::{1,3}|#|\.[369]?|[369])?.?/su.exec(format.slice(from, from + 6))![0];
      const found = SPECIFIERS.get(name);
      const only = found?.length === 1 ? found[0] : undefined;
      if (found === undefined) return [...items, BAD];
      if (pad === undefined) items.push(...found);
      else if (only?.kind === 'number') items.push({ ...only, pad });
      else return [...items, BAD];
      at = from + name.length;
    } else if (isWhiteSpace(format[at]!)) {
      while (at < format.length && isWhiteSpace(format[at]!)) at++;
      items.push(gap(format.slice(start, at)));
    } else {
      while (at < format.length && format[at] !== '%' && !isWhiteSpace(format[at]!)) at++;
      items.push(literal(format.slice(start, at)));
    }
  }
  return items;
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Monday first, as `weekdayOf` counts. */
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
