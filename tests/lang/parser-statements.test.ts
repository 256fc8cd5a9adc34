import { describe, expect, test } from 'vitest';
import { body, declarations } from './show-tree.ts';

function cases(lines: readonly (readonly [string, string])[]): void {
  test.each(lines)('%s', (source, tree) => {
    expect(body(source)).toBe(tree);
  });
}

describe('bindings', () => {
  cases([
    ['x=1;y=+x 2;y', 'x = 1; y = (x + 2); y'],
    ['x=f a b', 'x = f(a, b)'],
    ['x=~1', 'x = ~1'],
    ['x=^"e"', 'x = ^"e"'],
    ['{a;b}=p;+a b', '{a b} = p; (a + b)'],
    ['{a}=f x', '{a} = f(x)'],
  ]);
});

describe('guards', () => {
  cases([
    ['>x 9 "big";"small"', 'return-if (x > 9) {"big"}; "small"'],
    ['>x 9{"big"};"small"', 'if (x > 9) {"big"}; "small"'],
    ['>x 9{"big"}{"small"}', 'if (x > 9) {"big"} else {"small"}'],
    ['!>x 9 "small"', 'return-if not (x > 9) {"small"}'],
    ['!ok x{1}', 'if not ok(x) {1}'],
    ['!ok{1}{2}', 'if not ok {1} else {2}'],
    ['!ok', '!ok'],
    ['done{ret 1};2', 'if done {return 1}; 2'],
    ['x > 9{"big"}', 'if (x > 9) {"big"}'],
    ['&a b ^"no"', 'return-if (a & b) {^"no"}'],
    ['>x 9 +x 1', 'return-if (x > 9) {(x + 1)}'],
    ['>x 9 ~x', 'return-if (x > 9) {~x}'],
    ['+x 9', '(x + 9)'],
    ['>len xs 3 0', 'return-if (len(xs) > 3) {0}'],
    ['(f x){1}', 'if f(x) {1}'],
    ['{a;b}=p;a{1}', '{a b} = p; if a {1}'],
  ]);
});

describe('loops', () => {
  cases([
    ['@x xs{prnt x}', 'for x in xs {prnt(x)}'],
    ['@x f xs{prnt x}', 'for x in f(xs) {prnt(x)}'],
    ['@x [1 2]{x}', 'for x in [1, 2] {x}'],
    ['@i 0..3{prnt i}', 'for i from 0 to 3 {prnt(i)}'],
    ['@i +a 1..len xs{i}', 'for i from (a + 1) to len(xs) {i}'],
    ['@i 0..n{@j 0..i{brk};cnt}', 'for i from 0 to n {for j from 0 to i {break}; continue}'],
    ['wh >x 0{x=-x 1}', 'while (x > 0) {x = (x - 1)}'],
    ['wh true{brk x}', 'while true {break x}'],
    ['wh =x 1{brk +x 1}', 'while (x = 1) {break (x + 1)}'],
    ['wh a{brk;b}', 'while a {break; b}'],
    ['ret +x 1', 'return (x + 1)'],
    ['ret =x 1', 'return (x = 1)'],
  ]);
});

describe('matches', () => {
  cases([
    ['?x{1:"a";2:"b";_:"c"}', 'match! x{1: "a" | 2: "b" | _: "c"}'],
    ['?x{~v:v;^e:0}', 'match! x{~v: v | ^e: 0}'],
    ['?x{~_:1;^_:0}', 'match! x{~_: 1 | ^_: 0}'],
    ['f y;?{~v:v;^e:0}', 'f(y); match! {~v: v | ^e: 0}'],
    ['?x{n v:v;t _:"t";b q:q;l xs:len xs}', 'match! x{num v: v | text _: "t" | bool q: q | list xs: len(xs)}'],
    ['?x{true:1;false:0;nil:2}', 'match! x{true: 1 | false: 0 | null: 2}'],
    ['?x{"a":1;-1:2}', 'match! x{"a": 1 | -1: 2}'],
    ['?x{~v:a=v;+a 1;^e:0}', 'match! x{~v: a = v; (a + 1) | ^e: 0}'],
    ['?x{~v:{a=v;+a 1};^e:{0}}', 'match! x{~v: a = v; (a + 1) | ^e: 0}'],
    ['?x{~v:{a}=v;a;^e:0}', 'match! x{~v: {a} = v; a | ^e: 0}'],
    ['y=?x{1:2;_:3};y', 'y = match x{1: 2 | _: 3}; y'],
    ['f (?x{1:2;_:3})', 'f(match x{1: 2 | _: 3})'],
    ['?x{red:1;blue:2}', 'match! x{"red": 1 | "blue": 2}'],
    ['?x{1:;_:2}', 'match! x{1:  | _: 2}'],
    ['?p.kind{"a":1;_:2}', 'match! p.kind{"a": 1 | _: 2}'],
    ['?x{1:2;_:3;}', 'match! x{1: 2 | _: 3}'],
  ]);

  test('over lines', () => {
    expect(body('\n  ?x{\n    ~v:\n      v;\n    ^e:0\n  }')).toBe('match! x{~v: v | ^e: 0}');
  });
});

