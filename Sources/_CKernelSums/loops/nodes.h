// Moments of the keys of a node, and a node's sums from them. Included by body.h.
//
// With t = (k − c)/h about the node's centre c, feature 0 is 1 and feature i is feature parents[i]
// times variable factors[i]: variable j is t_j, variable d is ‖t‖². The centre stands in the
// tile's place for the query.

static void moments(
    const nadaraya_tile *tile, const nadaraya_features *features, const double *weights,
    const double *column, double *result) {
  ptrdiff_t room = features->count > 0 ? features->count : 1;
  lanes sums[room], feature[room], variables[tile->dimension + 1];
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

// Σ w u² (γ·z)(c − β·z) for each input, z the features at u = k − q in bandwidths: how local polynomials
// change with the bandwidths. First w (γ·z)(c − β·z) of each key, then its products with u², up to eight
// inputs at a time, whose sums stay in registers.

INLINE void terms_of_slopes(
    const nadaraya_tile *tile, const nadaraya_features *features, const double *weights,
    const double *outer, const double *inner, const double *column, double *terms) {
  lanes feature[features->count], variables[tile->dimension];
  int is_linear = features->count == tile->dimension + 1;
  feature[0] = ONE;
  for (ptrdiff_t i = 0; i < tile->count; i += LANES) {
    lanes response = constant(outer[0]), residual = constant(-inner[0]);
    if (column) residual = residual + load(column + i);
    if (is_linear) {
      for (ptrdiff_t j = 0; j < tile->dimension; j++) {
        lanes u = -U;
        response = response + outer[1 + j] * u;
        residual = residual - inner[1 + j] * u;
      }
    } else if (features->count > 1) {
      for (ptrdiff_t j = 0; j < tile->dimension; j++) variables[j] = -U;
      for (ptrdiff_t f = 1; f < features->count; f++) {
        feature[f] = feature[features->parents[f]] * variables[features->factors[f]];
        response = response + outer[f] * feature[f];
        residual = residual - inner[f] * feature[f];
      }
    }
    store(terms + i, load(weights + i) * response * residual);
  }
}

INLINE void add_products_with_squares(
    const nadaraya_tile *tile, const double *terms, ptrdiff_t first, ptrdiff_t count,
    double *result) {
  lanes sums[8];
  for (ptrdiff_t j = 0; j < count; j++) sums[j] = ZERO;
  for (ptrdiff_t i = 0; i < tile->count; i += LANES) {
    lanes term = load(terms + i);
    for (ptrdiff_t j = 0; j < count; j++)
      sums[j] = sums[j] + term * square(scaled(tile, first + j, i));
  }
  for (ptrdiff_t j = 0; j < count; j++) result[first + j] = across(sums[j]);
}

static void bandwidth_slopes(
    const nadaraya_tile *tile, const nadaraya_features *features, const double *weights,
    const double *outer, const double *inner, const double *column, double *terms,
    double *result) {
  terms_of_slopes(tile, features, weights, outer, inner, column, terms);
  for (ptrdiff_t first = 0; first < tile->dimension; first += 8) {
    ptrdiff_t count = tile->dimension - first;
    switch (count < 8 ? count : 8) {
    case 1: add_products_with_squares(tile, terms, first, 1, result); break;
    case 2: add_products_with_squares(tile, terms, first, 2, result); break;
    case 3: add_products_with_squares(tile, terms, first, 3, result); break;
    case 4: add_products_with_squares(tile, terms, first, 4, result); break;
    case 5: add_products_with_squares(tile, terms, first, 5, result); break;
    case 6: add_products_with_squares(tile, terms, first, 6, result); break;
    case 7: add_products_with_squares(tile, terms, first, 7, result); break;
    default: add_products_with_squares(tile, terms, first, 8, result); break;
    }
  }
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

// The same for keys whose weights are known. Callers empty the lanes before rounding adds up.
static void take_keys(
    ptrdiff_t count, const double *weights, ptrdiff_t column_count, const double *const *columns,
    int squares, double *sums) {
  lanes s0 = ZERO, s1 = ZERO;
  for (ptrdiff_t i = 0; i < count; i += 2 * LANES) {
    s0 = s0 + load(weights + i);
    if (i + LANES < count) s1 = s1 + load(weights + i + LANES);
  }
  store(sums, load(sums) + (s0 + s1));
  for (ptrdiff_t c = 0; c < column_count + (squares ? 1 : 0); c++) {
    const double *other = c < column_count ? columns[c] : weights;
    double *sum = sums + (c + 1) * NADARAYA_PADDING;
    s0 = ZERO, s1 = ZERO;
    for (ptrdiff_t i = 0; i < count; i += 2 * LANES) {
      s0 = s0 + load(weights + i) * load(other + i);
      if (i + LANES < count) s1 = s1 + load(weights + i + LANES) * load(other + i + LANES);
    }
    store(sum, load(sum) + (s0 + s1));
  }
}

// How queries stand to a node: the bounds of `NodeWindows.swift`, a register of
// queries at a time.
static nadaraya_reach classify(
    const nadaraya_windows *windows, const double *box, ptrdiff_t count, const double *queries) {
  nadaraya_reach result = {0, 0};
  ptrdiff_t d = windows->dimension;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    // The largest and the sum of squares of the nearest distances; whether 1 − u² or 1 − |u| stays
    // above 0; the magnification of errors and the sum of inverses.
    lanes reach = ZERO, square_sum = ZERO, least = constant(1.0), greatest = constant(1.0);
    lanes magnification = ONE, total = ZERO;
    mask inside = (mask)(ZERO == ZERO);
    for (ptrdiff_t j = 0; j < d; j++) {
      lanes q = load(queries + j * NADARAYA_GROUP + i);
      double inverse = windows->inverse_bandwidths[j];
      lanes below = box[j] - q, above = q - box[d + j];
      lanes near = larger(larger(below, above), ZERO) * inverse;
      lanes far = larger(-below, -above) * inverse;
      double half = (box[d + j] / 2 - box[j] / 2) * inverse;
      reach = larger(reach, near);
      square_sum = square_sum + near * near;
      if (windows->power < 0) {
        lanes weight = 1 - far;
        inside = inside & (mask)(weight > windows->margin)
                 & ((mask)(below >= 0.0) | (mask)(above >= 0.0));
        magnification = magnification * ((1 - near) / weight);
        total = total + 1 / weight;
      } else if (windows->is_product) {
        lanes weight = (1 - far) * (1 + far);
        inside = inside & (mask)(weight > windows->margin);
        magnification = magnification * ((1 - near * near + 2 * half * half) / weight);
        total = total + 1 / weight;
      } else {
        least = least - far * far;
        greatest = greatest + (2 * half * half - near * near);
      }
    }
    if (!windows->is_product) {
      inside = inside & (mask)(least > windows->margin);
      magnification = greatest / least;
      total = 1 / least;
    }
    if (windows->power >= 0) {
      lanes base = magnification;
      magnification = ONE;
      for (int m = 0; m < windows->power; m++) magnification = magnification * base;
      total = total * (double)windows->power;
    }
    inside = inside & (mask)(magnification <= windows->magnification)
             & (mask)(total <= windows->magnification);
    mask outside = (mask)(reach > windows->edge);
    if (!windows->is_product) outside = outside | (mask)(square_sum > windows->edge * windows->edge);
    for (int l = 0; l < LANES; l++) {
      result.touched |= (uint64_t)(outside[l] == 0) << (i + l);
      result.inside |= (uint64_t)(outside[l] == 0 && inside[l] != 0) << (i + l);
    }
  }
  return result;
}
