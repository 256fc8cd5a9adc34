// Lines of generated source, and how they are laid out.
import type { BlockId } from '../../ir/ir.ts';

export interface Line {
  readonly text: string;
  /** The labelled block that the line opens or closes; it is left out when nobody breaks out of it. */
  readonly label?: BlockId;
}

const DECLARATION = /^var ([a-z]+[0-9]*) = /;

/** Lines, indented, without the labelled blocks that nobody breaks out of. A variable is declared where it is first set in a function. */
export function layOut(lines: readonly Line[], brokenOut: ReadonlySet<BlockId>): string {
  const out: string[] = [];
  let indent = 0;
  const declared = new Set<string>();
  for (const { text: full, label } of lines) {
    if (label !== undefined && !brokenOut.has(label)) continue;
    if (full.startsWith('function ')) declared.clear();
    const name = DECLARATION.exec(full)?.[1];
    const text = name !== undefined && declared.has(name) ? full.slice('var '.length) : full;
    if (name !== undefined) declared.add(name);
    if (text.startsWith('}')) indent--;
    // Very deep code is not indented further: the source would grow with the square of the depth.
    out.push(`${'  '.repeat(Math.min(indent, 40))}${text}`);
    if (text.endsWith('{')) indent++;
  }
  return out.join('\n');
}
