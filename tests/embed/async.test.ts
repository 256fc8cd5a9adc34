// Asynchronous runs: programs that wait for tools, the turns of the event loop, cancelling, time, many at once; and runs that are saved and go
// on elsewhere.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compile, type IloError, type Stats, type Tool } from '../../src/embed/main.ts';
import { loadAddon } from '../../src/jit/native/addon.ts';
import { canCompileFor } from '../../src/jit/native/compile.ts';

const IS_NATIVE = loadAddon().addon !== undefined && canCompileFor(process.arch);

const tool = (signature: string, call: (...args: never[]) => unknown): Tool => ({ signature, call });

async function rejected(work: Promise<unknown>): Promise<IloError> {
  try {
    await work;
  } catch (error) {
    return error as IloError;
  }
  throw new Error('nothing was thrown');
}

describe('runAsync', () => {
  test('programs without tools, and with synchronous ones', async () => {
    const program = compile('tool up"" n:n>n\nf n:n>n;a=up n;b=up a;+a b\ng n:n>n;*n 2', {
      tools: { up: tool('n:n>n', (n: number) => n + 1) },
    });
    expect(await program.runAsync('f', 1)).toBe(5);
    expect(await program.runAsync('g', 4)).toBe(8);
  });

  test('a program waits wherever it is: in calls, in loops, in functions that builtins call', async () => {
    const calls: number[] = [];
    const slow = async (n: number): Promise<number> => {
      calls.push(n);
      await delay(1);
      return n * 10;
    };
    const source = [
      'tool slow"" n:n>n',
      'deep n:n>n;=n 0 (slow 1);r=deep -n 1;+r 1',
      'loop n:n>n;s=0;@i 0..n{r=slow i;s=+s r};s',
      'mapped xs:L n>L n;map (x:n>n;r=slow x;+r 1) xs',
      'named xs:L n>L n;map slow xs',
      'nested xs:L n>L (L n);map (x:n>L n;map (y:n>n;r=slow y;+r x) xs) xs',
      'kept xs:L n>L n;flt (x:n>b;r=slow x;>r 10) xs',
    ].join('\n');
    const program = compile(source, { tools: { slow: tool('n:n>n', slow) } });
    expect(await program.runAsync('deep', 50)).toBe(60);
    expect(await program.runAsync('loop', 4)).toBe(60);
    expect(await program.runAsync('mapped', [1, 2])).toEqual([11, 21]);
    expect(await program.runAsync('named', [1, 2])).toEqual([10, 20]);
    expect(await program.runAsync('nested', [1, 2])).toEqual([
      [11, 21],
      [12, 22],
    ]);
    expect(await program.runAsync('kept', [1, 2])).toEqual([2]);
    // Each call was made once.
    expect(calls).toEqual([1, 0, 1, 2, 3, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  });

  // Left at points and entered again: jit/native/slices.ts.
  test('long programs in machine code let the event loop have its turn', async () => {
    const source = [
      'loop n:n>n;s=0;@i 0..n{t=mod i 7;s=+s t};s',
      'fib n:n>n;<n 2 n;+fib -n 1 fib -n 2',
      'lists n:n>n;xs=range 0 1000;s=0;@i 0..n{j=mod i 1000;k=at xs j;s=+s k};s',
      'large n:n>n;xs=range 0 200000;s=0;@i 0..n{j=mod i 1000;k=at xs j;s=+s k};s',
      'late n:n>n;s=0;@i 0..n{d=-n i;d=-d 1;s=+s /1 d};s',
      'named n:n>t;r=loop n;str r',
    ].join('\n');
    const outcome = async (engine: 'jit' | 'tree', name: string, n: number): Promise<unknown> => {
      const traces: { engine: string; stats: Stats }[] = [];
      const limits = { timeout: 60_000, fuel: 1e9, alloc: 1e9 };
      const program = compile(source, { engine, limits, onTrace: trace => traces.push(trace) });
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      let found: unknown;
      try {
        found = await program.runAsync(name, n);
      } catch (error) {
        const { code, message } = error as IloError;
        found = { code, message };
      }
      clearInterval(timer);
      if (engine === 'jit' && IS_NATIVE) {
        expect(turns).toBeGreaterThan(0);
        expect(traces[0]!.engine).toBe('jit');
      }
      const { fuel, bytes } = traces[0]!.stats;
      return { found, fuel, bytes };
    };
    for (const [name, n] of [
      ['loop', 2e6],
      ['fib', 24],
      ['lists', 1e6],
      ['large', 5e5],
      ['late', 1e6],
      ['named', 1e6],
    ] as const) {
      expect([name, await outcome('jit', name, n)]).toEqual([name, await outcome('tree', name, n)]);
    }
  }, 120_000);

  test('a program that takes long is run in machine code from its first pause on', async () => {
    const engines: string[] = [];
    const program = compile('total n:n>n;s=0;@i 0..n{s=+s i};s', { onTrace: ({ engine }) => engines.push(engine) });
    expect(await program.runAsync('total', 3e5)).toBe(44999850000);
    expect(await program.runAsync('total', 3e5)).toBe(44999850000);
    if (IS_NATIVE) expect(engines).toEqual(['stack', 'jit']);
  });

  test.each(['auto', 'jit', 'stack'] as const)('a program none of whose functions ends, on %s', async engine => {
    // No function returns, so there is no place to which machine code could give a value.
    const program = compile('f>n;wh true{1};2\ng>n;wh true{prnt "x"};1', { engine, limits: { fuel: 200_000 } });
    for (const name of ['f', 'g', 'f']) expect((await rejected(program.runAsync(name))).code).toBe('ILO-R043');
  });

  test('a long program lets the event loop have its turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const program = compile('f n:n>n;s=0;@i 0..n{s=+s i};s', { limits: { timeout: 20_000 } });
    expect(await program.runAsync('f', 3e6)).toBe((3e6 * (3e6 - 1)) / 2);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  test.each([
    ['at once', (n: number) => n],
    ['with a promise that is settled', async (n: number) => n],
  ])('tools that answer %s leave the event loop its turns', async (_, call) => {
    const cancel = new AbortController();
    const program = compile('tool id"" n:n>n\nf>n;i=0;wh >=i 0{j=id i;i=+j 1};i', {
      limits: { timeout: 20_000 },
      tools: { id: tool('n:n>n', call) },
      signal: cancel.signal,
    });
    setTimeout(() => cancel.abort(), 20);
    expect((await rejected(program.runAsync('f'))).code).toBe('ILO-E007');
  });

  test('a signal cancels a loop and a wait', async () => {
    const program = compile('tool never"" n:n>n\nspin>n;i=0;wh true{i=+i 1};i\nwait>n;never 1', {
      limits: { timeout: 60_000, fuel: Number.POSITIVE_INFINITY },
      tools: { never: tool('n:n>n', () => new Promise(() => {})) },
    });
    for (const name of ['spin', 'wait']) {
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(), 20);
      expect((await rejected(program.with({ signal: cancel.signal }).runAsync(name))).code).toBe('ILO-E007');
    }
  });

  test('a promise that never settles ends with the time limit, and its tool is told', async () => {
    let told = false;
    const call = (_: number, { signal }: { signal: AbortSignal }) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return new Promise(() => {});
    };
    const program = compile('tool never"" n:n>n\nf>n;never 1', {
      limits: { timeout: 30 },
      tools: { never: tool('n:n>n', call as never) },
    });
    expect((await rejected(program.runAsync('f'))).code).toBe('ILO-R044');
    expect(told).toBe(true);
  });

  test('rejections are ^message or the end of the run, and a limit is a LimitError', async () => {
    const broken = async (): Promise<never> => {
      throw new Error('broken');
    };
    const program = compile(
      'tool may"" n:n>R n t\ntool must"" n:n>n\nf>t;r=may 1;?r{~v:str v;^e:e}\ng>n;must 1\nh>n;i=0;wh true{i=+i 1};i',
      {
        tools: { may: tool('n:n>R n t', broken), must: tool('n:n>n', broken) },
        limits: { fuel: 100_000 },
      },
    );
    expect(await program.runAsync('f')).toBe('broken');
    expect((await rejected(program.runAsync('g'))).code).toBe('ILO-E006');
    expect(await rejected(program.runAsync('h'))).toMatchObject({
      code: 'ILO-R043',
      name: 'LimitError',
      place: { line: 5 },
    });
  });

  test('a thousand runs in flight at once', async () => {
    let waiting = 0;
    let open = (): void => undefined;
    const all = new Promise<void>(resolve => {
      open = resolve;
    });
    // No call comes back before a thousand of them wait.
    const slow = async (n: number): Promise<number> => {
      if (++waiting === 1000) open();
      await all;
      return n + 1;
    };
    const program = compile('tool slow"" n:n>n\nf n:n>n;a=slow n;*a 2', {
      tools: { slow: tool('n:n>n', slow) },
      limits: { timeout: 20_000 },
    });
    const results = await Promise.all(Array.from({ length: 1000 }, (_, n) => program.runAsync('f', n)));
    expect(results).toEqual(Array.from({ length: 1000 }, (_, n) => (n + 1) * 2));
  });
});

describe('begin, save and restore', () => {
  const source = [
    'tool ask"" q:t>t',
    'tool try"" q:t>R n t',
    'main xs:L n>t;prnt "start";a=ask "one";r=rnd();q=fmt "two {}" a;b=ask q;ok=<r 1;fmt "{} {} {}" a b ok',
    'each xs:L n>L t;map (x:n>t;s=str x;ask s) xs',
    'may>t;r=try "x";?r{~v:str v;^e:e}',
    'pure>n;42',
  ].join('\n');

  test('a run stops at each call and can be answered', () => {
    const run = compile(source, { capabilities: { random: true } }).begin('main', []);
    expect(run.pending).toEqual({ tool: 'ask', args: ['one'] });
    expect(run.result).toBe(undefined);
    run.answer('A');
    expect(run.pending).toEqual({ tool: 'ask', args: ['two A'] });
    run.answer('B');
    expect(run.pending).toBe(undefined);
    expect(run.result).toBe('A B true');
    expect(() => run.answer('C')).toThrow(/ILO-E009/);
    expect(compile(source).begin('pure').result).toBe(42);
  });

  test('failing and answering of the wrong type', () => {
    const program = compile(source);
    const run = program.begin('may');
    expect(() => run.answer('x')).toThrow(/ILO-E001/);
    run.fail('no luck');
    expect(run.result).toBe('no luck');
    const good = program.begin('may');
    good.answer(7);
    expect(good.result).toBe('7');
  });

  test('what was saved goes on in another program, without asking or printing twice', () => {
    const printed: string[] = [];
    const make = () => compile(source, { capabilities: { print: text => printed.push(text), random: true } });
    const run = make().begin('main', [1, Number.NaN, -0]);
    run.answer('A');
    const saved = run.save();
    const again = make().restore(saved);
    expect(again.pending).toEqual({ tool: 'ask', args: ['two A'] });
    expect(again.stats.fuel).toBe(run.stats.fuel);
    again.answer('B');
    expect(again.result).toBe('A B true');
    expect(printed).toEqual(['start\n']);
    // The one that was saved is not touched by that.
    run.answer('C');
    expect(run.result).toBe('A C true');
  });

  test('what was saved goes on in another process', () => {
    const entry = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href;
    const folder = mkdtempSync(join(tmpdir(), 'ilo-saved-'));
    const file = join(folder, 'run.bin');
    // Each process knows the source, and of the run only what lies in the file.
    const step = (work: string): string => {
      const script = `
        import { readFileSync, writeFileSync } from 'node:fs';
        import { compile } from ${JSON.stringify(entry)};
        const printed = [];
        const options = { capabilities: { print: text => printed.push(text), random: true } };
        const program = compile(${JSON.stringify(source)}, options);
        const saved = () => readFileSync(${JSON.stringify(file)});
        const save = run => writeFileSync(${JSON.stringify(file)}, run.save());
        ${work}
        console.log(JSON.stringify([run.pending, run.result, printed]));`;
      return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    };
    try {
      const first = step("const run = program.begin('main', [1, NaN, -0]); run.answer('A'); save(run);");
      expect(JSON.parse(first)).toEqual([{ tool: 'ask', args: ['two A'] }, null, ['start\n']]);
      const second = step("const run = program.restore(saved()); run.answer('B'); save(run);");
      expect(JSON.parse(second)).toEqual([null, 'A B true', []]);
      expect(JSON.parse(step('const run = program.restore(saved());'))).toEqual([null, 'A B true', []]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('inside a builtin, at every stop', () => {
    let run = compile(source).begin('each', [1, 2, 3]);
    for (const answer of ['a', 'b', 'c']) {
      run = compile(source).restore(run.save());
      run.answer(answer);
    }
    expect(run.result).toEqual(['a', 'b', 'c']);
    expect(compile(source).restore(run.save()).result).toEqual(['a', 'b', 'c']);
  });

  test('damaged bytes and other programs are refused', () => {
    const program = compile(source);
    const saved = program.begin('each', [1]).save();
    expect(() => compile(`${source} `).restore(saved)).toThrow(/ILO-E008/);
    expect(() => program.restore(new Uint8Array([1, 2, 3]))).toThrow(/ILO-E008/);
    expect(() => program.restore(new Uint8Array())).toThrow(/ILO-E008/);
    let refused = 0;
    for (let at = 0; at < saved.length; at++) {
      const damaged = saved.slice();
      damaged[at]! ^= 1;
      try {
        program.restore(damaged);
      } catch (error) {
        expect(['ILO-E008', 'ILO-E001', 'ILO-E002']).toContain((error as IloError).code);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(saved.length / 2);
  });
});
