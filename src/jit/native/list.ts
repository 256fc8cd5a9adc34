// Machine code as text for people: each instruction with its offset, and the line of the source beside the first instruction that comes
// from it; before it, where runs in slices leave; first the code for calls, then, for each function that has some, the code for columns.
import type { CoreUnit } from '../../core/core.ts';
import { SourceText } from '../../diag/source.ts';
import { listBatch } from './batch/unit.ts';
import { nativeUnitOf } from './code.ts';
import type { ListedLine } from './compile.ts';
import { explainPoints, listPoints } from './list-points.ts';

const TEXT_WIDTH = 48;

/** The listing of all functions of a unit that are native, and why the others are not. */
export function listNative(unit: CoreUnit, source: string, limited: boolean): string {
  const native = nativeUnitOf(unit, limited);
  const text = new SourceText(source);
  const lines: string[] = [];
  const { lines: calls, refused, members } = native.list();
  const columns = [...unit.functions.keys()].flatMap(index => linesOfColumns(unit, index, limited));
  for (const [index, why] of refused) lines.push(`; ${unit.functions[index]!.name} has no machine code: ${why}`);
  // Places in imported files cannot be told from those in this one by their offsets.
  const imports = unit.functions.some(fn => fn.file !== undefined);
  for (const index of members) {
    for (const line of listPoints(unit, index, imports ? undefined : text)) lines.push(`; ${line}`);
  }
  let last = -1;
  for (const { offset, text: instruction, heading, position } of [...calls, ...columns]) {
    if (heading !== undefined) {
      lines.push(...(lines.length > 0 ? [''] : []), `${heading}:`);
      last = -1;
    }
    const line = position === undefined || imports ? undefined : text.place(position).line;
    const beside = line === undefined || line === last ? '' : `; ${line}: ${text.lineText(line).trim()}`;
    if (line !== undefined) last = line;
    const hex = offset.toString(16).padStart(5, '0');
    lines.push(`  ${hex}  ${beside === '' ? instruction : `${instruction.padEnd(TEXT_WIDTH)}${beside}`}`);
  }
  return `${lines.join('\n')}\n`;
}

function linesOfColumns(unit: CoreUnit, index: number, limited: boolean): readonly ListedLine[] {
  const code = listBatch(unit, index, limited);
  if ('why' in code) return [];
  const heading = `${unit.functions[index]!.name} on columns (${code.target}, ${code.lanes} rows at once)`;
  return code.listing.map((line, i) => (i === 0 ? { ...line, heading } : line));
}

export interface Explained {
  readonly name: string;
  /** Half a sentence; undefined when the function is native. */
  readonly why: string | undefined;
  /** Whether runs in slices leave a native function: the end of a sentence. */
  readonly points: string | undefined;
}

/** For each of some functions whether it is native, and if not, why. */
export function explainNative(unit: CoreUnit, functions: readonly number[], limited: boolean): readonly Explained[] {
  const native = nativeUnitOf(unit, limited);
  return functions.map(index => {
    const why = native.whyNotNative(index);
    return {
      name: unit.functions[index]!.name,
      why,
      points: why === undefined ? explainPoints(unit, index) : undefined,
    };
  });
}
