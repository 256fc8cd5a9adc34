// What the verifier says: message heads that programs and people match on, suggestions, and places.
import { describe, expect, it } from 'vitest';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { verify } from '../../src/lang/ilo/verify.ts';
import { codes, lines, messages, places } from './verify-harness.ts';

const PT = 'type pt{x:n;y:n}\n';

describe('messages', () => {
  it.each<[string, string]>([
    ['type a1{x:n}\nalias a1 n\nf>n;1', "ILO-T001 type 'a1' conflicts with type alias of the same name"],
    ['alias aa n\nalias aa t\nf>n;1', "ILO-T001 duplicate type alias 'aa'"],
    ['f>n;1\ntool f"x" a:n>n', "ILO-T002 duplicate definition 'f' (tool conflicts with function)"],
    ['f x:n>t;v=?>x 0 "a" 1;"b"', 'ILO-T003 ternary branches have different types: t vs n'],
    ['f>n;p=point x:1;1', "ILO-T003 undefined type 'point'"],
    ['f x:n>n;x y', "ILO-T005 'x' is a n, not a function (called with 1 args)"],
    ['f x:n>n;g x', "ILO-T005 undefined function 'g' (called with 1 args)"],
    ['f x:n>n;sqrt x 2', "ILO-T006 arity mismatch: 'sqrt' expects 1 args, got 2"],
    ['f g:F n n x:n>n;g x x', "ILO-T006 arity mismatch: function parameter 'g' expects 1 args, got 2"],
    ['g a:n>n;a\nf s:t>n;g s', "ILO-T007 type mismatch: param 'a' of 'g' expects n, got t"],
    ['f g:F n n s:t>n;g s', "ILO-T007 type mismatch: arg 1 of 'g' expects n, got t"],
    ['f x:n>t;x', 'ILO-T008 return type mismatch: expected t, got n'],
    ['f x:n>n;y=*x 2', 'ILO-T008 return type mismatch: expected n, got _'],
    ['f x:n s:t>n;+x s', "ILO-T009 '+' expects matching n, t, or L types, got n and t"],
    ['f x:n s:t>n;*x s', "ILO-T009 '*' expects n and n, got n and t"],
    ['f x:n>n;{a;b}=x;1', 'ILO-T009 destructure requires a record type, got n'],
    ['f x:n s:t>b;<x s', 'ILO-T010 comparison expects matching n or t, got n and t'],
    ['f x:n>L n;+=x 1', "ILO-T011 '+=' expects a list on the left, got n"],
    ['f xs:L n>L n;+=xs "a"', "ILO-T011 '+=' list element type n doesn't match appended t"],
    ['f x:n>n;len x', "ILO-T013 'len' expects a list, map, or text, got n"],
    ['f s:t>n;abs s', "ILO-T013 'abs' expects n, got t"],
    ['f s:t>n;max 1 s', "ILO-T013 'max' arg 2 expects n, got t"],
    ['f x:n>n;max x', "ILO-T013 'max' expects L n, got n"],
    ['f x:n>n;hd x', "ILO-T013 'hd' expects a list or text, got n"],
    ['f x:n>t;slc x 0 1', "ILO-T013 'slc' expects a list or text, got n"],
    ['f s:t>t;slc s 0 "1"', "ILO-T013 'slc' arg 3 expects n, got t"],
    ['f xs:L n>t;cat xs ","', "ILO-T013 'cat' arg 1 expects L t, got L n"],
    ['f xs:L n>L n;map 5 xs', "ILO-T013 'map' first arg must be a function (F ...), got n"],
    ['f x:n>n;at x 0', "ILO-T013 'at' expects a list or text, got n"],
    ['f xs:L n>n;at xs "a"', "ILO-T013 'at' index must be n, got t"],
    ['f x:n>n;srt x', "ILO-T013 'srt' expects a list or text, got n"],
    ['f x:n xs:L n>L n;srt x xs', "ILO-T013 'srt' key arg must be a function (F ...), got n"],
    ['f x:n>R t t;wr "p" x', "ILO-T013 'wr' arg 2 expects t (content), got n"],
    ['f x:t>R t t;dtfmt x "%Y"', "ILO-T013 'dtfmt' first arg must be n (unix epoch), got t"],
    ['f x:n>n;det x', "ILO-T013 'det' expects L (L n), got n"],
    ['f x:n>t;padl "a" 3 x', "ILO-T013 'padl' arg 3 (pad char) expects t, got n"],
    ['f x:n>L _;fft x', "ILO-T013 'fft' expects a list of numbers, got n"],
    ['f x:t>_;sleep x', "ILO-T013 'sleep' expects ms:n, got t"],
    ['f xs:L n>L n;lst xs 0 "a"', "ILO-T013 'lst' value type t does not match list element type n"],
    ['f m:M t n>O n;mget m 1', "ILO-T013 'mget' key must match map key type t, got n"],
    ['f x:n>t;fmt "{:.2f}" x', "ILO-T013 'fmt' only supports bare `{}` placeholders, got `{:.2f}`"],
    ['f x:n>R t t;wr "a" x "xml"', 'ILO-T013 \'wr\' format "xml" is not supported; expected "json", "csv", or "tsv"'],
    [
      'g x:n>n;x\nf xs:L n>R (L n) t;mapr g xs',
      "ILO-T013 'mapr' fn must return a Result (R _ _), got n; use 'map' for non-fallible fns",
    ],
    [
      'g x:n>n;x\nf xs:L n>L n;srt g 1 xs',
      "ILO-T013 'srt' key fn must take 2 args (elem, ctx) for closure-bind variant, got 1 args",
    ],
    ['g c:t x:n>n;x\nf xs:L n>L n;map g "c" xs', "ILO-T013 'map' fn params look swapped for closure-bind variant"],
    ['f s:t>n;@x s{x};1', 'ILO-T014 foreach expects a list, got t'],
    ['f s:t>n;@i s..3{i};1', 'ILO-T014 range start must be n, got t'],
    ['f s:t>n;@i 0..s{i};1', 'ILO-T014 range end must be n, got t'],
    [`${PT}f>n;p=pt x:1;1`, "ILO-T015 missing field 'y' in record 'pt'"],
    [`${PT}f>n;p=pt x:1 y:2 z:3;1`, "ILO-T016 unknown field 'z' in record 'pt'"],
    [`${PT}f>n;p=pt x:1 y:"a";1`, "ILO-T017 field 'y' of 'pt' expects n, got t"],
    ['f x:n>n;x.size', 'ILO-T018 field access on non-record type n'],
    [`${PT}f p:pt>n;p.z`, "ILO-T019 no field 'z' on type 'pt'"],
    [`${PT}f p:pt>n;{x;z}=p;x`, "ILO-T019 no field 'z' on type 'pt'"],
    ['f x:n>n;x with a:1', "ILO-T020 'with' on non-record type n"],
    [`${PT}f p:pt>pt;p with z:1`, "ILO-T021 unknown field 'z' in 'with' on 'pt'"],
    [`${PT}f p:pt>pt;p with x:"a"`, "ILO-T022 'with' field 'x' of 'pt' expects n, got t"],
    ['f s:t>t;s.0', 'ILO-T023 index access on non-list type t'],
    ['f r:R n t>n;?r{~v:v}', 'ILO-T024 non-exhaustive match on Result: missing ^'],
    ['f r:R n t>n;?r{^e:1}', 'ILO-T024 non-exhaustive match on Result: missing ~'],
    ['f b1:b>n;?b1{true:1}', 'ILO-T024 non-exhaustive match on Bool: missing false'],
    ['f c:S red blue>n;?c{"red":1}', 'ILO-T024 non-exhaustive match on sum type: missing blue'],
    ['f s:t>n;?s{"a":1}', 'ILO-T024 non-exhaustive match: no wildcard arm'],
    ['g x:n>n;x\nf x:n>R n t;y=g! x;~y', "ILO-T025 '!' used on call to 'g' which returns n, not a Result or Optional"],
    ['g x:n>n;x\nf x:n>n;g!! x', "ILO-T025 '!!' used on call to 'g' which returns n, not a Result or Optional"],
    ['f s:t>n;num! s', "ILO-T026 '!' used in function 'f' which returns n, not a Result"],
    ['f m:M t n>n;mget! m "a"', "ILO-T026 '!' used in function 'f' which returns n, not an Optional"],
    ['f x:n>n;brk;x', 'ILO-T028 brk can only be used inside a loop (@/wh)'],
    ['f x:n>n;>x 1{cnt};x', 'ILO-T028 cnt can only be used inside a loop (@/wh)'],
    ['f xs:L n>n;@x xs{brk x;x};1', "ILO-T029 unreachable code after 'brk'"],
    ['f v:n>n;fmt2 v 2;v', "ILO-T032 bare 'fmt2' result is discarded"],
    ['f m:M t n>M t n;mset m "a" 1;m', "ILO-T033 bare 'mset' result is discarded"],
    ['f m:M t n>M t n;@i 0..2{mdel m "a"};m', "ILO-T033 bare 'mdel' result is discarded"],
    [
      'f s:t>n;r=num s;r!!;1',
      "ILO-T034 '!!' is the auto-unwrap operator and only applies to function calls — 'r' is a R n t value",
    ],
  ])('%s', (source, message) => {
    expect(messages(source)).toContain(message);
  });
});

