import { describe, expect, test } from 'vitest';
import { lex } from '../../src/lang/ilo/lexer.ts';
import { showKind } from '../../src/lang/ilo/tokens.ts';
import { body, declarations } from './show-tree.ts';

/** Tokens as their source text, line breaks that became separators as `;`, unindented lines marked with `|`. */
function scan(source: string): string {
  const { diagnostics } = lex(source);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(d => d.message).join(', '));
  return scanAll(source);
}

function scanAll(source: string): string {
  const { tokens } = lex(source);
  const shown: string[] = [];
  for (let index = 0; index < tokens.count; index++) {
    const text = source.slice(tokens.starts[index], tokens.ends[index]);
    shown.push((tokens.fresh[index] === 1 ? '|' : '') + (text === '\n' ? ';' : text));
  }
  return shown.join(' ');
}

function kinds(source: string): string {
  const { tokens } = lex(source);
  return Array.from(tokens.kinds.subarray(0, tokens.count), showKind).join(' ');
}

function faults(source: string): string[] {
  return lex(source).diagnostics.map(({ code, message, labels }) => {
    const { start, end } = labels[0]!.span;
    return `${code} ${message} @${start}-${end}`;
  });
}

describe('signs and words', () => {
  test('the longer sign wins', () => {
    expect(scan('a>=b<=c!=d+=e>>f??g!!h..i.?j==k')).toBe('a >= b <= c != d += e >> f ?? g !! h .. i .? j == k');
  });

  test('hyphens join words only before a letter or digit', () => {
    expect(scan('row-count a-1 b- c -d e2-x')).toBe('row-count a-1 b - c - d e2-x');
  });

  test('keywords, type letters and soft words', () => {
    expect(kinds('type L nil ret true')).toBe('`type` `L` `nil` a name `true`');
    expect(scan('xs:Ln>Rnt')).toBe('xs : L n > R nt');
  });
});

describe('numbers', () => {
  test('integers, fractions, exponents', () => {
    expect(scan('1 2.5 3e8 4.5e-3 6E+2 7.x 8..9')).toBe('1 2.5 3e8 4.5e-3 6E+2 7 . x 8 .. 9');
  });

  test('a minus sign belongs to the number where a value has ended, and not where one begins', () => {
    expect(scan('f a -1')).toBe('f a -1');
    expect(scan('[-2 1]')).toBe('[ -2 1 ]');
    expect(scan('+a -3')).toBe('+ a -3');
    expect(scan('-1 x')).toBe('- 1 x');
    expect(scan('a=-1;-2 b')).toBe('a = - 1 ; - 2 b');
    expect(scan('(-1){-2')).toBe('( - 1 ) { - 2');
    expect(scan('f>n\n  -3')).toBe('f > n ; - 3');
    expect(scan('f>n;1\n-3')).toBe('f > n ; 1 |- 3');
  });

  test('behind a dot a fraction is two indices', () => {
    expect(scan('xs.0.1')).toBe('xs . 0 . 1');
    expect(scan('xs.?10.22.3')).toBe('xs .? 10 . 22 . 3');
    expect(scan('f 0.1')).toBe('f 0.1');
  });
});

describe('fields behind a dot', () => {
  test.each([
    ['r.type', 'type'],
    ['r.if', 'if'],
    ['r.L', 'L'],
    ['r.nil', 'nil'],
    ['r.userId', 'userId'],
    ['r.URL', 'URL'],
    ['r.typeName', 'typeName'],
    ['r.row_count', 'row_count'],
    ['r.change_1d', 'change_1d'],
    ['r.?ema_20d_change_5d', 'ema_20d_change_5d'],
    ['r.baseURL_count', 'baseURL_count'],
    ['r.content-type', 'content-type'],
  ])('%s', (source, field) => {
    expect(scan(source).split(' ').at(-1)).toBe(field);
    expect(kinds(source).endsWith('a name')).toBe(true);
  });

  test('a blank ends the relaxation', () => {
    expect(faults('r. userId')).toEqual(["ILO-L003 unexpected token 'userId' @3-9"]);
  });
});

describe('text', () => {
  test('escapes', () => {
    expect(body('"a\\n\\t\\r\\"\\\\\\/b"')).toBe(JSON.stringify('a\n\t\r"\\/b'));
    expect(body('"\\f\\b\\v\\a\\0"')).toBe(JSON.stringify('\f\b\v\x07\0'));
  });

  test('a backslash before any other character stands for itself', () => {
    expect(body('"\\d+\\.\\s"')).toBe(JSON.stringify('\\d+\\.\\s'));
  });

  test('signs, comments and line breaks inside are text', () => {
    expect(body('"a -- b ( [ ; \n  c"')).toBe(JSON.stringify('a -- b ( [ ; \n  c'));
    expect(body('"grüße 🙂"')).toBe(JSON.stringify('grüße 🙂'));
  });
});

