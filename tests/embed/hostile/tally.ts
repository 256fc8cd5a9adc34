// What all files of the hostile suite share: the secret that is planted, how runs end and how long the longest took, and the tally of what was tried, by
// kind of attack, level of isolation and engine. Each file compares its part of the tally with itself at the end, so that an engine or level that is
// silently left out is seen; `npm run hostile` gathers the parts into one table.
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile, drainPools, IloError, type Isolation, type RunOptions, type Tool } from '../../../src/embed/main.ts';
import { ENGINES, type EngineName } from '../../../src/runtime/engines.ts';

export const SECRET = 'planted-8d1f6c';
export const LEVELS: readonly Isolation[] = ['in-process', 'worker', 'process'];
export const ENGINE_NAMES: readonly EngineName[] = ENGINES.map(({ name }) => name);

/** The rows of the table. */
const KINDS = {
  loops: 'endless loops and recursion',
  callbacks: 'the same through functions of the host',
  memory: 'memory by texts, lists, maps, closures, output, errors, numbers',
  patterns: 'catastrophic patterns',
  keys: 'key tricks',
  values: 'numbers and indices that are none',
  outside: 'reaching for what was not granted, and for the secret',
  nans: 'forged NaNs',
  data: 'data that is no data',
  buffers: 'buffers detached or resized during the call',
  tools: 'tools that throw, lie or never settle',
  capabilities: 'print, clock and the like that throw or lie',
  dispose: 'dispose and cancel at the wrong moment',
  polluted: 'polluted prototypes of the host',
  paths: 'spellings of paths',
  addresses: 'spellings of addresses',
  servers: 'redirects, bombs and other answers of servers',
  options: 'options, names and saved runs that make no sense',
  lines: 'half messages and lines of a gigabyte to serv and mcp',
} as const;
export type Kind = keyof typeof KINDS;

/** Where an attack was tried; `none` where nothing ran that an engine could do differently. */
export interface Where {
  readonly level: Isolation;
  readonly engine: EngineName | 'none';
}

/** All levels with all engines. */
export const EVERYWHERE: readonly (Where & { readonly engine: EngineName })[] = LEVELS.flatMap(level =>
  ENGINE_NAMES.map(engine => ({ level, engine })),
);

const counts = new Map<string, number>();
const key = (kind: string, { level, engine }: Where): string => `${kind} ${level} ${engine}`;

let counted: { readonly kind: Kind; readonly where: Where } | undefined;

export function count(kind: Kind, where: Where, tried = 1): void {
  counted = { kind, where };
  counts.set(key(kind, where), (counts.get(key(kind, where)) ?? 0) + tried);
}

/** Whether all runs have the limits of a caller who says nothing: then how long they take is of interest. */
export const DEFAULT_LIMITS_ONLY = process.env.ILO_HOSTILE_LIMITS === 'default';

/** By kind: how long the longest run took, which it was, and how many there were. */
const longest = new Map<Kind, { readonly milliseconds: number; readonly what: string; readonly runs: number }>();

/**
 * Takes the time of a run of what was counted last. Nothing is asserted of it here: `npm run hostile -- --default-limits` says what was too slow. What
 * else the machine does can only make a run longer, so one that was too slow and can be made again is, and its shortest time is taken.
 */
export async function timed<T>(run: () => T, again = false): Promise<Awaited<T>> {
  const { kind, where } = counted!;
  const test = expect.getState().currentTestName!.split(' > ').at(-1)!;
  const what = `${test}, ${where.level} on ${where.engine}`;
  const before = performance.now();
  try {
    return await run();
  } finally {
    let milliseconds = performance.now() - before;
    for (let tries = again && DEFAULT_LIMITS_ONLY ? 2 : 0; tries > 0 && milliseconds > MOST_MS; tries--) {
      const began = performance.now();
      await Promise.resolve()
        .then(run)
        .catch(() => {});
      milliseconds = Math.min(milliseconds, performance.now() - began);
    }
    took(kind, what, milliseconds);
  }
}

/** What is promised of each. */
const MOST_MS = 2000;

export function took(kind: Kind, what: string, milliseconds: number): void {
  const before = longest.get(kind);
  const runs = (before?.runs ?? 0) + 1;
  const isLongest = before === undefined || milliseconds > before.milliseconds;
  longest.set(kind, isLongest ? { milliseconds, what, runs } : { ...before, runs });
  if (DEFAULT_LIMITS_ONLY && milliseconds > MOST_MS) console.log(`${Math.round(milliseconds)} ms: ${kind}, ${what}`);
}

/**
 * The last lines of each file of the suite: its kinds were tried as often on every engine and level (those of `once` without an engine), the next
 * program is right on each, and the tally goes to where `npm run hostile` wants it.
 */
export function closeTally(file: string, kinds: readonly Kind[], once: readonly Kind[] = []): void {
  test('each kind was tried on every engine and level', async () => {
    for (const kind of kinds) {
      const cells = EVERYWHERE.map(where => [key(kind, where), counts.get(key(kind, where)) ?? 0] as const);
      expect(cells[0]![1]).toBeGreaterThan(0);
      expect(cells).toEqual(cells.map(([name]) => [name, cells[0]![1]]));
    }
    for (const kind of once) expect(counts.get(key(kind, { level: 'in-process', engine: 'none' }))).toBeGreaterThan(0);
    await Promise.all(EVERYWHERE.map(nextIsRight));
    const tried = [...counts.values()].reduce((sum, one) => sum + one, 0);
    console.log(`${file}: ${tried} hostile cases`);
    const folder = process.env.ILO_HOSTILE_TALLY;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    const tally = {
      load: loadavg()[0],
      kinds: KINDS,
      engines: ENGINE_NAMES,
      levels: LEVELS,
      counts: Object.fromEntries(counts),
      longest: Object.fromEntries(longest),
    };
    writeFileSync(join(folder, `${file}.json`), JSON.stringify(tally));
  });
}

/** After an attack the next program is right. */
export async function nextIsRight({ level, engine }: Where & { readonly engine: EngineName }): Promise<void> {
  const next = compile('f x:n>n;*x 2', { isolation: level, engine, limits: { timeout: 20_000 } });
  expect([level, engine, await next.runAsync('f', 21)]).toEqual([level, engine, 42]);
}

/** For what takes no time, on machines that are busy. */
export const PATIENT: NonNullable<RunOptions['limits']> = DEFAULT_LIMITS_ONLY ? {} : { timeout: 20_000 };

/** How a run ended, as text: its code, or `ok`, or a short text that it gave. Only errors of ours are thrown, and nothing that they say is secret. `again`: it may be made again. */
export async function ending(run: () => unknown, again = false): Promise<string> {
  try {
    const result = await timed(run, again);
    return typeof result === 'string' && result.length < 100 ? result : 'ok';
  } catch (error) {
    expect(error).toBeInstanceOf(IloError);
    const { code, message, place, calls } = error as IloError;
    expect(`${message} ${place?.file} ${calls.join()}`).not.toContain(SECRET);
    return code;
  }
}

export const tool = (signature: string, call: (...args: never[]) => unknown): Tool => ({ signature, call });

/** Plants the secret for the tests of a file. */
export function plantSecret(): void {
  beforeAll(() => {
    process.env.ILO_PLANTED_SECRET = SECRET;
  });
  afterAll(() => {
    delete process.env.ILO_PLANTED_SECRET;
    drainPools();
  });
}
