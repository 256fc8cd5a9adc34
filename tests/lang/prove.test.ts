// The types that must hold at run time, whatever the program says.
import { describe, expect, it } from 'vitest';
import { showType } from '../../src/core/type.ts';
import type { Expr, Stmt } from '../../src/lang/ilo/ast.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import type { Entry } from '../../src/lang/ilo/prove.ts';
import { verify } from '../../src/lang/ilo/verify.ts';
import { walkBody } from '../../src/lang/ilo/walk.ts';

/** The proven types of what is assigned to `z` anywhere, and of results `ret`urned, in order. */
function proven(source: string, entry: Entry = 'anything'): string {
  const { program, diagnostics } = parse(source);
  const found = [...diagnostics, ...verify(program, BUILTINS, entry).diagnostics];
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  const types: string[] = [];
  const add = (expr: Expr): void => {
    types.push(expr.type === undefined ? 'unreached' : showType(expr.type));
  };
  const visit = (stmt: Stmt): void => {
    if (stmt.kind === 'let' && stmt.name === 'z') add(stmt.value);
    if (stmt.kind === 'return') add(stmt.value);
  };
  for (const decl of program.decls) if (decl.kind === 'function') walkBody(decl.body, { stmt: visit });
  return types.join(', ');
}

const PT = 'type pt{x:n;y:n}\n';

describe('what is certain without knowing the arguments', () => {
  it.each<[string, string]>([
    ['f>n;z=1;z', 'n'],
    ['f>t;z="a";z', 't'],
    ['f>n;z=true;1', 'b'],
    ['f>n;z=[];1', 'L _'],
    ['f>n;z=[1 2];1', 'L n'],
    ['f>n;z=[1 "a"];1', 'L _'],
    ['f x:n>n;z=x;z', '_'],
    ['f x:n>n;z=-x 1;z', 'n'],
    ['f x:n>n;z=*x x;z', 'n'],
    ['f x:n>n;z=+x 1;z', 'n'],
    ['f x:n y:n>n;z=+x y;z', '_'],
    ['f x:n>n;z=- x;z', 'n'],
    ['f x:n>b;z=>x 1;z', 'b'],
    ['f x:n>b;z=!x;z', 'b'],
    ['f x:b>b;z=&x true;z', '_'],
    ['f>b;z=&1 true;z', '_'],
    ['f s:t>n;z=len s;z', 'n'],
    ['f s:t>n;z=num s;1', 'R n t'],
    ['f s:t>R n t;z=num! s;~z', 'n'],
    ['f s:t>n;z=num!! s;z', 'n'],
    ['f s:t>n;z=jpar!! s;1', '_'],
    ['f s:t>t;z=hd s;z', '_'],
    ['f>t;z=hd "abc";z', 't'],
    ['f>n;z=hd [1 2];z', 'n'],
    ['f>n;z=~1;1', 'R n _'],
    ['f>n;z=mset mmap "a" 1;1', 'M t n'],
    ['f>n;m=mset mmap "a" 1;z=mset m "b" "c";1', 'M t _'],
    ['f>n;m=mset mmap "a" 1;z=mget m "a";1', 'O n'],
    ['f>n;m=mset mmap "a" 1;z=??mget m "a" 0;z', 'n'],
    ['f>n;z=frq [true false];1', 'M t n'],
    ['f>n;z=flat [[1] [2 3]];1', 'L n'],
    ['f>n;z=zip [1] ["a"];1', 'L L _'],
    ['f x:n>n;z=?>x 0 1 2;z', 'n'],
    ['f x:O n>n;z=??x 1;z', '_'],
  ])('%s', (source, type) => {
    expect(proven(source)).toBe(type);
  });
});

describe('variables', () => {
  it.each<[string, string]>([
    ['f>n;x=1;x=+x 1;z=x;z', 'n'],
    ['f>n;x=1;x="a";z=x;1', '_'],
    ['f c:b>n;x=1;c{x="a"};z=x;1', '_'],
    ['f c:b>n;x=1;c{x=2};z=x;1', 'n'],
    ['f>n;x=0;@i 0..3{z=x;x="a"};1', '_'],
    ['f>n;x=0;@i 0..3{x=+x i};z=x;z', 'n'],
    ['f xs:L n>n;x=0;@i xs{x=+x i};z=x;z', 'n'],
    ['f>n;@i 0..3{z=i};1', 'n'],
    ['f>n;@i [1 2]{z=i};1', 'n'],
    ['f xs:L n>n;@i xs{z=i};1', '_'],
    ['f>n;xs=[];@i 0..3{xs=+=xs i};z=xs;1', 'L n'],
    ['f>n;xs=[];@i 0..3{xs=+=xs xs};z=xs;1', '_'],
    ['f>n;a=1;b1=a;@i 0..3{z=b1;b1=a;a="x"};1', '_'],
    ['f>n;x=0;wh <x 3{x=+x 1};z=x;z', 'n'],
    [`${PT}f>n;p=pt x:1 y:2;{x;y}=p;z=x;z`, 'n'],
  ])('%s', (source, type) => {
    expect(proven(source)).toBe(type);
  });
});

