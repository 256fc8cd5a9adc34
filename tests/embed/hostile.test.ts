// Hostile programs, calls and hosts: each ends in its documented error, the host lives, and the next program is right. Every program runs on every
// engine in this process, in a thread and in a process of its own, and every host on all three; the last test prints the count. Nothing planted in the
// environment may ever come out. What callers hand in is in hostile-callers.test.ts, paths and addresses in outside-hostile.test.ts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  compile,
  drainPools,
  IloError,
  type Isolation,
  type Program,
  type RunOptions,
  type Tool,
} from '../../src/embed/main.ts';
import { ENGINES } from '../../src/runtime/engines.ts';

const SECRET = 'planted-8d1f6c';
const OPTIONS: RunOptions = { limits: { fuel: 100_000, timeout: 1800, alloc: 16 * 1024 * 1024, output: 10_000 } };
const LONG = 'a'.repeat(200);

/** A program, the function to call, and how it may end: a code, or `ok` where it merely has to end. */
type HostileProgram = readonly [what: string, source: string, ends: RegExp, ...args: number[]];
const PROGRAMS: readonly HostileProgram[] = [
  ['an endless while', 'f>n;wh true{1};1', /R04[34]/],
  ['an endless while that assigns', 'f>n;i=0;wh >=i 0{i=+i 1};i', /R04[34]/],
  ['nested endless loops', 'f>n;wh true{wh true{x=1}};1', /R04[34]/],
  ['a range to the end of numbers', 'f>n;s=0;@i 0..9007199254740991{s=+s i};s', /R04[34]/],
  ['a range to infinity', 'f x:n>n;s=0;y=*x 10;@i 0..y{s=+s i};s', /R04[34]/, 1.7e308],
  ['endless recursion', 'f n:n>n;+1 f n', /R040/, 1],
  ['endless tail recursion', 'f n:n>n;f +n 1', /R040/, 1],
  ['endless mutual recursion', 'f n:n>n;g n\ng n:n>n;f n', /R040/, 1],
  ['recursion that branches without end', 'f n:n>n;a=f n;b=f n;+a b', /R040/, 1],
  ['exponential work', 'f n:n>n;<=n 1 1;a=f -n 1;b=f -n 1;+a b', /R04[34]/, 60],
  ['recursion through map', 'f n:n>L n;map (x:n>n;ys=f x;len ys) [n]', /R040/, 1],
  ['recursion through a sort', 'f n:n>L n;srt (x:n>n;ys=f x;len ys) [n,n]', /R040/, 1],
  ['recursion through a fold', 'f n:n>n;fld (a:n x:n>n;r=f x;+a r) [n] 0', /R040/, 1],
  ['a text that doubles', 'f>n;s="ab";wh true{s=+s s};len s', /R04[1345]/],
  ['a list that doubles', 'f>n;xs=[1,2];wh true{xs=+xs xs};len xs', /R04[1345]/],
  ['a list that grows', 'f>n;xs=[];wh true{xs=+=xs 1};len xs', /R04[345]/],
  ['a map that grows', 'f>n;m=mmap;i=0;wh true{i=+i 1;k=str i;m=mset m k i};len m', /R04[345]/],
  ['texts that share', 'f>n;xs=["x"];wh true{t=cat xs "yyyyyyyy";xs=+=xs t};len xs', /R04[1345]/],
  ['closures that pile up', 'f>n;xs=[];i=0;wh true{i=+i 1;g=(x:n>n;+x i);xs=+=xs g};len xs', /R04[345]|P|T/],
  ['records that pile up', 'type p{a:n;b:n}\nf>n;xs=[];wh true{r=p a:1 b:2;xs=+=xs r};len xs', /R04[345]/],
  ['a list that contains itself over and over', 'f>t;xs=[1];@i 0..60{xs=[xs,xs]};str xs', /R04[1345]|R009|E001|T0/],
  ['the same as JSON', 'f>t;xs=[1];@i 0..60{xs=[xs,xs]};jdmp xs', /R04[1345]|R009|E001|T0/],
  ['the same given back', 'f>_;xs=[1];@i 0..60{xs=[xs,xs]};xs', /E001|R04[1345]|T0/],
  ['a deep list given back', 'f>_;xs=[1];@i 0..20000{xs=[xs]};xs', /E001|R04[1345]|T0/],
  ['comparing what shares itself', 'f>b;xs=[1];ys=[1];@i 0..60{xs=[xs,xs];ys=[ys,ys]};=xs ys', /R04[1345]|ok/],
  ['printing without end', 'f>n;wh true{prnt "xxxxxxxxxxxxxxxxxxxxxxxx"};1', /R046|R043/],
  ['padding to a huge width', 'f>t;padl "x" 1000000000', /R04[1345]|R009/],
  ['repeating without end', 'f>t;s="x";@i 0..100{s=fmt "{}{}{}{}" s s s s};s', /R04[1345]/],
  ['a huge range as a list', 'f>n;xs=range 0 1000000000;len xs', /R04[1345]|R009/],
  ['replacing that multiplies', 'f>t;s="a";@i 0..40{s=rgxsub "a" "aaaa" s};s', /R04[1345]/],
  ['splitting into very many', 'f>n;s="a,";@i 0..30{s=+s s};xs=spl s ",";len xs', /R04[1345]/],
  ['a number with very many digits', 'f>t;fmt "{:.400000000}" 1.5', /R0|T0|ok/],
  ['an error text that is huge', 'f>R n t;s="xy";@i 0..40{s=+s s};^s', /R04[1345]/],
  ['a catastrophic pattern', `f>L t;rgx "(a+)+$" "${LONG}!"`, /ok/],
  ['nested repetitions', `f>L t;rgx "(a*)*b" "${LONG}"`, /ok/],
  ['alternatives that overlap', `f>L t;rgx "(a|a)*b" "${LONG}"`, /ok/],
  ['a pattern with a huge count', 'f>L t;rgx "(a{1000}){1000}" "aaaa"', /R0|T0|ok/],
  ['a pattern that is no pattern', 'f>L t;rgx "((((" "a"', /R0|T0|ok/],
  [
    'keys of prototypes in a map',
    'f>t;m=mmap;m=mset m "__proto__" "x";m=mset m "constructor" "y";r=mget m "toString";??r "none"',
    /^none$/,
  ],
  ['keys of prototypes in a record', 'f>_;r=jpar! "{\\"__proto__\\":{\\"polluted\\":1}}";r', /ok|R0|T/],
  ['a function called by a name of the host', 'f>_;map "constructor" [1]', /R0|T0/],
  ['dividing by zero', 'f x:n>n;/1 x', /R003/, 0],
  ['an index beyond the end', 'f>n;xs=[1];at xs 5', /R0/],
  ['unwrapping what is no number', 'f>R n t;n=num! "x";~n', /ok|R0/],
  ['numbers formatted without end', 'f>t;s="";i=0;wh true{i=+i 1;x=/i 7;y=fmt2 x 100;s=fmt "{}{}" s y};s', /R04[1345]/],
  ['a record in a record without end', 'type p{a:_}\nf>_;r=p a:1;wh true{r=p a:r};r', /R04[345]|E001|T0|P0/],
  ['a key for each text', 'f>n;m=mmap;s="k";wh true{s=+s "k";m=mset m s 1};len m', /R04[1345]/],
  ['a pattern that is made of patterns', `f>L t;p="a";@i 0..30{p=fmt "({}|{})" p p};rgx p "aaa"`, /R0|T0|ok/],
  [
    'a pattern against a text that grows',
    'f>n;s="aaaaaaaa";n=0;wh true{s=+s s;xs=rgx "(a|aa)+$" s;n=+n len xs};n',
    /R04[1345]/,
  ],
  ['half a text as a key', 'f>n;s="\\u{1F600}";m=mset mmap (slc s 0 1) 1;len m', /ok|R0|T0|P0|L0/],
  ['sorting by an order that is none', 'f>L n;xs=range 0 3000;srt (x:n>n;-0 x) xs', /ok|R04/],
  ['JSON that nests', 'f>_;s="[";@i 0..16{s=+s s};jpar! s', /R0|ok|T0/],
  [
    'JSON with the same key twice and __proto__',
    'f>_;jpar! "{\\"a\\":1,\\"a\\":2,\\"__proto__\\":{\\"x\\":1}}"',
    /ok|R0|T0/,
  ],
  ['asking for the environment', 'f>R t t;env "ILO_PLANTED_SECRET"', /R042/],
  ['reading the environment as a file', 'f>R t t;rd "/proc/self/environ"', /R042/],
  ['asking for the time', 'f>n;now()', /R042/],
  ['sleeping', 'f>n;sleep 100000;1', /R042|T|R0/],
  ['calling out', 'f>R t t;get "http://169.254.169.254/latest/meta-data"', /R042/],
];

