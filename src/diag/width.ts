// How wide text is on a terminal, and how to show it there safely. One grapheme (what a reader sees as one character)
// takes one or two cells; marks that combine with the character before them take none of their own.

const TAB_WIDTH = 4;

const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const UNSAFE = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const UNSAFE_BUT_NEWLINE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

let segmenter: Intl.Segmenter | undefined;

/** One visible character: its text as shown, its cells, and where it ended in the original. */
export interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly end: number;
}

/** Splits one line into visible characters. Tabs become four blanks and control characters become pictures. */
export function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  if (/^[\x20-\x7e]*$/.test(line)) {
    for (let at = 0; at < line.length; at++) cells.push({ shown: line[at]!, width: 1, end: at + 1 });
    return cells;
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment, index } of segmenter.segment(line)) {
    const end = index + segment.length;
    if (segment === '\t') cells.push({ shown: ' '.repeat(TAB_WIDTH), width: TAB_WIDTH, end });
    else {
      const shown = makeVisible(segment);
      cells.push({ shown, width: graphemeWidth(shown), end });
    }
  }
  return cells;
}

function graphemeWidth(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Replaces characters that would move the cursor, ring, reorder the line or end it. */
export function makeVisible(text: string): string {
  return text.replace(UNSAFE, picture);
}

/** As makeVisible, but line breaks stay: for messages, which may have several lines. */
export function makeVisibleLines(text: string): string {
  return text.replace(UNSAFE_BUT_NEWLINE, picture);
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
