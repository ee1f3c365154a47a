// The innermost loops of all engines, one table of functions per instruction set.
//
// A tile is a run of keys, stored input by input: `keys[j][i]` is input j of key i. Every array
// that is read or written by key holds the count rounded up to NADARAYA_PADDING; what the padding
// of the keys holds does not matter as long as it is finite.

#ifndef NADARAYA_KERNEL_SUMS_H
#define NADARAYA_KERNEL_SUMS_H

#include <stddef.h>
#include <stdint.h>

/// Lanes of the widest instruction set: arrays by key are padded to a multiple of it.
#define NADARAYA_PADDING 8

/// The built-in kernels, in the order of the tables.
enum nadaraya_kernel {
  nadaraya_gaussian,
  nadaraya_boxcar,
  nadaraya_constant,
  nadaraya_triangular,
  nadaraya_epanechnikov,
  nadaraya_biweight,
  nadaraya_triweight,
  nadaraya_tricube,
  nadaraya_cosine,
  nadaraya_laplacian,
  nadaraya_logistic,
  nadaraya_cauchy,
  nadaraya_kernel_count
};

/// One query against a run of keys.
typedef struct {
  ptrdiff_t count;
  ptrdiff_t dimension;
  const double *const *keys;
  const double *query;
  const double *bandwidths;
  const double *inverse_bandwidths;
  /// The bandwidth of every input where they are all the same normal number, otherwise 0. Only the
  /// Gaussian looks at it.
  double shared_bandwidth;
} nadaraya_tile;

/// Writes one number for each key of the tile; 0 into the padding.
typedef void (*nadaraya_per_key)(const nadaraya_tile *tile, double *result);

/// The cells along one input: cell j is [lowest + j·width, lowest + (j + 1)·width).
typedef struct {
  double lowest, width;
  /// 1/width and 2/width.
  double inverse_width, scale;
  ptrdiff_t count;
} nadaraya_axis;

/// The cells of one to three inputs.
typedef struct {
  ptrdiff_t dimension, column_count;
  /// Powers of each input; of the last one padded to a multiple of NADARAYA_PADDING, at most 24.
  ptrdiff_t terms, padded_terms;
  nadaraya_axis axes[3];
  /// In one input: the row of the first cell of each page of 2^page_bits cells, −1 where the page
  /// has none; one page more than the cells fill.
  const int32_t *pages;
  int page_bits;
  /// Doubles from row to row.
  ptrdiff_t stride, certificate_stride;
  /// Local coefficients and certificates by row.
  const double *table, *certificates;
  /// For each column the part of Σw that |Σwc| is not asked to be exact below.
  const double *floors;
} nadaraya_cells;

/// Queries and where their sums go.
typedef struct {
  const double *queries;
  /// Whether query i leaves out key i, whose observation weight (none: ones) and values follow.
  int own;
  const double *own_weights;
  const double *const *own_columns;
  /// For each column whether that is part of the sum; in moments about the query it is not. Where it is
  /// null in `own_columns`, the sum is one of the weights.
  const int32_t *own_is_part;
  double *weights;
  double *const *columns;
} nadaraya_asked;

/// Records that the loops may read, without using them, behind the last one.
#define NADARAYA_RECORDS_BEHIND 32

/// The loops of the cell transform. `rows` are cells; those that write queries return how many of
/// them are uncertain, and which.
typedef struct {
  /// Adds up how many points, row-major, lie in each row; those outside after the last.
  void (*count_points)(
      const nadaraya_cells *cells, ptrdiff_t row_count, ptrdiff_t count, const double *points,
      ptrdiff_t *counts);
  /// Writes a record of each point to where the start of its row points, which moves on: its places in
  /// all inputs, then the bits of its number, which is `first` for the first.
  void (*order_points)(
      const nadaraya_cells *cells, ptrdiff_t row_count, ptrdiff_t first, ptrdiff_t count,
      const double *points, ptrdiff_t *starts, double *records);
  /// Adds keys of one input, in any order, to the rows of a table and Σ|ωc| to masses.
  void (*line_moments)(
      const nadaraya_cells *cells, ptrdiff_t count, const double *keys, const double *weights,
      const double *const *columns, double *table, double *masses);
  /// Sums at queries first, … of one input, in any order.
  ptrdiff_t (*line_evaluate)(
      const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t first, ptrdiff_t count,
      int32_t *uncertain);
  /// Adds the keys of records first, …, which all lie in one cell, to its row. Several inputs only.
  void (*cell_moments)(
      const nadaraya_cells *cells, ptrdiff_t first, ptrdiff_t count, const double *records,
      const double *weights, const double *const *columns, double *row, double *masses);
  /// Sums at the queries of records first, …, which all lie in one cell. Several inputs only.
  ptrdiff_t (*cell_evaluate)(
      const nadaraya_cells *cells, const nadaraya_asked *asked, ptrdiff_t cell, ptrdiff_t first,
      ptrdiff_t count, const double *records, int32_t *uncertain);
  /// In each block of terms runs of `length`: to[l][·] += Σₖ matrix[l][k] from[k][·]; terms are a
  /// multiple of 4.
  void (*translate_runs)(
      ptrdiff_t blocks, ptrdiff_t terms, ptrdiff_t length, const double *matrix,
      const double *from, double *to);
  /// Each run of padded terms: to[·] += Σₖ from[k] transposed[k][·].
  void (*translate_powers)(
      ptrdiff_t runs, ptrdiff_t terms, ptrdiff_t padded, const double *transposed,
      const double *from, double *to);
} nadaraya_cell_loops;

