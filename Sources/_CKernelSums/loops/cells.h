// The loops of the cell transform, included by body.h: moments of the keys of a cell, translation
// of moments into local coefficients, and their evaluation at queries.
//
// Everything is in powers: u in [−1, 1] is the place within a cell, the last input's powers lie
// across the lanes, padded to a multiple of NADARAYA_PADDING. A row is what belongs to one cell:
// for 1 and each value column, terms^(dimension − 1) runs of powers of the last input.

#define MOST_TERMS 24
#define MOST_OUTER (MOST_TERMS * MOST_TERMS)
#define MOST_VECTORS (MOST_TERMS / LANES)
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
  int32_t outside[LOCATED];
  double x[LOCATED];
  for (ptrdiff_t i = 0; i < count; i++) row[i] = outside[i] = 0;
  for (ptrdiff_t j = 0; j < dimension; j++) {
    const nadaraya_axis *axis = &cells->axes[j];
    double last = (double)axis->count - 1, lowest = axis->lowest, width = axis->width;
    double inverse_width = axis->inverse_width, scale = axis->scale;
    int32_t cells_along = (int32_t)axis->count;
    for (ptrdiff_t i = 0; i < count; i++) x[i] = points[i * dimension + j];
    for (ptrdiff_t i = 0; i < count; i++) {
      double cell = __builtin_floor((x[i] - lowest) * inverse_width);
      double within = cell >= 0 ? cell : 0;
      within = within < last ? within : last;
      place[j][i] = (x[i] - (lowest + (within + 0.5) * width)) * scale;
      row[i] = row[i] * cells_along + (int32_t)within;
      outside[i] |= cell != within;
    }
  }
  for (ptrdiff_t i = 0; i < count; i++) row[i] = outside[i] ? -1 : row[i];
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
    const double *points, ptrdiff_t *starts, double *records) {
  ptrdiff_t dimension = cells->dimension;
  int32_t row[LOCATED];
  double place[3][LOCATED];
  for (ptrdiff_t start = 0; start < count; start += LOCATED) {
    ptrdiff_t block = count - start < LOCATED ? count - start : LOCATED;
    locate(cells, block, points + start * cells->dimension, row, place);
    for (ptrdiff_t i = 0; i < block; i++) {
      ptrdiff_t to = starts[row[i] < 0 ? row_count : row[i]]++;
      double *record = records + to * (dimension + 1);
      for (ptrdiff_t j = 0; j < dimension; j++) record[j] = place[j][i];
      int64_t number = first + start + i;
      __builtin_memcpy(record + dimension, &number, sizeof number);
    }
  }
}

// MARK: One input, points in any order

// Points that lie in one cell one after the other, as those of sorted keys do, go through the lanes
// together, in vectors of them; other points one by one, with their powers across the lanes.
#define RUN (2 * LANES)

INLINE ptrdiff_t run_length(const int32_t *row, ptrdiff_t first, ptrdiff_t block) {
  ptrdiff_t end = first + 1;
  while (end < block && row[end] == row[first]) end++;
  return end - first >= RUN ? (end - first) / LANES * LANES : 0;
}

// sums[l] ← sums[l] + Σ v·uˡ over `group` vectors of points; a null value counts as 1. Even and odd
// powers are made apart, so that the chains of products are half as long.
INLINE void add_powers(
    const double *place, const double *value, const double *weight, lanes *sums, lanes *mass,
    const int terms, const int group) {
  ALIGNED lanes even[4], odd[4], square[4];
  for (int g = 0; g < group; g++) {
    lanes u = load(place + g * LANES);
    lanes v = value ? load(value + g * LANES) : constant(1);
    if (weight) v = v * load(weight + g * LANES);
    *mass = *mass + magnitude(v);
    even[g] = v;
    odd[g] = v * u;
    square[g] = u * u;
  }
  for (int l = 0; l < terms; l += 2) {
    lanes e = even[0], o = odd[0];
    for (int g = 1; g < group; g++) e = e + even[g], o = o + odd[g];
    sums[l] = sums[l] + e;
    sums[l + 1] = sums[l + 1] + o;
    for (int g = 0; g < group; g++) even[g] = even[g] * square[g], odd[g] = odd[g] * square[g];
  }
}

