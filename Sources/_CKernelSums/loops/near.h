// Gaussian sums over a run of sorted keys in one input: the keys within reach of a query. Included by
// body.h.
//
// Goals, in order: (1) weights as accurate as the direct engine's, anchored at the nearest key where
// plain ones would be tiny; (2) a query with a dozen keys in reach costs some tens of nanoseconds, for
// which everything happens in one call.
//
// Chunks of keys are weighed into a buffer, which then meets one column after the other with as many
// running sums in registers as there are powers of u = (k − q)/h.

#define NEAR_CHUNK NADARAYA_NEAR_CHUNK
#define NEAR_POWERS 7

// Σ x, Σ xu, …, Σ xu^(powers − 1), x the weights or their products with a column; those from the power
// `from` on are added to the sums.
INLINE void add_near_powers(
    ptrdiff_t count, const double *weights, const double *places, const double *column, int64_t sign,
    int from, const int powers, double *sums, double *lost) {
  lanes total[NEAR_POWERS];
  for (int a = 0; a < powers; a++) total[a] = ZERO;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    lanes term = load(weights + i);
    if (column) term = term * (lanes)((mask)load(column + i) & sign);
    total[0] = total[0] + term;
    if (powers > 1) {
      lanes u = load(places + i);
      for (int a = 1; a < powers; a++) {
        term = term * u;
        total[a] = total[a] + term;
      }
    }
  }
  for (int a = from; a < powers; a++) add(sum_across(total[a]), &sums[a - from], &lost[a - from]);
}

// What a chunk of weights gives.
INLINE void add_near_sums(
    const nadaraya_line *line, ptrdiff_t start, ptrdiff_t count, const double *weights,
    const double *places, double *sums, double *lost, const int degree) {
  add_near_powers(count, weights, places, 0, -1, 0, 1, sums, lost);
  double *to = sums + 2, *rest = lost + 2;
  if (degree > 0) {
    add_near_powers(count, weights, places, 0, -1, 1, 2 * degree + 1, to, rest);
    to += 2 * degree;
    rest += 2 * degree;
  }
  for (ptrdiff_t c = 0; c < line->column_count; c++, to += degree + 1, rest += degree + 1)
    add_near_powers(
        count, weights, places, line->columns[c] + start,
        line->sign_masks ? line->sign_masks[c] : -1, 0, degree + 1, to, rest);
}

INLINE void near_gaussian_of(
    const nadaraya_line *line, double query, ptrdiff_t first, ptrdiff_t end, ptrdiff_t excluded,
    double reference, int squares, double *sums, double *lost, const int is_anchored,
    const int degree) {
  ALIGNED double weights[NEAR_CHUNK], places[NEAR_CHUNK];
  lanes q = constant(query), inverse = constant(line->inverse_bandwidth);
  lanes distance = constant(query - reference), r = constant(reference);
  mask index;
  for (int l = 0; l < LANES; l++) index[l] = l;
  for (ptrdiff_t start = first & ~(ptrdiff_t)(LANES - 1); start < end; start += NEAR_CHUNK) {
    ptrdiff_t count = end - start < NEAR_CHUNK ? end - start : NEAR_CHUNK;
    lanes square = ZERO;
    for (ptrdiff_t i = 0; i < count; i += LANES) {
      mask place = index + (int64_t)(start + i);
      mask counts = (place >= (int64_t)first) & (place < (int64_t)end) & (place != (int64_t)excluded);
      lanes k = load(line->keys + start + i);
      lanes difference = k - q;
      lanes u = difference * inverse;
      lanes w;
      if (is_anchored) {
        lanes a = (r - k) * inverse, b = (distance - difference) * inverse;
        w = exponential(-0.5 * a * b);
      } else {
        w = decay(u * u * (SIXTEENTHS_PER_E / 2));
      }
      w = where(counts, w);
      if (line->observation_weights) w = w * load(line->observation_weights + start + i);
      store(weights + i, w);
      if (degree > 0) store(places + i, where(counts, u));
      if (squares) square = square + w * w;
    }
    if (squares) add(sum_across(square), &sums[1], &lost[1]);
    add_near_sums(line, start, count, weights, places, sums, lost, degree);
  }
}

