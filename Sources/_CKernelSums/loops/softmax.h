// Softmax over all pairs of rows and keys, and how its pooled columns change with the rows' and the
// keys' places. Included by body.h.
//
// Goals, in order: (1) weights relative to the largest of their row, however far that row lies from
// all keys; (2) results that depend on the row alone, not on how rows are shared among threads;
// (3) speed in five to fifty inputs.
//
// With s the score of a row i and a key j, λ the keys' log-weights:
//
//     l_i = ln Σⱼ exp(s_ij + λ_j)      p_ij = exp(s_ij + λ_j − l_i)      y_i = Σⱼ p_ij c_j
//
// A function of y with ∂/∂y_i = g_i changes with a score by
//
//     M_ij = ∂/∂s_ij = p_ij g_i·(c_j − y_i) = p_ij (g_i·c_j − b_i),    b_i = g_i·y_i
//
// and s = −½‖z_i − z_j‖² with z_i by z_j − z_i, s = z_i·z_j by z_j. So the derivative by the place of a
// row is Σⱼ M_ij (z_j − z_i) or Σⱼ M_ij z_j; that by the place of a key, to whom the rows are the others,
// is Σᵢ M_ij (z_i − z_j) or Σᵢ M_ij z_i, which is the same sum with the roles exchanged. p_ij is known
// again from s and l, so that nothing is kept for a pair.
//
// Four rows share each register of keys, since loads would otherwise cost more than arithmetic. Scores
// are sums of squared differences: ‖z_i‖² − 2z_i·z_j + ‖z_j‖² would save a third of a pass and lose
// all digits beside an outlier.

#define SOFTMAX_ROWS NADARAYA_SOFTMAX_ROWS
#define SOFTMAX_CHUNK 256

typedef double score_chunk[SOFTMAX_ROWS][SOFTMAX_CHUNK];

INLINE void scores(
    const nadaraya_softmax *others, const double *places, ptrdiff_t start, ptrdiff_t count,
    const int is_product, score_chunk result) {
  for (ptrdiff_t i = 0; i < count; i += 2 * LANES) {
    lanes a[SOFTMAX_ROWS], b[SOFTMAX_ROWS];
    for (int r = 0; r < SOFTMAX_ROWS; r++) a[r] = b[r] = ZERO;
    for (ptrdiff_t j = 0; j < others->dimension; j++) {
      const double *k = others->places[j] + start + i;
      lanes x = load(k), y = load(k + LANES);
      for (int r = 0; r < SOFTMAX_ROWS; r++) {
        lanes q = constant(places[j * SOFTMAX_ROWS + r]);
        if (is_product) {
          a[r] = a[r] + q * x;
          b[r] = b[r] + q * y;
        } else {
          a[r] = plus_square(a[r], q - x);
          b[r] = plus_square(b[r], q - y);
        }
      }
    }
    for (int r = 0; r < SOFTMAX_ROWS; r++) {
      store(result[r] + i, is_product ? a[r] : -0.5 * a[r]);
      store(result[r] + i + LANES, is_product ? b[r] : -0.5 * b[r]);
    }
  }
}

// The larger of two numbers that are none NaN, which the built-in one would look for.
INLINE lanes greater_of(lanes x, lanes y) {
  mask m = (mask)(x > y);
  return (lanes)(((mask)x & m) | ((mask)y & ~m));
}