/// The largest number of features of a node.
#define NADARAYA_FEATURES 64

/// Monomials of a key's place about a centre: feature 0 is 1, feature i is feature `parents[i]`
/// times variable `factors[i]`, of which there are the d inputs and after them their sum of squares.
typedef struct {
  ptrdiff_t count;
  const ptrdiff_t *parents;
  const ptrdiff_t *factors;
} nadaraya_features;

/// The largest number of queries that walk through a tree together.
#define NADARAYA_GROUP 16

/// For each of a group's queries a bit: whether a node touches its window, and whether the node's
/// moments may be used.
typedef struct {
  uint64_t touched, inside;
} nadaraya_reach;

/// When a node lies outside a window, and when its moments may be used; distances are in bandwidths.
typedef struct {
  ptrdiff_t dimension;
  const double *inverse_bandwidths;
  /// Whether inputs are compared one by one.
  int is_product;
  /// From this distance on the weight is 0, rounding allowed for.
  double edge;
  /// m where the weight is made of (1 − u²)ᵐ; −1 where it is made of 1 − |u|.
  int power;
  /// The largest magnification of rounding errors; 0 where there are no moments.
  double magnification;
  /// A node whose least 1 − u² is no more than this is not inside.
  double margin;
} nadaraya_windows;
/// Sorted keys of one input in blocks, for the engines that sum runs of them.
///
/// Every array holds a number for each key of each block; behind the last key, keys are infinite and
/// the others 0.
typedef struct {
  const double *keys;
  /// Null where all are 1.
  const double *observation_weights;
  ptrdiff_t column_count;
  const double *const *columns;
  /// INT64_MAX for a column whose absolute values are summed, −1 for one that is summed as it is.
  const int64_t *sign_masks;
  double bandwidth, inverse_bandwidth;
  /// A multiple of NADARAYA_CHUNK.
  ptrdiff_t block_length;
} nadaraya_blocks;

#define NADARAYA_CHUNK 32

/// The highest degree of a polynomial, and the distance between its rows of coefficients.
#define NADARAYA_GREATEST_DEGREE 18
#define NADARAYA_POLYNOMIAL_STRIDE 24

/// Adds Σw, Σw·c of each column and Σw² (left alone unless `squares`) of one block of keys to as many
/// sums, each NADARAYA_PADDING partial ones; key `excluded` does not count.
typedef void (*nadaraya_block_sums)(
    const nadaraya_blocks *blocks, double query, ptrdiff_t block, ptrdiff_t excluded, int squares,
    double *sums);

/// Sorted keys of one input, each array padded to whole registers: keys with infinity.
typedef struct {
  const double *keys;
  /// Null where all are 1.
  const double *observation_weights;
  ptrdiff_t column_count;
  const double *const *columns;
  /// Null, or for each column INT64_MAX where absolute values are summed and −1 where not.
  const int64_t *sign_masks;
  double inverse_bandwidth;
  /// The degree of local polynomials, at most NADARAYA_NEAR_DEGREE.
  ptrdiff_t degree;
} nadaraya_line;

#define NADARAYA_NEAR_DEGREE 3
#define NADARAYA_NEAR_CHUNK 256

/// Rows that meet the same keys at a time, and what keys of a softmax are padded to a multiple of.
#define NADARAYA_SOFTMAX_ROWS 4
#define NADARAYA_SOFTMAX_PADDING 16