/** How a run ended, as text: its code, or `ok` and what it gave. */
async function ending(run: () => unknown): Promise<string> {
  try {
    const result = await run();
    return typeof result === 'string' && result.length < 100 ? result : 'ok';
  } catch (error) {
    expect(error).toBeInstanceOf(IloError);
    expect((error as Error).message).not.toContain(SECRET);
    return (error as IloError).code;
  }
}

let tried = 0;

beforeAll(() => {
  process.env.ILO_PLANTED_SECRET = SECRET;
});
afterAll(() => {
  delete process.env.ILO_PLANTED_SECRET;
  drainPools();
});

/** Compiles, or gives the code of the mistake: some are found before anything runs. */
function compiled(source: string, options: RunOptions): Program | string {
  try {
    return compile(source, options);
  } catch (error) {
    return (error as IloError).code;
  }
}

describe.each(ENGINES.map(({ name }) => name))('in this process on %s', engine => {
  test.each(PROGRAMS.map(program => ({ what: program[0], program })))(
    '$what',
    async ({ program: [, source, ends, ...args] }) => {
      const program = compiled(source, { ...OPTIONS, engine });
      tried++;
      if (typeof program === 'string') return expect(program).toMatch(ends);
      const end = await ending(() => program.run('f', ...args));
      expect(end).toMatch(new RegExp(`${ends.source}${ends.source.includes('ok') ? '|^none$' : ''}`));
      expect(compile('f x:n>n;*x 2', { engine }).run('f', 21)).toBe(42);
    },
  );
});