describe('declarations', () => {
  test('functions on one line, over lines and in braces', () => {
    expect(declarations('f>n;1\ng x:n y:L t>R n t;~x\nh x:n>n{y=x;y}\nk x:n>n\n  y=x\n  y')).toEqual([
      'f()>n {1}',
      'g(x:n y:L t)>R n t {~x}',
      'h(x:n)>n {y = x; y}',
      'k(x:n)>n {y = x; y}',
    ]);
  });

  test('several on one line', () => {
    expect(declarations('f x:n>n;+x 1;g>n;f 2')).toEqual(['f(x:n)>n {(x + 1)}', 'g()>n {f(2)}']);
    expect(declarations('type p{x:n};f a:p>n;a.x')).toEqual(['type p{x:n}', 'f(a:p)>n {a.x}']);
  });

  test('a record as a statement is no function', () => {
    expect(body('a=1;pt x:a y:2')).toBe('a = 1; pt{x:a y:2}');
  });

  test('a header may go on in an indented line', () => {
    expect(declarations('f x:n\n  >n\n  x')).toEqual(['f(x:n)>n {x}']);
  });

  test('a body may begin in an unindented line', () => {
    expect(declarations('f x:n>n\n+x 1')).toEqual(['f(x:n)>n {(x + 1)}']);
  });

  test('a brace that closes a block may be unindented', () => {
    expect(declarations('f xs:L n>n\n  @x xs{\n    prnt x\n}\n  0\ng>n;1')).toEqual([
      'f(xs:L n)>n {for x in xs {prnt(x)}; 0}',
      'g()>n {1}',
    ]);
  });

  test('destructuring as the first statement is no block', () => {
    expect(declarations('f p:pt>n;{x}=p;x')).toEqual(['f(p:pt)>n {{x} = p; x}']);
  });

  test.each([
    ['n', 'n'],
    ['t', 't'],
    ['b', 'b'],
    ['_', '_'],
    ['a', 'a'],
    ['order', 'order'],
    ['L n', 'L n'],
    ['LLn', 'L L n'],
    ['O L t', 'O L t'],
    ['M t L n', 'M t L n'],
    ['R n t', 'R n t'],
    ['R (L n) t', 'R L n t'],
    ['F n t b', 'F n t b'],
    ['F n', 'F n'],
    ['S red green', 'S red green'],
    ['M t M n R L n t', 'M t M n R L n t'],
  ])('type %s', (source, type) => {
    expect(declarations(`f x:${source}>n;1`)).toEqual([`f(x:${type})>n {1}`]);
  });

  test('a type ends where the next parameter begins', () => {
    expect(declarations('f g:F n n x:S a b y:t>n;1')).toEqual(['f(g:F n n x:S a b y:t)>n {1}']);
  });

  test('type, alias, tool and use', () => {
    expect(
      declarations(
        'use "a.ilo"\nuse "b.ilo" [x y]\ntype pt{x:n;y:n}\nalias pts L pt\n' +
          'tool look"Looks up" w:t>R t t timeout:5,retry:2\ntool ping"Pings">n\nmain>n;1',
      ),
    ).toEqual([
      'use a.ilo',
      'use b.ilo [x y]',
      'type pt{x:n y:n}',
      'alias pts L pt',
      'tool look "Looks up" (w:t)>R t t 5 2',
      'tool ping "Pings" ()>n undefined undefined',
      'main()>n {1}',
    ]);
  });

  test('declarations without a body end with their line', () => {
    expect(declarations('alias color S red green\nmain>n;f x\nalias ids L n\ng>n;1')).toEqual([
      'alias color S red green',
      'main()>n {f(x)}',
      'alias ids L n',
      'g()>n {1}',
    ]);
  });

  test('a type over lines', () => {
    expect(declarations('type pt{\n  x:n\n  y:n;\n}\nmain>n;1')).toEqual(['type pt{x:n y:n}', 'main()>n {1}']);
  });
});
