function cell(i, j) {
  const d = i + j;
  return 1 / ((d * (d + 1)) / 2 + i + 1);
}

function times(u) {
  const n = u.length;
  const v = [];
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += cell(i, j) * u[j];
    v.push(s);
  }
  return v;
}

function timesTransposed(u) {
  const n = u.length;
  const v = [];
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += cell(j, i) * u[j];
    v.push(s);
  }
  return v;
}

export function run(n) {
  let u = [];
  for (let i = 0; i < n; i++) u.push(1);
  let v = [];
  for (let round = 0; round < 10; round++) {
    v = timesTransposed(times(u));
    u = timesTransposed(times(v));
  }
  let uv = 0;
  let vv = 0;
  for (let i = 0; i < n; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return Math.sqrt(uv / vv);
}
