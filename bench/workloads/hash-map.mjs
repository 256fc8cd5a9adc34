export function run(n) {
  const counts = new Map();
  for (let i = 0; i < n; i++) {
    const key = String((i * 7919) % 1009);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let s = 0;
  for (const c of counts.values()) s += c * c;
  return s;
}