// Adds the powers of a run of points, times their values, to a row; returns the sum of |values|.
INLINE double run_moments(
    ptrdiff_t count, const double *place, const double *value, const double *weight, double *to,
    const int terms) {
  ALIGNED lanes sums[MOST_TERMS], mass = constant(0);
  for (int l = 0; l < terms; l++) sums[l] = constant(0);
  ptrdiff_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES)
    add_powers(
        place + i, value ? value + i : 0, weight ? weight + i : 0, sums, &mass, terms, 4);
  for (; i < count; i += LANES)
    add_powers(
        place + i, value ? value + i : 0, weight ? weight + i : 0, sums, &mass, terms, 1);
  for (int l = 0; l < terms; l++) to[l] += sum_across(sums[l]);
  return sum_across(mass);
}

#define LINE_MOMENTS(VECTORS, WEIGHTED)                                                    \
  for (ptrdiff_t i = 0; i < block; i++) {                                                  \
    if (row[i] < 0) continue;                                                              \
    double u = place[i];                                                                   \
    double weight = (WEIGHTED) ? weights[start + i] : 1;                                   \
    double *to = table + row[i] * stride;                                                  \
    ptrdiff_t together = run_length(row, i, block);                                        \
    if (together > 0) {                                                                    \
      const double *omega = (WEIGHTED) ? weights + start + i : 0;                          \
      run_moments(together, place + i, 0, omega, to, (VECTORS) * LANES);                   \
      for (ptrdiff_t c = 0; c < column_count; c++) {                                       \
        to += (VECTORS) * LANES;                                                           \
        masses[row[i] * column_count + c] += run_moments(                                  \
            together, place + i, columns[c] + start + i, omega, to, (VECTORS) * LANES);    \
      }                                                                                    \
      i += together - 1;                                                                   \
      continue;                                                                            \
    }                                                                                      \
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

// A row's polynomial at LANES places.
INLINE lanes polynomial_at(const double *from, lanes u, lanes square, const int terms) {
  lanes even = constant(from[terms - 2]), odd = constant(from[terms - 1]);
  for (int l = terms - 4; l >= 0; l -= 2) {
    even = even * square + from[l];
    odd = odd * square + from[l + 1];
  }
  return even + odd * u;
}

// The sums of a run of queries in one cell; `uncertain` as below.
INLINE ptrdiff_t run_evaluate(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t first, ptrdiff_t count,
    const double *place, ptrdiff_t row, int32_t *uncertain, const int terms) {
  const double *certificate = cells->certificates + row * cells->certificate_stride;
  ptrdiff_t found = 0;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    ptrdiff_t query = first + i;
    const double *from = cells->table + row * cells->stride;
    lanes u = load(place + i), square = u * u;
    lanes own = constant(asked->own && !asked->own_weights);
    if (asked->own && asked->own_weights) own = load(asked->own_weights + query);
    lanes weight = polynomial_at(from, u, square, terms) - own;
    mask good = (mask)(weight >= certificate[0]);
    for (ptrdiff_t c = 0; c < cells->column_count; c++) {
      from += terms;
      lanes value = polynomial_at(from, u, square, terms), part = constant(0);
      if (asked->own && asked->own_columns[c]) part = own * load(asked->own_columns[c] + query);
      if (asked->own_is_part[c]) value = value - part;
      store(asked->columns[c] + query, value);
      lanes size = larger(magnitude(value), certificate[2 + 2 * c] - magnitude(part));
      size = larger(size, cells->floors[c] * weight);
      good &= (mask)(size >= certificate[1 + 2 * c]);
    }
    store(asked->weights + query, weight);
    if (__builtin_reduce_and(good)) continue;
    for (ptrdiff_t l = 0; l < LANES; l++) {
      uncertain[found] = (int32_t)(query + l);
      found += !good[l];
    }
  }
  return found;
}