const tool = (signature: string, call: (...args: never[]) => unknown): Tool => ({ signature, call });

const LEVELS: readonly Isolation[] = ['in-process', 'worker', 'process'];

describe.each(['worker', 'process'] as const)('isolation %s', isolation => {
  const engines = ENGINES.map(({ name }) => name);
  test.each(PROGRAMS.map(program => ({ what: program[0], program })))(
    '$what',
    async ({ program: [, source, ends, ...args] }) => {
      const program = compiled(source, { ...OPTIONS, isolation });
      tried++;
      if (typeof program === 'string') return expect(program).toMatch(ends);
      for (const engine of engines) {
        const end = await ending(() => program.with({ engine }).runAsync('f', ...args));
        expect([engine, end]).toEqual([engine, expect.stringMatching(ends)]);
      }
      const next = compile('f x:n>n;*x 2', { isolation, limits: { timeout: 10_000 } });
      expect(await next.runAsync('f', 21)).toBe(42);
    },
  );
});

describe.each(LEVELS)('hosts that misbehave, isolation %s', isolation => {
  const source = 'tool h"" x:n>R n t\ntool m"" x:n>n\nf x:n>R n t;h x\ng x:n>n;m x\nrec x:n>n;r=m x;rec r';
  const withTool = (call: (...args: never[]) => unknown): Program =>
    compile(source, { ...OPTIONS, isolation, tools: { h: tool('x:n>R n t', call), m: tool('x:n>n', call) } });

  const CALLS: readonly (readonly [what: string, call: (...args: never[]) => unknown, f: RegExp, g: RegExp])[] = [
    ['throws null', () => Promise.reject(null), /ok/, /E006/],
    ['throws undefined', () => Promise.reject(undefined), /ok/, /E006/],
    ['throws an error', () => Promise.reject(new Error('x')), /ok/, /E006/],
    ['gives a proxy', () => new Proxy({}, { get: () => SECRET }), /E001/, /E001/],
    ['gives a proxy of a function', () => new Proxy(() => 1, {}), /E001/, /E001/],
    [
      'gives itself',
      function itself(): unknown {
        return itself;
      },
      /E001/,
      /E001/,
    ],
    ['gives a symbol', () => Symbol('x'), /E001/, /E001/],
    ['gives a bigint', () => 10n, /E001/, /E001/],
    ['gives nothing', () => undefined, /E001/, /E001/],
    [
      'gives a cycle',
      () => {
        const cycle: unknown[] = [];
        cycle.push(cycle);
        return cycle;
      },
      /E001/,
      /E001/,
    ],
    [
      'gives a thenable that throws',
      () => ({
        then() {
          throw new Error('then');
        },
      }),
      /ok/,
      /E006/,
    ],
    [
      'gives a getter that throws',
      () => ({
        get ok() {
          throw new Error('getter');
        },
      }),
      /E00|R0|ok/,
      /E00|R0/,
    ],
    ['never settles', () => new Promise(() => {}), /R044/, /R044/],
  ];
  test.each(CALLS)('a tool that %s', async (_, call, f, g) => {
    tried++;
    const program = withTool(call).with({ limits: { timeout: 500 } });
    expect(await ending(() => program.runAsync('f', 1))).toMatch(f);
    expect(await ending(() => program.runAsync('g', 1))).toMatch(g);
  });

  test('disposing while a tool is asked', async () => {
    tried++;
    const program: Program = withTool(async () => {
      program.dispose();
      return 1;
    });
    expect(await ending(() => program.runAsync('g', 1))).toMatch(/ok|E003/);
    expect(await ending(() => program.runAsync('g', 1))).toBe('ILO-E003');
  });

  test('recursion through a tool that runs the program again ends', async () => {
    tried++;
    let depth = 0;
    const program: Program = withTool((x: number) => (++depth > 3 ? x : program.runAsync('g', x)));
    // In isolation the outer runs keep their threads, so that the inner ones may have to wait until the time of one is over.
    expect(await ending(() => program.runAsync('g', 1))).toMatch(isolation === 'in-process' ? /^ok$/ : /^ok$|R044/);
  });

  test('a tool that writes to what it was handed changes nothing', async () => {
    tried++;
    const program = compile('tool t"" xs:L n>n\nf xs:L n>n;a=t xs;b=sum xs;+a b', {
      ...OPTIONS,
      isolation,
      tools: {
        t: tool('xs:L n>n', (xs: number[]) => {
          xs.push(1000);
          xs[0] = 1000;
          return 0;
        }),
      },
    });
    expect(await program.runAsync('f', [1, 2, 3])).toBe(6);
  });

  test('forged NaNs in typed arrays are the one NaN', async () => {
    tried++;
    const forged = new Float64Array(4);
    const bits = new BigUint64Array(forged.buffer);
    // As a register machine might write a reference, a small integer, or a signalling NaN.
    bits.set([0xfff8_0000_0000_0001n, 0x7ff8_dead_beef_cafen, 0xffff_ffff_ffff_ffffn, 0x7ff0_0000_0000_0001n]);
    for (const { name: engine } of ENGINES) {
      const program = compile('f xs:L n>L b;map (x:n>b;=x x) xs\ng xs:L n>n;sum xs\nh x:n>t;str x', {
        engine,
        isolation,
      }).with({ limits: { timeout: 10_000 } });
      expect([engine, await program.runAsync('f', forged)]).toEqual([engine, [false, false, false, false]]);
      expect([engine, await program.runAsync('g', forged)]).toEqual([engine, Number.NaN]);
      for (const x of forged) expect([engine, await program.runAsync('h', x)]).toEqual([engine, 'NaN']);
    }
  });
});