describe('matches', () => {
  it.each<[string, string]>([
    ['f x:_>n;?x{n v:ret v;_:ret 0}', 'n, n'],
    ['f x:_>t;?x{t v:ret v;_:ret ""}', 't, t'],
    ['f x:_>n;z=?x{n v:v;_:0};z', 'n'],
    ['f s:t>n;r=num s;z=?r{~v:v;^e:0};z', 'n'],
    ['f s:t>n;r=num s;z=?r{~v:"";^e:e};1', 't'],
    ['f x:_>n;z=?x{1:2;_:_};1', '_'],
  ])('%s', (source, type) => {
    expect(proven(source)).toBe(type);
  });
});

describe('functions', () => {
  it.each<[string, string]>([
    ['g x:n>n;*x 2\nf x:n>n;z=g x;z', 'n'],
    ['g x:n>n;x\nf>n;z=g 1;z', '_'],
    ['g x:n>n;>x 5 "big";x\nf>n;z=g 1;1', '_'],
    ['g x:n>n;>x 5 1;2\nf>n;z=g 1;z', 'n'],
    ['g x:n>n;@i 0..x{>i 2{brk}};1\nf>n;z=g 1;z', 'n'],
    ['g x:n>n;@i 0..x{>i 2{ret "a"}};1\nf>n;z=g 1;1', 't, _'],
    ['g s:t>R n t;v=num! s;~v\nf>n;z=g "1";1', 'R n t'],
    ['g n1:n>n;<n1 2 1;*n1 (g -n1 1)\nf>n;z=g 5;z', 'n'],
    ['ev n1:n>b;=n1 0 true;od -n1 1\nod n1:n>b;=n1 0 false;ev -n1 1\nf>b;z=ev 5;z', 'b'],
    ['f xs:L n>n;z=map (x:n>n;*x 2) xs;1', 'L n'],
    ['f>n;z=map (x:n>n;x) [1 2];1', 'L n'],
    ['f>n;z=map (x:_>_;x) ["a"];1', 'L t'],
    ['f k:n>n;z=map (x:n>n;*x k) [1 2];1', 'L n'],
    ['f>n;k="a";z=map (x:n>t;k) [1 2];1', 'L t'],
    ['f>n;z=fld (a:n x:n>n;+a x) [1 2] 0;z', 'n'],
    ['f xs:L n>n;z=fld (a:n x:n>n;+a x) xs 0;z', 'n'],
    ['f xs:L n>n;z=fld (a:n x:n>n;x) xs 0;z', '_'],
    ['f xs:L n>n;z=map str xs;1', 'L t'],
    ['f xs:L n>n;z=fld max xs 0;z', 'n'],
    ['f xs:L t>n;z=map hd xs;1', 'L _'],
    ['f g:F n n>n;z=g 1;z', '_'],
    [`${PT}f>n;p=pt x:1 y:2;z=p.x;z`, 'n'],
    [`${PT}f p:pt>n;z=p.x;z`, '_'],
    [`${PT}f v:n>n;p=pt x:v y:2;z=p.x;z`, '_'],
    [`${PT}g p:_>_;p with x:"a"\nf>n;p=pt x:1 y:2;z=p.x;z`, '_'],
    [`${PT}f>n;p=pt x:1 y:2;q=p with x:3;z=q.x;z`, 'n'],
  ])('%s', (source, type) => {
    expect(proven(source)).toBe(type);
  });
});

describe('with declared types kept at the entry', () => {
  it.each<[string, string]>([
    ['f x:n>n;z=x;z', 'n'],
    ['f x:n y:n>n;z=+x y;z', 'n'],
    ['f xs:L n>n;@x xs{z=x};1', 'n'],
    ['f s:S a1 b1>t;z=s;z', 't'],
    ['f x:a>n;z=x;1', '_'],
    ['g x:n>n;z=x;z\nf s:t>n;v=jpar!! s;g v', '_'],
    ['g x:n>n;z=x;z\nf xs:L n>n;fld (a:n x:n>n;+a g x) xs 0', 'n'],
    ['g x:n>n;z=x;z\nap h:F n n v:n>n;h v\nf>n;ap g 1', '_'],
    ['f c:b x:n>n;c{x="a"};z=x;1', '_'],
    ['g x:n>n;z=x;z\nk h:F n n>n;h 1', 'n'],
    ['g x:n>n;z=x;z\nk s:_>n;map s ["a"];1', '_'],
  ])('%s', (source, type) => {
    expect(proven(source, 'declared')).toBe(type);
  });
});

describe('with arguments checked from outside', () => {
  it.each<[string, string]>([
    ['f x:n y:n>n;z=+x y;z', 'n'],
    ['f s:S a1 b1>t;z=s;z', 't'],
    ['f x:O n>n;z=x;1', 'O n'],
    ['f xs:L n>n;@x xs{z=x};1', '_'],
    ['f xs:L n>n;z=+xs xs;1', 'L _'],
    ['f m:M t n>n;z=m;1', '_'],
    ['f g:F n n>n;z=g;1', '_'],
    [`${PT}f p:pt>n;z=p;1`, '_'],
  ])('%s', (source, type) => {
    expect(proven(source, 'checked')).toBe(type);
  });
});

describe('places without a value', () => {
  it('leaves code after ret alone', () => {
    expect(proven('f>n;ret 1;z=2;z')).toBe('n, unreached');
  });

  it('claims nothing where no value can be', () => {
    expect(proven('f>n;z=hd [];1')).toBe('_');
  });
});