// A query is certain where all its sums are far enough above their errors. The certificate of its
// cell holds the least Σw that is good; then for each column the least |Σwc| that is good and a
// stand-in for Σw|c|, which will do as well, as will a small part of Σw.
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
      ptrdiff_t together = run_length(row, i, block);
      if (together > 0) {
        found += run_evaluate(
            cells, asked, query, together, place + i, row[i], uncertain + found, vectors * LANES);
        i += together - 1;
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
        double part = asked->own && asked->own_columns[c] ? own * asked->own_columns[c][query] : 0;
        double value = sum_across(s) - (asked->own_is_part[c] ? part : 0);
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

INLINE ptrdiff_t number_of(const nadaraya_cells *cells, const double *record) {
  int64_t number;
  __builtin_memcpy(&number, record + cells->dimension, sizeof number);
  return number;
}

// What belongs to a point lies anywhere in its array, so it is asked for before its turn comes; the
// records have room behind the last one, and an address that is none does no harm.
#define AHEAD 24

INLINE void fetch(const nadaraya_cells *cells, const double *record, const double *array, int write) {
  if (!array) return;
  for (ptrdiff_t t = 0; t < LANES; t++) {
    const double *element =
        array + number_of(cells, record + (AHEAD + t) * (cells->dimension + 1));
    if (write) __builtin_prefetch(element, 1); else __builtin_prefetch(element, 0);
  }
}

// The places of up to LANES points in all inputs; the last one stands in for those that are missing.
INLINE void places_of(
    const nadaraya_cells *cells, const double *records, ptrdiff_t together, lanes u[3]) {
  ptrdiff_t dimension = cells->dimension;
  for (ptrdiff_t t = 0; t < LANES; t++) {
    const double *record = records + (t < together ? t : together - 1) * (dimension + 1);
    for (ptrdiff_t j = 0; j < dimension; j++) u[j][t] = record[j];
  }
}

// The products of powers of all inputs but the last, of LANES points side by side.
INLINE void outer_powers(
    ptrdiff_t dimension, ptrdiff_t terms, const lanes u[3], double outer[][LANES]) {
  lanes first = constant(1);
  for (ptrdiff_t l = 0; l < terms; l++, first = first * u[0]) {
    if (dimension == 2) {
      store(outer[l], first);
      continue;
    }
    lanes second = first;
    for (ptrdiff_t k = 0; k < terms; k++, second = second * u[1])
      store(outer[l * terms + k], second);
  }
}

INLINE ptrdiff_t outer_count(const nadaraya_cells *cells) {
  return cells->dimension == 3 ? cells->terms * cells->terms : cells->terms;
}

// row ← row + moments of points first, … of a cell; masses likewise.
INLINE void cell_moments_of(
    const nadaraya_cells *cells, ptrdiff_t first, ptrdiff_t count, const double *records,
    const double *weights, const double *const *columns, double *row, double *masses,
    const int vectors) {
  ptrdiff_t column_count = cells->column_count, outer = outer_count(cells);
  ptrdiff_t dimension = cells->dimension, run = outer * vectors * LANES;
  ALIGNED double powers_before[MOST_OUTER][LANES];
  ALIGNED lanes p[LANES][MOST_VECTORS];
  for (ptrdiff_t i = first; i < first + count; i += LANES) {
    ptrdiff_t rest = first + count - i;
    ptrdiff_t together = rest < LANES ? rest : LANES;
    const double *record = records + i * (dimension + 1);
    fetch(cells, record, weights, 0);
    for (ptrdiff_t c = 0; c < column_count; c++) fetch(cells, record, columns[c], 0);
    ALIGNED lanes u[3];
    places_of(cells, record, together, u);
    outer_powers(dimension, cells->terms, u, powers_before);
    ptrdiff_t number[LANES];
    for (ptrdiff_t t = 0; t < LANES; t++) {
      number[t] = t < together ? number_of(cells, record + t * (dimension + 1)) : 0;
      double last = u[dimension - 1][t];
      p[t][0] = powers(last);
      if (vectors > 1) {
        lanes step = constant(to_the_lanes(last));
        for (int v = 1; v < vectors; v++) p[t][v] = p[t][v - 1] * step;
      }
    }
    for (ptrdiff_t c = -1; c < column_count; c++) {
      ALIGNED lanes q[LANES][MOST_VECTORS];
      for (ptrdiff_t t = 0; t < LANES; t++) {
        double value = 0;
        if (t < together) {
          value = weights ? weights[number[t]] : 1;
          if (c >= 0) {
            value *= columns[c][number[t]];
            masses[c] += __builtin_fabs(value);
          }
        }
        for (int v = 0; v < vectors; v++) q[t][v] = value * p[t][v];
      }
      double *to = row + (c + 1) * run;
      for (ptrdiff_t o = 0; o < outer; o++) {
        for (int v = 0; v < vectors; v++) {
          // Two sums, which halve the wait of one step for the one before.
          lanes even = load(to + v * LANES), odd = constant(0);
          for (int t = 0; t < LANES; t += 2) {
            even = even + powers_before[o][t] * q[t][v];
            odd = odd + powers_before[o][t + 1] * q[t + 1][v];
          }
          store(to + v * LANES, even + odd);
        }
        to += vectors * LANES;
      }
    }
  }
}

static void cell_moments(
    const nadaraya_cells *cells, ptrdiff_t first, ptrdiff_t count, const double *records,
    const double *weights, const double *const *columns, double *row, double *masses) {
  switch (cells->padded_terms) {
    case 8: return cell_moments_of(cells, first, count, records, weights, columns, row, masses, 8 / LANES);
    case 16: return cell_moments_of(cells, first, count, records, weights, columns, row, masses, 16 / LANES);
    default: return cell_moments_of(cells, first, count, records, weights, columns, row, masses, 24 / LANES);
  }
}

// Σ coefficients[l] uˡ of LANES points, even and odd powers apart, which halves the wait of one
// step for the one before.
INLINE lanes polynomial(const double *coefficients, lanes u, lanes square, const int terms) {
  lanes even = constant(coefficients[terms - 2]), odd = constant(coefficients[terms - 1]);
  for (int l = terms - 4; l >= 0; l -= 2) {
    even = even * square + coefficients[l];
    odd = odd * square + coefficients[l + 1];
  }
  return odd * u + even;
}

// Points lie across the lanes here: all of them have the same coefficients.
INLINE ptrdiff_t cell_evaluate_of(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
    ptrdiff_t count, const double *records, int32_t *uncertain, const int terms) {
  const int padded = (terms + NADARAYA_PADDING - 1) / NADARAYA_PADDING * NADARAYA_PADDING;
  ptrdiff_t column_count = cells->column_count, dimension = cells->dimension;
  const double *certificate = cells->certificates + cell * cells->certificate_stride;
  ptrdiff_t found = 0;
  for (ptrdiff_t i = first; i < first + count; i += LANES) {
    ptrdiff_t rest = first + count - i;
    ptrdiff_t together = rest < LANES ? rest : LANES;
    const double *record = records + i * (dimension + 1);
    fetch(cells, record, asked->weights, 1);
    for (ptrdiff_t c = 0; c < column_count; c++) fetch(cells, record, asked->columns[c], 1);
    ALIGNED lanes u[3];
    places_of(cells, record, together, u);
    lanes outermost = u[0], middle = u[1], last = u[dimension - 1], square = last * last;
    ptrdiff_t number[LANES];
    ALIGNED lanes own = constant(0), weight = constant(0);
    for (ptrdiff_t t = 0; t < LANES; t++) {
      number[t] = number_of(cells, record + (t < together ? t : 0) * (dimension + 1));
      if (asked->own) own[t] = asked->own_weights ? asked->own_weights[number[t]] : 1;
    }
    mask good = (mask)(own == own);
    const double *row = cells->table + cell * cells->stride;
    for (ptrdiff_t c = -1; c < column_count; c++) {
      lanes value = constant(0);
      if (dimension == 2) {
        const double *from = row + terms * padded;
        for (int l = 0; l < terms; l++) {
          from -= padded;
          value = value * outermost + polynomial(from, last, square, terms);
        }
        row += terms * padded;
      } else {
        const double *from = row + terms * terms * padded;
        for (int l = 0; l < terms; l++) {
          lanes inner = constant(0);
          for (int k = 0; k < terms; k++) {
            from -= padded;
            inner = inner * middle + polynomial(from, last, square, terms);
          }
          value = value * outermost + inner;
        }
        row += terms * terms * padded;
      }
      if (c < 0) {
        weight = value - own;
        good &= (mask)(weight >= certificate[0]);
        for (ptrdiff_t t = 0; t < together; t++) asked->weights[number[t]] = weight[t];
        continue;
      }
      lanes part = constant(0);
      if (asked->own)
        for (ptrdiff_t t = 0; t < LANES; t++)
          part[t] = own[t] * asked->own_columns[c][number[t]];
      value = value - part;
      lanes size = __builtin_elementwise_max(
          __builtin_elementwise_max(magnitude(value), certificate[2 + 2 * c] - magnitude(part)),
          cells->floors[c] * weight);
      good &= (mask)(size >= certificate[1 + 2 * c]);
      for (ptrdiff_t t = 0; t < together; t++) asked->columns[c][number[t]] = value[t];
    }
    for (ptrdiff_t t = 0; t < together; t++) {
      uncertain[found] = (int32_t)number[t];
      found += good[t] == 0;
    }
  }
  return found;
}

static ptrdiff_t cell_evaluate(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
    ptrdiff_t count, const double *records, int32_t *uncertain) {
  switch (cells->terms) {
    case 8: return cell_evaluate_of(cells, asked, cell, first, count, records, uncertain, 8);
    case 12: return cell_evaluate_of(cells, asked, cell, first, count, records, uncertain, 12);
    case 16: return cell_evaluate_of(cells, asked, cell, first, count, records, uncertain, 16);
    case 20: return cell_evaluate_of(cells, asked, cell, first, count, records, uncertain, 20);
    default: return cell_evaluate_of(cells, asked, cell, first, count, records, uncertain, 24);
  }
}

// Slopes: Σ of the coefficients times uˡ, and its derivatives divided by their factorials, up to `order`.
INLINE void add_slopes(const double *coefficients, lanes u, lanes *sums, const int terms, const int order) {
  lanes value = constant(coefficients[terms - 1]), slope = constant(0), curve = constant(0);
  for (int l = terms - 2; l >= 0; l--) {
    if (order > 1) curve = curve * u + slope;
    slope = slope * u + value;
    value = value * u + coefficients[l];
  }
  sums[0] = value;
  sums[1] = slope;
  if (order > 1) sums[2] = curve;
}

// One step of Horner's rule in another input for a polynomial and its derivatives up to `order`.
INLINE void step_slopes(lanes *sums, lanes u, lanes next, const int order) {
  if (order > 1) sums[2] = sums[2] * u + sums[1];
  if (order > 0) sums[1] = sums[1] * u + sums[0];
  sums[0] = sums[0] * u + next;
}

// The value, slopes and, with order 2, curvatures of one run of coefficients, in the order of
// `Monomials`, in units of the places.
INLINE void slopes_of(
    const double *row, const lanes u[3], ptrdiff_t dimension, lanes *sums, const int terms,
    const int padded, const int order) {
  // By the order in the inputs after the first; each with the orders in the first.
  lanes all[6][3];
  int rest = dimension == 2 ? order + 1 : order > 1 ? 6 : 3;
  for (int i = 0; i < rest; i++)
    for (int k = 0; k < 3; k++) all[i][k] = constant(0);
  const double *from = row + (dimension == 2 ? terms : terms * terms) * padded;
  for (int l = 0; l < terms; l++) {
    if (dimension == 2) {
      lanes last[3];
      from -= padded;
      add_slopes(from, u[1], last, terms, order);
      for (int i = 0; i <= order; i++) step_slopes(all[i], u[0], last[i], order - i);
    } else {
      // Orders in the middle and last input: (0,0) (1,0) (0,1) (2,0) (1,1) (0,2).
      lanes middle[3][3];
      for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) middle[i][k] = constant(0);
      for (int m = 0; m < terms; m++) {
        lanes last[3];
        from -= padded;
        add_slopes(from, u[2], last, terms, order);
        for (int i = 0; i <= order; i++) step_slopes(middle[i], u[1], last[i], order - i);
      }
      step_slopes(all[0], u[0], middle[0][0], order);
      step_slopes(all[1], u[0], middle[0][1], order - 1);
      step_slopes(all[2], u[0], middle[1][0], order - 1);
      if (order > 1) {
        step_slopes(all[3], u[0], middle[0][2], 0);
        step_slopes(all[4], u[0], middle[1][1], 0);
        step_slopes(all[5], u[0], middle[2][0], 0);
      }
    }
  }
  sums[0] = all[0][0];
  sums[1] = all[0][1];
  sums[2] = all[1][0];
  if (dimension == 2) {
    if (order < 2) return;
    sums[3] = 2 * all[0][2];
    sums[4] = all[1][1];
    sums[5] = 2 * all[2][0];
    return;
  }
  sums[3] = all[2][0];
  if (order < 2) return;
  sums[4] = 2 * all[0][2];
  sums[5] = all[1][1];
  sums[6] = all[2][1];
  sums[7] = 2 * all[3][0];
  sums[8] = all[4][0];
  sums[9] = 2 * all[5][0];
}

