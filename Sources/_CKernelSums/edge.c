// Weights near the edge of a radial window.
//
// Goals: whether a key lies inside is decided by ‖u‖² of the given doubles, of which anything within
// 2⁻⁹⁶ of 1 counts as 1, so that a key exactly on the edge has weight 0; and 1 − ‖u‖ keeps its
// relative accuracy, so that a query whose only keys lie near the edge has a right answer. In double
// precision 1 − Σu² would cancel, so Σu² is formed in pairs of doubles.
//
// Source: T. J. Dekker, A floating-point technique for extending the available precision,
// Numerische Mathematik 18 (1971), doi:10.1007/BF01397083.

#include "edge.h"

#include <math.h>

typedef struct {
  double head, tail;
} pair;

static pair fast_sum(double a, double b) {
  double s = a + b;
  return (pair){s, b - (s - a)};
}

static pair sum(double a, double b) {
  double s = a + b;
  double c = s - a;
  return (pair){s, (a - (s - c)) + (b - c)};
}

static pair pair_sum(pair a, pair b) {
  pair s = sum(a.head, b.head);
  return fast_sum(s.head, s.tail + (a.tail + b.tail));
}

static pair pair_square(pair a) {
  double p = a.head * a.head;
  return fast_sum(p, fma(a.head, a.head, -p) + 2 * a.head * a.tail);
}

static pair pair_quotient(pair a, double b) {
  double q = a.head / b;
  return fast_sum(q, (fma(-q, b, a.head) + a.tail) / b);
}

double nadaraya_edge_weight(
    enum nadaraya_kernel kernel, const nadaraya_tile *tile, ptrdiff_t index) {
  pair inside = {1, 0};
  for (ptrdiff_t j = 0; j < tile->dimension; j++) {
    pair u = pair_quotient(sum(tile->query[j], -tile->keys[j][index]), tile->bandwidths[j]);
    pair square = pair_square(u);
    inside = pair_sum(inside, (pair){-square.head, -square.tail});
  }
  double c = inside.head;
  if (!(c > 0x1p-96)) return 0;
  double distance = sqrt(1 - c);
  double gap = c / (1 + distance);
  switch (kernel) {
  case nadaraya_boxcar: return 1;
  case nadaraya_triangular: return gap;
  case nadaraya_epanechnikov: return c;
  case nadaraya_biweight: return c * c;
  case nadaraya_triweight: return c * c * c;
  case nadaraya_tricube: {
    double factor = gap * (3 - 3 * gap + gap * gap);
    return factor * factor * factor;
  }
  case nadaraya_cosine: return sin(0x1.921fb54442d18p0 * gap);
  default: return NAN;
  }
}
