export function run(n) {
  const prime = new Array(n).fill(true);
  let count = 0;
  for (let i = 2; i < n; i++) {
    if (prime[i]) {
      count++;
      for (let k = i * i; k < n; k += i) prime[k] = false;
    }
  }
  return count;
}