describe('nothing is said where nothing is wrong', () => {
  it.each([
    'f x:_>n;+x 1',
    'f x:a>a;x',
    'g x:n>n;x\nf xs:L n>L n;map g xs',
    'f xs:L n>n;fld max xs 0',
    'f xs:L t>L t;map upr xs',
    'f xs:L (L n)>L n;map hd xs',
    'f k:n xs:L n>L n;flt (x:n>b;>x k) xs',
    'f x:n>n;wh <x 9{y=+x 1;x=y};y',
    'f>n;m=mset mmap "a" 1;??mget m "a" 0',
    'f m:M t (M t n)>O n;mget (mget m "a") "b"',
    'f x:O n>n;??x 0',
    'f s:S a1 b1>t;s',
    'f r:R n t>n;?r{~v:v;_:0}',
    'f x:_>t;?x{n v:"n";t v:v}',
    'f s:t>R n t;num s',
    'f s:t>t;r=env! "HOME";r',
    'f v:n>t;fmt "x={}" v',
    'f xs:L n>L n;+=xs 1',
    'f a:n>n;sum flat [[1 2] [3]]',
    'alias ids L n\nf x:ids>n;sum x',
  ])('%s', source => {
    expect(lines(source)).toEqual([]);
  });
});

describe('suggestions', () => {
  it.each<[string, string]>([
    ['f count:n>n;+conut 1', "did you mean 'count'?"],
    ['f x:n>n;*y 2', "did you mean 'x'?"],
    ['f total:n>n;lenn total', "did you mean 'len'?"],
    [`${PT}f p:pt>n;p.xx`, "did you mean 'x'?"],
    ['type point{x:n}\nf p:pont>n;1', "did you mean 'point'?"],
    ['f best:n d:n>n;best-d', "'best-d' is a single identifier (kebab-case); for subtraction write '- best d'"],
    ['g a:n b:t>n;a\nf x:n>n;g x', "'g' expects: a:n b:t"],
    ['f x:n>t;x', "use 'str' to convert: str <expr>"],
    ['f s:t>n;s', "use 'num' to parse text (returns R n t)"],
    [
      'f xs:L n>L n;map prnt xs',
      "'prnt' is a builtin that is not passed as a value; wrap it in a function of your own",
    ],
    ['f xs:L t>L n;map length xs', "as a value the builtin goes by its short name, 'len'"],
    ['f xs:L t>L t;map fmt xs', "'fmt' is a builtin that is not passed as a value; wrap it in a function of your own"],
    ['f r:R n t>n;?r{~v:v}', 'add: ^e: <expr>  (e is t)'],
    ['f out:L n>L n;+=out 1;out', "'+=' returns a new list; rebind with out=+=out v"],
    ['f mm:M t n>n;mdel mm "a";1', "'mdel' returns a new map; rebind with mm=mdel mm k"],
  ])('%s', (source, hint) => {
    expect(
      lines(source).some(line => line.endsWith(` | ${hint}`)),
      lines(source).join('\n'),
    ).toBe(true);
  });

  it('are left out when nothing is near', () => {
    expect(lines('f x:n>n;+x elephant')).toEqual(["ILO-T004 undefined variable 'elephant'"]);
    expect(lines('f x:n>n;+x qz')).toEqual(["ILO-T004 undefined variable 'qz'"]);
  });
});

