import { describe, expect, it } from 'vitest';
import { showValue } from '../../src/core/value/show.ts';
import { DATE_BUILTINS } from '../../src/lang/ilo/builtins/dates.ts';
import { callRow } from './harness.ts';

const format = (epoch: number, pattern: string) => showValue(callRow(DATE_BUILTINS, 'dtfmt', [epoch, pattern]));
const parse = (text: string, pattern: string) => showValue(callRow(DATE_BUILTINS, 'dtparse', [text, pattern]));

// 2001-07-08 was a Sunday, day 189 of its year.
const SUNDAY_NIGHT = Date.UTC(2001, 6, 8, 0, 34, 9) / 1000;
const FRIDAY_NOON = Date.UTC(2024, 2, 1, 12, 5, 0) / 1000;

describe('formatting', () => {
  it.each([
    ['%Y-%m-%d', '2001-07-08'],
    ['%C %y %g %G', '20 01 01 2001'],
    ['%q', '3'],
    ['%b %B %h', 'Jul July Jul'],
    ['%d|%e|%_d|%-d|%0e', '08| 8| 8|8|08'],
    ['%a %A %w %u', 'Sun Sunday 0 7'],
    ['%U %W %V', '27 27 27'],
    ['%j %-j %_j', '189 189 189'],
    ['%D %x %F %v', '07/08/01 07/08/01 2001-07-08  8-Jul-2001'],
    ['%H %k %I %l %_H %-H', '00  0 12 12  0 0'],
    ['%P %p', 'am AM'],
    ['%M:%S', '34:09'],
    ['%-M:%-S|%_S', '34:9| 9'],
    ['%f|%.f|%.3f|%.6f|%.9f|%3f|%6f|%9f', '000000000||.000|.000000|.000000000|000|000000|000000000'],
    ['%-f', '0'],
    ['%R %T %X', '00:34 00:34:09 00:34:09'],
    ['%r', '12:34:09 AM'],
    ['%Z %z %:z %::z %:::z', 'UTC +0000 +00:00 +00:00:00 +00'],
    ['%c', 'Sun Jul  8 00:34:09 2001'],
    ['%+', '2001-07-08T00:34:09+00:00'],
    ['%s', String(SUNDAY_NIGHT)],
    ['%t|%n|%%', '\t|\n|%'],
    ['', ''],
    ['é 😀 %Y', 'é 😀 2001'],
  ])('%s', (pattern, expected) => {
    expect(format(SUNDAY_NIGHT, pattern)).toBe(`~${expected}`);
  });

  it.each([
    [FRIDAY_NOON, '%l %I %p %a %j %U %W', '12 12 PM Fri 061 08 09'],
    [0, '%c', 'Thu Jan  1 00:00:00 1970'],
    [-1, '%F %T %s', '1969-12-31 23:59:59 -1'],
    [-0.5, '%T', '00:00:00'],
    [1.9, '%T', '00:00:01'],
    [951782400, '%F %j', '2000-02-29 060'],
    // 2019-12-30 is in the first week of 2020; 2021-01-03 in the last of 2020.
    [Date.UTC(2019, 11, 30) / 1000, '%G-W%V-%u', '2020-W01-1'],
    [Date.UTC(2021, 0, 3) / 1000, '%G-W%V-%u %g', '2020-W53-7 20'],
    [-62135596800, '%Y', '0001'],
    [-62167219200, '%Y %C %y', '0000 00 00'],
    [-62167219201, '%Y %y', '-0001 99'],
    [253402300800, '%F|%-Y|%_Y', '+10000-01-01|+10000|+10000'],
    [8210266876799, '%F %T', '+262142-12-31 23:59:59'],
    [-8334601228800, '%F', '-262143-01-01'],
  ])('%d as %s', (epoch, pattern, expected) => {
    expect(format(epoch, pattern)).toBe(`~${expected}`);
  });

  it.each([
    [Number.NaN, '%Y', 'dtfmt: epoch is not finite (NaN)'],
    [Number.POSITIVE_INFINITY, '%Y', 'dtfmt: epoch is not finite (inf)'],
    [1e30, '%Y', 'dtfmt: epoch out of range (1000000000000000000000000000000)'],
    [8210266876800, '%Y', 'dtfmt: timestamp out of range (8210266876800)'],
    [0, '%Q', 'dtfmt: bad or unsupported format string'],
    [0, '%', 'dtfmt: bad or unsupported format string'],
    [0, '%-', 'dtfmt: bad or unsupported format string'],
    [0, '%-A', 'dtfmt: bad or unsupported format string'],
    [0, '%-T', 'dtfmt: bad or unsupported format string'],
    [0, '%.4f', 'dtfmt: bad or unsupported format string'],
    [0, '%#z', 'dtfmt: bad or unsupported format string'],
    [0, '%😀', 'dtfmt: bad or unsupported format string'],
  ])('%d by %s is an error', (epoch, pattern, expected) => {
    expect(format(epoch, pattern)).toBe(`^${expected}`);
  });
});

