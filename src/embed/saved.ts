// A suspended run as bytes: JSON with the function, the arguments, what the outside has told it (host-log.ts), and enough to notice that it is
// restored with another source or by a version that computes otherwise.
import { createHash } from 'node:crypto';
import type { Value } from '../core/value/value.ts';
import { usageError } from './errors.ts';
import { HostLog } from './host-log.ts';
import { valueFromJson, valueToJson } from './value-json.ts';

const FORMAT = 'ilo-run-1';

export interface SavedRun {
  readonly name: string;
  readonly args: readonly Value[];
  readonly log: HostLog;
  /** What the run had used where it was saved; a run that is made again comes to the same. */
  readonly fuel: number;
  readonly bytes: number;
}

/** `program` identifies the source. Throws ILO-E009 when an argument is a function. */
export function saveRun(run: SavedRun, program: string): Uint8Array {
  const { name, args, log, fuel, bytes } = run;
  const content = { format: FORMAT, program, name, args: args.map(valueToJson), log: log.toJson(), fuel, bytes };
  return new TextEncoder().encode(JSON.stringify(content));
}

/** Throws ILO-E008 for anything that saveRun has not made of the same program. */
export function readSaved(saved: Uint8Array, program: string): SavedRun {
  try {
    const content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(saved)) as Record<string, unknown>;
    const { format, name, args, log, fuel, bytes } = content;
    if (format !== FORMAT || typeof name !== 'string' || !Array.isArray(args) || !isLog(log))
      throw new TypeError('form');
    if (content.program !== program) throw usageError('ILO-E008', 'what was saved belongs to another program');
    return { name, args: args.map(valueFromJson), log: new HostLog(log), fuel: Number(fuel), bytes: Number(bytes) };
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) {
      throw usageError('ILO-E008', 'these bytes are no saved run', error);
    }
    throw error;
  }
}

function isLog(log: unknown): log is (readonly [string, unknown])[] {
  return (
    Array.isArray(log) && log.every(entry => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string')
  );
}

/** Identifies a source and what it imports. */
export function programId(source: string, imported: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(source);
  for (const [path, text] of [...imported].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`\0${path}\0${text}`);
  return hash.digest('hex');
}
