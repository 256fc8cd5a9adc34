// Lines of generated source, and how they are laid out.
import type { BlockId } from '../../ir/ir.ts';

export interface Line {
  readonly text: string;
  /** The labelled block that the line opens or closes; it is left out when nobody breaks out of it. */
  readonly label?: BlockId;
}

/** Lines, indented, without the labelled blocks that nobody breaks out of. */
export function layOut(lines: readonly Line[], brokenOut: ReadonlySet<BlockId>): string {
  const out: string[] = [];
  let indent = 0;
  for (const { text, label } of lines) {
    if (label !== undefined && !brokenOut.has(label)) continue;
    if (text.startsWith('}')) indent--;
    // Very deep code is not indented further: the source would grow with the square of the depth.
    out.push(`${'  '.repeat(Math.min(indent, 40))}${text}`);
    if (text.endsWith('{')) indent++;
  }
  return out.join('\n');
}
