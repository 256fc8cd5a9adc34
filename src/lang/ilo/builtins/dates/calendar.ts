// The proleptic Gregorian calendar on day numbers (day 0 is 1970-01-01). The conversions between day numbers and dates are the
// era arithmetic of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013): years begin in March, so that the leap
// day comes last, and 400 years are 146,097 days.

/** The years that can be formatted and parsed. */
const MIN_YEAR = -262143;
const MAX_YEAR = 262142;

const DAYS_PER_ERA = 146097;
const DAYS_TO_EPOCH = 719468;

export interface CalendarDate {
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
  /** 1 … 31 */
  readonly day: number;
  readonly dayNumber: number;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function dayNumberOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_EPOCH;
}

/** The date with that year, month and day; undefined when there is none. */
export function dateOf(year: number, month: number, day: number): CalendarDate | undefined {
  if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  return { year, month, day, dayNumber: dayNumberOf(year, month, day) };
}

/** The date of a day number; undefined outside the years that are supported. */
export function dateOfDay(dayNumber: number): CalendarDate | undefined {
  const shifted = dayNumber + DAYS_TO_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((marchMonth + 2) % 12) + 1;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (year < MIN_YEAR || year > MAX_YEAR) return undefined;
  return { year, month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1, dayNumber };
}

/** The day of a year counted from 1; undefined when the year has no such day. */
export function dateOfOrdinal(year: number, ordinal: number): CalendarDate | undefined {
  const first = dateOf(year, 1, 1);
  if (first === undefined || ordinal < 1 || ordinal > (isLeapYear(year) ? 366 : 365)) return undefined;
  return dateOfDay(first.dayNumber + ordinal - 1);
}

/** 1 … 366 */
export function ordinalOf(date: CalendarDate): number {
  return date.dayNumber - dayNumberOf(date.year, 1, 1) + 1;
}

/** Monday is 0, Sunday 6. */
export function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 3) % 7) + 7) % 7;
}

/** The number of the week in the year, where weeks begin on `firstWeekday` (Monday is 0) and days before the first such day are in week 0. */
export function weekFrom(date: CalendarDate, firstWeekday: number): number {
  const sinceFirst = (weekdayOf(date.dayNumber) - firstWeekday + 7) % 7;
  return Math.floor((ordinalOf(date) - sinceFirst + 6) / 7);
}

/** ISO 8601: a week belongs to the year that holds its Thursday. */
export function isoWeekOf(date: CalendarDate): { readonly year: number; readonly week: number } {
  const thursday = date.dayNumber - weekdayOf(date.dayNumber) + 3;
  let year = date.year;
  if (thursday < dayNumberOf(year, 1, 1)) year--;
  else if (thursday >= dayNumberOf(year + 1, 1, 1)) year++;
  return { year, week: Math.floor((thursday - dayNumberOf(year, 1, 1)) / 7) + 1 };
}

/** The day of an ISO week (1 … 53; Monday is 0); undefined when the year has no such week. */
export function dateOfIsoWeek(year: number, week: number, weekday: number): CalendarDate | undefined {
  if (year < MIN_YEAR || year > MAX_YEAR || week < 1) return undefined;
  const fourth = dayNumberOf(year, 1, 4);
  const thursday = fourth - weekdayOf(fourth) + 3 + (week - 1) * 7;
  if (thursday >= dayNumberOf(year + 1, 1, 1)) return undefined;
  return dateOfDay(thursday - 3 + weekday);
}