describe('lines', () => {
  test('an indented line continues with a separator, an unindented one begins fresh', () => {
    expect(scan('f>n\n  a=1\n\tb\ng>n;1')).toBe('f > n ; a = 1 ; b |g > n ; 1');
  });

  test('no separator after an opening brace, a second one, or before a closing brace', () => {
    expect(scan('f>n\n  @i 0..3{\n    a=1;\n    b=2\n  }\n  c')).toBe('f > n ; @ i 0 .. 3 { a = 1 ; b = 2 } ; c');
    expect(scan('type p{\n  x:n\n}')).toBe('type p { x : n }');
  });

  test('a pipe continues the line before', () => {
    expect(scan('f>n\n  xs\n  >>len')).toBe('f > n ; xs >> len');
  });

  test('brackets join lines', () => {
    expect(scan('f>n\n  [1\n  2\n3]\n  (+a\n b)')).toBe('f > n ; [ 1 2 3 ] ; ( + a b )');
  });

  test('blank and comment lines add nothing', () => {
    expect(scan('f>n\n  a=1\n   \n  -- why\n  b -- end\n')).toBe('f > n ; a = 1 ; b');
    expect(scan('-- top\n\nf>n;1')).toBe('|f > n ; 1');
  });

  test('carriage returns and a byte order mark are blank', () => {
    const source = '\ufefff>n\r\n  a=1\r\n\r\n  b\r\ng>n;1\r\n';
    expect(scan(source)).toBe('f > n ; a = 1 |; b |g > n ; 1');
    expect(declarations(source)).toEqual(declarations(source.replaceAll('\r', '')));
  });

  test('a wholly indented program has no separator before its first token', () => {
    expect(scan('\n  f>n;1')).toBe('f > n ; 1');
  });

  test('comments are kept with their places', () => {
    const source = '-- one \nf>n;1 -- two\n  -- three\r\n';
    const { comments } = lex(source);
    expect(comments.map(({ text, ownLine }) => [text, ownLine])).toEqual([
      ['-- one', true],
      ['-- two', false],
      ['-- three', true],
    ]);
    expect(comments.map(({ span }) => source.slice(span.start, span.end))).toEqual(['-- one', '-- two', '-- three']);
  });
});

describe('mistakes', () => {
  test('runs of foreign characters are one mistake each', () => {
    expect(faults('f>n;1 %# 2')).toEqual(["ILO-L001 unexpected token '%#' @6-8"]);
    expect(faults("x='a' # 'b'\ny=#")).toEqual([
      "ILO-L001 unexpected token ''' @2-3",
      "ILO-L001 unexpected token '#' @14-15",
    ]);
    expect(faults('a\0b\n é c')).toEqual([
      "ILO-L001 unexpected token 'U+0000' @1-2",
      "ILO-L001 unexpected token 'é' @5-6",
    ]);
    expect(faults('🙂')).toEqual(["ILO-L001 unexpected token '🙂' @0-2"]);
  });

  test('advice for quotes', () => {
    expect(lex("x='a'").diagnostics[0]?.suggestion).toContain('double quotes');
  });

  test('words of other languages', () => {
    expect(faults('AND a b')).toEqual(["ILO-L001 unexpected token 'AND' @0-3"]);
    expect(faults('x=OR a b')).toEqual(["ILO-L001 unexpected token 'OR' @2-4"]);
    expect(faults('f x:OR n t>n;1')).toEqual([]);
    expect(lex('NOT a').diagnostics[0]?.suggestion).toContain('`!`');
  });

  test('names with underscores and capitals, each once', () => {
    expect(faults('my_var=1;+my_var my_var')).toEqual(["ILO-L002 unexpected token 'my_var' @0-6"]);
    expect(lex('my_var').diagnostics[0]?.suggestion).toContain('`my-var`');
    expect(faults('myVar=1;isLBig=2;MyType=3')).toEqual([
      "ILO-L003 unexpected token 'myVar' @0-5",
      "ILO-L003 unexpected token 'isLBig' @8-14",
      "ILO-L003 unexpected token 'MyType' @17-23",
    ]);
    expect(lex('myVar').diagnostics[0]?.suggestion).toContain('`my-var` or `myvar`');
    expect(faults('Point x:n>n;1')).toEqual(["ILO-L003 unexpected token 'Point' @0-5"]);
    expect(faults('X=1')).toEqual(["ILO-L001 unexpected token 'X' @0-1"]);
  });

  test('a text that is never closed ends with its line', () => {
    const source = 'f>t;"open\ng>t;"closed"\nh>n;1';
    expect(faults(source)).toEqual([`ILO-L001 unexpected token '"': this text is never closed @4-5`]);
    expect(scanAll(source)).toBe('f > t ; "open |g > t ; "closed" |h > n ; 1');
    expect(lex('f>t;"a\\').diagnostics).toHaveLength(1);
  });

  test('a bracket that is never closed ends at the next declaration', () => {
    const { tokens } = lex('f>L n;[1 2\ng x:n>n\n  y=x\n  y');
    const texts = Array.from({ length: tokens.count }, (_, index) => tokens.fresh[index]);
    expect(texts.filter(fresh => fresh === 1)).toHaveLength(1);
  });
});