// With K(u) = exp(−u²/2), Σ w u = h ∂Σw/∂q and Σ w uu' = hh' ∂²Σw/∂q∂q' + Σw where both are one input.
INLINE ptrdiff_t cell_slopes_of(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
    ptrdiff_t count, const double *records, int32_t *uncertain, const int terms) {
  const int padded = (terms + NADARAYA_PADDING - 1) / NADARAYA_PADDING * NADARAYA_PADDING;
  ptrdiff_t dimension = cells->dimension;
  ptrdiff_t some = dimension + 1, most = (dimension + 1) * (dimension + 2) / 2;
  ptrdiff_t runs = 1 + (cells->column_count - most + 1) / some;
  ptrdiff_t size = (dimension == 2 ? terms : terms * terms) * padded;
  const double *certificate = cells->certificates + cell * cells->certificate_stride;
  double h[3];
  for (ptrdiff_t j = 0; j < dimension; j++) h[j] = cells->axes[j].bandwidth;
  ptrdiff_t found = 0;
  for (ptrdiff_t i = first; i < first + count; i += LANES) {
    ptrdiff_t rest = first + count - i;
    ptrdiff_t together = rest < LANES ? rest : LANES;
    const double *record = records + i * (dimension + 1);
    fetch(cells, record, asked->weights, 1);
    for (ptrdiff_t c = 0; c < cells->column_count; c++) fetch(cells, record, asked->columns[c], 1);
    ALIGNED lanes u[3];
    places_of(cells, record, together, u);
    ptrdiff_t number[LANES];
    ALIGNED lanes own = constant(0), weight = constant(0);
    for (ptrdiff_t t = 0; t < LANES; t++) {
      number[t] = number_of(cells, record + (t < together ? t : 0) * (dimension + 1));
      if (asked->own) own[t] = asked->own_weights ? asked->own_weights[number[t]] : 1;
    }
    mask good = (mask)(own == own);
    const double *row = cells->table + cell * cells->stride;
    ptrdiff_t c = -1;
    for (ptrdiff_t r = 0; r < runs; r++, row += size) {
      ALIGNED lanes sums[10];
      if (r == 0) slopes_of(row, u, dimension, sums, terms, padded, 2);
      else slopes_of(row, u, dimension, sums, terms, padded, 1);
      for (ptrdiff_t j = 0; j < dimension; j++) sums[1 + j] = sums[1 + j] * h[j];
      if (r == 0) {
        ptrdiff_t place = some;
        for (ptrdiff_t j = 0; j < dimension; j++)
          for (ptrdiff_t k = j; k < dimension; k++, place++) {
            sums[place] = sums[place] * (h[j] * h[k]);
            if (j == k) sums[place] = sums[place] + sums[0];
          }
      }
      for (ptrdiff_t s = 0; s < (r == 0 ? most : some); s++, c++) {
        lanes value = sums[s];
        if (c < 0) {
          weight = value - own;
          good &= (mask)(weight >= certificate[0]);
          for (ptrdiff_t t = 0; t < together; t++) asked->weights[number[t]] = weight[t];
          continue;
        }
        lanes part = constant(0);
        if (asked->own && asked->own_columns[c])
          for (ptrdiff_t t = 0; t < LANES; t++)
            part[t] = own[t] * asked->own_columns[c][number[t]];
        if (asked->own_is_part[c]) value = value - part;
        lanes size = larger(
            larger(magnitude(value), certificate[2 + 2 * c] - magnitude(part)),
            cells->floors[c] * weight);
        good &= (mask)(size >= certificate[1 + 2 * c]);
        for (ptrdiff_t t = 0; t < together; t++) asked->columns[c][number[t]] = value[t];
      }
    }
    for (ptrdiff_t t = 0; t < together; t++) {
      uncertain[found] = (int32_t)number[t];
      found += good[t] == 0;
    }
  }
  return found;
}

