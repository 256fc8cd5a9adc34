function escapeTime(cx, cy, most) {
  let x = 0;
  let y = 0;
  for (let i = 0; i < most; i++) {
    const x2 = x * x;
    const y2 = y * y;
    if (x2 + y2 > 4) return i;
    y = 2 * x * y + cy;
    x = x2 - y2 + cx;
  }
  return most;
}

export function run(n) {
  let s = 0;
  for (let row = 0; row < n; row++) {
    const cy = (2 * row) / n - 1;
    for (let column = 0; column < n; column++) {
      const cx = (2 * column) / n - 1.5;
      s += escapeTime(cx, cy, 50);
    }
  }
  return s;
}