describe('places', () => {
  it.each<[string, string]>([
    ['f x:n>n;a=+x missing;a', 'missing'],
    ['f x:n>n;+1 (gone x)', 'gone'],
    ['g a:n b1:n>n;a\nf s:t>n;+1 (g 1 s)', 's'],
    ['f x:n>n;a=1;+a len x', 'x'],
    ['f x:n>t;a=1;*x 2', '*x 2'],
    [`${PT}f>n;p=pt x:1 y:"a";p.x`, '"a"'],
    ['f r:R n t>n;?r{~v:v}', 'r'],
  ])('%s', (source, place) => {
    expect(places(source)).toEqual([place]);
  });
});

describe('imported declarations', () => {
  it('name their file', () => {
    const { program } = parse('type pt{x:nowhere}\nalias pt n\ng x:n>n;+x gone\nf x:n>n;+x lost');
    const decls = program.decls.map((decl, index) => (index < 3 ? { ...decl, file: 'lib.ilo' } : decl));
    const { diagnostics } = verify({ ...program, decls }, BUILTINS);
    expect(diagnostics.map(({ code, file }) => `${code} ${file}`)).toEqual([
      'ILO-T001 lib.ilo',
      'ILO-T004 lib.ilo',
      'ILO-T004 undefined',
    ]);
  });
});