static ptrdiff_t cell_slopes(
    const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
    ptrdiff_t count, const double *records, int32_t *uncertain) {
  switch (cells->terms) {
    case 8: return cell_slopes_of(cells, asked, cell, first, count, records, uncertain, 8);
    case 12: return cell_slopes_of(cells, asked, cell, first, count, records, uncertain, 12);
    case 16: return cell_slopes_of(cells, asked, cell, first, count, records, uncertain, 16);
    case 20: return cell_slopes_of(cells, asked, cell, first, count, records, uncertain, 20);
    default: return cell_slopes_of(cells, asked, cell, first, count, records, uncertain, 24);
  }
}

// MARK: Translation

// In each of `blocks` blocks of terms runs: to[l][·] ← to[l][·] + Σₖ matrix[l][k] from[k][·], runs of
// `length` doubles, a multiple of the padding.
static void translate_runs(
    ptrdiff_t blocks, ptrdiff_t terms, ptrdiff_t length, const double *matrix, const double *from,
    double *to) {
  for (ptrdiff_t b = 0; b < blocks; b++, from += terms * length, to += terms * length) {
    for (ptrdiff_t i = 0; i < length; i += LANES) {
      for (ptrdiff_t l = 0; l < terms; l += 4) {
        double *t = to + l * length + i;
        const double *m = matrix + l * terms, *f = from + i;
        lanes s0 = load(t), s1 = load(t + length), s2 = load(t + 2 * length),
              s3 = load(t + 3 * length);
        for (ptrdiff_t k = 0; k < terms; k++, m++, f += length) {
          lanes x = load(f);
          s0 = s0 + m[0] * x;
          s1 = s1 + m[terms] * x;
          s2 = s2 + m[2 * terms] * x;
          s3 = s3 + m[3 * terms] * x;
        }
        store(t, s0);
        store(t + length, s1);
        store(t + 2 * length, s2);
        store(t + 3 * length, s3);
      }
    }
  }
}

