// What the hostile suite has tried, by kind, level of isolation and engine; printed at its end, so that a part that silently runs no more is seen.
import { afterAll, beforeAll, expect } from 'vitest';
import { drainPools, IloError, type Isolation, type Tool } from '../../../src/embed/main.ts';
import { ENGINES, type EngineName } from '../../../src/runtime/engines.ts';

export const SECRET = 'planted-8d1f6c';
export const LEVELS: readonly Isolation[] = ['in-process', 'worker', 'process'];
export const ENGINE_NAMES: readonly EngineName[] = ENGINES.map(({ name }) => name);

const KINDS = ['programs', 'calls', 'hosts', 'requests', 'options'] as const;
export type Kind = (typeof KINDS)[number];

const counts = new Map<string, number>();

/** Counts what is tried. `none`: nothing runs that an engine could do differently. */
export function count(kind: Kind, level: Isolation, engine: EngineName | 'none', tried = 1): void {
  const key = `${kind} ${level} ${engine}`;
  counts.set(key, (counts.get(key) ?? 0) + tried);
}

export function counted(kind: Kind, level: Isolation, engine: EngineName | 'none'): number {
  return counts.get(`${kind} ${level} ${engine}`) ?? 0;
}

export function total(kind: Kind): number {
  return LEVELS.flatMap(level => [...ENGINE_NAMES, 'none' as const].map(engine => counted(kind, level, engine))).reduce(
    (sum, one) => sum + one,
    0,
  );
}

/** All counts as a table: a row for each level and engine. */
export function table(): string {
  const line = (name: string, cells: readonly (string | number)[]): string =>
    name.padEnd(24) + cells.map(cell => String(cell).padStart(10)).join('');
  const rows = LEVELS.flatMap(level =>
    [...ENGINE_NAMES, 'none' as const].map(engine => ({
      name: `${level}, ${engine === 'none' ? 'no engine' : engine}`,
      cells: KINDS.map(kind => counted(kind, level, engine)),
    })),
  ).filter(({ cells }) => cells.some(cell => cell > 0));
  return [
    line('hostile', KINDS),
    ...rows.map(({ name, cells }) => line(name, cells)),
    line('all', KINDS.map(total)),
  ].join('\n');
}

/** How a run ended, as text: its code, or `ok`, or a short text that it gave. Nothing that it says is secret. */
export async function ending(run: () => unknown): Promise<string> {
  try {
    const result = await run();
    return typeof result === 'string' && result.length < 100 ? result : 'ok';
  } catch (error) {
    expect(error).toBeInstanceOf(IloError);
    expect((error as Error).message).not.toContain(SECRET);
    return (error as IloError).code;
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
