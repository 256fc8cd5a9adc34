double run(double n) {
  double s = 0;
  for (double i = 0; i < n; i++) s += i;
  return s;
}
