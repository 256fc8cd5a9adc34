// Numbers and texts as JavaScript source. Nothing of a program reaches the source except through these two functions.

/** An expression for exactly this number. NaN and the infinities have no literals; global names are not relied on. */
export function numberLiteral(n: number): string {
  if (Number.isNaN(n)) return '(0 / 0)';
  if (n === Number.POSITIVE_INFINITY) return '(1 / 0)';
  if (n === Number.NEGATIVE_INFINITY) return '(-1 / 0)';
  if (n < 0 || Object.is(n, -0)) return `(-${String(-n)})`;
  return String(n);
}

/** A string literal in ASCII: what is not printable is escaped, and so is all that could end the literal or the line. */
export function textLiteral(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An operand with a dot behind it: `5.x` would be a number that does not end. */
export function beforeDot(operand: string): string {
  return /^[0-9]/.test(operand) ? `(${operand})` : operand;
}