/// The keys of a softmax, or whatever rows meet. Arrays are padded: log-weights with −∞, log-sums with ∞,
/// the others with 0. What a loop has no use for may be null.
typedef struct {
  /// Padding included.
  ptrdiff_t count;
  ptrdiff_t dimension, column_count;
  /// Whether scores are inner products; otherwise minus half of squared distances.
  int is_product;
  const double *const *places;
  const double *log_weights;
  const double *const *columns;
  /// Of what asks: ln Σ exp, the slope by each pooled column, and their sum of products with those.
  const double *log_sums;
  const double *const *slopes;
  const double *offsets;
} nadaraya_softmax;

/// Rows that meet them: number j of row r is at j * NADARAYA_SOFTMAX_ROWS + r.
typedef struct {
  const double *places, *log_weights, *columns, *log_sums, *slopes, *offsets;
  /// What each row does not meet; −1 for none.
  const ptrdiff_t *excluded;
} nadaraya_softmax_rows;
/// Attention of queries over keys by scale·(q·k), in single precision; arrays are row-major.
typedef struct {
  ptrdiff_t key_count, dimension, column_count;
  const float *queries, *keys, *values;
  /// The scale of the scores over ln 2.
  double scale;
  /// The binary logarithm of what all weights are divided by, so that no sum overflows; negative where
  /// values are so small that products with them would lose digits.
  float reserve;
  /// Above 0: query i attends to keys i − window + 1…i.
  ptrdiff_t window;
  /// Null, or for each key, for each pair by query, whether it is attended to.
  const uint8_t *open_keys, *open_pairs;
} nadaraya_attention;

/// Keys in a block; a multiple of what any instruction set takes at a time.
#define NADARAYA_ATTENTION_KEYS 60

/// The largest number of queries in a group.
#define NADARAYA_ATTENTION_GROUP 64