describe('undeclared types', () => {
  it.each([
    'f x:M t gone>n;1',
    'f x:O gone>n;1',
    'f x:F gone n>n;1',
    'f>L gone;[]',
    'alias aa L gone\nf x:aa>n;1',
    'type pt{x:gone}\nf>n;1',
    'f xs:L n>L n;map (x:gone>n;1) xs',
    'tool send"x" a:gone>n\nf>n;1',
    'f a1:gone b1:gone>n;1\ng x:gone>n;p=gone x:1;1',
  ])('%s', source => {
    expect(messages(source)).toEqual(["ILO-T003 undefined type 'gone'"]);
  });
});

describe('each mistake once', () => {
  it('says an unknown name once in a function', () => {
    expect(codes('f x:n>n;a=+x oops;b=*x oops;+a oops')).toEqual(['ILO-T004']);
    expect(codes('f x:n>n;a=zap x;b=zap x;+a b\ng x:n>n;zap x')).toEqual(['ILO-T005', 'ILO-T005']);
  });

  it('lets nothing follow from a wrong part', () => {
    expect(codes('f x:n>t;a=+x oops;b=*a 2;c=len a;str b')).toEqual(['ILO-T004']);
    expect(codes('f p:nowhere>n;a=p.x;+a 1')).toEqual(['ILO-T003']);
    expect(codes('alias aa L aa\nf x:aa>n;len x')).toEqual(['ILO-T030']);
    expect(codes('g x:n>R n t;~x\nf x:n>n;g! x x')).toEqual(['ILO-T006']);
    expect(codes(`${PT}f>n;p=pt x:1 y:2 z:oops;p.x`)).toEqual(['ILO-T004', 'ILO-T016']);
  });

  it('keeps quiet about functions whose declaration did not parse', () => {
    const found = codes('bad x:n>n;)\nf x:n>n;bad x');
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(code => code.startsWith('ILO-T'))).toEqual([]);
  });

  it('reports every member of a cycle of aliases', () => {
    const source = 'alias aa L bb\nalias bb L cc\nalias cc L aa\nalias dd L aa\nf x:dd>n;len x';
    expect(lines(source).map(line => line.split(' | ')[0])).toEqual([
      "ILO-T030 circular type alias 'cc'",
      "ILO-T030 circular type alias 'bb'",
      "ILO-T030 circular type alias 'aa'",
    ]);
  });
});