static void near_gaussian(
    const nadaraya_line *line, double query, ptrdiff_t first, ptrdiff_t end, ptrdiff_t excluded,
    int is_anchored, double reference, int squares, double *sums, double *lost) {
#define NEAR(ANCHORED, DEGREE)                                                                   \
  near_gaussian_of(                                                                              \
      line, query, first, end, excluded, reference, squares, sums, lost, ANCHORED, DEGREE)
  if (is_anchored) return NEAR(1, (int)line->degree);
  switch (line->degree) {
    case 0: return NEAR(0, 0);
    case 1: return NEAR(0, 1);
    case 2: return NEAR(0, 2);
    default: return NEAR(0, 3);
  }
}

// The same sums of keys whose weights are known, up to NADARAYA_NEAR_CHUNK of them from a multiple of
// the padding on.
static void near_weighted(
    const nadaraya_line *line, double query, ptrdiff_t start, ptrdiff_t count, int squares,
    const double *weights, double *sums, double *lost) {
  ALIGNED double places[NEAR_CHUNK];
  lanes q = constant(query), inverse = constant(line->inverse_bandwidth), square = ZERO;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    lanes w = load(weights + i);
    // A key without weight may be infinite.
    store(places + i, where((mask)(w > 0), (load(line->keys + start + i) - q) * inverse));
    if (squares) square = square + w * w;
  }
  if (squares) add(sum_across(square), &sums[1], &lost[1]);
  switch (line->degree) {
    case 1: return add_near_sums(line, start, count, weights, places, sums, lost, 1);
    case 2: return add_near_sums(line, start, count, weights, places, sums, lost, 2);
    default: return add_near_sums(line, start, count, weights, places, sums, lost, 3);
  }
}

// Moments about an anchor become moments about the query: with t = (k − anchor)/h and x that of the
// query,
//
//     Σ ω c (t − x)ᵇ = Σⱼ C(b, j) (−x)^(b − j) Σ ω c tʲ.
//
// The matrix is made once for all rows; Pascal's triangle lies in its columns.
static void shift_moments(
    const double *triangle, ptrdiff_t degree, double x, const double *moments,
    ptrdiff_t row_count, double *central) {
  enum { STRIDE = NADARAYA_POLYNOMIAL_STRIDE };
  ALIGNED double matrix[(NADARAYA_GREATEST_DEGREE + 1) * STRIDE];
  ALIGNED double powers[3 * STRIDE] = {0};
  double power = 1;
  for (ptrdiff_t k = 0; k <= degree; k++, power *= -x) powers[STRIDE + k] = power;
  fetch_ahead(moments, row_count * (degree + 1));
  for (ptrdiff_t j = 0; j <= degree; j++)
    for (ptrdiff_t b = j & ~(ptrdiff_t)(LANES - 1); b <= degree; b += LANES)
      store(
          matrix + j * STRIDE + b,
          load(triangle + j * STRIDE + b) * load(powers + STRIDE + b - j));
  for (ptrdiff_t r = 0; r < row_count; r++, moments += degree + 1, central += STRIDE)
    for (ptrdiff_t b = 0; b <= degree; b += LANES) {
      lanes even = load(central + b), odd = ZERO;
      ptrdiff_t last = b + LANES - 1 < degree ? b + LANES - 1 : degree;
      for (ptrdiff_t j = 0; j <= last; j += 2) {
        even = even + moments[j] * load(matrix + j * STRIDE + b);
        if (j < last) odd = odd + moments[j + 1] * load(matrix + (j + 1) * STRIDE + b);
      }
      store(central + b, even + odd);
    }
}
