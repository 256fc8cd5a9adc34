function make(i) {
  return { x: i, y: i * 2, z: i + 1 };
}

export function run(n) {
  const ps = [];
  for (let i = 0; i < n; i++) ps.push(make(i));
  let s = 0;
  for (const p of ps) {
    const q = { ...p, y: p.y + 1 };
    s += q.x + q.y + q.z;
  }
  return s;
}
