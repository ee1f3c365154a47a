// The loops of the cell transform, included by body.h: moments of the keys of a cell, translation
// of moments into local coefficients, and their evaluation at queries.
//
// Everything is in powers: u in [−1, 1] is the place within a cell, the last input's powers lie
// across the lanes, padded to a multiple of NADARAYA_PADDING. A row is what belongs to one cell:
// for 1 and each value column, terms^(dimension − 1) runs of powers of the last input.

#define MOST_TERMS 24
#define MOST_OUTER (MOST_TERMS * MOST_TERMS)
#define MOST_VECTORS (MOST_TERMS / LANES)
// Points of one cell that are taken together, so that a row is read once for all of them.
#define TOGETHER LANES
// Registers that are spilled must not straddle cache lines.
#define ALIGNED _Alignas(64)

// 1, u, u², … across the lanes.
INLINE lanes powers(double u) {
  mask index;
  for (int l = 0; l < LANES; l++) index[l] = l;
  lanes one = constant(1), p = one;
  double factor = u;
  for (int bit = 1; bit < LANES; bit *= 2) {
    mask set = (mask)((index & bit) != 0);
    p = p * (lanes)(((mask)constant(factor) & set) | ((mask)one & ~set));
    factor = factor * factor;
  }
  return p;
}

INLINE double to_the_lanes(double u) {
  for (int bit = 1; bit < LANES; bit *= 2) u = u * u;
  return u;
}

INLINE double sum_across(lanes x) {
#if LANES == 8
  typedef double half __attribute__((vector_size(32)));
  typedef double quarter __attribute__((vector_size(16)));
  half h = __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7);
  quarter q = __builtin_shufflevector(h, h, 0, 1) + __builtin_shufflevector(h, h, 2, 3);
  return q[0] + q[1];
#elif LANES == 4
  typedef double half __attribute__((vector_size(16)));
  half h = __builtin_shufflevector(x, x, 0, 1) + __builtin_shufflevector(x, x, 2, 3);
  return h[0] + h[1];
#else
  return across(x);
#endif
}

// MARK: Where points lie

#define LOCATED 256

// Cell and place of up to LOCATED points of one input. A point outside the grid has row −1.
INLINE void locate_on_line(
    const nadaraya_axis *axis, const int32_t *pages, int page_bits, ptrdiff_t count,
    const double *x, int32_t *row, double *place) {
  double last = (double)axis->count;
  for (ptrdiff_t i = 0; i < count; i++) {
    double steps = (x[i] - axis->lowest) * axis->inverse_width;
    double cell = __builtin_floor(steps);
    cell = cell >= 0 ? cell : 0;
    cell = cell < last ? cell : last;
    double centre = axis->lowest + (cell + 0.5) * axis->width;
    place[i] = (x[i] - centre) * axis->scale;
    row[i] = steps >= 0 ? (int32_t)cell : (int32_t)axis->count;
  }
  // Page axis->count >> page_bits and beyond hold −1, so that points outside fall there.
  int32_t within = (1 << page_bits) - 1;
  for (ptrdiff_t i = 0; i < count; i++) {
    int32_t cell = row[i];
    int32_t first = pages[cell >> page_bits];
    row[i] = first < 0 || cell >= axis->count ? -1 : first + (cell & within);
  }
}

// Row and places of up to LOCATED points of several inputs.
INLINE void locate(
    const nadaraya_cells *cells, ptrdiff_t count, const double *points, int32_t *row,
    double place[][LOCATED]) {
  ptrdiff_t dimension = cells->dimension;
  for (ptrdiff_t i = 0; i < count; i++) row[i] = 0;
  for (ptrdiff_t j = 0; j < dimension; j++) {
    const nadaraya_axis *axis = &cells->axes[j];
    double last = (double)axis->count;
    int32_t cells_along = (int32_t)axis->count;
    for (ptrdiff_t i = 0; i < count; i++) {
      double x = points[i * dimension + j];
      double steps = (x - axis->lowest) * axis->inverse_width;
      double cell = __builtin_floor(steps);
      int outside = !(steps >= 0 && cell < last);
      cell = outside ? 0 : cell;
      place[j][i] = (x - (axis->lowest + (cell + 0.5) * axis->width)) * axis->scale;
      int32_t next = row[i] * cells_along + (int32_t)cell;
      row[i] = outside || row[i] < 0 ? -1 : next;
    }
  }
}

