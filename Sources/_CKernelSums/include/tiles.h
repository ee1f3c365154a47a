// Tiles: one query against a run of keys.
//
// A tile stores its keys input by input: `keys[j][i]` is input j of key i. Every array with one
// number for each key has room for the count rounded up to NADARAYA_PADDING. The padding of the keys
// may hold any finite numbers.

#ifndef NADARAYA_TILES_H
#define NADARAYA_TILES_H

#include <stddef.h>

/// Lanes of the widest instruction set: arrays by key are padded to a multiple of it.
#define NADARAYA_PADDING 8

/// The built-in kernels, in the order of the tables.
enum nadaraya_kernel {
  nadaraya_gaussian,
  nadaraya_boxcar,
  nadaraya_constant,
  nadaraya_triangular,
  nadaraya_epanechnikov,
  nadaraya_biweight,
  nadaraya_triweight,
  nadaraya_tricube,
  nadaraya_cosine,
  nadaraya_laplacian,
  nadaraya_logistic,
  nadaraya_cauchy,
  nadaraya_kernel_count
};

/// One query against a run of keys.
typedef struct {
  ptrdiff_t count;
  ptrdiff_t dimension;
  const double *const *keys;
  const double *query;
  const double *bandwidths;
  const double *inverse_bandwidths;
  /// The bandwidth of every input if they are all the same normal number, otherwise 0. Only the
  /// Gaussian reads it.
  double shared_bandwidth;
} nadaraya_tile;

/// Writes one number for each key of the tile, and 0 into the padding.
typedef void (*nadaraya_per_key)(const nadaraya_tile *tile, double *result);

/// The loops over tiles.
typedef struct {
  /// K by kernel, multiplied over the inputs.
  nadaraya_per_key product[nadaraya_kernel_count];
  /// K of the one distance ‖(q − k)/h‖ by kernel.
  nadaraya_per_key radial[nadaraya_kernel_count];
  /// The squared distance ‖u‖², u = (q − k)/h.
  nadaraya_per_key squared_distance;
  /// −ln of the Gaussian: ‖u‖²/2.
  nadaraya_per_key half_squared_distance;
  /// −ln of the Laplacian: Σ|uⱼ|, and ‖u‖.
  nadaraya_per_key absolute_distance, distance;
  /// The Gaussian weights of one input's keys over the weight of a reference, which is no farther
  /// from the query than any of them.
  void (*gaussian_beside)(const nadaraya_tile *tile, double reference, double *result);
  /// weights[i] ← weights[i]·factors[i]
  void (*multiply)(ptrdiff_t count, const double *factors, double *weights);
  /// Adds Σw, Σw² (only if `squares`) and Σw·c of each column to sums[0], sums[1], sums[2 …]. It
  /// adds rounding errors to `lost`, so that a sum is sums[s] + lost[s].
  void (*accumulate)(
      ptrdiff_t count, const double *weights, ptrdiff_t column_count,
      const double *const *columns, int squares, double *sums, double *lost);
  /// The smallest of the numbers; infinite if there are none.
  double (*smallest)(ptrdiff_t count, const double *x);
  /// exp(x) for x ≤ 0, for tests; both arrays padded.
  void (*exponential)(ptrdiff_t count, const double *x, double *result);
  /// 2^(−x/16) for x ≥ 0, for tests; both arrays padded.
  void (*decay)(ptrdiff_t count, const double *x, double *result);
} nadaraya_tile_loops;

#endif
