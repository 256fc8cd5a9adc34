// A hundred thousand of everything, and what never ends: programs that any engine must either finish or refuse by a documented limit, all
// the same way. Shared by huge.test.ts, which looks at the answers, and bench/huge.mjs, which looks at the clock.
import type { Value } from '../../src/core/value/value.ts';

export interface HugeProgram {
  readonly name: string;
  /** Made when it is needed: the texts are megabytes. */
  readonly source: () => string;
  /** The function called. */
  readonly entry: string;
  readonly args: readonly Value[];
  /** The number that it gives, or the codes that it may end with, before or while it runs. */
  readonly expected: number | readonly string[];
}

const MANY = 100_000;

/** So many pieces in a row. */
function many(count: number, piece: (i: number) => string, between = ''): string {
  return Array.from({ length: count }, (_, i) => piece(i)).join(between);
}

function program(
  name: string,
  source: () => string,
  expected: HugeProgram['expected'],
  args: readonly Value[] = [],
  entry = 'f',
): HugeProgram {
  return { name, source, entry, args, expected };
}

/** Under the limits of an embedded program, work or time ends a loop: which of them comes first depends on the engine. */
const WORK_OR_TIME = ['ILO-R043', 'ILO-R044'];
const ANY_LIMIT = ['ILO-R043', 'ILO-R044', 'ILO-R045'];

export const ENDLESS: readonly HugeProgram[] = [
  program('a loop without end', () => 'f>n;i=0;wh true{i=+i 1};i', WORK_OR_TIME),
  program('an empty loop without end', () => 'f>n;wh true{1};1', WORK_OR_TIME),
  program('loops in loops without end', () => 'f>n;wh true{@i 0..1000000000{x=i}};1', WORK_OR_TIME),
  program('recursion without end', () => 'f x:n>n;+1 (f +x 1)', ['ILO-R040'], [0]),
  program('recursion that branches without end', () => 'f x:n>n;>x 60{1}{+f +x 1 f +x 1}', WORK_OR_TIME, [0]),
  program('text doubled', () => 'f>n;s="x";wh true{s=+s s};len s', ['ILO-R045']),
  program('text that grows', () => 'f>n;s="";wh true{s=+s "ab"};len s', ANY_LIMIT),
  program('a list doubled', () => 'f>n;xs=[1];wh true{xs=+xs xs};len xs', ['ILO-R045']),
  program('a list that grows', () => 'f>n;xs=[1];wh true{xs=+=xs 1};len xs', ANY_LIMIT),
  program('big lists without end', () => 'f>n;a=[];wh true{xs=[1];@i 0..20{xs=+xs xs};a=+=a xs};len a', ANY_LIMIT),
  program('a chain of records without end', () => 'type p{a:_;b:_}\nf>n;x=p a:1 b:1;wh true{x=p a:x b:1};1', ANY_LIMIT),
  program('a map that grows', () => 'f>n;m=mmap;i=0;wh true{m=mset m i "x";i=+i 1};i', ANY_LIMIT),
];

