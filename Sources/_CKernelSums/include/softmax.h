// Softmax over all pairs of rows and keys, with its gradient.

#ifndef NADARAYA_SOFTMAX_H
#define NADARAYA_SOFTMAX_H

#include <stddef.h>

/// Rows that meet the same keys at a time.
#define NADARAYA_SOFTMAX_ROWS 4

/// Arrays by key are padded to a multiple of this.
#define NADARAYA_SOFTMAX_PADDING 16

/// The keys of a softmax, or whatever rows meet. Arrays are padded: log-weights with −∞, log-sums with
/// ∞, the others with 0. Arrays that a loop does not use may be null.
typedef struct {
  /// Padding included.
  ptrdiff_t count;
  ptrdiff_t dimension, column_count;
  /// Whether scores are inner products; otherwise they are minus half the squared distances.
  int is_product;
  const double *const *places;
  const double *log_weights;
  const double *const *columns;
  /// For queries: ln Σ exp, the slope by each pooled column, and the sum of
  /// slopes times pooled columns.
  const double *log_sums;
  const double *const *slopes;
  const double *offsets;
} nadaraya_softmax;

/// The rows that meet them: number j of row r is at j * NADARAYA_SOFTMAX_ROWS + r.
typedef struct {
  const double *places, *log_weights, *columns, *log_sums, *slopes, *offsets;
  /// The key that each row leaves out; −1 for none.
  const ptrdiff_t *excluded;
} nadaraya_softmax_rows;

/// The loops of softmax, each for NADARAYA_SOFTMAX_ROWS rows.
typedef struct {
  /// For each row the largest score, then relative to its exponential Σw, Σw² (0 unless `squares`) and
  /// Σwc of each column.
  void (*sums)(
      const nadaraya_softmax *keys, const double *places, const ptrdiff_t *excluded, int squares,
      double *sums);
  /// The gradient with respect to the places of the rows, given the gradient with respect to the
  /// pooled columns. `asks` adds the rows' part as queries of the others, `answers` their part as keys
  /// of the others; only distances allow both at once.
  void (*slopes)(
      const nadaraya_softmax *others, const nadaraya_softmax_rows *rows, int asks, int answers,
      double *result);
  /// Both parts at once for points that meet each other under distances. The product of columns and
  /// features, times exp(score − half of both log-sums), is the slope by a score. Log-sums are halves.
  void (*mutual_slopes)(
      const nadaraya_softmax *others, const double *places, const double *half_log_sums,
      const double *features, const ptrdiff_t *excluded, double *result);
} nadaraya_softmax_loops;

#endif
