#include <math.h>
#include <stdlib.h>

static double cell(double i, double j) {
  double d = i + j;
  return 1 / (d * (d + 1) / 2 + i + 1);
}

static void times(const double *u, double *v, size_t n) {
  for (size_t i = 0; i < n; i++) {
    double s = 0;
    for (size_t j = 0; j < n; j++) s += cell(i, j) * u[j];
    v[i] = s;
  }
}

static void times_transposed(const double *u, double *v, size_t n) {
  for (size_t i = 0; i < n; i++) {
    double s = 0;
    for (size_t j = 0; j < n; j++) s += cell(j, i) * u[j];
    v[i] = s;
  }
}

double run(double size) {
  size_t n = (size_t)size;
  double *u = malloc(sizeof(double) * n), *v = malloc(sizeof(double) * n), *t = malloc(sizeof(double) * n);
  for (size_t i = 0; i < n; i++) u[i] = 1;
  for (int round = 0; round < 10; round++) {
    times(u, t, n), times_transposed(t, v, n);
    times(v, t, n), times_transposed(t, u, n);
  }
  double uv = 0, vv = 0;
  for (size_t i = 0; i < n; i++) uv += u[i] * v[i], vv += v[i] * v[i];
  free(u), free(v), free(t);
  return sqrt(uv / vv);
}