// Points outside count as of a row after the last.
static void count_points(
    const nadaraya_cells *cells, ptrdiff_t row_count, ptrdiff_t count, const double *points,
    ptrdiff_t *counts) {
  int32_t row[LOCATED];
  double place[3][LOCATED];
  for (ptrdiff_t start = 0; start < count; start += LOCATED) {
    ptrdiff_t block = count - start < LOCATED ? count - start : LOCATED;
    locate(cells, block, points + start * cells->dimension, row, place);
    for (ptrdiff_t i = 0; i < block; i++) counts[row[i] < 0 ? row_count : row[i]]++;
  }
}

static void order_points(
    const nadaraya_cells *cells, ptrdiff_t row_count, ptrdiff_t first, ptrdiff_t count,
    const double *points, ptrdiff_t *starts, int32_t *order, double *const *places) {
  int32_t row[LOCATED];
  double place[3][LOCATED];
  for (ptrdiff_t start = 0; start < count; start += LOCATED) {
    ptrdiff_t block = count - start < LOCATED ? count - start : LOCATED;
    locate(cells, block, points + start * cells->dimension, row, place);
    for (ptrdiff_t i = 0; i < block; i++) {
      ptrdiff_t to = starts[row[i] < 0 ? row_count : row[i]]++;
      order[to] = (int32_t)(first + start + i);
      for (ptrdiff_t j = 0; j < cells->dimension; j++) places[j][to] = place[j][i];
    }
  }
}

// MARK: One input, points in any order

#define LINE_MOMENTS(VECTORS, WEIGHTED)                                                    \
  for (ptrdiff_t i = 0; i < block; i++) {                                                  \
    if (row[i] < 0) continue;                                                              \
    double u = place[i];                                                                   \
    double weight = (WEIGHTED) ? weights[start + i] : 1;                                   \
    double *to = table + row[i] * stride;                                                  \
    lanes p[VECTORS];                                                                      \
    p[0] = powers(u);                                                                      \
    if ((VECTORS) > 1) {                                                                   \
      lanes step = constant(to_the_lanes(u));                                              \
      for (int v = 1; v < (VECTORS); v++) p[v] = p[v - 1] * step;                          \
    }                                                                                      \
    for (int v = 0; v < (VECTORS); v++)                                                    \
      store(to + v * LANES, (WEIGHTED) ? load(to + v * LANES) + weight * p[v]              \
                                       : load(to + v * LANES) + p[v]);                     \
    for (ptrdiff_t c = 0; c < column_count; c++) {                                         \
      double value = (WEIGHTED) ? weight * columns[c][start + i] : columns[c][start + i];  \
      to += (VECTORS) * LANES;                                                             \
      for (int v = 0; v < (VECTORS); v++)                                                  \
        store(to + v * LANES, load(to + v * LANES) + value * p[v]);                        \
      masses[row[i] * column_count + c] += __builtin_fabs(value);                          \
    }                                                                                      \
  }

INLINE void line_moments_of(
    const nadaraya_cells *cells, ptrdiff_t count, const double *keys, const double *weights,
    const double *const *columns, double *table, double *masses, const int vectors) {
  ptrdiff_t stride = cells->stride, column_count = cells->column_count;
  for (ptrdiff_t start = 0; start < count; start += LOCATED) {
    int32_t row[LOCATED];
    double place[LOCATED];
    ptrdiff_t block = count - start < LOCATED ? count - start : LOCATED;
    locate_on_line(
        &cells->axes[0], cells->pages, cells->page_bits, block, keys + start, row, place);
    if (weights) {
      LINE_MOMENTS(vectors, 1)
    } else {
      LINE_MOMENTS(vectors, 0)
    }
  }
}

static void line_moments(
    const nadaraya_cells *cells, ptrdiff_t count, const double *keys, const double *weights,
    const double *const *columns, double *table, double *masses) {
  switch (cells->padded_terms) {
    case 8: return line_moments_of(cells, count, keys, weights, columns, table, masses, 8 / LANES);
    case 16: return line_moments_of(cells, count, keys, weights, columns, table, masses, 16 / LANES);
    default: return line_moments_of(cells, count, keys, weights, columns, table, masses, 24 / LANES);
  }
}

