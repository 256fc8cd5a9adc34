// Measures `run` of a workload, called through a pointer: prints its result, and the nanoseconds of the fastest and of the middle one of
// many calls. The times are taken in blocks that are as long as a call needs to be seen by the clock.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int in_order(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **words) {
  double n = count > 1 ? atof(words[1]) : 1;
  int samples = count > 2 ? atoi(words[2]) : 20;
  double (*volatile call)(double) = run;
  double result = call(n), times[1000];
  if (samples > 1000) samples = 1000;
  for (int i = 0; i < samples; i++) {
    double start = seconds();
    result = call(n);
    times[i] = (seconds() - start) * 1e9;
  }
  qsort(times, (size_t)samples, sizeof(double), in_order);
  printf("{\"result\":%.17g,\"fastest\":%.0f,\"median\":%.0f}\n", result, times[0], times[samples / 2]);
  return 0;
}