// Adds a chunk to a row's sums: the largest score, Σw, Σw², Σwc with w relative to that score.
INLINE void pool_chunk(
    const nadaraya_softmax *keys, ptrdiff_t start, ptrdiff_t count, ptrdiff_t excluded, int squares,
    double *s, double *sums) {
  if (excluded >= start && excluded < start + count) s[excluded - start] = -__builtin_inf();
  lanes most = constant(-__builtin_inf()), other = most;
  for (ptrdiff_t i = 0; i < count; i += 2 * LANES) {
    lanes x = load(s + i) + load(keys->log_weights + start + i);
    lanes y = load(s + i + LANES) + load(keys->log_weights + start + i + LANES);
    store(s + i, x);
    store(s + i + LANES, y);
    most = greater_of(x, most);
    other = greater_of(y, other);
  }
  most = greater_of(most, other);
  double largest = -__builtin_inf();
  for (int l = 0; l < LANES; l++) largest = most[l] > largest ? most[l] : largest;
  if (largest == -__builtin_inf()) return;
  if (largest > sums[0]) {
    double factor = decay(constant((largest - sums[0]) * SIXTEENTHS_PER_E))[0];
    for (ptrdiff_t c = 0; c < 2 + keys->column_count; c++)
      sums[1 + c] *= c == 1 ? factor * factor : factor;
    sums[0] = largest;
  }
  for (ptrdiff_t i = 0; i < count; i += LANES)
    store(s + i, decay((sums[0] - load(s + i)) * SIXTEENTHS_PER_E));
  sums[1] += sum_of_weights(count, s, s);
  if (squares) sums[2] += sum_of_products(count, s, s);
  for (ptrdiff_t c = 0; c < keys->column_count; c++)
    sums[3 + c] += sum_of_products(count, s, keys->columns[c] + start);
}

static void softmax_sums(
    const nadaraya_softmax *keys, const double *places, const ptrdiff_t *excluded, int squares,
    double *sums) {
  ALIGNED score_chunk s;
  ptrdiff_t stride = 3 + keys->column_count;
  for (int r = 0; r < SOFTMAX_ROWS; r++)
    for (ptrdiff_t c = 0; c < stride; c++) sums[r * stride + c] = c == 0 ? -__builtin_inf() : 0;
  for (ptrdiff_t start = 0; start < keys->count; start += SOFTMAX_CHUNK) {
    ptrdiff_t left = keys->count - start, count = left < SOFTMAX_CHUNK ? left : SOFTMAX_CHUNK;
    if (keys->is_product)
      scores(keys, places, start, count, 1, s);
    else
      scores(keys, places, start, count, 0, s);
    for (int r = 0; r < SOFTMAX_ROWS; r++)
      pool_chunk(keys, start, count, excluded[r], squares, s[r], sums + r * stride);
  }
}

// M of a row and a chunk, in place of the scores: the row's attention to the others where `asks`, the
// others' attention to the row where `answers`.
INLINE void score_slopes(
    const nadaraya_softmax *others, const nadaraya_softmax_rows *rows, int r, ptrdiff_t start,
    ptrdiff_t count, const int asks, const int answers, double *s) {
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    lanes score = load(s + i), slope = ZERO;
    if (asks) {
      lanes change = constant(-rows->offsets[r]);
      for (ptrdiff_t c = 0; c < others->column_count; c++)
        change = change
                 + rows->slopes[c * SOFTMAX_ROWS + r] * load(others->columns[c] + start + i);
      lanes depth = (rows->log_sums[r] - load(others->log_weights + start + i)) - score;
      slope = slope + decay(depth * SIXTEENTHS_PER_E) * change;
    }
    if (answers) {
      lanes change = -load(others->offsets + start + i);
      for (ptrdiff_t c = 0; c < others->column_count; c++)
        change = change
                 + rows->columns[c * SOFTMAX_ROWS + r] * load(others->slopes[c] + start + i);
      lanes depth = (load(others->log_sums + start + i) - rows->log_weights[r]) - score;
      slope = slope + decay(depth * SIXTEENTHS_PER_E) * change;
    }
    store(s + i, slope);
  }
  ptrdiff_t excluded = rows->excluded[r];
  if (excluded >= start && excluded < start + count) s[excluded - start] = 0;
}

INLINE void gather_slopes(
    const nadaraya_softmax *others, const double *places, ptrdiff_t start, ptrdiff_t count,
    const int is_product, score_chunk s, double *result) {
  for (ptrdiff_t j = 0; j < others->dimension; j++) {
    const double *k = others->places[j] + start;
    lanes a[SOFTMAX_ROWS], b[SOFTMAX_ROWS], q[SOFTMAX_ROWS];
    for (int r = 0; r < SOFTMAX_ROWS; r++) {
      a[r] = b[r] = ZERO;
      q[r] = constant(is_product ? 0 : places[j * SOFTMAX_ROWS + r]);
    }
    for (ptrdiff_t i = 0; i < count; i += 2 * LANES) {
      lanes x = load(k + i), y = load(k + i + LANES);
      for (int r = 0; r < SOFTMAX_ROWS; r++) {
        a[r] = a[r] + load(s[r] + i) * (is_product ? x : x - q[r]);
        b[r] = b[r] + load(s[r] + i + LANES) * (is_product ? y : y - q[r]);
      }
    }
    for (int r = 0; r < SOFTMAX_ROWS; r++)
      result[j * SOFTMAX_ROWS + r] += across(a[r] + b[r]);
  }
}