/// The functions of one instruction set.
typedef struct {
  const char *name;
  int (*is_supported)(void);
  /// K by kernel, multiplied over the inputs.
  nadaraya_per_key product[nadaraya_kernel_count];
  /// K of the one distance ‖(q − k)/h‖ by kernel.
  nadaraya_per_key radial[nadaraya_kernel_count];
  /// The squared distance ‖u‖², u = (q − k)/h.
  nadaraya_per_key squared_distance;
  /// −ln of the Gaussian: ‖u‖²/2.
  nadaraya_per_key half_squared_distance;
  /// −ln of the Laplacian: Σ|uⱼ|, and ‖u‖.
  nadaraya_per_key absolute_distance, distance;
  /// The smallest of the numbers; infinite where there is none.
  double (*smallest)(ptrdiff_t count, const double *x);
  /// weights[i] ← weights[i]·factors[i]
  void (*multiply)(ptrdiff_t count, const double *factors, double *weights);
  /// The Gaussian weights of one input's keys over that of a reference, which is no farther than any
  /// of them.
  void (*gaussian_beside)(const nadaraya_tile *tile, double reference, double *result);
  /// Adds Σw, Σw² (left alone unless `squares`) and Σw·c of each column to sums[0], sums[1],
  /// sums[2 …]; what rounding lost is gathered in `lost`, so that a sum is sums[s] + lost[s].
  void (*accumulate)(
      ptrdiff_t count, const double *weights, ptrdiff_t column_count,
      const double *const *columns, int squares, double *sums, double *lost);
  /// exp(x) for x ≤ 0, for tests; both arrays padded.
  void (*exponential)(ptrdiff_t count, const double *x, double *result);
  /// 2^(−x/16) for x ≥ 0, for tests; both arrays padded.
  void (*decay)(ptrdiff_t count, const double *x, double *result);
  nadaraya_cell_loops cells;
  /// Σ weight·column·feature over a tile whose query is the centre, for each feature; null weights
  /// or column count as ones. The result is padded.
  void (*moments)(
      const nadaraya_tile *tile, const nadaraya_features *features, const double *weights,
      const double *column, double *result);
  /// Adds a node's sums, padded coefficients times padded moments, to `sum_count` times
  /// NADARAYA_PADDING lanes.
  void (*take_node)(
      ptrdiff_t feature_count, const double *coefficients, ptrdiff_t sum_count,
      const double *moments, double *sums);
  /// Adds Σw, Σw·c of each column and, if `squares`, Σw² of a tile to NADARAYA_PADDING lanes each.
  void (*take_keys)(
      ptrdiff_t count, const double *weights, ptrdiff_t column_count,
      const double *const *columns, int squares, double *sums);
  /// How `count` queries stand to a node's box, least coordinates first; input j of query i is
  /// `queries[j * NADARAYA_GROUP + i]`. Bits from `count` on mean nothing.
  nadaraya_reach (*classify)(
      const nadaraya_windows *windows, const double *box, ptrdiff_t count, const double *queries);
  /// Sums over a block of sorted keys by kernel; null for the kernels that have none.
  nadaraya_block_sums block_sums[nadaraya_kernel_count];
  /// The moments Σω((k − anchor)/h)ʲ, j = 0 … degree, of a block, then those of each column; with
  /// `squared` of ω² in place of ω.
  void (*block_moments)(
      const nadaraya_blocks *blocks, ptrdiff_t block, double anchor, ptrdiff_t degree, int squared,
      double *moments);
  /// Adds Σ ω c P(x − t) of each row to a sum of NADARAYA_PADDING partial ones, from rows of
  /// degree + 1 moments in t. Coefficient j of row i of the polynomial is that of xⁱtʲ in P(x − t);
  /// NADARAYA_PADDING doubles may be read behind the last moment.
  void (*evaluate_moments)(
      const double *polynomial, ptrdiff_t degree, double x, const double *moments,
      ptrdiff_t row_count, double *sums);
  /// Adds the Gaussian sums of keys first ..< end, without key `excluded`, to `sums`, and their rounding
  /// errors to `lost`:
  /// Σw, Σw² (left alone unless `squares`), then with u = (k − q)/h Σwuᵃ for a = 1 … 2·degree and for
  /// each column Σwuᵃc for a = 0 … degree. Where `is_anchored`, weights are those over that of a
  /// reference, no farther than any of the keys.
  void (*near_gaussian)(
      const nadaraya_line *line, double query, ptrdiff_t first, ptrdiff_t end, ptrdiff_t excluded,
      int is_anchored, double reference, int squares, double *sums, double *lost);
  /// The same from weights of up to NADARAYA_NEAR_CHUNK keys from a multiple of NADARAYA_PADDING on;
  /// degrees of at least 1.
  void (*near_weighted)(
      const nadaraya_line *line, double query, ptrdiff_t start, ptrdiff_t count, int squares,
      const double *weights, double *sums, double *lost);
  /// Adds rows of degree + 1 moments about an anchor, as moments about a query `x` bandwidths right of
  /// it, to rows of NADARAYA_POLYNOMIAL_STRIDE. Row j of Pascal's triangle, that far from the next,
  /// holds C(b, j) at b.
  void (*shift_moments)(
      const double *triangle, ptrdiff_t degree, double x, const double *moments,
      ptrdiff_t row_count, double *central);
  /// For each of NADARAYA_SOFTMAX_ROWS rows the largest score, then relative to its exponential Σw, Σw²
  /// (0 unless `squares`) and Σwc of each column.
  void (*softmax_sums)(
      const nadaraya_softmax *keys, const double *places, const ptrdiff_t *excluded, int squares,
      double *sums);
  /// The gradient with respect to the places of the rows, given the gradient with respect to the pooled
  /// columns: `asks` adds the rows' part as queries of the others, `answers` their part as keys of the
  /// others; both at once only for distances.
  void (*softmax_slopes)(
      const nadaraya_softmax *others, const nadaraya_softmax_rows *rows, int asks, int answers,
      double *result);
  /// Adds Σw, Σw² and −Σ w ln w of a tile to three sums, and what rounding loses to `lost`; −ln w where
  /// it is known, finite where w is 0, otherwise null. Arrays are padded, weights with 0.
  void (*row_sums)(
      ptrdiff_t count, const double *weights, const double *negative_logs, double *sums,
      double *lost);
  /// The Gaussian with −ln of it, which is 0 instead where it would leave the range of doubles.
  void (*gaussian_with_logs)(
      const nadaraya_tile *tile, double *result, double *negative_logs);
  /// Writes the estimates of queries first, …, NaN for one that attends to no key, and the sums of
  /// their weights over the largest's, which are 0 there. Scratch is room for as many floats as
  /// inputs, columns and NADARAYA_ATTENTION_KEYS, times NADARAYA_ATTENTION_GROUP.
  void (*attend)(
      const nadaraya_attention *attention, ptrdiff_t first, ptrdiff_t count, float *scratch,
      float *results, float *totals);
  /// 2^x for x ≤ 0, for tests; both arrays padded to 2·NADARAYA_PADDING.
  void (*powers_of_two)(ptrdiff_t count, const float *x, float *result);
  /// Both at once of points that meet each other under distances: columns and features are those whose
  /// product, times exp(score − half of both log-sums), is the slope by a score; log-sums are halves.
  void (*softmax_mutual_slopes)(
      const nadaraya_softmax *others, const double *places, const double *half_log_sums,
      const double *features, const ptrdiff_t *excluded, double *result);
} nadaraya_instruction_set;

/// The instruction sets compiled for this architecture, narrowest first.
const nadaraya_instruction_set *const *nadaraya_instruction_sets(ptrdiff_t *count);

#endif
