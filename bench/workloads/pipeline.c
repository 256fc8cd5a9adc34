#include <math.h>

static double scale(double x) { return x * 3; }
static double shift(double x) { return x + 7; }
static double wrap(double x) { return fmod(x, 1000); }
static double mirror(double x) { return 1000 - x; }

double run(double n) {
  double s = 0;
  for (double i = 0; i < n; i++) s += mirror(wrap(shift(scale(i))));
  return s;
}
