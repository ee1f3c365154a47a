// The loops over a tile: one number for each of its keys, by kernel or distance, and their sums.
// Included by body.h.

// cos(πu/2)/(1 − u²) as a polynomial in s = u² on [0, 1], relative error 2^−64.9 (Remez exchange).
// The factor 1 − u² is left out because it alone vanishes, and callers know it accurately.
INLINE lanes cosine_over_inside(lanes s) {
  lanes p = 0x1.1f86a4ce5f864p-41 + constant(0);
  p = p * s - 0x1.1e5599019c5f1p-34;
  p = p * s + 0x1.b267f400fecdep-28;
  p = p * s - 0x1.f309e7206783fp-22;
  p = p * s + 0x1.9f05cafeea878p-16;
  p = p * s - 0x1.d4fcd83113f93p-11;
  p = p * s + 0x1.472be12243483p-6;
  p = p * s - 0x1.de9e64df22ef3p-3;
  return p * s + 1;
}

INLINE lanes square(lanes x) { return x * x; }
// Within one expression, so that the compiler may fuse it.
INLINE lanes plus_square(lanes a, lanes x) { return a + x * x; }
INLINE lanes cube(lanes x) { return x * x * x; }

INLINE lanes scaled(const nadaraya_tile *tile, ptrdiff_t j, ptrdiff_t i) {
  return (tile->query[j] - load(tile->keys[j] + i)) * tile->inverse_bandwidths[j];
}

// How deep inside the window: 1 − |q − k|/h, and 0 outside. The difference q − k is carried with
// its rounding error and subtracted from h, which is exact where it matters, so the gap keeps
// its relative accuracy up to the edge and its sign is that of the exact h − |q − k|. A gap divided
// by h can underflow, so what only asks for the sign asks before.
INLINE lanes gap_in_units(lanes q, lanes k, lanes bandwidth) {
  lanes difference = q - k;
  lanes rounded = difference - q;
  lanes error = (q - (difference - rounded)) - (k + rounded);
  error = (lanes)((mask)error ^ ((mask)difference & INT64_MIN));
  return (bandwidth - magnitude(difference)) - error;
}

INLINE lanes gap_of(lanes q, lanes k, lanes bandwidth, lanes inverse_bandwidth) {
  lanes g = gap_in_units(q, k, bandwidth);
  return where(g > 0, g * inverse_bandwidth);
}

INLINE lanes gap(const nadaraya_tile *tile, ptrdiff_t j, ptrdiff_t i) {
  return gap_of(
      constant(tile->query[j]), load(tile->keys[j] + i), constant(tile->bandwidths[j]),
      constant(tile->inverse_bandwidths[j]));
}

INLINE mask is_inside(const nadaraya_tile *tile, ptrdiff_t j, ptrdiff_t i) {
  return gap_in_units(
             constant(tile->query[j]), load(tile->keys[j] + i), constant(tile->bandwidths[j])) > 0;
}

// A loop over the keys of a tile and, inside it, over the inputs: START is the accumulator's
// first value, STEP its next one (`a` the accumulator, j and i the place), FINISH the result.
// One input is a loop of its own because the compiler then drops the inner one.
#define OVER_INPUTS(DIMENSION, START, STEP, FINISH)            \
  for (ptrdiff_t i = 0; i < tile->count; i += LANES) {         \
    lanes a = START;                                           \
    for (ptrdiff_t j = 0; j < (DIMENSION); j++) { a = STEP; }  \
    store(result + i, FINISH);                                 \
  }
#define PER_KEY(NAME, START, STEP, FINISH)                         \
  static void NAME(const nadaraya_tile *tile, double *result) {    \
    if (tile->dimension == 1) {                                    \
      OVER_INPUTS(1, START, STEP, FINISH)                          \
    } else {                                                       \
      OVER_INPUTS(tile->dimension, START, STEP, FINISH)            \
    }                                                              \
    clear_padding(tile->count, result);                            \
  }

INLINE void clear_padding(ptrdiff_t count, double *result) {
  for (ptrdiff_t i = count; i % NADARAYA_PADDING != 0; i++) result[i] = 0;
}

#define U scaled(tile, j, i)
#define G gap(tile, j, i)
#define ZERO constant(0)
#define ONE constant(1)

// MARK: Kernels, multiplied over the inputs

INLINE lanes logistic_of(lanes distance) {
  lanes e = exponential(-distance);
  return 4 * e / square(1 + e);
}
INLINE lanes inside_of(lanes g) { return g * (2 - g); }
INLINE lanes tricube_of(lanes g) { return cube(g * (3 - 3 * g + g * g)); }
INLINE lanes cosine_of(lanes g) { return inside_of(g) * cosine_over_inside(square(1 - g)); }

#include "gaussian.h"

