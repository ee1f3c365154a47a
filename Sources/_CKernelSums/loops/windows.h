// Windows of a compact kernel over sorted keys, several queries at a time. Included by body.h.
//
// Goals, in order: (1) the errors of a sum are known, so that a query is never wrong in silence; (2) one
// query costs some tens of instructions.
//
// Neighbouring queries have nearly the same window: what all of them contain is given by moments, shifted
// to each query in its lane; the keys at the edges meet all lanes one after the other. A key outside the
// window of a lane has no weight there. Rounding may put a key at the very edge on the other side of it,
// where the kernel is all but 0; the certificate counts that as an error of the sum.

// The weights of the keys of some runs, a register each, and u if powers are wanted.
#define WINDOW_WEIGHTS(NAME, WEIGHT)                                                             \
  INLINE void NAME##_weights(                                                                    \
      const nadaraya_blocks *blocks, lanes q, const ptrdiff_t *runs, ptrdiff_t run_count,        \
      int has_powers, double *weights, double *places) {                                         \
    double inverse = blocks->inverse_bandwidth;                                                  \
    ptrdiff_t count = 0;                                                                         \
    for (ptrdiff_t run = 0; run < run_count; run++)                                              \
      for (ptrdiff_t i = runs[2 * run]; i < runs[2 * run + 1]; i++, count++) {                   \
        lanes u = (blocks->keys[i] - q) * inverse;                                               \
        lanes g = larger(1 - magnitude(u), ZERO);                                                \
        lanes w = WEIGHT;                                                                        \
        store(weights + count * LANES, w);                                                       \
        if (has_powers) store(places + count * LANES, u);                                        \
      }                                                                                          \
    if (!blocks->observation_weights) return;                                                    \
    count = 0;                                                                                   \
    for (ptrdiff_t run = 0; run < run_count; run++)                                              \
      for (ptrdiff_t i = runs[2 * run]; i < runs[2 * run + 1]; i++, count++)                     \
        store(                                                                                   \
            weights + count * LANES,                                                             \
            load(weights + count * LANES) * blocks->observation_weights[i]);                     \
  }

// Σ ω|c| over the runs, or over more.
INLINE double edge_mass(
    const nadaraya_blocks *blocks, const double *column, const ptrdiff_t *runs, ptrdiff_t run_count) {
  lanes sum = ZERO;
  for (ptrdiff_t run = 0; run < run_count; run++) {
    // Registers are whole within a block.
    for (ptrdiff_t i = runs[2 * run] & ~(ptrdiff_t)(LANES - 1); i < runs[2 * run + 1]; i += LANES) {
      lanes w = blocks->observation_weights ? load(blocks->observation_weights + i) : ONE;
      sum = sum + (column ? w * magnitude(load(column + i)) : w);
    }
  }
  return across(sum);
}

// m_b about the query from those about an anchor, y = −x: each step k adds y times the one before to all
// from the k-th on, which builds the binomial coefficients.
INLINE void add_shifted(const double *moments, ptrdiff_t degree, lanes y, lanes *central) {
  lanes m[NADARAYA_GREATEST_DEGREE + 1];
#pragma clang loop unroll(full)
  for (ptrdiff_t b = 0; b <= degree; b++) m[b] = constant(moments[b]);
#pragma clang loop unroll(full)
  for (ptrdiff_t k = 1; k <= degree; k++)
#pragma clang loop unroll(full)
    for (ptrdiff_t b = degree; b >= k; b--) m[b] = m[b] + y * m[b - 1];
#pragma clang loop unroll(full)
  for (ptrdiff_t b = 0; b <= degree; b++) central[b] = central[b] + m[b];
}

// What bounds the error of the sums of a row.
typedef struct {
  lanes size, error, far_error;
} window_row;

INLINE void add_key(
    const double *weights, const double *places, ptrdiff_t place, const double *column, mask sign,
    ptrdiff_t i, const ptrdiff_t powers, lanes *total) {
  lanes term = load(weights + place * LANES);
  if (column) term = term * (lanes)((mask)constant(column[i]) & sign);
  total[0] = total[0] + term;
  if (powers == 0) return;
  lanes u = load(places + place * LANES);
  for (ptrdiff_t a = 1; a <= powers; a++) {
    term = term * u;
    total[a] = total[a] + term;
  }
}

