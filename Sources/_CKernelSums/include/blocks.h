// Blocks of sorted keys of one input, for the engines that sum runs of them.

#ifndef NADARAYA_BLOCKS_H
#define NADARAYA_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "tiles.h"

/// A block is a multiple of this many keys.
#define NADARAYA_CHUNK 32

/// Sorted keys of one input in blocks.
///
/// Every array holds a number for each key of each block. Behind the last key, keys are infinite and
/// the other numbers 0.
typedef struct {
  const double *keys;
  /// Null if all are 1.
  const double *observation_weights;
  ptrdiff_t column_count;
  const double *const *columns;
  /// INT64_MAX for a column whose absolute values are summed, −1 for one that is summed as it is.
  const int64_t *sign_masks;
  double bandwidth, inverse_bandwidth;
  /// A multiple of NADARAYA_CHUNK.
  ptrdiff_t block_length;
} nadaraya_blocks;

/// The highest degree of a polynomial, and the distance between its rows of coefficients.
#define NADARAYA_GREATEST_DEGREE 18
#define NADARAYA_POLYNOMIAL_STRIDE 24

/// Adds Σw, Σw·c of each column and Σw² (only if `squares`) of one block of keys to as many sums, each
/// of NADARAYA_PADDING partial ones. It leaves out key `excluded`.
typedef void (*nadaraya_block_sums)(
    const nadaraya_blocks *blocks, double query, ptrdiff_t block, ptrdiff_t excluded, int squares,
    double *sums);

/// The loops over blocks.
typedef struct {
  /// Sums over a block by kernel; null for a kernel without this loop.
  nadaraya_block_sums sums[nadaraya_kernel_count];
  /// The moments Σω((k − anchor)/h)ʲ, j = 0 … degree, of a block, then those of each column; with
  /// `squared` of ω² in place of ω.
  void (*moments)(
      const nadaraya_blocks *blocks, ptrdiff_t block, double anchor, ptrdiff_t degree, int squared,
      double *moments);
  /// Adds Σ ω c P(x − t) of each row to a sum of NADARAYA_PADDING partial ones, from rows of
  /// degree + 1 moments in t. Coefficient j of row i of the polynomial is that of xⁱtʲ in P(x − t).
  /// The loop may read NADARAYA_PADDING doubles behind the last moment.
  void (*evaluate_moments)(
      const double *polynomial, ptrdiff_t degree, double x, const double *moments,
      ptrdiff_t row_count, double *sums);
} nadaraya_block_loops;

#endif
