// Formatting: `fmt` fills the `{}` of a template, `fmt2` writes a number with so many decimals.
import { builtinSentence } from '../../../core/fault.ts';
import { checkTextSize } from '../../../core/limits.ts';
import { powerOfTwo } from '../../../core/math/words.ts';
import { showValue } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, numberArgument, sizeOf, textArgument } from './arguments.ts';
import type { BuiltinContext, BuiltinRow } from './row.ts';

const MAX_DECIMALS = 20;

/** The first `{:…}` in a template, which `fmt` refuses; undefined when there is none. The verifier asks for literal templates. */
export function findFormatSpec(template: string): string | undefined {
  return /\{:[^}]*\}?/.exec(template)?.[0];
}

/** The template with each `{}` replaced by the next argument. Too few arguments leave `{}`, more are ignored. */
function fillTemplate(template: string, args: readonly Value[], context: BuiltinContext): string {
  const pieces = piecesOf(template);
  let text = pieces[0]!;
  let units = template.length;
  for (let i = 1; i < pieces.length; i++) {
    const value = i <= args.length ? showValue(args[i - 1]!) : '{}';
    units += value.length;
    checkTextSize(units);
    context.charge(value.length, 2 * value.length);
    text += value + pieces[i]!;
  }
  return text;
}

/** What `piecesOf` was asked last: programs fill one template many times. */
let lastTemplate = '';
let lastPieces: readonly string[] = [''];

/** A template cut where its arguments go. */
function piecesOf(template: string): readonly string[] {
  if (template === lastTemplate) return lastPieces;
  const spec = findFormatSpec(template);
  if (spec !== undefined) {
    throw builtinSentence(
      'fmt',
      `only supports bare \`{}\` placeholders, got \`${spec}\`; use fmt2 for decimals, padl for width`,
    );
  }
  lastPieces = template.split('{}');
  lastTemplate = template;
  return lastPieces;
}

/**
 * The number with exactly `decimals` (0 … 20) digits after the point, rounded on its exact value; halfway goes to the even
 * digit. Negative numbers keep their sign even when nothing else is left of them: `-0.00`.
 */
export function formatDecimals(x: number, decimals: number): string {
  if (Number.isNaN(x)) return 'NaN';
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  const size = Math.abs(x);
  if (size === Number.POSITIVE_INFINITY) return `${sign}inf`;
  if (size >= 1e21) return `${sign}${BigInt(size)}${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`;
  const digits = size.toFixed(decimals);
  // `toFixed` rounds the exact value too, but halfway away from zero. A double is halfway when, times 2^(decimals+1), it is
  // an odd integer: ten to the power of `decimals` has that many factors of two, and its fives change no parity.
  const last = digits.charCodeAt(digits.length - 1) - 0x30;
  if ((size * powerOfTwo(decimals + 1)) % 2 === 1 && last % 2 === 1) return `${sign}${digits.slice(0, -1)}${last - 1}`;
  return sign + digits;
}

export const FORMAT_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'fmt',
    aliases: ['format'],
    topic: 'formatting',
    signatures: ['fmt template:t args:_... > t'],
    effect: 'pure',
    cost: args => ({ fuel: args.length + sizeOf(args[0]), bytes: 2 * sizeOf(args[0]) }),
    doc: 'Fills the `{}` of a template with the arguments, from left to right.',
    example: { code: 'f>t;fmt "{} + {} = {}" 1 2.5 "3.5"', out: '1 + 2.5 = 3.5' },
    run: (args, context) =>
      fillTemplate(textArgument('fmt', 'template (first arg)', argument(args, 0)), args.slice(1), context),
  },
  {
    name: 'fmt2',
    topic: 'formatting',
    signatures: ['fmt2 x:n digits:n > t'],
    effect: 'pure',
    cost: () => ({ fuel: 4, bytes: 64 }),
    doc: 'A number with a fixed count of decimals (0 to 20), half rounded to even.',
    example: { code: 'f>t;fmt2 2.71828 2', out: '2.72' },
    run: args => {
      const x = numberArgument('fmt2', 'requires two numbers (x, digits)', argument(args, 0));
      const digits = numberArgument('fmt2', 'requires two numbers (x, digits)', argument(args, 1));
      const decimals = Number.isFinite(digits) ? Math.min(MAX_DECIMALS, Math.max(0, Math.trunc(digits))) : 0;
      return formatDecimals(x, decimals);
    },
  },
];
