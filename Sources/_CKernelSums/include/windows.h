// Windows of a compact kernel over sorted keys of one input, for several queries at a time.

#ifndef NADARAYA_WINDOWS_H
#define NADARAYA_WINDOWS_H

#include <stddef.h>

#include "blocks.h"

/// A run of keys that lies inside the windows of all queries of a group, and on one side of them if the
/// kernel has a kink at 0.
typedef struct {
  /// Its rows of moments; see `nadaraya_block_loops`.
  const double *moments;
  /// The key that they are about.
  double anchor;
  /// The distance of the farthest key from the anchor, in bandwidths.
  double span;
  /// 0 if the keys are left of the queries, 1 if they are right of them.
  int side;
} nadaraya_piece;

/// The most keys of a group that are weighed one by one.
#define NADARAYA_WINDOW_KEYS 320

/// The largest degree of local polynomials, and the largest number of rows.
#define NADARAYA_WINDOW_DEGREE 3
#define NADARAYA_WINDOW_ROWS 8

/// What groups of queries share.
typedef struct {
  /// Those of the kernel's polynomial in |u|, from the 0th on.
  const double *coefficients;
  ptrdiff_t kernel_degree;
  /// The degree p of local polynomials.
  ptrdiff_t degree;
  /// The distance between rows of moments.
  ptrdiff_t row_stride;
  /// For each column that is summed as it is, the row that sums its absolute values.
  const ptrdiff_t *magnitude_rows;
  ptrdiff_t plain_column_count;
  /// The roundings of sums from moments: of powers 0, p and 2p.
  double roundings[3];
  /// Those of keys weighed one by one, relative to their sum, and to the sum with all weights 1.
  double visit_roundings, edge_roundings;
  /// The largest allowed errors, of sums and of those of powers above 0.
  double tolerance, moment_tolerance;
  /// Smaller sums of weights, or of absolute values, are not certain.
  double least_weight, least_magnitude;
} nadaraya_window_rules;

/// Sums Σwuᵃ for a = 0 … 2p, then of each column Σwuᵃc for a = 0 … p, u = (key − query)/h, each of
/// NADARAYA_PADDING queries; returns a bit for each query whose sums are certain.
///
/// - Keys of `runs`, pairs of a first key and an end, are weighed one by one; pieces stand for the others.
/// - `own` are rows of numbers for each query that are subtracted from the sums with a = 0.
typedef int (*nadaraya_window_sums)(
    const nadaraya_blocks *blocks, const nadaraya_window_rules *rules, const double *queries,
    const ptrdiff_t *runs, ptrdiff_t run_count, const nadaraya_piece *pieces, ptrdiff_t piece_count,
    const double *own, double *sums);

/// The loops over windows.
typedef struct {
  /// By kernel; null for a kernel without this loop.
  nadaraya_window_sums sums[nadaraya_kernel_count];
} nadaraya_window_loops;

#endif
