#include <math.h>
#include <stdlib.h>

static double **make(size_t n, double seed) {
  double **rows = malloc(sizeof(double *) * n);
  for (size_t i = 0; i < n; i++) {
    rows[i] = malloc(sizeof(double) * n);
    for (size_t j = 0; j < n; j++) rows[i][j] = fmod(i * seed + j, 10);
  }
  return rows;
}

static double **product(double **a, double **b, size_t n) {
  double **rows = malloc(sizeof(double *) * n);
  for (size_t i = 0; i < n; i++) {
    rows[i] = malloc(sizeof(double) * n);
    for (size_t j = 0; j < n; j++) {
      double s = 0;
      for (size_t k = 0; k < n; k++) s += a[i][k] * b[k][j];
      rows[i][j] = s;
    }
  }
  return rows;
}

static void drop(double **rows, size_t n) {
  for (size_t i = 0; i < n; i++) free(rows[i]);
  free(rows);
}

double run(double n) {
  size_t size = (size_t)n;
  double **a = make(size, 3), **b = make(size, 7), **c = product(a, b, size), s = 0;
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < size; j++) s += c[i][j];
  drop(a, size), drop(b, size), drop(c, size);
  return s;
}
