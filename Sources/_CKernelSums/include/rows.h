// Rows of attention: the sums that tell how a query's weight is spread; and rows of smoothers.

#ifndef NADARAYA_ROWS_H
#define NADARAYA_ROWS_H

#include <stddef.h>

#include "nodes.h"
#include "tiles.h"

/// The loops over rows.
typedef struct {
  /// Adds Σw, Σw² and −Σ w ln w of a tile to three sums, and rounding errors to `lost`. `negative_logs`
  /// is null, or −ln w, finite where w is 0. Arrays are padded, weights with 0.
  void (*sums)(
      ptrdiff_t count, const double *weights, const double *negative_logs, double *sums,
      double *lost);
  /// The Gaussian and −ln of it, which is 0 instead if it would leave the range of doubles.
  void (*gaussian_with_logs)(
      const nadaraya_tile *tile, double *result, double *negative_logs);
  /// w·p(u), u = (k − q)/h, and its square: p has a coefficient for each of the monomials of the d
  /// inputs. 0 where w is 0. Arrays are padded, weights with 0.
  void (*polynomial)(
      const nadaraya_tile *tile, const nadaraya_features *monomials, const double *coefficients,
      const double *weights, double *result, double *squares);
} nadaraya_row_loops;

#endif
