static double escape_time(double cx, double cy, double most) {
  double x = 0, y = 0;
  for (double i = 0; i < most; i++) {
    double x2 = x * x, y2 = y * y;
    if (x2 + y2 > 4) return i;
    y = 2 * (x * y) + cy;
    x = cx + (x2 - y2);
  }
  return most;
}

double run(double n) {
  double s = 0;
  for (double row = 0; row < n; row++) {
    double cy = 2 * row / n - 1;
    for (double column = 0; column < n; column++) s += escape_time(2 * column / n - 1.5, cy, 50);
  }
  return s;
}
