/* The least that a dense layer does per arrival: add the weight row of its source to one number per neuron.
   Usage: add-rows SOURCES NEURONS SPIKES TRIALS MILLISECONDS; prints the median nanoseconds of processor time per
   number added. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double processor_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

__attribute__((noinline)) static void add_rows(const double *restrict weights, const int *restrict units, int spikes,
                                               int neurons, double *restrict sums) {
  for (int k = 0; k < spikes; k++) {
    const double *restrict row = weights + (size_t)units[k] * neurons;
    for (int n = 0; n < neurons; n++) sums[n] += row[n];
  }
}

int main(int count, char **arguments) {
  if (count != 6) return 2;
  const int sources = atoi(arguments[1]), neurons = atoi(arguments[2]), spikes = atoi(arguments[3]);
  const int trials = atoi(arguments[4]);
  const double limit = 1e-3 * atof(arguments[5]);
  double *weights = aligned_alloc(64, (sizeof(double) * sources * neurons + 63) / 64 * 64);
  double *sums = aligned_alloc(64, (sizeof(double) * neurons + 63) / 64 * 64);
  int *units = malloc(sizeof(int) * spikes * trials);
  if (weights == NULL || sums == NULL || units == NULL) return 1;
  for (int k = 0; k < sources * neurons; k++) weights[k] = k % 7;
  unsigned state = 1;
  for (int k = 0; k < spikes * trials; k++) units[k] = (state = 1664525u * state + 1013904223u) / 65536 % sources;

  enum { MOST = 10000 };
  static double samples[MOST];
  int taken = 0;
  double sink = 0;
  const double start = processor_seconds();
  while (taken < MOST && (taken < 5 || processor_seconds() - start < limit)) {
    const double from = processor_seconds();
    for (int trial = 0; trial < trials; trial++) {
      memset(sums, 0, sizeof(double) * neurons);
      add_rows(weights, units + trial * spikes, spikes, neurons, sums);
      sink += sums[trial % neurons];
    }
    samples[taken++] = processor_seconds() - from;
  }
  qsort(samples, taken, sizeof(double), ascending);
  printf("%.6f\n", 1e9 * samples[taken / 2] / ((double)spikes * trials * neurons));
  return sink < 0;
}