// A query is certain where all its sums are far enough above their errors. The certificate of its
// cell holds the least Σw that is good; then for each column the least |Σwc| that is good and a lower
// bound of Σw|c|, which will do as well, as will a small part of Σw.
INLINE ptrdiff_t line_evaluate_of(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t first, ptrdiff_t count,
    int32_t *uncertain, const int vectors) {
  ptrdiff_t stride = cells->stride, column_count = cells->column_count;
  ptrdiff_t found = 0;
  for (ptrdiff_t start = first; start < first + count; start += LOCATED) {
    int32_t row[LOCATED];
    double place[LOCATED];
    ptrdiff_t rest = first + count - start;
    ptrdiff_t block = rest < LOCATED ? rest : LOCATED;
    locate_on_line(
        &cells->axes[0], cells->pages, cells->page_bits, block, asked->queries + start, row, place);
    for (ptrdiff_t i = 0; i < block; i++) {
      ptrdiff_t query = start + i;
      if (row[i] < 0) {
        uncertain[found++] = (int32_t)query;
        continue;
      }
      double u = place[i];
      const double *from = cells->table + row[i] * stride;
      const double *certificate = cells->certificates + row[i] * cells->certificate_stride;
      lanes p[MOST_VECTORS];
      p[0] = powers(u);
      if (vectors > 1) {
        lanes step = constant(to_the_lanes(u));
        for (int v = 1; v < vectors; v++) p[v] = p[v - 1] * step;
      }
      lanes sum = load(from) * p[0];
      for (int v = 1; v < vectors; v++) sum = sum + load(from + v * LANES) * p[v];
      double own = asked->own ? (asked->own_weights ? asked->own_weights[query] : 1) : 0;
      double weight = sum_across(sum) - own;
      int good = weight >= certificate[0];
      for (ptrdiff_t c = 0; c < column_count; c++) {
        from += vectors * LANES;
        lanes s = load(from) * p[0];
        for (int v = 1; v < vectors; v++) s = s + load(from + v * LANES) * p[v];
        double part = asked->own ? own * asked->own_columns[c][query] : 0;
        double value = sum_across(s) - part;
        asked->columns[c][query] = value;
        double size = __builtin_fabs(value);
        double least = certificate[2 + 2 * c] - __builtin_fabs(part);
        size = size > least ? size : least;
        least = cells->floors[c] * weight;
        size = size > least ? size : least;
        good &= size >= certificate[1 + 2 * c];
      }
      asked->weights[query] = weight;
      uncertain[found] = (int32_t)query;
      found += !good;
    }
  }
  return found;
}

static ptrdiff_t line_evaluate(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t first, ptrdiff_t count,
    int32_t *uncertain) {
  switch (cells->padded_terms) {
    case 8: return line_evaluate_of(cells, asked, first, count, uncertain, 8 / LANES);
    case 16: return line_evaluate_of(cells, asked, first, count, uncertain, 16 / LANES);
    default: return line_evaluate_of(cells, asked, first, count, uncertain, 24 / LANES);
  }
}

// MARK: Several inputs, points of one cell together

// The products of powers of all inputs but the last, of TOGETHER points side by side; 0 for those
// that are missing.
INLINE void outer_powers(
    ptrdiff_t dimension, ptrdiff_t terms, const double *const *places, ptrdiff_t i,
    ptrdiff_t together, double outer[][TOGETHER]) {
  lanes u = load(places[0] + i), v = load(places[dimension - 2] + i), first;
  for (ptrdiff_t t = 0; t < TOGETHER; t++) first[t] = t < together;
  for (ptrdiff_t l = 0; l < terms; l++, first = first * u) {
    if (dimension == 2) {
      store(outer[l], first);
      continue;
    }
    lanes second = first;
    for (ptrdiff_t k = 0; k < terms; k++, second = second * v) store(outer[l * terms + k], second);
  }
}

INLINE void last_powers(
    const double *place, ptrdiff_t i, ptrdiff_t together, const int vectors,
    lanes p[TOGETHER][MOST_VECTORS]) {
  for (ptrdiff_t t = 0; t < TOGETHER; t++) {
    double u = t < together ? place[i + t] : 0;
    p[t][0] = powers(u);
    lanes step = constant(to_the_lanes(u));
    for (int v = 1; v < vectors; v++) p[t][v] = p[t][v - 1] * step;
  }
}

