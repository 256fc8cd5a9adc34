// The fast Fourier transform, iterative, radix 2 (Cooley and Tukey, 1965): the input is padded with zeros to a power of two
// and put in bit-reversed order, then halves are combined in growing blocks. Written here rather than taken from a library:
// the factors come from the same recurrence as the reference's, so that results agree to the last bit.
import { builtinFault } from '../../../core/fault.ts';
import { checkListSize } from '../../../core/limits.ts';
import { cos, sin } from '../../../core/math/trigonometric.ts';
import { List } from '../../../core/value/list.ts';
import { describe } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, constantCost, ITEM_BYTES, LIST_BYTES, listArgument } from './arguments.ts';
import type { BuiltinContext, BuiltinRow } from './row.ts';

/** Transforms in place; both arrays have the same length, a power of two. */
function transform(real: Float64Array, imaginary: Float64Array, inverse: boolean): void {
  const length = real.length;
  reorder(real, imaginary);
  for (let block = 2; block <= length; block *= 2) {
    const half = block / 2;
    const angle = ((inverse ? 1 : -1) * 2 * Math.PI) / block;
    const stepReal = cos(angle);
    const stepImaginary = sin(angle);
    for (let start = 0; start < length; start += block) {
      let factorReal = 1;
      let factorImaginary = 0;
      for (let low = start; low < start + half; low++) {
        const high = low + half;
        const oddReal = real[high]! * factorReal - imaginary[high]! * factorImaginary;
        const oddImaginary = real[high]! * factorImaginary + imaginary[high]! * factorReal;
        real[high] = real[low]! - oddReal;
        imaginary[high] = imaginary[low]! - oddImaginary;
        real[low]! += oddReal;
        imaginary[low]! += oddImaginary;
        const nextReal = factorReal * stepReal - factorImaginary * stepImaginary;
        factorImaginary = factorReal * stepImaginary + factorImaginary * stepReal;
        factorReal = nextReal;
      }
    }
  }
  if (!inverse) return;
  const scale = 1 / length;
  for (let i = 0; i < length; i++) real[i]! *= scale;
}

/** Exchanges every element with the one whose index has the same bits in reverse. */
function reorder(real: Float64Array, imaginary: Float64Array): void {
  const length = real.length;
  let reversed = 0;
  for (let i = 1; i < length; i++) {
    let bit = length >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) {
      [real[i], real[reversed]] = [real[reversed]!, real[i]!];
      [imaginary[i], imaginary[reversed]] = [imaginary[reversed]!, imaginary[i]!];
    }
  }
}

/** The samples of either builtin, and the length padded to a power of two, charged before anything is allocated. */
function samples(builtin: string, value: Value, context: BuiltinContext): { items: readonly Value[]; length: number } {
  const items = listArgument(builtin, 'arg', value).view();
  if (items.length === 0) throw builtinFault(builtin, 'input list must not be empty');
  let length = 1;
  let stages = 1;
  for (; length < items.length; length *= 2) stages++;
  // The forward result is a list of pairs.
  checkListSize(10 * length);
  context.charge(length * stages, (LIST_BYTES + 4 * ITEM_BYTES) * length);
  return { items, length };
}

function forward(value: Value, context: BuiltinContext): Value {
  const { items, length } = samples('fft', value, context);
  const real = new Float64Array(length);
  const imaginary = new Float64Array(length);
  items.forEach((item, i) => {
    if (typeof item !== 'number') throw builtinFault('fft', `list elements must be numbers, got ${describe(item)}`);
    real[i] = item;
  });
  transform(real, imaginary, false);
  return new List(Array.from(real, (part, i) => new List([part, imaginary[i]!])));
}

function backward(value: Value, context: BuiltinContext): Value {
  const { items, length } = samples('ifft', value, context);
  const real = new Float64Array(length);
  const imaginary = new Float64Array(length);
  items.forEach((item, i) => {
    if (!(item instanceof List) || item.length !== 2) {
      throw builtinFault('ifft', `each element must be a [real, imag] pair, got ${describe(item)}`);
    }
    const [first, second] = item.view();
    if (typeof first !== 'number' || typeof second !== 'number') {
      throw builtinFault('ifft', 'pair elements must be numbers');
    }
    real[i] = first;
    imaginary[i] = second;
  });
  transform(real, imaginary, true);
  return new List(Array.from(real));
}

export const FFT_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'fft',
    topic: 'fourier transform',
    signatures: ['fft xs:L _ > L (L n)'],
    effect: 'pure',
    cost: constantCost,
    doc: 'The discrete Fourier transform of numbers, as [real, imaginary] pairs; padded with zeros to a power of two.',
    example: { code: 'f>L (L n);fft [1 0 0 0]', out: '[[1, 0], [1, 0], [1, 0], [1, 0]]' },
    run: (args, context) => forward(argument(args, 0), context),
  },
  {
    name: 'ifft',
    topic: 'fourier transform',
    signatures: ['ifft pairs:L _ > L n'],
    effect: 'pure',
    cost: constantCost,
    doc: 'The real parts of the inverse transform of [real, imaginary] pairs.',
    example: { code: 'f>L n;ifft (fft [1 2 3 4])', out: '[1, 2, 3, 4]' },
    run: (args, context) => backward(argument(args, 0), context),
  },
];
