// What the parser says about wrong programs: each mistake once, at its place, and nothing that merely follows from it.
import { describe, expect, test } from 'vitest';
import { DEPTH_LIMIT } from '../../src/lang/ilo/cursor.ts';
import { DIAGNOSTIC_LIMIT } from '../../src/lang/ilo/lexer.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { mistakes, showDeclaration } from './show-tree.ts';

function message(source: string): string | undefined {
  return parse(source).diagnostics[0]?.message;
}

describe('places and codes', () => {
  test.each([
    ['main>n;+1 2 3', ['ILO-P001 3']],
    ['main>n;1\n}', ['ILO-P001 }']],
    ['+1 2', ['ILO-P001 +']],
    ['let x=1', ['ILO-P001 let']],
    ['main>n;@x xs\n  prnt x', ['ILO-P003']],
    ['main->n;1', ['ILO-P003 -']],
    ['main:>n;1', ['ILO-P003 :']],
    ['f a:n>b;=<a 1', ['ILO-P003 =']],
    ['f a:b>b;&&a a', ['ILO-P003 &']],
    ['f a:b>b;||a a', ['ILO-P003 |']],
    ['f a:n>n;+++a a a', ['ILO-P003 +']],
    ['main>n;(+1 2', ['ILO-P004 2']],
    ['main>n;f [1 2', ['ILO-P010 [']],
    ['main>n;@1 xs{1}', ['ILO-P005 1']],
    ['main>n;xs.(+1 2)', ['ILO-P005 (']],
    ['type', ['ILO-P006 type']],
    ['f x:>n;x', ['ILO-P007 >']],
    ['f x:R n>n;x', ['ILO-P007 >']],
    ['f x:n>R', ['ILO-P008 R']],
    ['f x:n>R\ng>n;1', ['ILO-P007 R']],
    ['f x:F>n;1', ['ILO-P009 >']],
    ['main>n;x=;1', ['ILO-P009 ;']],
    ['main>_;m={"a" 1};m', ['ILO-P009 {']],
    ['main>_;map fn xs', ['ILO-P001 fn']],
    ['main>_;f=fn x', ['ILO-P009 fn']],
    ['main>_;[1;2]', ['ILO-P009 ;']],
    ['main>n;+1', ['ILO-P010 1']],
    ['f x:S>n;1', ['ILO-P010 >']],
    ['main>n;len=3;1', ['ILO-P011 len']],
    ['main>n;len=3;+len len', ['ILO-P011 len']],
    ['take=3', ['ILO-P011 take']],
    ['len x:n y:n>n;x=\nf>n;+len [1] 2', ['ILO-P011 len', 'ILO-P009 =']],
    ['g>n;+1\nf>n;2', ['ILO-P009 1']],
    ['main>n;if=3;1', ['ILO-P011 if']],
    ['main>n;cnt=3;1', ['ILO-P011 cnt']],
    ['len x:n>n;x', ['ILO-P011 len']],
    ['wh>n;1', ['ILO-P011 wh']],
    ['var=5', ['ILO-P011 var']],
    ['f x:n>n;?x{@:1;_:2}', ['ILO-P011 @']],
    ['f x:b>n;?x{go x}', ['ILO-P011 {']],
    ['f x:n>n;?x{1:2;', ['ILO-P004 ;']],
    ['f x:n>n;?x{', ['ILO-P012 {']],
    ['tool a"b">n timeout:x', ['ILO-P013 x']],
    ['tool a"b">n timeout:', ['ILO-P014 :']],
    ['tool a>n', ['ILO-P015 >']],
    ['f x:n>n;>x 9 g x;1', ['ILO-P016 x']],
    ['use x', ['ILO-P016 x']],
    ['use "x" []', ['ILO-P016 use']],
    ['use "x" [a', ['ILO-P016 [']],
    ['add a:n b:n>n;+a b\nf>n;add fmt "{}" 1 2', ['ILO-P018 fmt']],
    ['f x:n\ng>n;1', ['ILO-P020 f']],
    ['f x:n', ['ILO-P020 f']],
    ['f x:n>\ng>n;1', ['ILO-P020 f']],
    ['f x:n>n\ng x:n>n;x', ['ILO-P020 f']],
    ['f a:n b:n>n;- -*a b *a b', ['ILO-P021 -']],
    ['', ['ILO-P002']],
    ['-- nothing', ['ILO-P002']],
  ])('%j', (source, found) => {
    expect(mistakes(source)).toEqual(found);
  });

  test('heads of messages', () => {
    expect(message('main>n;+1 2 3')).toBe('expected declaration, got `3`');
    expect(message('f a:n>n;+++a a a')).toBe('prefix chain `+++` needs 4 operands but found 3');
    expect(message('main>n;len=3;1')).toBe('`len` is a builtin and cannot be used as a binding name');
    expect(message('len x:n>n;x')).toBe('`len` is a builtin and cannot be used as a function name');
    expect(message('f x:n\ng>n;1')).toBe('incomplete function header for `f`: header runs off the end of the line');
    expect(message('main>n;(1]')).toBe('expected `)`, got `]`');
    expect(message('main>n;x="a')).toContain("unexpected token '\"'");
  });
});