describe('hosts that misbehave in this process', () => {
  const source = 'tool h"" x:n>R n t\ntool m"" x:n>n\nf x:n>R n t;h x\ng x:n>n;m x\nrec x:n>n;r=m x;rec r';
  const withTool = (call: (...args: never[]) => unknown): Program =>
    compile(source, { ...OPTIONS, tools: { h: tool('x:n>R n t', call), m: tool('x:n>n', call) } });

  test('a tool that throws at once, in a synchronous run', async () => {
    tried++;
    const program = withTool(() => {
      throw null;
    });
    expect(await ending(() => program.run('f', 1))).toBe('ok');
    expect(await ending(() => program.run('g', 1))).toBe('ILO-E006');
  });

  test('recursion through a tool ends', async () => {
    tried++;
    const program: Program = withTool((x: number) => program.run('rec', x));
    expect(await ending(() => program.run('rec', 1))).toMatch(/R04|E006|R099/);
    const plain = withTool((x: number) => x + 1);
    expect(await ending(() => plain.run('rec', 1))).toBe('ILO-R040');
  });

  test('disposing in the middle', async () => {
    tried++;
    const program: Program = withTool(() => {
      program.dispose();
      return 1;
    });
    expect(await ending(() => program.run('g', 1))).toMatch(/ok|E003/);
    expect(await ending(() => program.run('g', 1))).toBe('ILO-E003');
    const waiting: Program = withTool(async () => {
      waiting.dispose();
      return 1;
    });
    expect(await ending(() => waiting.runAsync('g', 1))).toMatch(/ok|E003/);
  });

  test('a buffer that is detached or resized during the call', async () => {
    tried++;
    const numbers = new Float64Array(1000);
    const resizable = new (ArrayBuffer as unknown as new (size: number, options: object) => ArrayBuffer)(8000, {
      maxByteLength: 16000,
    });
    const view = new Float64Array(resizable);
    const program = compile('tool t"" x:n>n\nf xs:L n ys:L n>n;a=t 1;b=sum xs;c=sum ys;d=+a b;+d c', {
      ...OPTIONS,
      tools: {
        t: tool('x:n>n', () => {
          structuredClone(numbers.buffer, { transfer: [numbers.buffer] });
          (resizable as unknown as { resize: (size: number) => void }).resize(8);
          return 1;
        }),
      },
    });
    expect(program.run('f', numbers, view)).toBe(1);
  });

  test('polluted prototypes of the host', async () => {
    tried++;
    const polluted = Object.prototype as Record<string, unknown>;
    polluted.fuel = Number.POSITIVE_INFINITY;
    polluted.print = () => {
      throw new Error('polluted');
    };
    polluted.ok = SECRET;
    try {
      const program = compile('f>n;prnt "x";wh true{1};1\ng r:R n t>t;?r{~v:str v;^e:e}\nh>_;[1]', {
        limits: { fuel: 1000 },
      });
      expect(await ending(() => program.run('f'))).toBe('ILO-R043');
      expect(await ending(() => program.run('g', { err: 'mine' }))).toBe('mine');
      expect(await ending(() => program.run('h'))).toBe('ok');
    } finally {
      for (const name of ['fuel', 'print', 'ok']) delete polluted[name];
    }
  });
});

test('how many there were', () => {
  console.log(`${tried} hostile programs, calls and hosts`);
  expect(tried).toBeGreaterThanOrEqual(50);
});
