#include <stdlib.h>

static double flips(double *perm) {
  double count = 0, first = perm[0];
  while (first > 0) {
    for (size_t i = 0, j = (size_t)first; i < j; i++, j--) {
      double x = perm[i];
      perm[i] = perm[j], perm[j] = x;
    }
    count++;
    first = perm[0];
  }
  return count;
}

double run(double size) {
  size_t n = (size_t)size, r = n;
  double *perm = malloc(sizeof(double) * n), *left = malloc(sizeof(double) * n), *copy = malloc(sizeof(double) * n);
  for (size_t i = 0; i < n; i++) perm[i] = left[i] = i;
  double checksum = 0, most = 0, result = -1;
  for (int even = 1; result < 0; even = !even) {
    for (; r > 1; r--) left[r - 1] = r;
    for (size_t i = 0; i < n; i++) copy[i] = perm[i];
    double count = flips(copy);
    if (count > most) most = count;
    checksum += even ? count : -count;
    for (;;) {
      if (r == n) {
        result = checksum * 100 + most;
        break;
      }
      double first = perm[0];
      for (size_t i = 0; i < r; i++) perm[i] = perm[i + 1];
      perm[r] = first;
      left[r]--;
      if (left[r] > 0) break;
      r++;
    }
  }
  free(perm), free(left), free(copy);
  return result;
}
