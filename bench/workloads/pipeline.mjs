const scale = x => x * 3;
const shift = x => x + 7;
const wrap = x => x % 1000;
const mirror = x => 1000 - x;

export function run(n) {
  let s = 0;
  for (let i = 0; i < n; i++) {
    const v = mirror(wrap(shift(scale(i))));
    s += v;
  }
  return s;
}
