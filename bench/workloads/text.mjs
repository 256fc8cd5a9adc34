export function run(n) {
  let s = '';
  for (let i = 0; i < n; i++) s += `${i},`;
  return s;
}