// The sums of a row, Σwuᵃc for a = 0 … powers.
INLINE window_row window_row_sums(
    const nadaraya_blocks *blocks, const nadaraya_window_rules *rules, lanes q, const ptrdiff_t *runs,
    ptrdiff_t run_count, const nadaraya_piece *pieces, ptrdiff_t piece_count, ptrdiff_t row, lanes own,
    double *sums, const double *weights, const double *places, lanes size, lanes far,
    double far_roundings, const ptrdiff_t kernel_degree, const ptrdiff_t powers) {
  const double *column = row == 0 ? 0 : blocks->columns[row - 1];
  mask sign = (row == 0 ? -1 : blocks->sign_masks[row - 1]) - (mask){0};
  double inverse = blocks->inverse_bandwidth;
  // Of one sum after the other, each addition would wait for the last.
  enum { PARTS = 4 };
  lanes parts[PARTS][2 * NADARAYA_WINDOW_DEGREE + 1], total[2 * NADARAYA_WINDOW_DEGREE + 1];
  for (int part = 0; part < PARTS; part++)
    for (ptrdiff_t a = 0; a <= powers; a++) parts[part][a] = ZERO;
  ptrdiff_t count = 0;
  for (ptrdiff_t run = 0; run < run_count; run++) {
    ptrdiff_t i = runs[2 * run], end = runs[2 * run + 1];
    for (; i + PARTS <= end; i += PARTS, count += PARTS)
#pragma clang loop unroll(full)
      for (int part = 0; part < PARTS; part++)
        add_key(
            weights, places, count + part, column, sign, i + part, powers, parts[part]);
    for (; i < end; i++, count++)
      add_key(weights, places, count, column, sign, i, powers, parts[0]);
  }
  for (ptrdiff_t a = 0; a <= powers; a++)
    total[a] = (parts[0][a] + parts[1][a]) + (parts[2][a] + parts[3][a]);
  double mass = 0;
  const ptrdiff_t degree = kernel_degree + powers;
  lanes central[2][NADARAYA_GREATEST_DEGREE + 1];
  int is_used[2] = {0, 0};
  for (ptrdiff_t i = 0; i < piece_count; i++) {
    const double *moments = pieces[i].moments + row * rules->row_stride;
    int side = pieces[i].side;
    if (!is_used[side])
      for (ptrdiff_t b = 0; b <= degree; b++) central[side][b] = ZERO;
    is_used[side] = 1;
    add_shifted(moments, degree, (pieces[i].anchor - q) * inverse, central[side]);
    mass += __builtin_fabs(moments[0]);
  }
  for (int side = 0; side < 2; side++)
    if (is_used[side])
      for (ptrdiff_t i = 0; i <= kernel_degree; i++) {
        double c = rules->coefficients[i];
        if (c == 0) continue;
        if (side == 0 && i % 2 == 1) c = -c;
        for (ptrdiff_t a = 0; a <= powers; a++) total[a] = total[a] + c * central[side][a + i];
      }
  lanes edge = (rules->visit_roundings + count) * magnitude(total[0])
               + rules->edge_roundings * edge_mass(blocks, column, runs, run_count);
  total[0] = total[0] - own;
  for (ptrdiff_t a = 0; a <= powers; a++) store(sums + a * NADARAYA_PADDING, total[a]);
  return (window_row){
      // A sum of weights below 0 is no sum of weights.
      .size = row == 0 ? total[0] : magnitude(total[0]),
      .error = 0x1p-53 * (edge + rules->roundings[0] * mass * size),
      .far_error = powers > 0 ? 0x1p-53 * (edge + far_roundings * mass * size * far) : ZERO};
}