PER_KEY(squared_distance, ZERO, plus_square(a, U), a)
PER_KEY(half_squared_distance, ZERO, plus_square(a, U), 0.5 * a)
PER_KEY(absolute_distance, ZERO, a + magnitude(U), a)
PER_KEY(distance, ZERO, plus_square(a, U), square_root(a))
PER_KEY(boxcar, ONE, where(is_inside(tile, j, i), a), a)
PER_KEY(everywhere, ONE, a, a)
PER_KEY(triangular, ONE, a * G, a)
PER_KEY(epanechnikov, ONE, a * inside_of(G), a)
PER_KEY(biweight, ONE, a * square(inside_of(G)), a)
PER_KEY(triweight, ONE, a * cube(inside_of(G)), a)
PER_KEY(tricube, ONE, a * tricube_of(G), a)
PER_KEY(cosine, ONE, a * cosine_of(G), a)
PER_KEY(laplacian, ZERO, a + magnitude(U), decay(a * SIXTEENTHS_PER_E))
PER_KEY(logistic, ONE, a * logistic_of(magnitude(U)), a)
PER_KEY(cauchy, ONE, a * (1 + square(U)), 1 / a)

// MARK: Kernels of the one distance

PER_KEY(
    radial_laplacian, ZERO, plus_square(a, U), decay(square_root(a) * SIXTEENTHS_PER_E))
PER_KEY(radial_logistic, ZERO, plus_square(a, U), logistic_of(square_root(a)))
PER_KEY(radial_cauchy, ZERO, plus_square(a, U), 1 / (1 + a))

#include "radial.h"

// MARK: Sums

INLINE double across(lanes x) {
  double s = 0;
  for (int l = 0; l < LANES; l++) s += x[l];
  return s;
}

// sum ← sum + x, what rounding loses gathered in `lost` (Neumaier).
INLINE void add(double x, double *sum, double *lost) {
  double s = *sum + x;
  double larger = __builtin_fabs(*sum) >= __builtin_fabs(x) ? *sum : x;
  double smaller = larger == x ? *sum : x;
  *lost += (larger - s) + smaller;
  *sum = s;
}

// Four accumulators hide the latency of the additions.
#define SUM(NAME, TERM)                                                            \
  INLINE double NAME(ptrdiff_t count, const double *weights, const double *other) { \
    (void)other;                                                                   \
    lanes s0 = ZERO, s1 = ZERO, s2 = ZERO, s3 = ZERO;                              \
    ptrdiff_t i = 0;                                                               \
    for (; i + 4 * LANES <= count; i += 4 * LANES) {                               \
      s0 = s0 + TERM(i);                                                           \
      s1 = s1 + TERM(i + LANES);                                                   \
      s2 = s2 + TERM(i + 2 * LANES);                                               \
      s3 = s3 + TERM(i + 3 * LANES);                                               \
    }                                                                              \
    for (; i < count; i += LANES) s0 = s0 + TERM(i);                               \
    return across((s0 + s1) + (s2 + s3));                                          \
  }
#define WEIGHT(I) load(weights + (I))
#define WEIGHT_TIMES_OTHER(I) load(weights + (I)) * load(other + (I))
SUM(sum_of_weights, WEIGHT)
SUM(sum_of_products, WEIGHT_TIMES_OTHER)

static void accumulate(
    ptrdiff_t count, const double *weights, ptrdiff_t column_count, const double *const *columns,
    int squares, double *sums, double *lost) {
  add(sum_of_weights(count, weights, weights), &sums[0], &lost[0]);
  if (squares) add(sum_of_products(count, weights, weights), &sums[1], &lost[1]);
  for (ptrdiff_t c = 0; c < column_count; c++)
    add(sum_of_products(count, weights, columns[c]), &sums[2 + c], &lost[2 + c]);
}

static double smallest(ptrdiff_t count, const double *x) {
  lanes least = constant(__builtin_inf());
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) least = __builtin_elementwise_min(least, load(x + i));
  double result = __builtin_inf();
  for (int l = 0; l < LANES; l++) result = least[l] < result ? least[l] : result;
  for (; i < count; i++) result = x[i] < result ? x[i] : result;
  return result;
}

static void multiply(ptrdiff_t count, const double *factors, double *weights) {
  for (ptrdiff_t i = 0; i < count; i += LANES)
    store(weights + i, load(weights + i) * load(factors + i));
}

static void exponentials(ptrdiff_t count, const double *x, double *result) {
  for (ptrdiff_t i = 0; i < count; i += LANES) store(result + i, exponential(load(x + i)));
}

static void decays(ptrdiff_t count, const double *x, double *result) {
  for (ptrdiff_t i = 0; i < count; i += LANES) store(result + i, decay(load(x + i)));
}