describe('one run reports all', () => {
  test('statements of one body', () => {
    expect(mistakes('main>n;x=;y=+1;z=*1 2;len=3;z')).toEqual(['ILO-P009 ;', 'ILO-P009 ;', 'ILO-P011 len']);
  });

  test('inner blocks and what follows them', () => {
    expect(mistakes('f x:n>n;@i 0..3{a=;b=+1 2;c=@};d=;x')).toEqual(['ILO-P009 ;', 'ILO-P009 @', 'ILO-P009 ;']);
  });

  test('arms of a match', () => {
    expect(mistakes('f x:n>n;?x{1:a=;2:b=;_:3};y=;x')).toEqual(['ILO-P009 ;', 'ILO-P009 ;', 'ILO-P009 ;']);
    expect(mistakes('f x:n>n;?x{%:1;2:3;4 5:6;_:7};x')).toEqual(['ILO-L001 %']);
    expect(mistakes('f x:n>n;?x{(:a;b;2:3;@:6;_:7};x')).toEqual(['ILO-P011 (']);
    expect(mistakes('f x:n>n;?x{$:a;b;2:3;@:6;_:7};x')).toEqual(['ILO-P011 $', 'ILO-P005 :']);
  });

  test('where brackets do not pair up, only the first mistake of a declaration', () => {
    expect(mistakes('f n:n>t;?n 0:"a";1:"b";_:"c"}\ng>n;+1 2 3;+4 5 6')).toEqual([
      'ILO-P009 :',
      'ILO-P001 3',
      'ILO-P001 6',
    ]);
    expect(mistakes('f x:n>n;?^e:1;~v:=;2}}\ng>n;x=;1')).toEqual(['ILO-P009 ^', 'ILO-P009 ;']);
  });

  test('inline functions', () => {
    expect(mistakes('f xs:L n>L n;map (x:n>n;a=;b=;x) xs;c=')).toEqual(['ILO-P009 ;', 'ILO-P009 ;', 'ILO-P010 =']);
  });

  test('declarations', () => {
    expect(mistakes('f x:n>n;y=;1\ng x:>n;1\nh>n;2\nk\nlen>n;3\nm>n;4')).toEqual([
      'ILO-P009 ;',
      'ILO-P007 >',
      'ILO-P020 k',
      'ILO-P011 len',
    ]);
  });

  test('characters and structure', () => {
    expect(mistakes('f>n;#1\ng>n;x=;1\nh>n;my_var=1;my_var')).toEqual(['ILO-L001 #', 'ILO-P009 ;', 'ILO-L002 my_var']);
  });

  test('brackets that are never closed, each at its own declaration', () => {
    expect(mistakes('f>n;[1 2\ng x:n>n;>x 1{2\nh>n;(+1 2\nk>n;1')).toEqual(['ILO-P003 [', 'ILO-P003 h', 'ILO-P003 k']);
  });
});

