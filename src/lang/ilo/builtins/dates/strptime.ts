// Text to a moment. Parsing takes two steps, as in Rust's chrono, whose answers it must equal: reading sets fields, each at most
// to one value; then the fields must determine one date (and time), and all that were read must agree with it. Numbers may be
// preceded by white space and need no padding; an offset is read but does not shift the moment, since all times are UTC.
import { pow } from '../../../../core/math/power.ts';
import { trimStart } from '../white-space.ts';
import {
  type CalendarDate,
  dateOf,
  dateOfDay,
  dateOfIsoWeek,
  dateOfOrdinal,
  isoWeekOf,
  ordinalOf,
  weekdayOf,
  weekFrom,
} from './calendar.ts';
import { type FixedField, type FormatItem, MONTHS, type NumberField, parseFormat, WEEKDAYS } from './format-items.ts';

/** Why a text does not parse, in the words that programs see after `dtparse: `. */
export type ParseProblem =
  | 'input is out of range'
  | 'no possible date and time matching input'
  | 'input is not enough for unique date and time'
  | 'input contains invalid characters'
  | 'premature end of input'
  | 'trailing input'
  | 'bad or unsupported format string';

const OUT_OF_RANGE: ParseProblem = 'input is out of range';
const IMPOSSIBLE: ParseProblem = 'no possible date and time matching input';
const NOT_ENOUGH: ParseProblem = 'input is not enough for unique date and time';
const INVALID: ParseProblem = 'input contains invalid characters';
const TOO_SHORT: ParseProblem = 'premature end of input';
const TOO_LONG: ParseProblem = 'trailing input';
const BAD_FORMAT: ParseProblem = 'bad or unsupported format string';

/** Thrown inside this file only. */
class Problem {
  readonly problem: ParseProblem;
  constructor(problem: ParseProblem) {
    this.problem = problem;
  }
}

/** Hours are kept in halves, because `%I` and `%p` set one half each. */
type Field =
  | Exclude<NumberField, 'hour' | 'hour12' | 'daysFromSunday' | 'weekdayFromMonday'>
  | 'weekday'
  | 'halfDay'
  | 'hourOfHalf'
  | 'offset';
type Fields = Map<Field, number>;