INLINE ptrdiff_t outer_count(const nadaraya_cells *cells) {
  ptrdiff_t outer = 1;
  for (ptrdiff_t j = 1; j < cells->dimension; j++) outer *= cells->terms;
  return outer;
}

// row ← row + moments of points first, … of a cell; masses likewise.
INLINE void cell_moments_of(
    const nadaraya_cells *cells, ptrdiff_t first, ptrdiff_t count, const double *const *places,
    const double *weights, const double *const *columns, double *row, double *masses,
    const int vectors) {
  ptrdiff_t column_count = cells->column_count, outer = outer_count(cells);
  ptrdiff_t run = outer * vectors * LANES;
  ALIGNED double powers_before[MOST_OUTER][TOGETHER];
  ALIGNED lanes p[TOGETHER][MOST_VECTORS];
  for (ptrdiff_t i = first; i < first + count; i += TOGETHER) {
    ptrdiff_t rest = first + count - i;
    ptrdiff_t together = rest < TOGETHER ? rest : TOGETHER;
    outer_powers(cells->dimension, cells->terms, places, i, together, powers_before);
    last_powers(places[cells->dimension - 1], i, together, vectors, p);
    for (ptrdiff_t c = -1; c < column_count; c++) {
      ALIGNED lanes q[TOGETHER][MOST_VECTORS];
      for (ptrdiff_t t = 0; t < TOGETHER; t++) {
        double value = 0;
        if (t < together) {
          value = weights ? weights[i + t] : 1;
          if (c >= 0) {
            value *= columns[c][i + t];
            masses[c] += __builtin_fabs(value);
          }
        }
        for (int v = 0; v < vectors; v++) q[t][v] = value * p[t][v];
      }
      double *to = row + (c + 1) * run;
      for (ptrdiff_t o = 0; o < outer; o++) {
        for (int v = 0; v < vectors; v++) {
          lanes sum = load(to + v * LANES);
          for (int t = 0; t < TOGETHER; t++) sum = sum + powers_before[o][t] * q[t][v];
          store(to + v * LANES, sum);
        }
        to += vectors * LANES;
      }
    }
  }
}

static void cell_moments(
    const nadaraya_cells *cells, ptrdiff_t first, ptrdiff_t count, const double *const *places,
    const double *weights, const double *const *columns, double *row, double *masses) {
  switch (cells->padded_terms) {
    case 8: return cell_moments_of(cells, first, count, places, weights, columns, row, masses, 8 / LANES);
    case 16: return cell_moments_of(cells, first, count, places, weights, columns, row, masses, 16 / LANES);
    default: return cell_moments_of(cells, first, count, places, weights, columns, row, masses, 24 / LANES);
  }
}

INLINE ptrdiff_t cell_evaluate_of(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
    ptrdiff_t count, const double *const *places, const int32_t *order, int32_t *uncertain,
    const int vectors) {
  ptrdiff_t column_count = cells->column_count, outer = outer_count(cells);
  ptrdiff_t run = outer * vectors * LANES;
  const double *row = cells->table + cell * cells->stride;
  const double *certificate = cells->certificates + cell * cells->certificate_stride;
  ALIGNED double powers_before[MOST_OUTER][TOGETHER];
  ALIGNED lanes p[TOGETHER][MOST_VECTORS];
  ptrdiff_t found = 0;
  for (ptrdiff_t i = first; i < first + count; i += TOGETHER) {
    ptrdiff_t rest = first + count - i;
    ptrdiff_t together = rest < TOGETHER ? rest : TOGETHER;
    outer_powers(cells->dimension, cells->terms, places, i, together, powers_before);
    last_powers(places[cells->dimension - 1], i, together, vectors, p);
    int good[TOGETHER] = {0};
    double own[TOGETHER] = {0}, weight[TOGETHER] = {0};
    for (ptrdiff_t c = -1; c < column_count; c++) {
      ALIGNED lanes sum[TOGETHER][MOST_VECTORS];
      for (int t = 0; t < TOGETHER; t++)
        for (int v = 0; v < vectors; v++) sum[t][v] = constant(0);
      const double *from = row + (c + 1) * run;
      for (ptrdiff_t o = 0; o < outer; o++) {
        for (int v = 0; v < vectors; v++) {
          lanes local = load(from + v * LANES);
          for (int t = 0; t < TOGETHER; t++) sum[t][v] = sum[t][v] + powers_before[o][t] * local;
        }
        from += vectors * LANES;
      }
      for (ptrdiff_t t = 0; t < together; t++) {
        lanes s = sum[t][0] * p[t][0];
        for (int v = 1; v < vectors; v++) s = s + sum[t][v] * p[t][v];
        ptrdiff_t query = order[i + t];
        double value = sum_across(s);
        if (c < 0) {
          own[t] = asked->own ? (asked->own_weights ? asked->own_weights[query] : 1) : 0;
          weight[t] = value - own[t];
          good[t] = weight[t] >= certificate[0];
          asked->weights[query] = weight[t];
        } else {
          double part = asked->own ? own[t] * asked->own_columns[c][query] : 0;
          value -= part;
          double size = __builtin_fabs(value);
          double least = certificate[2 + 2 * c] - __builtin_fabs(part);
          size = size > least ? size : least;
          least = cells->floors[c] * weight[t];
          size = size > least ? size : least;
          good[t] &= size >= certificate[1 + 2 * c];
          asked->columns[c][query] = value;
        }
      }
    }
    for (ptrdiff_t t = 0; t < together; t++) {
      uncertain[found] = order[i + t];
      found += !good[t];
    }
  }
  return found;
}

