// The innermost loops of the direct engine, one table of functions per instruction set.
//
// A tile is a run of keys, stored input by input: `keys[j][i]` is input j of key i. Every array
// that is read or written by key holds the count rounded up to NADARAYA_PADDING; what the padding
// of the keys holds does not matter as long as it is finite.

#ifndef NADARAYA_KERNEL_SUMS_H
#define NADARAYA_KERNEL_SUMS_H

#include <stddef.h>
#include <stdint.h>

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
} nadaraya_tile;

/// Writes one number for each key of the tile; 0 into the padding.
typedef void (*nadaraya_per_key)(const nadaraya_tile *tile, double *result);

/// Sorted keys of one input in blocks, for the engines that sum runs of them.
///
/// Every array holds a number for each key of each block; behind the last key, keys are infinite and
/// the others 0.
typedef struct {
  const double *keys;
  /// Null where all are 1.
  const double *observation_weights;
  ptrdiff_t column_count;
  const double *const *columns;
  /// INT64_MAX for a column whose absolute values are summed, −1 for one that is summed as it is.
  const int64_t *sign_masks;
  double bandwidth, inverse_bandwidth;
  /// A multiple of NADARAYA_CHUNK.
  ptrdiff_t block_length;
} nadaraya_blocks;

#define NADARAYA_CHUNK 32

/// The highest degree of a polynomial, and the distance between its rows of coefficients.
#define NADARAYA_GREATEST_DEGREE 18
#define NADARAYA_POLYNOMIAL_STRIDE 24

/// Adds Σw, Σw·c of each column and Σw² (left alone unless `squares`) of one block of keys to as many
/// sums, each NADARAYA_PADDING partial ones; key `excluded` does not count.
typedef void (*nadaraya_block_sums)(
    const nadaraya_blocks *blocks, double query, ptrdiff_t block, ptrdiff_t excluded, int squares,
    double *sums);

/// The functions of one instruction set.
typedef struct {
  const char *name;
  int (*is_supported)(void);
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
  /// The smallest of the numbers; infinite where there is none.
  double (*smallest)(ptrdiff_t count, const double *x);
  /// weights[i] ← weights[i]·factors[i]
  void (*multiply)(ptrdiff_t count, const double *factors, double *weights);
  /// Adds Σw, Σw² (left alone unless `squares`) and Σw·c of each column to sums[0], sums[1],
  /// sums[2 …]; what rounding lost is gathered in `lost`, so that a sum is sums[s] + lost[s].
  void (*accumulate)(
      ptrdiff_t count, const double *weights, ptrdiff_t column_count,
      const double *const *columns, int squares, double *sums, double *lost);
  /// exp(x) for x ≤ 0, for tests; both arrays padded.
  void (*exponential)(ptrdiff_t count, const double *x, double *result);
  /// Sums over a block of sorted keys by kernel; null for the kernels that have none.
  nadaraya_block_sums block_sums[nadaraya_kernel_count];
  /// The moments Σω((k − anchor)/h)ʲ, j = 0 … degree, of a block, then those of each column; with
  /// `squared` of ω² in place of ω.
  void (*block_moments)(
      const nadaraya_blocks *blocks, ptrdiff_t block, double anchor, ptrdiff_t degree, int squared,
      double *moments);
  /// Adds Σ ω c P(x − t) of each row to a sum of NADARAYA_PADDING partial ones, from rows of
  /// degree + 1 moments in t. Coefficient j of row i of the polynomial is that of xⁱtʲ in P(x − t);
  /// NADARAYA_PADDING doubles may be read behind the last moment.
  void (*evaluate_moments)(
      const double *polynomial, ptrdiff_t degree, double x, const double *moments,
      ptrdiff_t row_count, double *sums);
} nadaraya_instruction_set;

/// The instruction sets compiled for this architecture, narrowest first.
const nadaraya_instruction_set *const *nadaraya_instruction_sets(ptrdiff_t *count);

#endif
