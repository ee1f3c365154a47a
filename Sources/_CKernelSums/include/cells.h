// The cell transform: moments of the keys of each cell, translated into local coefficients that are
// evaluated at queries.

#ifndef NADARAYA_CELLS_H
#define NADARAYA_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "tiles.h"

/// The cells along one input: cell j is [lowest + j·width, lowest + (j + 1)·width).
typedef struct {
  double lowest, width;
  /// 1/width and 2/width.
  double inverse_width, scale;
  /// 2h/width: the bandwidth in units of a place, which runs from −1 to 1 within a cell.
  double bandwidth;
  ptrdiff_t count;
} nadaraya_axis;

/// The cells of one to three inputs.
typedef struct {
  ptrdiff_t dimension, column_count;
  /// Powers of each input, and those of the last input padded to a multiple of NADARAYA_PADDING; at
  /// most 24.
  ptrdiff_t terms, padded_terms;
  nadaraya_axis axes[3];
  /// In one input: the row of the first cell of each page of 2^page_bits cells, −1 if the page has no
  /// rows. There is one page more than the cells fill.
  const int32_t *pages;
  int page_bits;
  /// The distance between rows, in doubles.
  ptrdiff_t stride, certificate_stride;
  /// Local coefficients and certificates by row.
  const double *table, *certificates;
  /// For each column a fraction of Σw; |Σwc| need not be exact below it.
  const double *floors;
} nadaraya_cells;

/// Queries and where their sums go.
typedef struct {
  const double *queries;
  /// Whether query i leaves out key i. The observation weights (null if all are 1) and the columns of
  /// those keys follow.
  int own;
  const double *own_weights;
  /// An entry is null if its sum is one of weights alone.
  const double *const *own_columns;
  /// For each column, whether the product of weight and value of the key left out is part of the sum.
  /// In moments about the query it is not.
  const int32_t *own_is_part;
  double *weights;
  double *const *columns;
} nadaraya_asked;

/// The loops may read this many records behind the last one; they do not use them.
#define NADARAYA_RECORDS_BEHIND 32

/// The loops of the cell transform. Each cell has a row. The loops that evaluate queries return the
/// number of uncertain queries, and write which they are.
typedef struct {
  /// Adds the number of points in each row to `counts`, points outside all cells after the last row.
  /// Points are row-major.
  void (*count_points)(
      const nadaraya_cells *cells, ptrdiff_t row_count, ptrdiff_t count, const double *points,
      ptrdiff_t *counts);
  /// Writes a record of each point to the place that `starts` holds for its row, and moves that place
  /// on by one. A record is the point's places in all inputs, then the bits of its number; the first
  /// point has the number `first`.
  void (*order_points)(
      const nadaraya_cells *cells, ptrdiff_t row_count, ptrdiff_t first, ptrdiff_t count,
      const double *points, ptrdiff_t *starts, double *records);
  /// Adds keys of one input to the rows of a table, and Σ|ωc| to masses. Keys may be in any order; those
  /// of a cell that follow each other take less time.
  void (*line_moments)(
      const nadaraya_cells *cells, ptrdiff_t count, const double *keys, const double *weights,
      const double *const *columns, double *table, double *masses);
  /// Writes the sums at queries first, … of one input, which may be in any order.
  ptrdiff_t (*line_evaluate)(
      const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t first, ptrdiff_t count,
      int32_t *uncertain);
  /// Adds the keys of records first, …, which all lie in one cell, to its row. Several inputs only.
  void (*cell_moments)(
      const nadaraya_cells *cells, ptrdiff_t first, ptrdiff_t count, const double *records,
      const double *weights, const double *const *columns, double *row, double *masses);
  /// Writes the sums at the queries of records first, …, which all lie in one cell. Several inputs
  /// only.
  ptrdiff_t (*cell_evaluate)(
      const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
      ptrdiff_t count, const double *records, int32_t *uncertain);
  /// The same for the moments about the query up to order 2, and of values up to order 1, of a Gaussian,
  /// in the order of `Monomials`: from slopes and curvatures of the sums.
  ptrdiff_t (*cell_slopes)(
      const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
      ptrdiff_t count, const double *records, int32_t *uncertain);
  /// In each block of `terms` runs of `length`: to[l][·] += Σₖ matrix[l][k] from[k][·]. `terms` is a
  /// multiple of 4.
  void (*translate_runs)(
      ptrdiff_t blocks, ptrdiff_t terms, ptrdiff_t length, const double *matrix,
      const double *from, double *to);
  /// In each run of padded terms: to[·] += Σₖ from[k] transposed[k][·].
  void (*translate_powers)(
      ptrdiff_t runs, ptrdiff_t terms, ptrdiff_t padded, const double *transposed,
      const double *from, double *to);
} nadaraya_cell_loops;

#endif
