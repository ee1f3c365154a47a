// The loops, included once per instruction set with
//   LANES        doubles in a register,
//   TARGET_NAME  the identifier of the table,
//   TARGET_TEXT  its name,
//   TARGET_TEST  an expression: does this processor have it?
//
// Goals, in order: (1) each weight has full relative accuracy, at the edge of a window too;
// (2) no branch in a loop; (3) one body for all instruction sets, so that forcing one by name
// tests the same code.
//
// A product a·b + c may be fused or not: every step is right either way. Nothing here may be
// compiled with reassociation (-ffast-math).

#include <stdint.h>

#include "kernel_sums.h"

#pragma STDC FP_CONTRACT ON

typedef double lanes __attribute__((vector_size(LANES * 8), aligned(8), may_alias));
typedef int64_t mask __attribute__((vector_size(LANES * 8), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE lanes load(const double *p) { return *(const lanes *)p; }
INLINE void store(double *p, lanes x) { *(lanes *)p = x; }
INLINE lanes constant(double x) { return x - (lanes){0}; }
INLINE lanes magnitude(lanes x) { return (lanes)((mask)x & INT64_MAX); }
INLINE lanes where(mask m, lanes x) { return (lanes)((mask)x & m); }
INLINE lanes square_root(lanes x) { return __builtin_elementwise_sqrt(x); }

// exp(x) for x ≤ 0: x = n·ln 2 + r with |r| ≤ ln 2/2, ln 2 in two parts of which the first makes
// n·ln 2 exact; exp(r) = 1 + r + r²·p(r), p the polynomial of degree 9 that is the best for
// relative error (2^−57.9, by Remez exchange). What rounding r loses is added back, which keeps the
// error below 1 ulp (0.95 measured). Below −708, where the result would leave the normal range,
// it is 0: a sum that small is computed anew, anchored.
INLINE lanes exponential(lanes x) {
  lanes shifted = x * 0x1.71547652b82fep0 + 0x1.8p52;
  lanes n = shifted - 0x1.8p52;
  lanes high = x - n * 0x1.62e42feep-1;
  lanes low = n * 0x1.a39ef35793c76p-33;
  lanes r = high - low;
  lanes rest = (high - r) - low;
  lanes s = r * r;
  lanes even = 0x1.28ad9b7e326e2p-22 + constant(0);
  lanes odd = 0x1.ad7f38cdfb42bp-26 + constant(0);
  even = even * s + 0x1.a01999e26bd0bp-16;
  odd = odd * s + 0x1.71df25b6b683fp-19;
  even = even * s + 0x1.6c16c18438acep-10;
  odd = odd * s + 0x1.a01a012a0daabp-13;
  even = even * s + 0x1.555555555083fp-5;
  odd = odd * s + 0x1.1111111127d13p-7;
  even = even * s + 0x1.000000000000ap-1;
  odd = odd * s + 0x1.55555555554f9p-3;
  lanes p = odd * r + even;
  lanes y = 1 + (r + (s * p + rest));
  y = (lanes)((mask)y + ((mask)shifted << 52));
  return where(~(mask)(x < -708.0), y);
}

#include "decay.h"

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

#include "cells.h"
#include "nodes.h"
#include "blocks.h"
#include "near.h"
#include "softmax.h"
#include "rows.h"
#include "attention.h"

static int is_supported(void) { return TARGET_TEST; }

const nadaraya_instruction_set TARGET_NAME = {
    .name = TARGET_TEXT,
    .is_supported = is_supported,
    .product = {gaussian, boxcar, everywhere, triangular, epanechnikov, biweight, triweight,
                tricube, cosine, laplacian, logistic, cauchy},
    .radial = {gaussian, radial_boxcar, everywhere, radial_triangular, radial_epanechnikov,
               radial_biweight, radial_triweight, radial_tricube, radial_cosine,
               radial_laplacian, radial_logistic, radial_cauchy},
    .squared_distance = squared_distance,
    .half_squared_distance = half_squared_distance,
    .absolute_distance = absolute_distance,
    .distance = distance,
    .smallest = smallest,
    .multiply = multiply,
    .gaussian_beside = gaussian_beside,
    .accumulate = accumulate,
    .exponential = exponentials,
    .decay = decays,
    .cells = {count_points, order_points, line_moments, line_evaluate, cell_moments, cell_evaluate,
              translate_runs, translate_powers},
    .moments = moments,
    .take_node = take_node,
    .take_keys = take_keys,
    .classify = classify,
    .block_sums = {[nadaraya_boxcar] = block_boxcar, [nadaraya_constant] = block_everywhere,
                   [nadaraya_triangular] = block_triangular,
                   [nadaraya_epanechnikov] = block_epanechnikov,
                   [nadaraya_biweight] = block_biweight, [nadaraya_triweight] = block_triweight,
                   [nadaraya_tricube] = block_tricube, [nadaraya_laplacian] = block_laplacian},
    .block_moments = block_moments,
    .evaluate_moments = evaluate_moments,
    .near_gaussian = near_gaussian,
    .near_weighted = near_weighted,
    .shift_moments = shift_moments,
    .softmax_sums = softmax_sums,
    .softmax_slopes = softmax_slopes,
    .softmax_mutual_slopes = softmax_mutual_slopes,
    .row_sums = row_sums,
    .gaussian_with_logs = gaussian_with_logs,
    .attend = attend,
    .powers_of_two = powers_of_two,
};
