// Numbers at which something is special.

/** 200 doubles: signs, subnormals, halves, the ends of integers, and neighbours of all of them. */
export function specialValues(): number[] {
  const seeds = [
    0, 1, 2, 3, 0.5, 1.5, 2.5, 7, 10, 100, 1e-300, 5e-324, 2.2250738585072014e-308, 1e300, 1.7976931348623157e308,
  ];
  const edges = [
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32,
    2 ** 52,
    2 ** 52 + 1,
    2 ** 53,
    2 ** 53 - 1,
    2 ** 63,
    2 ** 64,
    0.1,
    1 / 3,
  ];
  const near = [...seeds, ...edges].flatMap(value => [
    value,
    value + 0.5,
    value - 0.25,
    nextUp(value),
    value / 3,
    value * 1.7,
  ]);
  const both = near.flatMap(value => [value, -value]);
  return [...new Set([...both, Number.NaN, Infinity, -Infinity])].slice(0, 197).concat([-0, Number.EPSILON, -2]);
}

function nextUp(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0);
}
