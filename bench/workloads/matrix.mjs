function make(n, seed) {
  const rows = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) row.push((i * seed + j) % 10);
    rows.push(row);
  }
  return rows;
}

function product(a, b, n) {
  const rows = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += a[i][k] * b[k][j];
      row.push(s);
    }
    rows.push(row);
  }
  return rows;
}

export function run(n) {
  const c = product(make(n, 3), make(n, 7), n);
  let s = 0;
  for (const row of c) {
    for (const x of row) s += x;
  }
  return s;
}
