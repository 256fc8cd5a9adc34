#include <stdlib.h>

double run(double n) {
  double count = 0;
  double *prime = malloc(sizeof(double) * (size_t)n);
  for (size_t i = 0; i < n; i++) prime[i] = 1;
  for (size_t i = 2; i < n; i++) {
    if (prime[i] == 0) continue;
    count++;
    for (size_t k = i * i; k < n; k += i) prime[k] = 0;
  }
  free(prime);
  return count;
}
