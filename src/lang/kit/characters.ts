// Character classes for hand-written scanners: one byte per ASCII code unit, so that a scanner asks a table instead of
// comparing ranges. Everything beyond ASCII has class 0; a language that allows it there decides so itself.

export const LOWER = 1;
export const UPPER = 2;
export const DIGIT = 4;
export const BLANK = 8;

const CHARACTER_CLASS: Uint8Array = new Uint8Array(128);
for (let code = 97; code <= 122; code++) CHARACTER_CLASS[code] = LOWER;
for (let code = 65; code <= 90; code++) CHARACTER_CLASS[code] = UPPER;
for (let code = 48; code <= 57; code++) CHARACTER_CLASS[code] = DIGIT;
CHARACTER_CLASS[9] = BLANK;
CHARACTER_CLASS[13] = BLANK;
CHARACTER_CLASS[32] = BLANK;

/** The class bits of a code unit, 0 beyond ASCII and for NaN (the end of the text). */
export function classOf(code: number): number {
  return code < 128 ? CHARACTER_CLASS[code]! : 0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The first position at or after `position` whose character has none of the classes in `mask`. */
export function skipClass(source: string, position: number, mask: number): number {
  let at = position;
  while ((classOf(source.charCodeAt(at)) & mask) !== 0) at++;
  return at;
}

/** How a character is shown inside a message: itself, or its number when it cannot be seen. */
export function showCharacter(source: string, position: number): string {
  const code = source.codePointAt(position) ?? 0;
  const hidden = code < 32 || (code >= 127 && code <= 160) || (code >= 0x2000 && code <= 0x200f) || code === 0xfeff;
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return hidden || surrogate ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : String.fromCodePoint(code);
}
