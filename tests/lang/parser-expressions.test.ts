import { describe, expect, test } from 'vitest';
import { body, declarations } from './show-tree.ts';

const BEFORE = 'dbl x:n>n;*x 2\nadd a:n b:n>n;+a b\nuse-fn g:F n n x:n>n;g x\n';

/** Checks many `source -> tree` lines at once. */
function cases(lines: readonly (readonly [string, string])[], before = ''): void {
  test.each(lines)('%s', (source, tree) => {
    expect(body(source, '', before)).toBe(tree);
  });
}

describe('atoms', () => {
  cases([
    ['1', '1'],
    ['"a"', '"a"'],
    ['[true false nil]', '[true, false, nil]'],
    ['x', 'x'],
    ['(x)', 'x'],
    ['make()', 'make()'],
    ['make!()', 'make!()'],
    ['make!!()', 'make!!()'],
    ['make! ()', 'make!()'],
    ['mmap', 'mmap()'],
    ['mmap()', 'mmap()'],
    ['now', 'now()'],
    ['rnd 1 6', 'rnd(1, 6)'],
    ['p.x', 'p.x'],
    ['p.?x.y', 'p.?x.y'],
    ['xs.0.1', 'xs.0.1'],
    ['xs.?0', 'xs.?0'],
    ['r.type', 'r.type'],
  ]);
});

describe('prefix operators', () => {
  cases([
    ['+a b', '(a + b)'],
    ['+*a b c', '((a * b) + c)'],
    ['+*a b *c d', '((a * b) + (c * d))'],
    ['>=+a b 10', '((a + b) >= 10)'],
    ['&>a 1 <b 2', '((a > 1) & (b < 2))'],
    ['+=xs x', '(xs += x)'],
    ['!x', '!x'],
    ['-x', '-x'],
    ['-a b', '(a - b)'],
    ['-0 v', '(0 - v)'],
    ['x=-3', 'x = -3'],
    ['- -a b', '-(a - b)'],
    ['- 0 +*a b *c d', '(0 - ((a * b) + (c * d)))'],
    ['~+a b', '~(a + b)'],
    ['^"no"', '^"no"'],
    ['$url', 'dollar:get(url)'],
    ['$!url', 'dollar:get!(url)'],
    ['$!!"http://x"', 'dollar:get!!("http://x")'],
    ['??x 0', '(x ?? 0)'],
    ['??mget m "k" 0', '(mget(m, "k") ?? 0)'],
    ['+p.x p.y', '(p.x + p.y)'],
  ]);
});

describe('infix operators', () => {
  cases([
    ['a + b', '(a + b)'],
    ['a + b * c', '(a + (b * c))'],
    ['a * b + c', '((a * b) + c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a > b & c < d | e', '(((a > b) & (c < d)) | e)'],
    ['(a + b) * c', '((a + b) * c)'],
    ['x - 3', '(x - 3)'],
    ['f a + b', '(f(a) + b)'],
    ['f -n 1', 'f((n - 1))'],
    ['a + *b c', '(a + (b * c))'],
  ]);

  test('prefix forms are complete: an operator behind them is no infix', () => {
    expect(() => body('+a b + c')).toThrow('ILO-P001');
  });
});