/** Seconds since 1970 of the moment that the text names (of midnight, when it names a date only). */
export function parseMoment(
  text: string,
  format: string,
): { readonly epoch: number } | { readonly problem: ParseProblem } {
  try {
    const fields: Fields = new Map();
    const rest = readItems(fields, text, parseFormat(format));
    if (rest !== '') throw new Problem(TOO_LONG);
    try {
      return { epoch: resolveMoment(fields) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { epoch: resolveDate(fields).dayNumber * 86400 };
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { problem: error.problem };
  }
}

// --- reading ---

function set(fields: Fields, field: Field, value: number, low: number, high: number): void {
  if (value < low || value > high) throw new Problem(OUT_OF_RANGE);
  const known = fields.get(field);
  if (known !== undefined && known !== value) throw new Problem(IMPOSSIBLE);
  fields.set(field, value);
}

function readItems(fields: Fields, text: string, items: readonly FormatItem[]): string {
  let rest = text;
  for (const item of items) {
    switch (item.kind) {
      case 'bad':
        throw new Problem(BAD_FORMAT);
      case 'space':
        rest = trimStart(rest);
        break;
      case 'literal':
        if (!rest.startsWith(item.text)) throw new Problem(rest.length < item.text.length ? TOO_SHORT : INVALID);
        rest = rest.slice(item.text.length);
        break;
      case 'number':
        rest = readNumber(fields, trimStart(rest), item.field);
        break;
      case 'fixed':
        rest = readFixed(fields, rest, item.field);
        break;
    }
  }
  return rest;
}

const INT32 = 2 ** 31;
const INT64 = 2 ** 63;

/** The most digits of a number without a sign, and the values that its field takes. */
const NUMBERS: Readonly<Record<NumberField, { readonly digits: number; readonly low: number; readonly high: number }>> =
  {
    year: { digits: 4, low: -INT32, high: INT32 - 1 },
    isoYear: { digits: 4, low: -INT32, high: INT32 - 1 },
    century: { digits: 2, low: 0, high: 99 },
    yearOfCentury: { digits: 2, low: 0, high: 99 },
    isoYearOfCentury: { digits: 2, low: 0, high: 99 },
    quarter: { digits: 1, low: 1, high: 4 },
    month: { digits: 2, low: 1, high: 12 },
    day: { digits: 2, low: 1, high: 31 },
    weekFromSunday: { digits: 2, low: 0, high: 53 },
    weekFromMonday: { digits: 2, low: 0, high: 53 },
    isoWeek: { digits: 2, low: 1, high: 53 },
    daysFromSunday: { digits: 1, low: 0, high: 6 },
    weekdayFromMonday: { digits: 1, low: 1, high: 7 },
    ordinal: { digits: 3, low: 1, high: 366 },
    hour: { digits: 2, low: 0, high: 23 },
    hour12: { digits: 2, low: 1, high: 12 },
    minute: { digits: 2, low: 0, high: 59 },
    second: { digits: 2, low: 0, high: 60 },
    nanosecond: { digits: 9, low: 0, high: 999999999 },
    timestamp: { digits: Number.POSITIVE_INFINITY, low: 0, high: INT64 - 1 },
  };

function readNumber(fields: Fields, text: string, field: NumberField): string {
  const { digits, low, high } = NUMBERS[field];
  const signed = (field === 'year' || field === 'isoYear') && /^[-+]/.test(text);
  const [read, rest] = readDigits(signed ? text.slice(1) : text, 1, signed ? Number.POSITIVE_INFINITY : digits);
  const value = signed && text[0] === '-' ? 0 - read : read;
  if (value < low || value > high) throw new Problem(OUT_OF_RANGE);
  switch (field) {
    case 'hour':
      set(fields, 'halfDay', value < 12 ? 0 : 1, 0, 1);
      set(fields, 'hourOfHalf', value % 12, 0, 11);
      break;
    case 'hour12':
      set(fields, 'hourOfHalf', value % 12, 0, 11);
      break;
    case 'daysFromSunday':
      set(fields, 'weekday', (value + 6) % 7, 0, 6);
      break;
    case 'weekdayFromMonday':
      set(fields, 'weekday', value - 1, 0, 6);
      break;
    default:
      set(fields, field, value, low, high);
  }
  return rest;
}

/** Between `least` and `most` decimal digits, and the text after them. */
function readDigits(text: string, least: number, most: number): [number, string] {
  let end = 0;
  while (end < most && end < text.length && text[end]! >= '0' && text[end]! <= '9') end++;
  if (end < least) throw new Problem(text.length < least ? TOO_SHORT : INVALID);
  const value = Number(text.slice(0, end));
  if (value >= INT64) throw new Problem(OUT_OF_RANGE);
  return [value, text.slice(end)];
}

function readFixed(fields: Fields, text: string, field: FixedField): string {
  switch (field) {
    case 'shortMonth':
    case 'longMonth': {
      const [index, rest] = readName(text, MONTHS, field === 'longMonth');
      set(fields, 'month', index + 1, 1, 12);
      return rest;
    }
    case 'shortWeekday':
    case 'longWeekday': {
      const [index, rest] = readName(text, WEEKDAYS, field === 'longWeekday');
      set(fields, 'weekday', index, 0, 6);
      return rest;
    }
    case 'lowerAmPm':
    case 'upperAmPm': {
      if (text.length < 2) throw new Problem(TOO_SHORT);
      if (!/^[ap]m/i.test(text)) throw new Problem(INVALID);
      set(fields, 'halfDay', text[0]!.toLowerCase() === 'p' ? 1 : 0, 0, 1);
      return text.slice(2);
    }
    case 'fraction':
      return text.startsWith('.') ? readFraction(fields, text.slice(1)) : text;
    case 'fraction3':
    case 'fraction6':
    case 'fraction9':
      return text.startsWith('.') ? readFixedFraction(fields, text.slice(1), Number(field.at(-1))) : text;
    case 'digits3':
    case 'digits6':
    case 'digits9':
      return readFixedFraction(fields, text, Number(field.at(-1)));
    case 'zoneName':
      return text.replace(/^[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, '');
    case 'offset':
    case 'offsetColon':
    case 'offsetSeconds':
    case 'offsetHours':
      return readOffset(fields, trimStart(text), false);
    case 'offsetPermissive':
      return readOffset(fields, trimStart(text), true);
    case 'rfc3339':
      return readRfc3339(fields, text);
  }
}

function readName(text: string, names: readonly string[], long: boolean): [number, string] {
  if (text.length < 3) throw new Problem(TOO_SHORT);
  const start = text.slice(0, 3).toLowerCase();
  const index = names.findIndex(name => name.slice(0, 3).toLowerCase() === start);
  if (index < 0) throw new Problem(INVALID);
  const name = names[index]!;
  const whole = long && text.slice(0, name.length).toLowerCase() === name.toLowerCase();
  return [index, text.slice(whole ? name.length : 3)];
}

function readFraction(fields: Fields, text: string): string {
  const [value, rest] = readDigits(text, 1, 9);
  set(fields, 'nanosecond', value * pow(10, 9 - (text.length - rest.length)), 0, 999999999);
  return rest.replace(/^[0-9]+/, '');
}

function readFixedFraction(fields: Fields, text: string, digits: number): string {
  const [value, rest] = readDigits(text, digits, digits);
  set(fields, 'nanosecond', value * pow(10, 9 - digits), 0, 999999999);
  return rest;
}

/** `+hh:mm`; any colons and white space between, or none. `permissive`: `Z` too, and minutes may be missing. */
function readOffset(fields: Fields, text: string, permissive: boolean): string {
  if (permissive && /^z/i.test(text)) {
    set(fields, 'offset', 0, 0, 0);
    return text.slice(1);
  }
  if (text === '') throw new Problem(TOO_SHORT);
  if (!/^[-+\u2212]/.test(text)) throw new Problem(INVALID);
  const hours = text.slice(1, 3);
  if (hours.length < 2) throw new Problem(TOO_SHORT);
  if (!/^[0-9]{2}$/.test(hours)) throw new Problem(INVALID);
  let rest = text.slice(3);
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = trimStart(rest.replace(/^:+/, ''));
  }
  const minutes = rest.slice(0, 2);
  if (minutes.length < 2 && !(permissive && minutes === '')) throw new Problem(TOO_SHORT);
  if (minutes.length === 2 && !/^[0-9]{2}$/.test(minutes)) throw new Problem(INVALID);
  if (Number(minutes) > 59) throw new Problem(OUT_OF_RANGE);
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  set(fields, 'offset', text[0] === '+' ? seconds : 0 - seconds, -INT32, INT32);
  return rest.slice(2);
}

const RFC3339_DATE = parseFormat('%Y -%m -%d');
const RFC3339_TIME = parseFormat('%H :%M :%S%.f ');

/** `%Y-%m-%dT%H:%M:%S%.f%:z`, with spaces allowed in many places, a space for `T`, and `Z` or `UTC` for the offset. */
function readRfc3339(fields: Fields, text: string): string {
  const afterDate = readItems(fields, text, RFC3339_DATE);
  if (afterDate === '') throw new Problem(TOO_SHORT);
  if (!/^[tT ]/.test(afterDate)) throw new Problem(INVALID);
  const rest = readItems(fields, afterDate.slice(1), RFC3339_TIME);
  if (/^utc/i.test(rest)) {
    set(fields, 'offset', 0, 0, 0);
    return rest.slice(3);
  }
  if (/^z/i.test(rest)) {
    set(fields, 'offset', 0, 0, 0);
    return rest.slice(1);
  }
  return readOffset(fields, rest, false);
}

// --- resolving ---

function resolveMoment(fields: Fields): number {
  const timestamp = fields.get('timestamp');
  let date: CalendarDate;
  let time: { readonly second: number; readonly leap: boolean };
  try {
    date = resolveDate(fields);
    time = resolveTime(fields);
  } catch (error) {
    if (timestamp === undefined || !(error instanceof Problem) || error.problem !== NOT_ENOUGH) throw error;
    return resolveTimestamp(fields, timestamp);
  }
  const epoch = date.dayNumber * 86400 + time.second;
  if (timestamp !== undefined && timestamp !== epoch && !(time.leap && timestamp === epoch + 1))
    throw new Problem(IMPOSSIBLE);
  return epoch;
}

/** The timestamp gives what the other fields leave open; they must agree with it. */
function resolveTimestamp(fields: Fields, timestamp: number): number {
  let epoch = timestamp;
  const all: Fields = new Map(fields);
  if (fields.get('second') === 60) {
    const second = ((epoch % 60) + 60) % 60;
    if (second === 0) epoch--;
    else if (second !== 59) throw new Problem(IMPOSSIBLE);
  }
  const dayNumber = Math.floor(epoch / 86400);
  const date = dateOfDay(dayNumber);
  if (date === undefined) throw new Problem(OUT_OF_RANGE);
  const secondOfDay = epoch - dayNumber * 86400;
  const hour = Math.floor(secondOfDay / 3600);
  if (fields.get('second') !== 60) set(all, 'second', secondOfDay % 60, 0, 59);
  set(all, 'year', date.year, date.year, date.year);
  set(all, 'ordinal', ordinalOf(date), 1, 366);
  set(all, 'halfDay', hour < 12 ? 0 : 1, 0, 1);
  set(all, 'hourOfHalf', hour % 12, 0, 11);
  set(all, 'minute', Math.floor(secondOfDay / 60) % 60, 0, 59);
  return resolveDate(all).dayNumber * 86400 + resolveTime(all).second;
}

/** The second of the day; a leap second counts as the second before it. */
function resolveTime(fields: Fields): { readonly second: number; readonly leap: boolean } {
  const half = fields.get('halfDay');
  const hour = fields.get('hourOfHalf');
  const minute = fields.get('minute');
  const second = fields.get('second');
  if (half === undefined || hour === undefined || minute === undefined) throw new Problem(NOT_ENOUGH);
  if (second === undefined && fields.has('nanosecond')) throw new Problem(NOT_ENOUGH);
  return { second: (half * 12 + hour) * 3600 + minute * 60 + Math.min(second ?? 0, 59), leap: second === 60 };
}

/** The year from a whole year, a century and a year of the century, as far as given. */
function resolveYear(
  year: number | undefined,
  century: number | undefined,
  rest: number | undefined,
): number | undefined {
  if (year !== undefined) {
    if (century === undefined && rest === undefined) return year;
    if (year < 0) throw new Problem(IMPOSSIBLE);
    if ((century ?? Math.floor(year / 100)) !== Math.floor(year / 100) || (rest ?? year % 100) !== year % 100) {
      throw new Problem(IMPOSSIBLE);
    }
    return year;
  }
  if (rest === undefined) {
    if (century !== undefined) throw new Problem(NOT_ENOUGH);
    return undefined;
  }
  if (century === undefined) return rest + (rest < 70 ? 2000 : 1900);
  return century * 100 + rest;
}

function resolveDate(fields: Fields): CalendarDate {
  const year = resolveYear(fields.get('year'), fields.get('century'), fields.get('yearOfCentury'));
  const isoYear = resolveYear(fields.get('isoYear'), undefined, fields.get('isoYearOfCentury'));
  const date = candidateDate(fields, year, isoYear);
  const iso = isoWeekOf(date);
  const facts: readonly (readonly [Field, number])[] = [
    ['year', date.year],
    ['century', date.year < 0 ? Number.NaN : Math.floor(date.year / 100)],
    ['yearOfCentury', date.year < 0 ? Number.NaN : date.year % 100],
    ['month', date.month],
    ['day', date.day],
    ['isoYear', iso.year],
    ['isoYearOfCentury', iso.year < 0 ? Number.NaN : iso.year % 100],
    ['isoWeek', iso.week],
    ['weekday', weekdayOf(date.dayNumber)],
    ['ordinal', ordinalOf(date)],
    ['weekFromSunday', weekFrom(date, 6)],
    ['weekFromMonday', weekFrom(date, 0)],
    ['quarter', Math.ceil(date.month / 3)],
  ];
  for (const [field, value] of facts) {
    if ((fields.get(field) ?? value) !== value && fields.has(field)) throw new Problem(IMPOSSIBLE);
  }
  return date;
}

function candidateDate(fields: Fields, year: number | undefined, isoYear: number | undefined): CalendarDate {
  const month = fields.get('month');
  const day = fields.get('day');
  const ordinal = fields.get('ordinal');
  const weekday = fields.get('weekday');
  const isoWeek = fields.get('isoWeek');
  let date: CalendarDate | undefined;
  if (year !== undefined && month !== undefined && day !== undefined) {
    date = dateOf(year, month, day);
  } else if (year !== undefined && ordinal !== undefined) {
    date = dateOfOrdinal(year, ordinal);
  } else if (year !== undefined && weekday !== undefined && fields.has('weekFromSunday')) {
    return dateOfWeek(year, fields.get('weekFromSunday')!, weekday, 6);
  } else if (year !== undefined && weekday !== undefined && fields.has('weekFromMonday')) {
    return dateOfWeek(year, fields.get('weekFromMonday')!, weekday, 0);
  } else if (isoYear !== undefined && isoWeek !== undefined && weekday !== undefined) {
    date = dateOfIsoWeek(isoYear, isoWeek, weekday);
  } else {
    throw new Problem(NOT_ENOUGH);
  }
  if (date === undefined) throw new Problem(OUT_OF_RANGE);
  return date;
}

function dateOfWeek(year: number, week: number, weekday: number, firstWeekday: number): CalendarDate {
  const first = dateOf(year, 1, 1);
  if (first === undefined) throw new Problem(OUT_OF_RANGE);
  const weekOneStart = 1 + ((firstWeekday - weekdayOf(first.dayNumber) + 7) % 7);
  const ordinal = weekOneStart + (week - 1) * 7 + ((weekday - firstWeekday + 7) % 7);
  const date = dateOfOrdinal(year, ordinal);
  if (date === undefined) throw new Problem(IMPOSSIBLE);
  return date;
}