INLINE void softmax_slopes_of(
    const nadaraya_softmax *others, const nadaraya_softmax_rows *rows, double *result,
    const int is_product, const int asks, const int answers) {
  ALIGNED score_chunk s;
  for (ptrdiff_t c = 0; c < others->dimension * SOFTMAX_ROWS; c++) result[c] = 0;
  for (ptrdiff_t start = 0; start < others->count; start += SOFTMAX_CHUNK) {
    ptrdiff_t left = others->count - start, count = left < SOFTMAX_CHUNK ? left : SOFTMAX_CHUNK;
    scores(others, rows->places, start, count, is_product, s);
    for (int r = 0; r < SOFTMAX_ROWS; r++)
      score_slopes(others, rows, r, start, count, asks, answers, s[r]);
    gather_slopes(others, rows->places, start, count, is_product, s, result);
  }
}

// Rows that meet each other under distances: M_ij + M_ji with one exponential instead of two. With λ = ln ω,
// a centre c of all l and h = exp((l − c)/2), which must stay in range,
//
//     M_ij + M_ji = t (ω_j h_j/h_i · g_i·(c_j − y_i) + ω_i h_i/h_j · g_j·(c_i − y_j))
//     t = exp(s_ij − (l_i + l_j)/2)
//
// and the parenthesis is a product of what is known of i alone and of j alone.
static void softmax_mutual_slopes(
    const nadaraya_softmax *others, const double *places, const double *half_log_sums,
    const double *features, const ptrdiff_t *excluded, double *result) {
  ALIGNED score_chunk s;
  ptrdiff_t feature_count = others->column_count;
  for (ptrdiff_t c = 0; c < others->dimension * SOFTMAX_ROWS; c++) result[c] = 0;
  for (ptrdiff_t start = 0; start < others->count; start += SOFTMAX_CHUNK) {
    ptrdiff_t left = others->count - start, count = left < SOFTMAX_CHUNK ? left : SOFTMAX_CHUNK;
    scores(others, places, start, count, 0, s);
    for (ptrdiff_t i = 0; i < count; i += LANES) {
      lanes change[SOFTMAX_ROWS];
      for (int r = 0; r < SOFTMAX_ROWS; r++) change[r] = ZERO;
      for (ptrdiff_t c = 0; c < feature_count; c++) {
        lanes x = load(others->columns[c] + start + i);
        for (int r = 0; r < SOFTMAX_ROWS; r++)
          change[r] = change[r] + features[c * SOFTMAX_ROWS + r] * x;
      }
      lanes half = load(others->log_sums + start + i);
      for (int r = 0; r < SOFTMAX_ROWS; r++) {
        lanes depth = (half_log_sums[r] + half) - load(s[r] + i);
        store(s[r] + i, decay(depth * SIXTEENTHS_PER_E) * change[r]);
      }
    }
    for (int r = 0; r < SOFTMAX_ROWS; r++)
      if (excluded[r] >= start && excluded[r] < start + count) s[r][excluded[r] - start] = 0;
    gather_slopes(others, places, start, count, 0, s, result);
  }
}

static void softmax_slopes(
    const nadaraya_softmax *others, const nadaraya_softmax_rows *rows, int asks, int answers,
    double *result) {
  if (others->is_product) {
    if (asks)
      softmax_slopes_of(others, rows, result, 1, 1, 0);
    else
      softmax_slopes_of(others, rows, result, 1, 0, 1);
  } else if (asks && answers) {
    softmax_slopes_of(others, rows, result, 0, 1, 1);
  } else if (asks) {
    softmax_slopes_of(others, rows, result, 0, 1, 0);
  } else {
    softmax_slopes_of(others, rows, result, 0, 0, 1);
  }
}
