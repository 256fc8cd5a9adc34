double run(double n) {
  if (n <= 1) return n;
  return run(n - 1) + run(n - 2);
}