static ptrdiff_t cell_evaluate(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
    ptrdiff_t count, const double *const *places, const int32_t *order, int32_t *uncertain) {
  switch (cells->padded_terms) {
    case 8:
      return cell_evaluate_of(cells, asked, cell, first, count, places, order, uncertain, 8 / LANES);
    case 16:
      return cell_evaluate_of(cells, asked, cell, first, count, places, order, uncertain, 16 / LANES);
    default:
      return cell_evaluate_of(cells, asked, cell, first, count, places, order, uncertain, 24 / LANES);
  }
}

// MARK: Translation

// to[l][·] ← to[l][·] + Σₖ matrix[l][k] from[k][·]; runs of `length` doubles, a multiple of the
// padding.
static void translate_runs(
    ptrdiff_t terms, ptrdiff_t length, const double *matrix, const double *from, double *to) {
  for (ptrdiff_t i = 0; i < length; i += LANES) {
    ptrdiff_t l = 0;
    for (; l + 4 <= terms; l += 4) {
      double *t = to + l * length + i;
      const double *m = matrix + l * terms;
      lanes s0 = load(t), s1 = load(t + length), s2 = load(t + 2 * length),
            s3 = load(t + 3 * length);
      for (ptrdiff_t k = 0; k < terms; k++) {
        lanes f = load(from + k * length + i);
        s0 = s0 + m[k] * f;
        s1 = s1 + m[terms + k] * f;
        s2 = s2 + m[2 * terms + k] * f;
        s3 = s3 + m[3 * terms + k] * f;
      }
      store(t, s0);
      store(t + length, s1);
      store(t + 2 * length, s2);
      store(t + 3 * length, s3);
    }
  }
}

// Each of `runs` runs of padded terms: to[·] ← to[·] + Σₖ from[k] transposed[k][·].
INLINE void translate_powers_of(
    ptrdiff_t runs, ptrdiff_t terms, const double *transposed, const double *from, double *to,
    const int vectors) {
  const ptrdiff_t padded = vectors * LANES;
  for (ptrdiff_t r = 0; r < runs; r++, from += padded, to += padded) {
    lanes sum[MOST_VECTORS];
    for (int v = 0; v < vectors; v++) sum[v] = load(to + v * LANES);
    for (ptrdiff_t k = 0; k < terms; k++)
      for (int v = 0; v < vectors; v++)
        sum[v] = sum[v] + from[k] * load(transposed + k * padded + v * LANES);
    for (int v = 0; v < vectors; v++) store(to + v * LANES, sum[v]);
  }
}

static void translate_powers(
    ptrdiff_t runs, ptrdiff_t terms, ptrdiff_t padded, const double *transposed,
    const double *from, double *to) {
  switch (padded) {
    case 8: return translate_powers_of(runs, terms, transposed, from, to, 8 / LANES);
    case 16: return translate_powers_of(runs, terms, transposed, from, to, 16 / LANES);
    default: return translate_powers_of(runs, terms, transposed, from, to, 24 / LANES);
  }
}
