// Pairs of queries and keys in cells that are close to each other, in two or three inputs.

#ifndef NADARAYA_BUCKETS_H
#define NADARAYA_BUCKETS_H

#include <stddef.h>
#include <stdint.h>

#include "tiles.h"

/// The number of queries that are summed together.
#define NADARAYA_BUCKET_QUERIES NADARAYA_PADDING

/// Keys in the order of their cells, and the Gaussian that weighs them.
typedef struct {
  /// 2 or 3.
  ptrdiff_t dimension;
  const double *keys[3];
  double inverse_bandwidths[3];
  /// Null if all are 1.
  const double *observation_weights;
  ptrdiff_t column_count;
  const double *const *columns;
  /// 0 or 1.
  ptrdiff_t degree;
} nadaraya_buckets;

/// The keys from one place of the order up to another.
typedef struct {
  ptrdiff_t first, end;
} nadaraya_run;

/// The loops over pairs.
typedef struct {
  /// Writes the Gaussian sums of the keys of some runs at NADARAYA_BUCKET_QUERIES queries, given input by
  /// input: a row of sums over all queries for each of Σw, Σw² (0 unless `squares`), with u = (k − q)/h
  /// and degree 1 Σwuᵃ for |a| = 1 and 2 in the order of `Monomials`, then for each column Σwc, with
  /// degree 1 Σwuᵃc for |a| = 1, and Σw|c|. Query i leaves out the key at place own[i]; those places are
  /// in own_run, which is empty where no key is left out.
  void (*sums)(
      const nadaraya_buckets *buckets, ptrdiff_t run_count, const nadaraya_run *runs,
      const double *queries, const int64_t *own, nadaraya_run own_run, int squares, double *sums);
} nadaraya_bucket_loops;

#endif
