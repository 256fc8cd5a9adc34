// What `--dump=js` shows is what the engine compiles: the same texts in the same order, with limits and without.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Limits } from '../../../src/core/meter.ts';
import { List } from '../../../src/core/value/list.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../../src/runtime/program.ts';
import { capture } from '../../cli/capture.ts';
import { ROOT } from '../../structure/source-files.ts';

type Call = readonly [name: string, ...args: Value[]];

afterEach(() => void vi.unstubAllGlobals());

/** The bodies of all functions that are made from texts while these calls run, one after the other. */
function compiledBy(source: string, calls: readonly Call[], limits: Limits): readonly string[] {
  // As the command line does it.
  const { unit } = loadProgram(source, { readFile: () => ({ err: 'none' }), entry: 'checked' });
  const bodies: string[] = [];
  const construct = (target: FunctionConstructor, args: string[]): object => {
    if (args.length > 1) bodies.push(args.at(-1)!);
    return Reflect.construct(target, args);
  };
  vi.stubGlobal('Function', new Proxy(Function, { construct }));
  for (const [name, ...args] of calls)
    runProgram(unit!, name, args, { host: createVirtualHost({}), engine: 'js', limits });
  return bodies;
}

async function dumped(source: string, flags: readonly string[], name: string): Promise<string> {
  const { code, out, err } = await capture([source, '--dump=js', ...flags, name]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

const withoutComments = (text: string): string => text.replace(/^\/\/.*\n/gm, '');

const FORMS: readonly (readonly [string, readonly string[], Limits])[] = [
  ['without limits', [], {}],
  ['with a limit', ['--fuel=1000000'], { fuel: 1_000_000 }],
];

const CHAIN = [...Array(140).keys()];

/** Each with calls that come to all of its functions in the order of the dump: first as declared, then with something else. */
const PROGRAMS: readonly (readonly [string, string, readonly Call[]])[] = [
  [
    'a loop',
    'f n:n>n;s=0;@i 0..n{s=+s *i 2};s',
    [
      ['f', 3],
      ['f', 'x'],
    ],
  ],
  [
    'functions put in place of calls, and a list handed over',
    'half x:n>n;/x 2\nsq x:n>n;*x x\npush xs:L n x:n>L n;+=xs x\nmain n:n>L n;xs=[];@i 0..n{y=half i;z=sq y;xs=push xs z};xs',
    [
      ['main', 4],
      ['half', 1],
      ['sq', 1],
      ['push', new List([]), 1],
      ['half', 'x'],
      ['sq', 'x'],
      ['push', new List([]), 'x'],
      ['main', 'x'],
    ],
  ],
  [
    'function values',
    'twice x:_>_;+x x\nmain xs:L _>L _;ys=map twice xs;map (x:_>_;[x ys]) ys',
    [['main', new List([1])]],
  ],
  [
    'records and texts',
    'type pair{a:n;b:t}\nshow p:pair>t;+p.b (str p.a)\nmain s:t>t;p=pair a:1 b:s;p=p with a:2;show p',
    [
      ['main', 'x'],
      ['show', 'x'],
    ],
  ],
  [
    'more functions than one text takes',
    CHAIN.map(i => `a${i} x:n>n;${i === 139 ? 'x' : `a${i + 1} (/ 1 x)`}`).join('\n'),
    [...CHAIN.map((i): Call => [`a${i}`, 1]), ...CHAIN.map((i): Call => [`a${i}`, 'x'])],
  ],
];

describe.each(FORMS)('%s', (_, flags, limits) => {
  test.each(PROGRAMS)('%s', async (_, source, calls) => {
    const compiled = compiledBy(source, calls, limits);
    const shown = await dumped(source, flags, calls[0]![0]);
    expect(withoutComments(shown)).toBe(compiled.join('\n'));
    for (const [index] of shown.matchAll(/(?<=^function f)[0-9]+/gm)) expect(shown).toContain(`\n// f${index}: `);
  });

  const folder = join(ROOT, 'bench/workloads');
  test.each(readdirSync(folder).filter(name => name.endsWith('.ilo')))('%s', async name => {
    const source = readFileSync(join(folder, name), 'utf8');
    const compiled = compiledBy(source, [['run', 3]], limits);
    expect(compiled.length).toBeGreaterThan(0);
    const shown = withoutComments(await dumped(join(folder, name), flags, 'run'));
    expect(shown.startsWith(compiled[0]!)).toBe(true);
    for (const text of compiled) expect(shown).toContain(text);
  });
});

test('a function is named with its types', async () => {
  const shown = await dumped('f n:n xs:L n>n;+n (len xs)', [], 'f');
  expect(shown.match(/^\/\/.*/gm)).toEqual([
    '// f1: f(num, any) -> num, the version of f0 for these types',
    '// f0: f(any, any) -> any',
  ]);
});
