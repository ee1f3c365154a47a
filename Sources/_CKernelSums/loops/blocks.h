// Loops over blocks of sorted keys in one input: the ends of a query's window key by key, and
// everything between them by moments. Included by body.h.
//
// Goals, in order: (1) a weight is the same number here as in the direct engine, so that a key
// counts there exactly when it counts here; (2) one query is a few dozen registers of work.
//
// Running sums are kept lane by lane, NADARAYA_PADDING doubles a sum, and are added up across lanes
// once, when a query is done.

// A block is a multiple of this many keys, which fills the registers that a chunk needs.
#define CHUNK NADARAYA_CHUNK
#define CHUNK_REGISTERS (CHUNK / LANES)

INLINE mask first_lanes(ptrdiff_t count) {
  mask index;
  for (int l = 0; l < LANES; l++) index[l] = l;
  return index < (int64_t)count - (mask){0};
}

INLINE mask all_but_lane(ptrdiff_t lane) {
  mask index;
  for (int l = 0; l < LANES; l++) index[l] = l;
  return index != (int64_t)lane - (mask){0};
}

INLINE void add_lanes(double *sum, lanes x) { store(sum, load(sum) + x); }

// Σw, Σwc of each column and Σw² of one block, w by WEIGHT of `q` and the keys `k`.
#define BLOCK_SUMS(NAME, WEIGHT)                                                            \
  static void NAME(                                                                         \
      const nadaraya_blocks *blocks, double query, ptrdiff_t block, ptrdiff_t excluded,     \
      int squares, double *sums) {                                                          \
    lanes q = constant(query), h = constant(blocks->bandwidth);                             \
    lanes inverse = constant(blocks->inverse_bandwidth);                                    \
    (void)q, (void)h, (void)inverse;                                                        \
    ptrdiff_t first = block * blocks->block_length;                                         \
    for (ptrdiff_t start = first; start < first + blocks->block_length; start += CHUNK) {   \
      lanes w[CHUNK_REGISTERS];                                                             \
      for (int r = 0; r < CHUNK_REGISTERS; r++) {                                           \
        lanes k = load(blocks->keys + start + r * LANES);                                   \
        w[r] = WEIGHT;                                                                      \
      }                                                                                     \
      add_chunk(blocks, start, excluded, squares, w, sums);                                 \
    }                                                                                       \
  }

// Queries come in ascending order, so the next block will soon be wanted, and no processor guesses so
// across several arrays.
INLINE void fetch_ahead(const double *numbers, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += 8) __builtin_prefetch(numbers + count + i);
}

INLINE void add_chunk(
    const nadaraya_blocks *blocks, ptrdiff_t start, ptrdiff_t excluded, int squares, lanes *w,
    double *sums) {
  fetch_ahead(blocks->keys + start, CHUNK);
  for (ptrdiff_t c = 0; c < blocks->column_count; c++)
    if (blocks->sign_masks[c] == -1) fetch_ahead(blocks->columns[c] + start, CHUNK);
  if (blocks->observation_weights)
    for (int r = 0; r < CHUNK_REGISTERS; r++)
      w[r] = w[r] * load(blocks->observation_weights + start + r * LANES);
  if (excluded >= start && excluded < start + CHUNK)
    for (int r = 0; r < CHUNK_REGISTERS; r++)
      w[r] = where(all_but_lane(excluded - start - r * LANES), w[r]);
  lanes sum = w[0];
  for (int r = 1; r < CHUNK_REGISTERS; r++) sum = sum + w[r];
  add_lanes(sums, sum);
  if (squares) {
    sum = w[0] * w[0];
    for (int r = 1; r < CHUNK_REGISTERS; r++) sum = sum + w[r] * w[r];
    add_lanes(sums + (1 + blocks->column_count) * NADARAYA_PADDING, sum);
  }
  for (ptrdiff_t c = 0; c < blocks->column_count; c++) {
    const double *column = blocks->columns[c] + start;
    mask sign = blocks->sign_masks[c] - (mask){0};
    sum = w[0] * (lanes)((mask)load(column) & sign);
    for (int r = 1; r < CHUNK_REGISTERS; r++)
      sum = sum + w[r] * (lanes)((mask)load(column + r * LANES) & sign);
    add_lanes(sums + (1 + c) * NADARAYA_PADDING, sum);
  }
}

