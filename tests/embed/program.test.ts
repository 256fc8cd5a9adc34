// The interface itself: checking, compiling, running, limits, options, views of one program.
import { describe, expect, test } from 'vitest';
import {
  CompileError,
  check,
  compile,
  DEFAULT_LIMITS,
  IloError,
  LimitError,
  type Program,
} from '../../src/embed/main.ts';

const ENGINES = ['auto', 'tree', 'closure', 'stack', 'vm', 'vm-fresh', 'js'] as const;

function thrown(work: () => unknown): IloError {
  try {
    work();
  } catch (error) {
    if (error instanceof IloError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('check and compile', () => {
  test('diagnostics are data', () => {
    const [problem] = check('f x:n>t;+x 1', { file: 'a.ilo' });
    expect(problem).toMatchObject({ severity: 'error', code: 'ILO-T008', place: { file: 'a.ilo', line: 1 } });
    expect(check('f x:n>n;+x 1')).toEqual([]);
  });

  test('a source with errors does not compile, and all of them are told', () => {
    const error = thrown(() => compile('f x:n>t;+x 1\ng>n;zzz'));
    expect(error).toBeInstanceOf(CompileError);
    expect((error as CompileError).problems.length).toBeGreaterThan(1);
  });

  test('signatures are in the language of the program', () => {
    const { signatures } = compile('alias ids L n\nf xs:ids k:t>R n t;~len xs');
    expect(signatures.f).toEqual({
      name: 'f',
      params: [
        { name: 'xs', type: 'L n' },
        { name: 'k', type: 't' },
      ],
      result: 'R n t',
    });
  });

  test('imports come from the caller or from nowhere', () => {
    const source = 'use "lib.ilo"\nf x:n>n;dbl x';
    expect(() => compile(source)).toThrow(/ILO-/);
    const program = compile(source, {
      file: 'main.ilo',
      readSource: path => (path.endsWith('lib.ilo') ? 'dbl x:n>n;*x 2' : undefined),
    });
    expect(program.run('f', 4)).toBe(8);
  });

  test('unknown options are errors', () => {
    expect(thrown(() => compile('f>n;1', { limit: 1 } as never)).code).toBe('ILO-E002');
    expect(thrown(() => compile('f>n;1', { limits: { fule: 1 } } as never)).code).toBe('ILO-E002');
    expect(thrown(() => compile('f>n;1', { limits: { fuel: -1 } })).code).toBe('ILO-E002');
    expect(thrown(() => compile('f>n;1', { limits: { fuel: '1' } } as never)).code).toBe('ILO-E002');
    expect(thrown(() => compile('f>n;1', { capabilities: { disk: true } } as never)).code).toBe('ILO-E002');
    expect(thrown(() => compile('f>n;1', { engine: 'fast' } as never)).code).toBe('ILO-E002');
    expect(thrown(() => check('f>n;1', { limits: {} } as never)).code).toBe('ILO-E002');
    expect(thrown(() => compile(1 as never)).code).toBe('ILO-E002');
  });
});

describe.each(ENGINES)('running on %s', engine => {
  test('functions of the program are functions', () => {
    const { fn } = compile('add a:n b:n>n;+a b\nhi who:t>t;fmt "hi {}" who', { engine });
    expect(fn.add!(1, 2)).toBe(3);
    expect(fn.hi!('you')).toBe('hi you');
    expect(() => fn.add!(1, 'x')).toThrow(/expected n/);
    expect(() => fn.add!(1)).toThrow(IloError);
    expect(() => fn.add!(1, 2, 3)).toThrow(IloError);
  });

  test('each limit is a LimitError with place and statistics, and the next run is right', () => {
    const source = [
      'spin>n;i=0;wh true{i=+i 1};i',
      'deep n:n>n;+1 deep +n 1',
      'grow>n;xs=[1];wh true{xs=+xs xs};len xs',
      'say>n;wh true{prnt "line"};1',
      'add a:n b:n>n;+a b',
    ].join('\n');
    const program = compile(source, { engine, limits: { fuel: 1e6, alloc: 1e6, output: 1000, timeout: 60_000 } });
    const cases: readonly (readonly [string, string, ...number[]])[] = [
      ['spin', 'ILO-R043'],
      ['deep', 'ILO-R040', 1],
      ['grow', 'ILO-R045'],
      ['say', 'ILO-R046'],
    ];
    for (const [name, code, ...args] of cases) {
      const error = thrown(() => program.run(name, ...args));
      expect(error).toBeInstanceOf(LimitError);
      expect(error.code).toBe(code);
      expect(error.place?.line).toBe(source.split('\n').findIndex(line => line.startsWith(name)) + 1);
      expect(error.stats?.fuel).toBeGreaterThan(0);
      expect(program.fn.add!(1, 2)).toBe(3);
    }
    const timed = program.with({ limits: { timeout: 20, fuel: Number.POSITIVE_INFINITY } });
    expect(thrown(() => timed.run('spin')).code).toBe('ILO-R044');
    expect(thrown(() => timed.fn.spin!()).code).toBe('ILO-R044');
  });

  test('the limit of a function of numbers holds for each call anew', () => {
    const { fn } = compile('tot n:n>n;s=0;@i 0..n{s=+s i};s', { engine, limits: { fuel: 1000 } });
    for (let i = 0; i < 20; i++) expect(fn.tot!(500)).toBe(124750);
    expect(thrown(() => fn.tot!(2000)).code).toBe('ILO-R043');
    expect(fn.tot!(500)).toBe(124750);
  });

  test('a fault has its code, its place and the chain of calls', () => {
    const program = compile('in x:n>n;/1 x\nout x:n>n;+1 in x', { engine });
    const error = thrown(() => program.run('out', 0));
    expect(error).toMatchObject({ code: 'ILO-R003', place: { line: 1 }, calls: ['out', 'in'] });
  });

  test('whole columns', () => {
    const program = compile('f a:n b:n>n;+*a 2 b\ng a:t>t;cat [a,"!"] ""', { engine });
    const sums = program.map('f', new Float64Array([1, 2, 3]), [10, 20, 30]);
    expect(sums).toEqual(new Float64Array([12, 24, 36]));
    expect(program.map('g', ['a', 'b'])).toEqual(['a!', 'b!']);
    expect(() => program.map('f', [1, 2], [1])).toThrow(/rows/);
    expect(() => program.map('f', [1, 2])).toThrow(/columns/);
  });
});

describe('capabilities', () => {
  test('without any, everything outside is refused', () => {
    const program = compile(
      ['rdf>R t t;rd "/etc/passwd"', 'wrf>R t t;wr "/tmp/x" "y"', 'net>R t t;get "http://127.0.0.1:1/"'].join('\n') +
        '\nenvv>R t t;env "HOME"\ntime>n;now()\nroll>n;rnd()',
    );
    for (const name of ['rdf', 'wrf', 'net', 'envv', 'time', 'roll']) {
      expect(thrown(() => program.run(name)).code).toBe('ILO-R042');
    }
  });

  test('print, environment, clock and random are values', () => {
    const printed: string[] = [];
    const source = 'f>t;prnt "hello";e=env "NAME";s=?e{~v:v;^m:m};r=rnd();c=now();ok=<r 1;fmt "{} {} {}" s c ok\n';
    const program = compile(`${source}envx>R t t;env "OTHER"`, {
      capabilities: { print: text => printed.push(text), env: { NAME: 'ada' }, clock: () => 42, random: 7 },
    });
    expect(program.run('f')).toBe('ada 42 true');
    expect(printed.join('')).toBe('hello\n');
    expect(program.run('envx')).toMatchObject({ err: expect.any(String) });
  });

  test('seeded randomness repeats', () => {
    const roll = () => compile('f>L n;xs=[];@i 0..5{xs=+=xs (rnd())};xs', { capabilities: { random: 5 } }).run('f');
    expect(roll()).toEqual(roll());
  });
});

describe('tools', () => {
  const source = 'tool get-user"reads a user" id:n>R t t\nf id:n>t;u=get-user id;?u{~v:v;^e:fmt "no: {}" e}';

  test('answers, errors and exceptions', () => {
    const run = (call: (id: number) => unknown) =>
      compile(source, { tools: { 'get-user': { signature: 'id:n>R t t', call } } }).run('f', 7);
    expect(run(id => `user ${id}`)).toBe('user 7');
    expect(run(() => ({ ok: 'x' }))).toBe('x');
    expect(run(() => ({ err: 'gone' }))).toBe('no: gone');
    expect(
      run(() => {
        throw new Error('broken');
      }),
    ).toBe('no: broken');
    expect(
      run(() => {
        throw null;
      }),
    ).toBe('no: the tool failed');
    expect(thrown(() => run(() => new Proxy({}, {}))).code).toBe('ILO-E001');
    expect(thrown(() => run(() => 42)).code).toBe('ILO-E001');
    expect(thrown(() => run(() => Promise.reject(new Error('late')))).code).toBe('ILO-E004');
  });

  test('a tool that is not the declared one is refused before anything runs', () => {
    const make = (signature: string) => () =>
      compile(source, { tools: { 'get-user': { signature, call: () => 'x' } } });
    expect(thrown(make('id:t>R t t')).code).toBe('ILO-E005');
    expect(thrown(make('id:n>n')).code).toBe('ILO-E005');
    expect(thrown(make('nonsense(')).code).toBe('ILO-E005');
    expect(thrown(() => compile(source).run('f', 1)).code).toBe('ILO-R042');
  });

  test('a tool may run the same program again', () => {
    let depth = 0;
    const program = compile('tool again"" n:n>n\nf n:n>n;<=n 0 0;r=again n;+n r', {
      tools: { again: { signature: 'n:n>n', call: (n: number) => (depth++ < 5 ? program.run('f', n - 1) : 0) } },
    });
    expect(program.run('f', 3)).toBe(6);
  });
});

describe('views', () => {
  test('with replaces options and shares the code', () => {
    const program = compile('f n:n>n;s=0;@i 0..n{s=+s i};s');
    const poor = program.with({ limits: { fuel: 10 } });
    expect(thrown(() => poor.run('f', 100)).code).toBe('ILO-R043');
    expect(program.run('f', 100)).toBe(4950);
    expect(thrown(() => program.with({ nonsense: 1 } as never)).code).toBe('ILO-E002');
  });

  test('after dispose nothing runs', () => {
    const program = compile('f n:n>n;n');
    const { fn } = program;
    expect(fn.f!(1)).toBe(1);
    program.dispose();
    expect(thrown(() => program.run('f', 1)).code).toBe('ILO-E003');
    expect(thrown(() => fn.f!(1)).code).toBe('ILO-E003');
  });

  test('traces say what ran', () => {
    const events: unknown[] = [];
    const program = compile('f x:n>n;/1 x', { onTrace: event => events.push(event), engine: 'vm' });
    program.run('f', 1);
    thrown(() => program.run('f', 0));
    expect(events).toMatchObject([
      { name: 'f', engine: 'vm', error: undefined },
      { name: 'f', engine: 'vm', error: 'ILO-R003' },
    ]);
  });

  test('limits have documented defaults', () => {
    expect(DEFAULT_LIMITS).toEqual({ fuel: 1e8, timeout: 1000, alloc: 2 ** 28, depth: 10_000, output: 2 ** 20 });
  });
});

describe('runs that begin on the closure engine', () => {
  const source = [
    'total to:n>n;s=0;@i 0..to{s=+s *i i};s',
    'rec n:n>n;<=n 0 0;r=rec -n 1;+1 r',
    'spin>n;i=0;wh true{i=+i 1};i',
    'fib n:n>n;<n 2 n;a=fib -n 1;b=fib -n 2;+a b',
    'loud n:n>n;s=0;@i 0..n{prnt str i;s=+s i};s',
  ].join('\n');
  const limits = { fuel: 2_000_000, depth: 9_000, alloc: 1e8, timeout: 60_000 };

  test('give what every engine gives, whether they are broken off or not', () => {
    for (const [name, arg] of [
      ['total', 10],
      ['total', 100_000],
      ['rec', 100],
      ['rec', 8_500],
      ['rec', 9_500],
      ['fib', 8],
      ['fib', 22],
      ['total', 1e9],
    ] as const) {
      const outcomes = (['auto', 'tree', 'closure'] as const).map(engine => {
        const program = compile(source, { engine, limits });
        let result: unknown;
        try {
          result = program.run(name, arg);
        } catch (error) {
          const { code, place, calls } = error as IloError;
          result = { code, place, calls };
        }
        const { fuel, bytes, output } = program.stats;
        return { result, fuel, bytes, output };
      });
      expect([name, arg, outcomes[0]]).toEqual([name, arg, outcomes[1]]);
      expect([name, arg, outcomes[2]]).toEqual([name, arg, outcomes[1]]);
    }
  });

  test('print once what they print', () => {
    const printed: string[] = [];
    const program = compile(source, { limits, capabilities: { print: text => printed.push(text) } });
    expect(program.run('loud', 5_000)).toBe(12_497_500);
    expect(printed.length).toBe(5_000);
  });

  test('a function that is called often gives the same before and after code is made for it', () => {
    const { fn } = compile(source, { limits });
    for (let i = 0; i < 60; i++) expect(fn.total!(i)).toBe(((i - 1) * i * (2 * i - 1)) / 6);
  });
});

test('without any limit nothing is counted', () => {
  const off = Number.POSITIVE_INFINITY;
  const program = compile('f n:n>n;s=0;@i 0..n{s=+s i};s', {
    limits: { fuel: off, timeout: off, alloc: off, output: off },
  });
  expect(program.run('f', 1000)).toBe(499_500);
  expect(program.stats).toMatchObject({ fuel: 0, bytes: 0, output: 0, hostCalls: 0 });
});

test('a tool that calls the program again by its function finds it at work', () => {
  const program: Program = compile('tool m"" x:n>n\nrec x:n>n;r=m x;rec r\nonce x:n>n;r=m x;+r 1', {
    tools: { m: { signature: 'x:n>n', call: ((x: number) => (x > 40 ? x : program.fn.once!(x + 1))) as never } },
  });
  for (let i = 0; i < 50; i++) expect(program.fn.once!(0)).toBe(83);
  // The outermost run counts its own work: entering `once`, and nothing of the inner runs.
  expect(program.stats.fuel).toBe(1);
});

test('the statistics are those of the last run, whichever way it was made', async () => {
  const program = compile('f n:n>n;s=0;@i 0..n{s=+s i};s');
  program.run('f', 3);
  const { fuel } = program.stats;
  await program.runAsync('f', 30);
  expect(program.stats.fuel).toBeGreaterThan(fuel);
  for (let i = 0; i < 30; i++) program.fn.f!(3);
  expect(program.stats.fuel).toBe(fuel);
});

test('a text is compared within its time in functions of numbers, too', () => {
  const long = 's="a";@i 0..21{s=+s s};t=+s "x";u=+s "y";';
  const program = compile(`f x:n>n;=x 0 0;${long}c=0;wh true{=t u{c=+c 1}};c`, {
    limits: { fuel: Number.POSITIVE_INFINITY, timeout: 60, alloc: Number.POSITIVE_INFINITY },
  });
  const { f } = program.fn;
  for (let i = 0; i < 40; i++) f!(0);
  expect(() => f!(1)).toThrow('ILO-R044');
  expect(program.stats.fuel).toBeLessThan(4096);
});
