#include <math.h>

double run(double n) {
  double most = 0;
  for (double start = 1; start < n; start++) {
    double x = start, steps = 0;
    while (x > 1) {
      x = fmod(x, 2) == 0 ? x / 2 : 3 * x + 1;
      steps++;
    }
    if (steps > most) most = steps;
  }
  return most;
}
