// Lines of a stream of bytes, none longer than allowed, so that nobody's endless line fills the memory.
const NEWLINE = 10;

/** Stands for a line that was too long; no line of text is this, because it has a line break. */
export const TOO_LONG = 'too long\n';
export type Line = string;

/**
 * The lines of a stream as UTF-8 text without their ends; the last one may lack its end. Of a line that is too long there is TOO_LONG as soon as
 * that shows, and the rest of it is skipped.
 */
export async function* linesOf(input: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array): boolean => {
    const wasShort = length <= longest;
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
    return wasShort && length > longest;
  };
  const take = (): Line => {
    const line = Buffer.concat(parts).toString('utf8');
    parts = [];
    return line;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (add(chunk.subarray(start, end))) yield TOO_LONG;
      else if (length <= longest) yield take();
      length = 0;
      start = end + 1;
    }
    if (add(chunk.subarray(start))) yield TOO_LONG;
  }
  if (length > 0 && length <= longest) yield take();
}
