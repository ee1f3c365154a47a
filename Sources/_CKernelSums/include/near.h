// Sorted keys of one input near a query: their Gaussian sums, and sums about the query.

#ifndef NADARAYA_NEAR_H
#define NADARAYA_NEAR_H

#include <stddef.h>
#include <stdint.h>

#include "blocks.h"

/// The highest degree of local polynomials.
#define NADARAYA_NEAR_DEGREE 3

/// The largest number of keys that are weighed together.
#define NADARAYA_NEAR_CHUNK 256

/// Sorted keys of one input. Each array is padded to whole registers, the keys with infinity.
typedef struct {
  const double *keys;
  /// Null if all are 1.
  const double *observation_weights;
  ptrdiff_t column_count;
  const double *const *columns;
  /// Null, or for each column INT64_MAX if its absolute values are summed and −1 if not.
  const int64_t *sign_masks;
  double inverse_bandwidth;
  /// The degree of local polynomials, at most NADARAYA_NEAR_DEGREE.
  ptrdiff_t degree;
} nadaraya_line;

/// The loops over keys near a query.
typedef struct {
  /// Adds the Gaussian sums of keys first ..< end, without key `excluded`, to `sums`, and their
  /// rounding errors to `lost`. The sums are Σw, Σw² (only if `squares`), then with u = (k − q)/h
  /// Σwuᵃ for a = 1 … 2·degree and for each column Σwuᵃc for a = 0 … degree. If `is_anchored`, weights
  /// are relative to that of a reference, which is no farther from the query than any of the keys.
  void (*gaussian)(
      const nadaraya_line *line, double query, ptrdiff_t first, ptrdiff_t end, ptrdiff_t excluded,
      int is_anchored, double reference, int squares, double *sums, double *lost);
  /// Adds the same sums from the weights of up to NADARAYA_NEAR_CHUNK keys. `start` is a multiple of
  /// NADARAYA_PADDING, and the degree at least 1.
  void (*weighted)(
      const nadaraya_line *line, double query, ptrdiff_t start, ptrdiff_t count, int squares,
      const double *weights, double *sums, double *lost);
  /// Adds rows of degree + 1 moments about an anchor, as moments about a query `x` bandwidths right of
  /// it, to rows of NADARAYA_POLYNOMIAL_STRIDE. Row j of Pascal's triangle holds C(b, j) at b; its rows
  /// have the same stride.
  void (*shift_moments)(
      const double *triangle, ptrdiff_t degree, double x, const double *moments,
      ptrdiff_t row_count, double *central);
} nadaraya_near_loops;

#endif
