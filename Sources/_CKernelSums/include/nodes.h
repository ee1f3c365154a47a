// Nodes of a tree: their moments, their sums, and how queries stand to them.

#ifndef NADARAYA_NODES_H
#define NADARAYA_NODES_H

#include <stddef.h>
#include <stdint.h>

#include "tiles.h"

/// The largest number of features of a node.
#define NADARAYA_FEATURES 64

/// Monomials of a key's place about a centre. Feature 0 is 1; feature i is feature `parents[i]` times
/// variable `factors[i]`. The variables are the d inputs, then their sum of squares.
typedef struct {
  ptrdiff_t count;
  const ptrdiff_t *parents;
  const ptrdiff_t *factors;
} nadaraya_features;

/// The largest number of queries that walk through a tree together.
#define NADARAYA_GROUP 16

/// One bit for each query of a group: whether a node touches its window, and whether the node's
/// moments may be used.
typedef struct {
  uint64_t touched, inside;
} nadaraya_reach;

/// When a node lies outside a window, and when its moments may be used. Distances are in bandwidths.
typedef struct {
  ptrdiff_t dimension;
  const double *inverse_bandwidths;
  /// Whether inputs are compared one by one.
  int is_product;
  /// From this distance on the weight is 0, rounding allowed for.
  double edge;
  /// m if the weight is made of (1 − u²)ᵐ, −1 if it is made of 1 − |u|.
  int power;
  /// The largest magnification of rounding errors; 0 if there are no moments.
  double magnification;
  /// A node whose least 1 − u² is no more than this is not inside.
  double margin;
} nadaraya_windows;

/// The loops of the tree.
typedef struct {
  /// Σ weight·column·feature over a tile whose query is the centre, for each feature. Null weights
  /// and a null column count as ones. The result is padded.
  void (*moments)(
      const nadaraya_tile *tile, const nadaraya_features *features, const double *weights,
      const double *column, double *result);
  /// Σ weight·u²·(γ·z)(c − β·z) over a tile for each of its inputs, where u = (k − q)/h of that input, z are
  /// the features of all of them, γ is `outer` and β `inner`. A null column counts as zeros. Weights are
  /// padded with zeros; `terms` has room for a number for each key.
  void (*bandwidth_slopes)(
      const nadaraya_tile *tile, const nadaraya_features *features, const double *weights,
      const double *outer, const double *inner, const double *column, double *terms,
      double *result);
  /// Adds a node's sums, padded coefficients times padded moments, to NADARAYA_PADDING lanes for each
  /// of `sum_count` sums.
  void (*take_node)(
      ptrdiff_t feature_count, const double *coefficients, ptrdiff_t sum_count,
      const double *moments, double *sums);
  /// Adds Σw, Σw·c of each column and, if `squares`, Σw² of a tile to NADARAYA_PADDING lanes each.
  void (*take_keys)(
      ptrdiff_t count, const double *weights, ptrdiff_t column_count,
      const double *const *columns, int squares, double *sums);
  /// How `count` queries stand to a node's box, whose least coordinates come first. Input j of query i
  /// is `queries[j * NADARAYA_GROUP + i]`. Bits from `count` on mean nothing.
  nadaraya_reach (*classify)(
      const nadaraya_windows *windows, const double *box, ptrdiff_t count, const double *queries);
} nadaraya_node_loops;

#endif