#define DEPTH gap_of(q, k, h, inverse)
BLOCK_SUMS(block_boxcar, where(gap_in_units(q, k, h) > 0, ONE))
BLOCK_SUMS(block_everywhere, where(k < __builtin_inf(), ONE))
BLOCK_SUMS(block_triangular, DEPTH)
BLOCK_SUMS(block_epanechnikov, inside_of(DEPTH))
BLOCK_SUMS(block_biweight, square(inside_of(DEPTH)))
BLOCK_SUMS(block_triweight, cube(inside_of(DEPTH)))
BLOCK_SUMS(block_tricube, tricube_of(DEPTH))
BLOCK_SUMS(block_laplacian, exponential(-magnitude((q - k) * inverse)))

// M_j = Σ ω c tʲ of one block, t = (k − anchor)/h, for j = 0 … degree: first for c = 1, then for each
// column. The powers of a chunk stay in registers or the first-level cache.
static void block_moments(
    const nadaraya_blocks *blocks, ptrdiff_t block, double anchor, ptrdiff_t degree, int squared,
    double *moments) {
  ptrdiff_t first = block * blocks->block_length;
  for (ptrdiff_t c = -1; c < blocks->column_count; c++) {
    mask sign = (c < 0 ? 0 : blocks->sign_masks[c]) - (mask){0};
    lanes sums[NADARAYA_GREATEST_DEGREE + 1];
    for (ptrdiff_t j = 0; j <= degree; j++) sums[j] = ZERO;
    for (ptrdiff_t i = first; i < first + blocks->block_length; i += LANES) {
      lanes t = (load(blocks->keys + i) - anchor) * blocks->inverse_bandwidth;
      lanes term = ONE;
      if (blocks->observation_weights) {
        term = load(blocks->observation_weights + i);
        if (squared) term = term * term;
      }
      if (c >= 0) term = term * (lanes)((mask)load(blocks->columns[c] + i) & sign);
      sums[0] = sums[0] + term;
      for (ptrdiff_t j = 1; j <= degree; j++) {
        term = term * t;
        sums[j] = sums[j] + term;
      }
    }
    for (ptrdiff_t j = 0; j <= degree; j++) *moments++ = across(sums[j]);
  }
}

// Σ_j D_j(x) M_j for each row of moments, where D_j(x) = (−1)ʲ P⁽ʲ⁾(x)/j! turns moments about the
// anchor into Σ ω c P(x − t). A register of D_j is made together, by Horner's rule in x; the one from
// D_j on has no higher power of x than degree − j.
static void evaluate_moments(
    const double *polynomial, ptrdiff_t degree, double at, const double *moments,
    ptrdiff_t row_count, double *sums) {
  lanes x = constant(at);
  fetch_ahead(moments, row_count * (degree + 1));
  for (ptrdiff_t j = 0; j <= degree; j += LANES) {
    const double *coefficients = polynomial + (degree - j) * NADARAYA_POLYNOMIAL_STRIDE + j;
    lanes d = load(coefficients);
    for (ptrdiff_t i = degree - j; i > 0; i--) {
      coefficients -= NADARAYA_POLYNOMIAL_STRIDE;
      d = d * x + load(coefficients);
    }
    // What follows a row is another one, or nothing that is a number.
    mask row = first_lanes(degree + 1 - j);
    for (ptrdiff_t r = 0; r < row_count; r++) {
      lanes m = where(row, load(moments + r * (degree + 1) + j));
      double *sum = sums + r * NADARAYA_PADDING;
      store(sum, load(sum) + d * m);
    }
  }
}
