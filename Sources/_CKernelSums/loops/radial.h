// Radial compact kernels, of a = ‖u‖². Included by tiles.h.
//
// Near the edge of the window 1 − a cancels. Goals there: whether a key lies inside is decided by
// ‖u‖² of the given doubles, of which anything within 2⁻⁹⁶ of 1 counts as 1, so that a key exactly on
// the edge has weight 0; and 1 − ‖u‖ keeps its relative accuracy, so that a query whose only
// keys lie near the edge has a right answer. So where |1 − a| is below NADARAYA_EDGE for a key of a
// register, about one in ten in a small window, 1 − Σu² is formed again in pairs of doubles.
//
// Source: T. J. Dekker, A floating-point technique for extending the available precision,
// Numerische Mathematik 18 (1971), doi:10.1007/BF01397083.

#define NADARAYA_EDGE 0x1p-7

typedef struct {
  lanes head, tail;
} pair;

INLINE lanes fused(lanes a, lanes b, lanes c) { return __builtin_elementwise_fma(a, b, c); }

INLINE pair fast_sum(lanes a, lanes b) {
#pragma clang fp contract(off)
  lanes s = a + b;
  return (pair){s, b - (s - a)};
}

INLINE pair exact_sum(lanes a, lanes b) {
#pragma clang fp contract(off)
  lanes s = a + b;
  lanes c = s - a;
  return (pair){s, (a - (s - c)) + (b - c)};
}

// 1 − ‖u‖² with an error near 2⁻¹⁰⁰.
INLINE lanes inside_from_pairs(const nadaraya_tile *tile, ptrdiff_t dimension, ptrdiff_t i) {
#pragma clang fp contract(off)
  pair inside = {ONE, ZERO};
  for (ptrdiff_t j = 0; j < dimension; j++) {
    lanes h = constant(tile->bandwidths[j]);
    pair difference = exact_sum(constant(tile->query[j]), -load(tile->keys[j] + i));
    lanes q = difference.head / h;
    pair u = fast_sum(q, (fused(-q, h, difference.head) + difference.tail) / h);
    lanes p = u.head * u.head;
    pair u2 = fast_sum(p, fused(u.head, u.head, -p) + 2 * u.head * u.tail);
    pair s = exact_sum(inside.head, -u2.head);
    inside = fast_sum(s.head, s.tail + (inside.tail - u2.tail));
  }
  return inside.head;
}

// INSIDE is the kernel in terms of a, EDGE in terms of c = 1 − a and the gap 1 − √a.
#define RADIAL_OVER_KEYS(DIMENSION, INSIDE, EDGE)                               \
  for (ptrdiff_t i = 0; i < tile->count; i += LANES) {                          \
    lanes a = ZERO;                                                             \
    for (ptrdiff_t j = 0; j < (DIMENSION); j++) a = plus_square(a, U);              \
    lanes weight = where(a < 1.0, INSIDE);                                      \
    mask near = (mask)(a > 1 - NADARAYA_EDGE) & (mask)(a < 1 + NADARAYA_EDGE);  \
    if (__builtin_expect(__builtin_reduce_or(near) != 0, 0)) {                  \
      lanes c = inside_from_pairs(tile, (DIMENSION), i);                        \
      lanes gap = c / (1 + square_root(1 - c));                                 \
      (void)gap;                                                                \
      lanes edge = where(c > 0x1p-96, EDGE);                                    \
      weight = (lanes)(((mask)edge & near) | ((mask)weight & ~near));           \
    }                                                                           \
    store(result + i, weight);                                                  \
  }
#define RADIAL_COMPACT(NAME, INSIDE, EDGE)                       \
  static void NAME(const nadaraya_tile *tile, double *result) {  \
    switch (tile->dimension) {                                   \
    case 2: RADIAL_OVER_KEYS(2, INSIDE, EDGE) break;             \
    case 3: RADIAL_OVER_KEYS(3, INSIDE, EDGE) break;             \
    default: RADIAL_OVER_KEYS(tile->dimension, INSIDE, EDGE)     \
    }                                                            \
    clear_padding(tile->count, result);                          \
  }

RADIAL_COMPACT(radial_boxcar, ONE, ONE)
RADIAL_COMPACT(radial_triangular, 1 - square_root(a), gap)
RADIAL_COMPACT(radial_epanechnikov, 1 - a, c)
RADIAL_COMPACT(radial_biweight, square(1 - a), square(c))
RADIAL_COMPACT(radial_triweight, cube(1 - a), cube(c))
RADIAL_COMPACT(radial_tricube, cube(1 - a * square_root(a)), tricube_of(gap))
RADIAL_COMPACT(radial_cosine, (1 - a) * cosine_over_inside(a), cosine_of(gap))