INLINE int window_sums_of(
    const nadaraya_blocks *blocks, const nadaraya_window_rules *rules, lanes q, const ptrdiff_t *runs,
    ptrdiff_t run_count, const nadaraya_piece *pieces, ptrdiff_t piece_count, const double *own,
    double *sums, const double *weights, const double *places, const ptrdiff_t kernel_degree,
    const ptrdiff_t p) {
  lanes reach = ZERO;
  for (ptrdiff_t i = 0; i < piece_count; i++)
    reach = larger(
        reach, magnitude((q - pieces[i].anchor) * blocks->inverse_bandwidth) + pieces[i].span);
  lanes size = ZERO, far = ONE;
  for (ptrdiff_t i = kernel_degree; i >= 0; i--)
    size = size * reach + __builtin_fabs(rules->coefficients[i]);
  for (ptrdiff_t a = 0; a < p; a++) far = far * reach;
  window_row rows[NADARAYA_WINDOW_ROWS];
#define ROW(R, FAR, ROUNDINGS, POWERS)                                                           \
  window_row_sums(                                                                               \
      blocks, rules, q, runs, run_count, pieces, piece_count, R,                                 \
      load(own + (R) * NADARAYA_PADDING), sums, weights, places, size, FAR, ROUNDINGS,           \
      kernel_degree, POWERS)
  rows[0] = ROW(0, far * far, rules->roundings[2], 2 * p);
  sums += (2 * p + 1) * NADARAYA_PADDING;
  for (ptrdiff_t row = 1; row <= blocks->column_count; row++, sums += (p + 1) * NADARAYA_PADDING)
    rows[row] = ROW(row, far, rules->roundings[1], p);
#undef ROW
  mask certain = rows[0].size >= rules->least_weight;
  certain &= rows[0].error <= rules->tolerance * rows[0].size;
  certain &= rows[0].far_error <= rules->moment_tolerance * rows[0].size;
  for (ptrdiff_t c = 0; c < rules->plain_column_count; c++) {
    window_row row = rows[rules->magnitude_rows[c]];
    certain &= row.error <= rules->tolerance * row.size;
    certain &= row.far_error <= rules->moment_tolerance * row.size;
    certain &= (row.size >= rules->least_magnitude) | ((row.size == 0) & (row.error == 0));
  }
  int bits = 0;
  for (int l = 0; l < LANES; l++) bits |= (int)(certain[l] & 1) << l;
  return bits;
}

#define WINDOW_SUMS(NAME, DEGREE, WEIGHT)                                                        \
  WINDOW_WEIGHTS(NAME, WEIGHT)                                                                   \
  static int NAME(                                                                               \
      const nadaraya_blocks *blocks, const nadaraya_window_rules *rules, const double *queries,  \
      const ptrdiff_t *runs, ptrdiff_t run_count, const nadaraya_piece *pieces,                  \
      ptrdiff_t piece_count, const double *own, double *sums) {                                  \
    ALIGNED double weights[NADARAYA_WINDOW_KEYS * LANES], places[NADARAYA_WINDOW_KEYS * LANES];  \
    int certain = 0;                                                                             \
    for (ptrdiff_t l = 0; l < NADARAYA_PADDING; l += LANES) {                                    \
      lanes q = load(queries + l);                                                               \
      NAME##_weights(                                                                            \
          blocks, q, runs, run_count, rules->degree > 0, weights, places);                       \
      int bits;                                                                                  \
      switch (rules->degree) {                                                                   \
        case 0: bits = OF_DEGREE(DEGREE, 0); break;                                              \
        case 1: bits = OF_DEGREE(DEGREE, 1); break;                                              \
        case 2: bits = OF_DEGREE(DEGREE, 2); break;                                              \
        default: bits = OF_DEGREE(DEGREE, 3);                                                    \
      }                                                                                          \
      certain |= bits << l;                                                                      \
    }                                                                                            \
    return certain;                                                                              \
  }
#define OF_DEGREE(DEGREE, P)                                                                     \
  window_sums_of(                                                                                \
      blocks, rules, q, runs, run_count, pieces, piece_count, own + l, sums + l,                 \
      weights, places, DEGREE, P)

WINDOW_SUMS(window_triangular, 1, g)
WINDOW_SUMS(window_epanechnikov, 2, inside_of(g))
WINDOW_SUMS(window_biweight, 4, square(inside_of(g)))
WINDOW_SUMS(window_triweight, 6, cube(inside_of(g)))
WINDOW_SUMS(window_tricube, 9, tricube_of(g))