// Each of `runs` runs of padded terms: to[·] ← to[·] + Σₖ from[k] transposed[k][·]; up to four runs at
// a time, which share what is loaded of the matrix.
INLINE void translate_some_powers(
    ptrdiff_t terms, const double *transposed, const double *from, double *to, const int vectors,
    const int together) {
  const ptrdiff_t padded = vectors * LANES;
  for (int v = 0; v < vectors; v++) {
    lanes sum[4];
    for (int r = 0; r < together; r++) sum[r] = load(to + r * padded + v * LANES);
    for (ptrdiff_t k = 0; k < terms; k++) {
      lanes m = load(transposed + k * padded + v * LANES);
      for (int r = 0; r < together; r++) sum[r] = sum[r] + from[r * padded + k] * m;
    }
    for (int r = 0; r < together; r++) store(to + r * padded + v * LANES, sum[r]);
  }
}

INLINE void translate_powers_of(
    ptrdiff_t runs, ptrdiff_t terms, const double *transposed, const double *from, double *to,
    const int vectors) {
  const ptrdiff_t padded = vectors * LANES;
  ptrdiff_t r = 0;
  for (; r + 4 <= runs; r += 4)
    translate_some_powers(terms, transposed, from + r * padded, to + r * padded, vectors, 4);
  for (; r < runs; r++)
    translate_some_powers(terms, transposed, from + r * padded, to + r * padded, vectors, 1);
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
