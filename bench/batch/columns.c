/* The functions of bench/batch.mjs over columns, as a C programmer writes them. Prints nanoseconds a row, the middle one of several times. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void Work(const double *restrict p, const double *restrict q, const double *restrict r, double *restrict out, long rows);

static void tot(const double *restrict p, const double *restrict q, const double *restrict r, double *restrict out, long rows) {
  for (long i = 0; i < rows; i++) {
    double s = p[i] * q[i], t = s * r[i];
    out[i] = s + t;
  }
}

static void polynomial(const double *restrict x, const double *restrict q, const double *restrict r, double *restrict out, long rows) {
  for (long i = 0; i < rows; i++) {
    double v = 1.0 / 16;
    for (int k = 15; k >= 1; k--) v = v * x[i] + 1.0 / k;
    out[i] = v;
  }
}

static void cell(const double *restrict cx, const double *restrict cy, const double *restrict r, double *restrict out, long rows) {
  for (long i = 0; i < rows; i++) {
    double x = 0, y = 0, k = 0;
    for (; k < 50; k++) {
      double x2 = x * x, y2 = y * y;
      if (x2 + y2 > 4) break;
      y = 2 * (x * y) + cy[i];
      x = x2 - y2 + cx[i];
    }
    out[i] = k;
  }
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static clockid_t clock_id = CLOCK_MONOTONIC;

static double now(void) {
  struct timespec t;
  clock_gettime(clock_id, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  const char *name = argv[1];
  if (argc > 5 && strcmp(argv[5], "cpu") == 0) clock_id = CLOCK_PROCESS_CPUTIME_ID;
  long rows = atol(argv[2]), repeats = atol(argv[3]), samples = atol(argv[4]);
  Work *volatile work = strcmp(name, "tot") == 0 ? tot : strcmp(name, "polynomial") == 0 ? polynomial : cell;
  double *columns[4];
  for (int c = 0; c < 4; c++) columns[c] = malloc(rows * sizeof(double));
  for (long i = 0; i < rows; i++) {
    columns[0][i] = (double)((i * 7919) % 10007) / 5000 - 1.5;
    columns[1][i] = (double)((i * 104729) % 10009) / 5000 - 1;
    columns[2][i] = (double)(i % 100) / 100;
    columns[3][i] = 0;
    if (work != cell) continue;
    columns[0][i] = -2 + 3.0 * (i % 1000) / 1000;
    columns[1][i] = -1.5 + 3.0 * (rows == 1000 ? 500 : i / 1000) / 1000;
  }
  double *times = malloc(samples * sizeof(double));
  work(columns[0], columns[1], columns[2], columns[3], rows);
  for (long s = 0; s < samples; s++) {
    double start = now();
    for (long k = 0; k < repeats; k++) work(columns[0], columns[1], columns[2], columns[3], rows);
    times[s] = (now() - start) / ((double)rows * repeats);
  }
  qsort(times, samples, sizeof(double), compare);
  double sum = 0;
  for (long i = 0; i < rows; i++) sum += columns[3][i];
  printf("{\"median\":%.6f,\"sum\":%.17g}\n", times[samples / 2], sum);
  return 0;
}