export const HUGE: readonly HugeProgram[] = [
  program(
    '66,000 parameters',
    () => `g ${many(66_000, i => `p${i}:n`, ' ')}>n;+p0 p65999\nf>n;g ${many(66_000, String, ' ')}`,
    65_999,
  ),
  program('local variables', () => `f>n;${many(MANY, i => `v${i}=${i};`)}v99999`, 99_999),
  program(
    'local variables that all live',
    () => `f x:n>n;${many(MANY, i => `v${i}=+x ${i};`)}len [${many(MANY, i => `v${i}`, ' ')}]`,
    MANY,
    [1],
  ),
  program('constants', () => `f>n;len [${many(MANY, i => `${i}.5`, ' ')}]`, MANY),
  program('texts', () => `f>n;len [${many(MANY, i => `"t${i}"`, ' ')}]`, MANY),
  program('arms', () => `f x:n>n;?x{${many(MANY, i => `${i}:${i};`)}_:0}`, 99_999, [99_999]),
  program('arms of texts', () => `f x:t>n;?x{${many(MANY, i => `"t${i}":${i};`)}_:0}`, 99_999, ['t99999']),
  program('arms that meet', () => `f x:n>n;y=0;?x{${many(MANY, i => `${i}:y=${i};`)}_:y=1};y`, 99_999, [99_999]),
  program(
    'arms that set a variable each',
    () =>
      `f x:n>n;${many(5000, i => `v${i}=0;`)}?x{${many(5000, i => `${i}:v${i}=1;`)}_:v0=1};len [${many(5000, i => `v${i}`, ' ')}]`,
    5000,
    [99],
  ),
  program('guards', () => `f x:n>n;${many(MANY, i => `=x -${i + 1}{ret 1};`)}7`, 7, [5]),
  program('guards that meet', () => `f x:n>n;y=0;${many(MANY, i => `>x ${i}{y=+y 1};`)}y`, 5, [5]),
  program('loops in a row', () => `f x:n>n;y=0;${many(MANY / 2, () => `@i 0..2{y=+y i};`)}y`, MANY / 2, [5]),
  program(
    'loops that change a variable each',
    () =>
      `f x:n>n;${many(10_000, i => `v${i}=x;`)}${many(10_000, i => `wh <v${i} 6{v${i}=+v${i} 1};`)}len [${many(10_000, i => `v${i}`, ' ')}]`,
    10_000,
    [5],
  ),
  program(
    'loops fifty deep, a thousand times',
    () => `f>n;y=0;${many(1000, () => `${'@i 0..1{'.repeat(50)}y=+y 1${'}'.repeat(50)};`)}y`,
    1000,
  ),
  program(
    'guards sixty deep, a thousand times',
    () => `f x:n>n;${many(1000, () => `${'>x 0{'.repeat(60)}x=+x 1${'}'.repeat(60)};`)}x`,
    1001,
    [1],
  ),
  program('functions', () => many(MANY, i => `f${i} x:n>n;+x ${i}\n`), MANY, [1], 'f99999'),
  program(
    'functions that call the one before',
    () => `f0 x:n>n;x\n${many(60_000, i => `f${i + 1} x:n>n;>x 0{ret x};f${i} x\n`)}`,
    1,
    [1],
    'f60000',
  ),
  program(
    'calls of different functions',
    () => `${many(20_000, i => `g${i} x:n>n;+x 1\n`)}f x:n>n;${many(20_000, i => `x=g${i} x;`)}x`,
    20_001,
    [1],
  ),
  program('lambdas', () => `f>n;xs=[1];${many(20_000, i => `ys=map (x:n>n;+x ${i}) xs;`)}len xs`, 1),
  program(
    'captured variables',
    () =>
      `f x:n>n;${many(20_000, i => `v${i}=${i};`)}xs=map (q:n>n;len [${many(20_000, i => `v${i}`, ' ')}]) [1];at xs 0`,
    20_000,
    [1],
  ),
  program(
    'fields',
    () => `type p-p{${many(MANY, i => `v${i}:n;`)}z:n}\nf>n;r=p-p ${many(MANY, i => `v${i}:1`, ' ')} z:3;r.z`,
    3,
  ),
  program('types', () => `${many(MANY, i => `type t${i}{x:n}\n`)}f>n;r=t99999 x:3;r.x`, 3),
  program('a text of ten megabytes', () => `f>n;len "${'a'.repeat(10_000_000)}"`, 10_000_000),
  program(
    'a list of ten megabytes',
    () => `f>n;len [${many(1_000_000, i => String(100_000_000 + i), ' ')}]`,
    1_000_000,
  ),
  program('a function of ten megabytes', () => `f x:n>n;${many(1_400_000, () => 'x=+x 1;')}x`, ['ILO-P022'], [5]),
  program('ten megabytes of guards', () => `f x:n>n;${many(700_000, i => `=x -${i + 1}{ret 1};`)}7`, ['ILO-P022'], [5]),
  program('ten megabytes of calls', () => `f x:n>n;${many(1_000_000, () => 'x=abs x;')}x`, ['ILO-P022'], [5]),
];
