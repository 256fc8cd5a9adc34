function flips(perm) {
  let count = 0;
  let first = perm[0];
  while (first > 0) {
    for (let i = 0, j = first; i < j; i++, j--) {
      const x = perm[i];
      perm[i] = perm[j];
      perm[j] = x;
    }
    count++;
    first = perm[0];
  }
  return count;
}

export function run(n) {
  const perm = Array.from({ length: n }, (_, i) => i);
  const left = Array.from({ length: n }, (_, i) => i);
  let checksum = 0;
  let most = 0;
  let even = true;
  let r = n;
  while (true) {
    while (r > 1) {
      left[r - 1] = r;
      r--;
    }
    const count = flips(perm.slice());
    if (count > most) most = count;
    if (even) checksum += count;
    else checksum -= count;
    even = !even;
    while (true) {
      if (r === n) return checksum * 100 + most;
      const first = perm[0];
      for (let i = 0; i < r; i++) perm[i] = perm[i + 1];
      perm[r] = first;
      left[r]--;
      if (left[r] > 0) break;
      r++;
    }
  }
}