describe('calls', () => {
  cases(
    [
      ['g a b c', 'g(a, b, c)'],
      ['g +a b c', 'g((a + b), c)'],
      ['g (h x) y', 'g(h(x), y)'],
      ['g h x', 'g(h, x)'],
      ['g! a b', 'g!(a, b)'],
      ['g!! a', 'g!!(a)'],
      ['g !a', 'g(!a)'],
      ['prnt str dbl 2', 'prnt(str(dbl(2)))'],
      ['g dbl x y', 'g(dbl(x), y)'],
      ['g add 1 2 3', 'g(add(1, 2), 3)'],
      ['add dbl 1 dbl 2', 'add(dbl(1), dbl(2))'],
      ['map dbl xs', 'map(dbl, xs)'],
      ['use-fn dbl 3', 'use-fn(dbl, 3)'],
      ['map str xs', 'map(str, xs)'],
      ['hd tl xs', 'hd(tl(xs))'],
      ['>len q 0', '(len(q) > 0)'],
      ['&e dbl', '(e & dbl)'],
      ['fld add xs 0', 'fld(add, xs, 0)'],
      ['srt xs', 'srt(xs)'],
      ['at xs -1', 'at(xs, -1)'],
      ['prnt fmt "{} {}" a b', 'prnt(fmt("{} {}", a, b))'],
      ['add 1 (fmt "{}" 2)', 'add(1, fmt("{}", 2))'],
      ['f a ?? 0', '(f(a) ?? 0)'],
      ['f a ?? g b ?? d', '((f(a) ?? g(b)) ?? d)'],
      ['len(xs)', 'len(xs)'],
      ['g make() 1', 'g(make(), 1)'],
      ['dbl.x', 'dbl.x'],
    ],
    BEFORE,
  );

  test('long aliases become short names and are remembered', () => {
    expect(body('filter pos (reverse xs)')).toBe('flt(pos, rev(xs))');
    expect(body('print length xs')).toBe('prnt(len(xs))');
  });

  test('a function that is declared further down is not known yet', () => {
    expect(body('g late 1')).toBe('g(late, 1)');
  });

  test('the next declaration is no argument', () => {
    expect(declarations('f>n;g x\nh y:n>n;y')).toEqual(['f()>n {g(x)}', 'h(y:n)>n {y}']);
  });
});

describe('lists', () => {
  cases(
    [
      ['[]', '[]'],
      ['[1 2 3]', '[1, 2, 3]'],
      ['[1, 2, 3]', '[1, 2, 3]'],
      ['[a b c]', '[a, b, c]'],
      ['[1 -2 3]', '[1, -2, 3]'],
      ['[-2 1]', '[-2, 1]'],
      ['[dbl a b]', '[dbl(a), b]'],
      ['[str a str b]', '[str(a), str(b)]'],
      ['[g a, h b]', '[g(a), h(b)]'],
      ['[(g a) b]', '[g(a), b]'],
      ['[~1 ^"e"]', '[~1, ^"e"]'],
      ['[[1 2] [3]]', '[[1, 2], [3]]'],
      ['[a - b c]', '[(a - b), c]'],
      ['[+a b *c d]', '[(a + b), (c * d)]'],
    ],
    BEFORE,
  );
});

describe('records', () => {
  cases([
    ['point x:1 y:2', 'point{x:1 y:2}'],
    ['point x:(+1 2) y:p.y', 'point{x:(1 + 2) y:p.y}'],
    ['p with x:3', '(p with x:3)'],
    ['p with x:3 y:4', '(p with x:3 y:4)'],
    ['f p with x:3', '(f(p) with x:3)'],
  ]);
});

describe('pipes and coalescing', () => {
  cases(
    [
      ['xs>>len', 'pipe:len(xs)'],
      ['xs>>map dbl>>sum', 'pipe:sum(pipe:map(dbl, xs))'],
      ['x>>add 1', 'pipe:add(1, x)'],
      ['p>>rd!>>len', 'pipe:len(pipe:rd!(p))'],
      ['f x>>str', 'pipe:str(f(x))'],
      ['a??b', '(a ?? b)'],
      ['a ?? +b 1', '(a ?? (b + 1))'],
      ['x=a??0>>str', 'x = pipe:str((a ?? 0))'],
      ['~a ?? b', '(~a ?? b)'],
    ],
    BEFORE,
  );

  test('over lines', () => {
    expect(body('\n  xs\n  >>map dbl\n  >>sum', '', BEFORE)).toBe('pipe:sum(pipe:map(dbl, xs))');
  });
});

describe('choices', () => {
  cases([
    ['?h 1 0', 'if(h, 1, 0)'],
    ['?h{1}{0}', 'if(h, 1, 0)'],
    ['?=x 0 10 20', 'if((x = 0), 10, 20)'],
    ['?>x 0 "a" "b"', 'if((x > 0), "a", "b")'],
    ['v=?h{a b}{c}', 'v = if(h, a(b), c)'],
    ['v=?h +a b c', 'v = if(h, (a + b), c)'],
    ['?(h){1}{0}', 'if(h, 1, 0)'],
  ]);

  test('bound conditions', () => {
    expect(body('v= =x 1{"a"}{"b"}')).toBe('v = if((x = 1), "a", "b")');
    expect(body('v= >x 1{"a"}')).toBe('if (x > 1) {v = "a"}');
    expect(body('v= >x 1{y=2;y}')).toBe('if (x > 1) {y = 2; v = y}');
    expect(body('v= >x 1{y=2;y}{3}')).toBe('v = match (x > 1){true: y = 2; y | false: 3}');
    expect(body('v=x>1{"a"}{"b"}')).toBe('v = if((x > 1), "a", "b")');
  });
});

