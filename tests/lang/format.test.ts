import { expect, test } from 'vitest';
import { formatDeclarations, formatProgram, formatStatement } from '../../src/lang/ilo/format/format.ts';
import { parse } from '../../src/lang/ilo/parse.ts';

function dense(source: string): string {
  const { program, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  return formatProgram(program, 'dense').trimEnd();
}

function expanded(source: string): string {
  const { program, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  return formatProgram(program, 'expanded').trimEnd();
}

/** Each of these is already dense, so it must come back exactly. */
const UNCHANGED = [
  'f x:n>n;+x 1',
  'f>n;42',
  'f a:n b:n>n;-*a b /a b',
  'f a:n b:n c:n>n;+*a b -b c',
  // Negative numbers, minus signs
  'f a:n>n;+a -3',
  'f a:n>n;x=-3;+x a',
  'f a:n>n;ret -1',
  'f a:n>n;- 0 a',
  'f a:n>n;- -3 a',
  'f a:n b:n>n;- -a b',
  'f a:n b:n>n;-(-a) b',
  'f a:n>n;[-2 1 -3];-a',
  'f a:n>n;*2 -a',
  'f a:n>n;abs (-a)',
  'f a:n b:n>n;-(-*a b *b a)',
  // Operators that would run together
  'f a:n b:n>b;= =a b true',
  'f a:n b:n>b;! =a b',
  'f a:n b:n>b;=(a>b) true',
  'f a:b b:b>b;&(&a b) b',
  'f a:n b:n>b;!>a b',
  'f a:n b:n>b;x= =a b;x',
  'f a:n b:n>b;x=>a b;x',
  // Calls
  'f xs:L n>n;len xs',
  'f xs:L n>n;+len xs 1',
  'f xs:L n>n;-(len xs) 1',
  'f x:n>t;prnt str x',
  'f x:n>n;g f x 2',
  'g a:n b:n>n;+a b\nf x:n>n;g g x 1 2',
  'f x:n>n;f -x 1',
  'f x:n y:n>n;max x (x>y)',
  'f a:n b:n>b;has [true] =a b',
  'f a:n b:n>b;not (=a b)',
  'f x:p>n;max (-x.y 1) 2',
  'f x:n>t;prnt fmt "{} {}" x +x 1',
  'f x:n>t;cat [(fmt "{}" x)] ""',
  'f>n;now()',
  'f>M t n;mset mmap "k" 1',
  'f p:t>R t t;x=rd! p;~x',
  'f p:t>t;rd!! p',
  'f>t;g!()',
  'f xs:L n>L n;map abs xs',
  'f u:t>R t t;$u',
  'f u:t>R t t;~$!u',
  'f u:t>t;$!!u',
  'f x:n>n;x>>str>>len',
  'f x:n>n;f x>>max 3',
  // Fields and indices
  'f xs:L n i:n>n;+xs.0 xs.i',
  'f r:p>n;r.a.b.0.?c',
  'f r:p>t;r.userId',
  // Records
  'type p{x:n;y:n}\nf a:n>p;p x:a y:-3',
  'type p{x:n}\nf a:p>p;a with x:(+a.x 1)',
  'type p{x:n}\nf a:p>n;{x}=a;x',
  'type p{x:n}\nf a:n>p;a=1;p x:a\ng b:n>b;>b 1',
  // Results
  'f x:n>R n t;~x',
  'f x:n>R n t;^"no"',
  'f x:n>R n t;^+"no " str x',
  'f x:n>R R n t t;~(~x)',
  'f x:n>L _;[~x, ^"a"]',
  // Guards
  'f x:n>n;>x 3 0;x',
  'f x:n>R n t;!>=x 0 ^"negative";~x',
  'f x:n>n;>x 3{x=0};x',
  'f x:n>n;>x 3{1}{2}',
  'f x:n>n;!>x 3{1}{2}',
  'f x:b>n;x{ret 1};0',
  'f x:b>n;(!x){ret 1};0',
  'f x:n>n;&>x 3 <x 9 (f 1);x',
  // Choices
  'f x:n>n;?=x 0 10 20',
  'f h:b>n;?h 1 0',
  'f h:b>n;?h{1}{0}',
  'f x:n>n;v= =x 1{10}{20};v',
  'f x:n>n;?(f x) 1 2',
  'f x:n>n;?h (x>1) 2',
  // Matches
  'f r:R n t>n;?r{~v:v;^e:0}',
  'f x:n>t;?x{1:"a";2:y="b";y;_:"c"}',
  'f x:_>n;?x{n v:v;t _:1;b v:2;l v:3;nil:4}',
  'f c:S red green>n;?c{red:1;"green":2}',
  'f x:n>n;v=?x{1:2;_:3};v',
  'f>n;f();?{~v:v;^_:0}',
  'f x:n>n;(?x{1:2;_:3}>>str>>len)',
  // Loops
  'f xs:L n>n;s=0;@x xs{s=+s x};s',
  'f n:n>n;s=0;@i 0..n{s=+s i};s',
  'f n:n>n;s=0;@i +n 1..len [1 2]{s=+s i};s',
  'f n:n>n;wh <n 3{n=+n 1;=n 2{cnt};>n 9{brk}};n',
  'f n:n>n;wh true{brk n};n',
  // Nil
  'f x:O n>n;x??0',
  'f x:O n y:O n>n;x??y??0',
  'f x:O n>n;??x f 3',
  'f m:M t n>n;mget m "k"??f 3',
  'f m:M t n>n;+1 ??mget m "k" 0',
  'f m:M t n>n;(mget! m "k")??0',
  // Lambdas
  'f xs:L n>L n;map (x:n>n;+x 1) xs',
  'f xs:L n k:n>L n;flt (x:n>b;y=*x k;>y 3) xs',
  'f xs:L n>L n;map (x:n>n;>x 3 0;x) xs',
  'f>L n;map (>n;42) [1]',
  // Types
  'f a:L n b:M t L n c:R n t d:O _ e:F n n t>_;a',
  'f g:F (F n n) n>n;1',
  'f g:R (S a b) t h:S a b k:n>n;1',
  'alias id t',
  'tool fetch"Gets a page" url:t>R t t timeout:5,retry:2',
  'tool ping"">_',
  'use "lib.ilo"',
  'use "lib.ilo" [a b]\nf>n;1',
  // Lists
  'f a:n b:n>L n;[a b 3]',
  'f a:n b:n>L n;[abs a, b]',
  'f a:n>L n;[abs a]',
  'f a:n>L n;[(g a)]',
  'f>L n;[]',
  'f a:n>L L n;[[a 1] [2 a]]',
] as const;

test.each(UNCHANGED)('stays: %s', source => {
  expect(dense(source)).toBe(source);
});

/** What the dense style makes of other spellings. */
const CHANGED: readonly (readonly [source: string, formatted: string])[] = [
  ['f x:n > n\n  y = x * 2 + 1\n  y', 'f x:n>n;y=+*x 2 1;y'],
  ['f x:n>b;(x == 3)', 'f x:n>b;=x 3'],
  ['f x:n>n;(x + 1) * 2', 'f x:n>n;*+x 1 2'],
  ['f a:n b:n>n;f a + b', 'f a:n b:n>n;+(f a) b'],
  ['f xs:L n>n;length (reverse xs)', 'f xs:L n>n;len rev xs'],
  ['f xs:L n>L n;[1, 2, 3]', 'f xs:L n>L n;[1 2 3]'],
  ['f x:n>n;{y=1;+x y}', 'f x:n>n;y=1;+x y'],
  ['f r:R n t>n;?r{~v:{a=1;+v a};^e:{0}}', 'f r:R n t>n;?r{~v:a=1;+v a;^e:0}'],
  ['f x:n>n;1.50;1e3;0.0000001', 'f x:n>n;1.5;1000;1e-7'],
  ['f>t;"a\\/b"', 'f>t;"a/b"'],
];

test.each(CHANGED)('becomes dense: %s', (source, formatted) => {
  expect(dense(source)).toBe(formatted);
});

test('text is escaped so that it reads back', () => {
  const spellings = [
    '"\\n\\t\\r\\f\\b\\v\\a\\0"',
    '"say \\"hi\\""',
    '"\\d+\\.\\d"',
    '"C:\\\\new"',
    '"end\\\\"',
    '"a\\\\\\\\b"',
    '"\\z"',
    '"é😀"',
  ];
  for (const text of spellings) {
    const source = `f>t;${text}`;
    const once = dense(source);
    const [before, after] = [parse(source), parse(once)].map(({ program }) => {
      const [decl] = program.decls;
      const stmt = decl?.kind === 'function' ? decl.body[0] : undefined;
      return stmt?.kind === 'expr' && stmt.value.kind === 'literal' ? stmt.value.value : undefined;
    });
    expect(after).toBe(before);
    expect(typeof after).toBe('string');
  }
  expect(dense('f>t;"\\d+"')).toBe('f>t;"\\d+"');
  expect(dense('f>t;"line\nbreak"')).toBe('f>t;"line\\nbreak"');
});

test('numbers read back as the same double', () => {
  for (const number of [
    '0.1',
    '1e21',
    '123456789012345680000',
    '5e-324',
    '1.7976931348623157e308',
    '1e999',
    '0.30000000000000004',
  ]) {
    const once = dense(`f>n;${number}`);
    expect(Number(once.slice(4))).toBe(Number(number));
  }
});

test('a program in the expanded style', () => {
  const source =
    'type p{x:n;y:t}\ntool get-it"Gets" u:t>R t t timeout:5\n' +
    'cls sp:n xs:L n>t;>=sp 1000{ret "gold"};<sp 0 "none";@x xs{>x 3{cnt}{brk}};@i 0..len xs{prnt +i 1};wh <sp 3{sp=+sp 1};' +
    'r=num "1";?r{~v:a=+v 1;prnt a;^e:^e;_:?sp{1:"a"}};"bronze"';
  expect(expanded(source)).toBe(
    [
      'type p {',
      '  x: n',
      '  y: t',
      '}',
      '',
      'tool get-it "Gets" u:t > R t t timeout: 5',
      '',
      'cls sp:n xs:L n > t',
      '  >= sp 1000 {',
      '    ret "gold"',
      '  }',
      '  < sp 0 "none"',
      '  @ x xs {',
      '    > x 3 {',
      '      cnt',
      '    } {',
      '      brk',
      '    }',
      '  }',
      '  @ i 0..len xs {',
      '    prnt (+ i 1)',
      '  }',
      '  wh < sp 3 {',
      '    sp = + sp 1',
      '  }',
      '  r = num "1"',
      '  ?r {',
      '    ~v: {',
      '      a = + v 1',
      '      prnt a',
      '    }',
      '    ^e: ^e',
      '    _: ?sp {',
      '      1: "a"',
      '    }',
      '  }',
      '  "bronze"',
    ].join('\n'),
  );
});

test('both styles lead back to the same dense text', () => {
  for (const source of UNCHANGED) {
    const { program } = parse(expanded(source));
    expect(formatProgram(program, 'dense').trimEnd()).toBe(source);
  }
});

test('expanded types have parentheses around their parts', () => {
  expect(expanded('f a:L L n b:R M t n t c:F (F n n) n>L _;a')).toBe(
    'f a:L (L n) b:R (M t n) t c:F (F n n) n > L _\n  a',
  );
});

test('an empty program, a program of comments', () => {
  expect(formatProgram({ decls: [], comments: [], source: '' }, 'dense')).toBe('');
  const { program } = parse('-- only\n\n\n-- comments');
  expect(formatProgram(program, 'dense')).toBe('-- only\n-- comments\n');
  expect(formatProgram(program, 'expanded')).toBe('-- only\n\n-- comments\n');
});

test('declarations with mistakes are kept as they are', () => {
  const source = 'good x:n>n;+ x   1\nbad x:n>n;+x )   2\nfine>n;1  ;  2\n';
  const { program, diagnostics } = parse(source);
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(formatProgram(program, 'dense')).toBe('good x:n>n;+x 1\nbad x:n>n;+x )   2\nfine>n;1;2\n');
});

test('a declaration that could not be printed faithfully is kept as it is', () => {
  // Directly behind the result type `-1` is a number; behind a separator it would be a minus and a number.
  const source = 'odd>n -1\nnext x:n>n;+ x 1\n';
  const { program, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  expect(formatProgram(program, 'dense')).toBe('odd>n -1\nnext x:n>n;+x 1\n');
});

test('single declarations and statements', () => {
  const { decls } = parse('g a:n>n;+a 1\nf x:n>n;y=x + 1;@i 0..3{y=+y g i};y').program;
  const f = decls[1]!;
  expect(formatDeclarations(decls, 'dense').get(f)).toBe('f x:n>n;y=+x 1;@i 0..3{y=+y g i};y');
  expect(formatDeclarations([f], 'dense').get(f)).toBe('f x:n>n;y=+x 1;@i 0..3{y=+y (g i)};y');
  expect(formatDeclarations(decls, 'expanded').get(f)).toContain('\n  y = + x 1\n');
  expect(f.kind === 'function' && formatStatement(f.body[1]!)).toBe('@i 0..3{y=+y (g i)}');
});
