// Moments of the keys of a node, and a node's sums from them. Included by body.h.
//
// With t = (k − c)/h about the node's centre c, feature 0 is 1 and feature i is feature parents[i]
// times variable factors[i]: variable j is t_j, variable d is ‖t‖². The centre stands in the
// tile's place for the query.

static void moments(
    const nadaraya_tile *tile, const nadaraya_features *features, const double *weights,
    const double *column, double *result) {
  lanes sums[NADARAYA_FEATURES], feature[NADARAYA_FEATURES], variables[NADARAYA_FEATURES + 1];
  for (ptrdiff_t f = 0; f < features->count; f++) sums[f] = ZERO;
  for (ptrdiff_t i = 0; i < tile->count; i += LANES) {
    lanes first = ONE;
    for (ptrdiff_t l = tile->count - i; l < LANES; l++) first[l] = 0;
    if (weights) first = first * load(weights + i);
    if (column) first = first * load(column + i);
    if (features->count > 1) {
      lanes square_sum = ZERO;
      for (ptrdiff_t j = 0; j < tile->dimension; j++) {
        variables[j] = -U;
        square_sum = square_sum + square(variables[j]);
      }
      variables[tile->dimension] = square_sum;
    }
    feature[0] = first;
    sums[0] = sums[0] + first;
    for (ptrdiff_t f = 1; f < features->count; f++) {
      feature[f] = feature[features->parents[f]] * variables[features->factors[f]];
      sums[f] = sums[f] + feature[f];
    }
  }
  for (ptrdiff_t f = 0; f < features->count; f++) result[f] = across(sums[f]);
  clear_padding(features->count, result);
}

// A node's sums are scalar products of its moments and the coefficients that a query gives them. They
// are added up lane by lane, NADARAYA_PADDING for each sum, and across the lanes at the very end.
static void take_node(
    ptrdiff_t feature_count, const double *coefficients, ptrdiff_t sum_count, const double *moments,
    double *sums) {
  ptrdiff_t width = (feature_count + NADARAYA_PADDING - 1) / NADARAYA_PADDING * NADARAYA_PADDING;
  for (ptrdiff_t s = 0; s < sum_count; s++)
    for (ptrdiff_t f = 0; f < width; f += LANES) {
      double *sum = sums + s * NADARAYA_PADDING + f % NADARAYA_PADDING;
      store(sum, load(sum) + load(coefficients + f) * load(moments + s * width + f));
    }
}