describe('inline functions', () => {
  cases([
    ['map (x:n>n;+x 1) xs', 'map(__lit_0(x:n>n){(x + 1)}, xs)'],
    ['g (>n;42)', 'g(__lit_0(>n){42})'],
    ['fld (a:n x:n>n;+a x) xs 0', 'fld(__lit_0(a:n x:n>n){(a + x)}, xs, 0)'],
    ['map (x:n>n;y=+x 1;*y 2) xs', 'map(__lit_0(x:n>n){y = (x + 1); (y * 2)}, xs)'],
    ['(a > b)', '(a > b)'],
    ['(x:n>n;>x 1 2;3)', '__lit_0(x:n>n){return-if (x > 1) {2}; 3}'],
  ]);

  test('captures, in order of first use', () => {
    expect(body('map (x:n>n;+x +k +j k) xs', 'j:n k:n xs:L n')).toBe(
      'map(__lit_0(x:n>n|k j){(x + (k + (j + k)))}, xs)',
    );
  });

  test('what is bound inside, a function or unknown is no capture', () => {
    const before = 'dbl x:n>n;*x 2\n';
    expect(body('map (x:n>n;k=dbl x;+k q) xs', 'xs:L n', before)).toBe('map(__lit_0(x:n>n){k = dbl(x); (k + q)}, xs)');
    expect(body('map (x:n>n;k=+k x;k) xs', 'k:n xs:L n')).toBe('map(__lit_0(x:n>n|k){k = (k + x); k}, xs)');
    expect(body('flt (x:n>b;hd map dbl xs) xs', 'xs:L n', before)).toContain('|xs');
  });

  test('a name that is called is captured when it is a variable', () => {
    expect(body('map (x:n>n;g x) xs', 'g:F n n xs:L n')).toBe('map(__lit_0(x:n>n|g){g(x)}, xs)');
  });

  test('an inner function passes its captures on, and is numbered first', () => {
    expect(body('map (x:n>L n;map (y:n>n;+y +x k) xs) xs', 'k:n xs:L n')).toBe(
      'map(__lit_1(x:n>L n|k xs){map(__lit_0(y:n>n|x k){(y + (x + k))}, xs)}, xs)',
    );
  });
});

describe('indexing by a name', () => {
  test('a variable behind a dot is an index', () => {
    expect(body('xs.i', 'xs:L n i:n')).toBe('dot:at(xs, i)');
    expect(body('@i 0..3{prnt xs.i};xs.i', 'xs:L n')).toBe('for i from 0 to 3 {prnt(dot:at(xs, i))}; xs.i');
    expect(body('m.i.j', 'm:L L n i:n j:n')).toBe('dot:at(dot:at(m, i), j)');
    expect(body('i=0;xs.i.name', 'xs:L _')).toBe('i = 0; dot:at(xs, i).name');
  });

  test('not behind `.?`, before it is bound, or when a record type has the field', () => {
    expect(body('xs.?i', 'xs:L n i:n')).toBe('xs.?i');
    expect(body('a=xs.i;i=1;a', 'xs:L n')).toBe('a = xs.i; i = 1; a');
    expect(body('p.x', 'p:pt x:n', 'type pt{x:n}\n')).toBe('p.x');
  });

  test('inside an inline function only names that are bound there or captured count', () => {
    expect(body('map (r:_>_;r.name) rs', 'rs:L _ name:t')).toBe('map(__lit_0(r:_>_){r.name}, rs)');
    expect(body('map (r:_>_;+i r.i) rs', 'rs:L _ i:n')).toBe('map(__lit_0(r:_>_|i){(i + dot:at(r, i))}, rs)');
  });
});