describe('what is kept', () => {
  test('good declarations beside bad ones, which stay known by name', () => {
    const { program } = parse('f x:n>n;y=;1\ntype p{x}\ng>n;2');
    expect(program.decls.map(showDeclaration)).toEqual(['error f', 'error p', 'g()>n {2}']);
  });

  test('a declaration with foreign characters is not verified', () => {
    expect(parse('f>n;1 %\ng>n;2').program.decls.map(({ kind }) => kind)).toEqual(['error', 'function']);
  });
});

describe('limits', () => {
  const nested: readonly (readonly [string, string, string, string])[] = [
    ['parentheses', '(', '1', ')'],
    ['lists', '[', '', ']'],
    ['blocks', '>x 0{', '1', '}'],
    ['loops', '@i xs{', '1', '}'],
    ['matches', '?x{_:', '1', '}'],
    ['bound matches', 'y=?x{_:', '1', '}'],
    ['prefix operators', '+', '1', ' 1'],
    ['minus signs', '- ', '1', ''],
    ['negations', 'x=! ', '1', ''],
    ['inline functions', '(a:n>n;', 'a', ')'],
    ['inline functions as arguments', 'map (a:n>n;', 'a', ') xs'],
    ['known calls', 'hd ', 'xs', ''],
    ['calls in parentheses', 'g (', '1', ')'],
    ['choices', '?x{', '1', '}{2}'],
    ['requests', '$', 'u', ''],
    ['sums', '1+', '1', ''],
    ['pipes', 'x', 'x', '>>g'],
    ['fields', '', 'x', '.a'],
    ['indices', '', 'x', '.0'],
    ['coalescing', 'x??', 'x', ''],
    ['prefix coalescing', '??x ', 'x', ''],
  ];

  test.each(nested)('%s nested far too deep are one mistake', (name, open, inner, close) => {
    const repeat = name === 'parentheses' ? 1_000_000 : 50_000;
    const opening = open === 'x=! ' ? `x=${'! '.repeat(repeat)}` : open.repeat(repeat);
    expect(mistakes(`f x:n xs:_>_;${opening}${inner}${close.repeat(repeat)}`)).toHaveLength(1);
  });

  test.each(nested)('%s nested a little are none', (_, open, inner, close) => {
    const repeat = Math.floor(DEPTH_LIMIT / 8);
    const opening = open === 'x=! ' ? `x=${'! '.repeat(repeat)}` : open.repeat(repeat);
    const sources = `f x:n xs:_>_;${opening}${inner}${close.repeat(repeat)}`;
    expect(mistakes(sources)).toEqual([]);
  });

  test('types', () => {
    for (const type of ['L ', 'O ', '(', 'F ', 'R n ']) {
      const found = parse(`f x:${type.repeat(50_000)}n>n;1`).diagnostics;
      expect(found.map(({ code }) => code)).toEqual(['ILO-P022']);
    }
  });

  test('a declaration that is too deep does not hide the next', () => {
    expect(mistakes(`f>n;${'('.repeat(999)}1${')'.repeat(999)};x=\ng>n;x=;1`)).toEqual(['ILO-P022 (', 'ILO-P009 ;']);
  });

  test('the list of mistakes ends, with a note', () => {
    for (const source of ['f>n;x=;1\n'.repeat(5000), '%a\n'.repeat(5000), 'f>n;'.concat('x=;'.repeat(5000))]) {
      const { diagnostics } = parse(source);
      expect(diagnostics).toHaveLength(DIAGNOSTIC_LIMIT);
      expect(diagnostics.at(-1)?.notes.join()).toContain('not shown');
      expect(diagnostics[0]?.notes).toEqual([]);
    }
  });

  test('any cut and any lost character leaves diagnostics or a program', () => {
    const source =
      'type p{x:n;y:t}\nf a:n b:L n>R n t\n  c=map (q:n>n;+q a) b;>a 3 ^"no"\n  ?a{1:~2;_:{d=at b 0;~d}}\ng>t;"x\\n{}"\n';
    for (let at = 0; at < source.length; at++) {
      expect(parse(source.slice(0, at)).diagnostics.length).toBeLessThan(10);
      expect(parse(source.slice(0, at) + source.slice(at + 1)).diagnostics.length).toBeLessThan(10);
    }
  });
});
