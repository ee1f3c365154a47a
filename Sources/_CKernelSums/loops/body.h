// All loops, included once for each instruction set with
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
INLINE lanes larger(lanes x, lanes y) { return __builtin_elementwise_max(x, y); }

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
#include "tiles.h"
#include "cells.h"
#include "buckets.h"
#include "nodes.h"
#include "blocks.h"
#include "windows.h"
#include "near.h"
#include "softmax.h"
#include "rows.h"
#include "attention.h"

static int is_supported(void) { return TARGET_TEST; }

const nadaraya_instruction_set TARGET_NAME = {
    .name = TARGET_TEXT,
    .is_supported = is_supported,
    .tiles =
        {.product = {gaussian, boxcar, everywhere, triangular, epanechnikov, biweight, triweight,
                     tricube, cosine, laplacian, logistic, cauchy},
         .radial = {gaussian, radial_boxcar, everywhere, radial_triangular, radial_epanechnikov,
                    radial_biweight, radial_triweight, radial_tricube, radial_cosine,
                    radial_laplacian, radial_logistic, radial_cauchy},
         .squared_distance = squared_distance,
         .half_squared_distance = half_squared_distance,
         .absolute_distance = absolute_distance,
         .distance = distance,
         .gaussian_beside = gaussian_beside,
         .multiply = multiply,
         .accumulate = accumulate,
         .smallest = smallest,
         .exponential = exponentials,
         .decay = decays},
    .cells =
        {.count_points = count_points,
         .order_points = order_points,
         .line_moments = line_moments,
         .line_evaluate = line_evaluate,
         .cell_moments = cell_moments,
         .cell_evaluate = cell_evaluate,
         .cell_slopes = cell_slopes,
         .translate_runs = translate_runs,
         .translate_powers = translate_powers},
    .buckets = {.sums = bucket_sums},
    .nodes =
        {.moments = moments,
         .bandwidth_slopes = bandwidth_slopes,
         .take_node = take_node,
         .take_keys = take_keys,
         .classify = classify},
    .blocks =
        {.sums = {[nadaraya_boxcar] = block_boxcar, [nadaraya_constant] = block_everywhere,
                  [nadaraya_triangular] = block_triangular,
                  [nadaraya_epanechnikov] = block_epanechnikov,
                  [nadaraya_biweight] = block_biweight, [nadaraya_triweight] = block_triweight,
                  [nadaraya_tricube] = block_tricube, [nadaraya_laplacian] = block_laplacian},
         .moments = block_moments,
         .evaluate_moments = evaluate_moments},
    .windows =
        {.sums = {[nadaraya_triangular] = window_triangular,
                  [nadaraya_epanechnikov] = window_epanechnikov,
                  [nadaraya_biweight] = window_biweight, [nadaraya_triweight] = window_triweight,
                  [nadaraya_tricube] = window_tricube}},
    .near =
        {.gaussian = near_gaussian,
         .weighted = near_weighted,
         .shift_moments = shift_moments},
    .softmax =
        {.sums = softmax_sums,
         .slopes = softmax_slopes,
         .mutual_slopes = softmax_mutual_slopes},
    .rows =
        {.sums = row_sums,
         .gaussian_with_logs = gaussian_with_logs,
         .polynomial = row_polynomial},
    .attention = {.attend = attend, .powers_of_two = powers_of_two},
};
