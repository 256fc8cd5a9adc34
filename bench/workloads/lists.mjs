const square = x => x * x;
const third = x => x % 3 === 0;
const add = (a, b) => a + b;

export function run(n) {
  const xs = [];
  for (let i = 0; i < n; i++) xs.push(i + 1);
  return xs.map(square).filter(third).reduce(add, 0);
}