describe('parsing', () => {
  it.each([
    ['2024-01-15', '%Y-%m-%d', 1705276800],
    ['2024-01-15 10:20:30', '%Y-%m-%d %H:%M:%S', 1705314030],
    ['2024-01-15T10:20', '%FT%R', 1705314000],
    ['  2024-1-5', '%Y-%m-%d', 1704412800],
    ['20240115', '%Y%m%d', 1705276800],
    ['15 January 2024', '%d %B %Y', 1705276800],
    ['15 jan 2024', '%d %B %Y', 1705276800],
    ['Mon Jan 15 2024', '%a %b %d %Y', 1705276800],
    ['01/15/24', '%D', 1705276800],
    ['01/15/69', '%m/%d/%y', Date.UTC(2069, 0, 15) / 1000],
    ['01/15/70', '%m/%d/%y', 1209600],
    ['2024 015', '%Y %j', 1705276800],
    ['2024-W03-1', '%G-W%V-%u', 1705276800],
    ['2024 2 1', '%Y %U %w', 1705276800],
    ['2024 3 1', '%Y %W %u', 1705276800],
    ['1700000000', '%s', 1700000000],
    ['10:20:30 PM 2024-01-15', '%I:%M:%S %p %F', 1705314030 + 12 * 3600],
    ['12:00 am 2024-01-15', '%I:%M %P %F', 1705276800],
    ['2024-01-15 10:20:30.25', '%F %T%.f', 1705314030],
    ['2024-01-15 10:20:30', '%F %T%.f', 1705314030],
    ['2024-01-15 10:20:30 +0500', '%F %T %z', 1705314030],
    ['2024-01-15T10:20:30Z', '%+', 1705314030],
    ['2024-01-15 10:20:30.5+02:00', '%+', 1705314030],
    ['2024-01-15 10:20:30 CET', '%F %T %Z', 1705314030],
    ['Mon Jan 15 10:20:30 2024', '%c', 1705314030],
    ['2024-01-15 23:59:60', '%F %T', 1705276800 + 86399],
    ['+12024-01-15', '%Y-%m-%d', Date.UTC(12024, 0, 15) / 1000],
    ['-0001-01-01', '%F', -62198755200],
    ['2024-02-29', '%F', 1709164800],
    ['100%2024-01-15', '100%%%F', 1705276800],
  ])('%s by %s', (text, pattern, epoch) => {
    expect(parse(text, pattern)).toBe(`~${epoch}`);
  });

  it.each([
    ['', '%Y', 'premature end of input'],
    ['abcd', '%Y', 'input contains invalid characters'],
    ['2024-13-01', '%F', 'input is out of range'],
    ['2023-02-29', '%F', 'input is out of range'],
    ['2024-01-15 junk', '%F', 'trailing input'],
    ['2024', '%Y', 'input is not enough for unique date and time'],
    ['10:20', '%H:%M', 'input is not enough for unique date and time'],
    ['Tue 2024-01-15', '%a %F', 'no possible date and time matching input'],
    ['2024 2025-01-01', '%Y %F', 'no possible date and time matching input'],
    ['2024-01-15', '%Q', 'bad or unsupported format string'],
    ['2024-01', '%Y-%m-%d', 'premature end of input'],
    ['2024/01/15', '%Y-%m-%d', 'input contains invalid characters'],
    ['25:00 2024-01-15', '%H:%M %F', 'input is out of range'],
    ['2024-W60-1', '%G-W%V-%u', 'input is out of range'],
    ['2024-01-15 +9999', '%F %z', 'input is out of range'],
    ['9'.repeat(100), '%s', 'input is out of range'],
  ])('%s by %s is an error', (text, pattern, problem) => {
    expect(parse(text, pattern)).toBe(`^dtparse: ${problem}`);
  });

  it('reads back every day of the years around leap rules', () => {
    for (const year of [-1, 0, 4, 1900, 1970, 2000, 2023, 2024]) {
      const date = new Date(0);
      date.setUTCFullYear(year, 0, 1);
      for (let day = 0; day < 366; day++) {
        const epoch = date.getTime() / 1000 + day * 86400;
        for (const pattern of ['%F', '%Y %j', '%G %V %u', '%Y %U %w', '%Y %W %a']) {
          const text = format(epoch, pattern).slice(1);
          expect(`${text} -> ${parse(text, pattern)}`).toBe(`${text} -> ~${epoch}`);
        }
      }
    }
  });
});
