export function run(n) {
  let most = 0;
  for (let start = 1; start < n; start++) {
    let x = start;
    let steps = 0;
    while (x > 1) {
      if (x % 2 === 0) x = x / 2;
      else x = 3 * x + 1;
      steps++;
    }
    if (steps > most) most = steps;
  }
  return most;
}
