// A moment (whole seconds since 1970, UTC) as text.
import { type CalendarDate, dateOfDay, isoWeekOf, ordinalOf, weekdayOf, weekFrom } from './calendar.ts';
import { type FixedField, MONTHS, type NumberField, type Pad, parseFormat, WEEKDAYS } from './format-items.ts';

const SECONDS_PER_DAY = 86400;

interface Moment {
  readonly epoch: number;
  readonly date: CalendarDate;
  readonly secondOfDay: number;
}

export type Formatted = { readonly text: string } | { readonly problem: 'range' | 'format' };

/** Formats a moment; `range` is a moment outside the supported years, `format` a format that cannot be used. */
export function formatMoment(epoch: number, format: string): Formatted {
  const dayNumber = Math.floor(epoch / SECONDS_PER_DAY);
  const date = dateOfDay(dayNumber);
  if (date === undefined) return { problem: 'range' };
  const moment = { epoch, date, secondOfDay: epoch - dayNumber * SECONDS_PER_DAY };
  const out: string[] = [];
  for (const item of parseFormat(format)) {
    if (item.kind === 'bad') return { problem: 'format' };
    if (item.kind === 'number') {
      out.push(formatNumber(moment, item.field, item.pad));
    } else if (item.kind === 'fixed') {
      const text = formatFixed(moment, item.field);
      if (text === undefined) return { problem: 'format' };
      out.push(text);
    } else {
      out.push(item.text);
    }
  }
  return { text: out.join('') };
}

function formatNumber(moment: Moment, field: NumberField, pad: Pad): string {
  const { date, secondOfDay } = moment;
  const hour = Math.floor(secondOfDay / 3600);
  switch (field) {
    case 'year':
      return formatYear(date.year, pad);
    case 'isoYear':
      return formatYear(isoWeekOf(date).year, pad);
    case 'century':
      return padded(Math.floor(date.year / 100), 2, pad);
    case 'yearOfCentury':
      return padded(modulo100(date.year), 2, pad);
    case 'isoYearOfCentury':
      return padded(modulo100(isoWeekOf(date).year), 2, pad);
    case 'quarter':
      return String(Math.ceil(date.month / 3));
    case 'month':
      return padded(date.month, 2, pad);
    case 'day':
      return padded(date.day, 2, pad);
    case 'weekFromSunday':
      return padded(weekFrom(date, 6), 2, pad);
    case 'weekFromMonday':
      return padded(weekFrom(date, 0), 2, pad);
    case 'isoWeek':
      return padded(isoWeekOf(date).week, 2, pad);
    case 'daysFromSunday':
      return String((weekdayOf(date.dayNumber) + 1) % 7);
    case 'weekdayFromMonday':
      return String(weekdayOf(date.dayNumber) + 1);
    case 'ordinal':
      return padded(ordinalOf(date), 3, pad);
    case 'hour':
      return padded(hour, 2, pad);
    case 'hour12':
      return padded(hour % 12 === 0 ? 12 : hour % 12, 2, pad);
    case 'minute':
      return padded(Math.floor(secondOfDay / 60) % 60, 2, pad);
    case 'second':
      return padded(secondOfDay % 60, 2, pad);
    case 'nanosecond':
      return padded(0, 9, pad);
    case 'timestamp':
      return padded(moment.epoch, 9, pad);
  }
}

function formatFixed(moment: Moment, field: FixedField): string | undefined {
  const { date } = moment;
  switch (field) {
    case 'shortMonth':
      return MONTHS[date.month - 1]!.slice(0, 3);
    case 'longMonth':
      return MONTHS[date.month - 1]!;
    case 'shortWeekday':
      return WEEKDAYS[weekdayOf(date.dayNumber)]!.slice(0, 3);
    case 'longWeekday':
      return WEEKDAYS[weekdayOf(date.dayNumber)]!;
    case 'lowerAmPm':
      return moment.secondOfDay < SECONDS_PER_DAY / 2 ? 'am' : 'pm';
    case 'upperAmPm':
      return moment.secondOfDay < SECONDS_PER_DAY / 2 ? 'AM' : 'PM';
    case 'fraction':
      return '';
    case 'fraction3':
      return '.000';
    case 'fraction6':
      return '.000000';
    case 'fraction9':
      return '.000000000';
    case 'digits3':
      return '000';
    case 'digits6':
      return '000000';
    case 'digits9':
      return '000000000';
    case 'zoneName':
      return 'UTC';
    case 'offset':
      return '+0000';
    case 'offsetColon':
      return '+00:00';
    case 'offsetSeconds':
      return '+00:00:00';
    case 'offsetHours':
      return '+00';
    case 'offsetPermissive':
      return undefined;
    case 'rfc3339': {
      const part = (number: NumberField) => formatNumber(moment, number, 'zero');
      return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}+00:00`;
    }
  }
}

/** Years that four digits cannot hold carry their sign. */
function formatYear(year: number, pad: Pad): string {
  if (year >= 0 && year < 10000) return padded(year, 4, pad);
  const sign = year < 0 ? '-' : '+';
  const digits = String(Math.abs(year));
  if (pad === 'zero') return sign + digits.padStart(4, '0');
  return pad === 'space' ? (sign + digits).padStart(5) : sign + digits;
}

function padded(n: number, width: number, pad: Pad): string {
  if (pad === 'none') return String(n);
  if (pad === 'space') return String(n).padStart(width);
  return n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0');
}

function modulo100(year: number): number {
  return ((year % 100) + 100) % 100;
}
