// Pairs of keys and a few queries close to each other. Included by body.h.
//
// Goals, in order: (1) a weight is as accurate as that of the direct engine but for its exponent, whose
// inputs are divided by their bandwidths first; (2) no pass through memory: the queries lie across the
// lanes, keys are read one by one, and all sums stay in registers.
//
// Sums of one run of keys are added up by themselves, which keeps rounding errors to those of some
// hundreds of terms.

#define BUCKET_MOMENTS 9

// The sums of one segment, added to those of other segments; `tested` where a query may leave a key out.
INLINE void bucket_segment(
    const nadaraya_buckets *b, ptrdiff_t first, ptrdiff_t end, const double *queries,
    const int64_t *own, const int tested, int squares, double *sums, const int dimension,
    const int degree, const int columns) {
  const int several = columns < 0;
  const int moments = degree > 0 ? dimension + dimension * (dimension + 1) / 2 : 0;
  const int some = degree > 0 ? dimension + 1 : 1;
  const int width = some + 1;
  lanes q[3], scale[3];
  for (int j = 0; j < dimension; j++) {
    q[j] = load(queries + j * NADARAYA_BUCKET_QUERIES);
    scale[j] = constant(b->inverse_bandwidths[j]);
  }
  mask left_out = {0};
  if (tested) left_out = *(const mask *)own;
  lanes weight = ZERO, square = ZERO, moment[BUCKET_MOMENTS], value[2 * 5];
  for (int a = 0; a < moments; a++) moment[a] = ZERO;
  if (!several)
    for (int a = 0; a < columns * width; a++) value[a] = ZERO;
  const double *weights = b->observation_weights;
  for (ptrdiff_t i = first; i < end; i++) {
    lanes u[3];
    for (int j = 0; j < dimension; j++) u[j] = (constant(b->keys[j][i]) - q[j]) * scale[j];
    lanes s = u[0] * u[0];
    for (int j = 1; j < dimension; j++) s = plus_square(s, u[j]);
    lanes w = decay(s * (SIXTEENTHS_PER_E / 2));
    if (weights) w = w * weights[i];
    if (tested) w = where(left_out != (int64_t)i, w);
    weight = weight + w;
    if (squares) square = square + w * w;
    lanes wu[3];
    if (degree > 0) {
      for (int j = 0; j < dimension; j++) {
        wu[j] = w * u[j];
        moment[j] = moment[j] + wu[j];
      }
      for (int j = 0, a = dimension; j < dimension; j++)
        for (int k = j; k < dimension; k++, a++) moment[a] = moment[a] + wu[j] * u[k];
    }
    if (several) {
      double *to = sums + (2 + moments) * NADARAYA_BUCKET_QUERIES;
      for (ptrdiff_t c = 0; c < b->column_count; c++, to += width * NADARAYA_BUCKET_QUERIES) {
        double y = b->columns[c][i];
        store(to, load(to) + w * y);
        if (degree > 0)
          for (int j = 0; j < dimension; j++) {
            double *place = to + (1 + j) * NADARAYA_BUCKET_QUERIES;
            store(place, load(place) + wu[j] * y);
          }
        double *size = to + some * NADARAYA_BUCKET_QUERIES;
        store(size, load(size) + w * __builtin_fabs(y));
      }
    } else {
      for (int c = 0; c < columns; c++) {
        double y = b->columns[c][i];
        lanes *v = value + c * width;
        v[0] = v[0] + w * y;
        if (degree > 0)
          for (int j = 0; j < dimension; j++) v[1 + j] = v[1 + j] + wu[j] * y;
        v[some] = v[some] + w * __builtin_fabs(y);
      }
    }
  }
#define INTO(X)                         \
  {                                     \
    store(sums, load(sums) + (X));      \
    sums += NADARAYA_BUCKET_QUERIES;    \
  }
  INTO(weight)
  INTO(square)
  for (int a = 0; a < moments; a++) INTO(moment[a])
  if (!several)
    for (int a = 0; a < columns * width; a++) INTO(value[a])
#undef INTO
}

INLINE void bucket_sums_of(
    const nadaraya_buckets *b, ptrdiff_t run_count, const nadaraya_run *runs,
    const double *queries, const int64_t *own, nadaraya_run own_run, int squares, double *sums,
    const int dimension, const int degree, const int columns) {
  for (ptrdiff_t part = 0; part < NADARAYA_BUCKET_QUERIES; part += LANES) {
    for (ptrdiff_t r = 0; r < run_count; r++) {
      ptrdiff_t first = runs[r].first, end = runs[r].end;
      ptrdiff_t from = own_run.first > first ? own_run.first : first;
      ptrdiff_t to = own_run.end < end ? own_run.end : end;
#define SEGMENT(FIRST, END, TESTED)                                                             \
  bucket_segment(                                                                               \
      b, FIRST, END, queries + part, own + part, TESTED, squares, sums + part, dimension,       \
      degree, columns)
      if (from < to) {
        SEGMENT(from, to, 1);
        if (first < from) SEGMENT(first, from, 0);
        first = to;
      }
      if (first < end) SEGMENT(first, end, 0);
#undef SEGMENT
    }
  }
}

static void bucket_sums(
    const nadaraya_buckets *b, ptrdiff_t run_count, const nadaraya_run *runs,
    const double *queries, const int64_t *own, nadaraya_run own_run, int squares, double *sums) {
  const ptrdiff_t d = b->dimension;
  ptrdiff_t moments = b->degree > 0 ? d + d * (d + 1) / 2 : 0;
  ptrdiff_t width = b->degree > 0 ? d + 2 : 2;
  ptrdiff_t count = (2 + moments + b->column_count * width) * NADARAYA_BUCKET_QUERIES;
  for (ptrdiff_t i = 0; i < count; i += LANES) store(sums + i, ZERO);
#define BUCKETS(DIMENSION, DEGREE, COLUMNS)                                                      \
  bucket_sums_of(                                                                                \
      b, run_count, runs, queries, own, own_run, squares, sums, DIMENSION, DEGREE, COLUMNS)
#define BY_COLUMNS(DIMENSION, DEGREE)                        \
  switch (b->column_count) {                                 \
    case 0: return BUCKETS(DIMENSION, DEGREE, 0);            \
    case 1: return BUCKETS(DIMENSION, DEGREE, 1);            \
    case 2: return BUCKETS(DIMENSION, DEGREE, 2);            \
    default: return BUCKETS(DIMENSION, DEGREE, -1);          \
  }
  if (d == 2) {
    if (b->degree == 0) BY_COLUMNS(2, 0)
    BY_COLUMNS(2, 1)
  }
  if (b->degree == 0) BY_COLUMNS(3, 0)
  BY_COLUMNS(3, 1)
#undef BY_COLUMNS
#undef BUCKETS
}
