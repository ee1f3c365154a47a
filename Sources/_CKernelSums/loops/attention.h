// Attention by dot products in single precision, without the matrix of scores.
//
// Goals, in order: (1) every row as accurate as single precision allows, whatever the size of its
// scores: they are relative to the largest, and weights are summed in runs; (2) the speed of a matrix
// product: nearly all of the work is q·k; (3) memory for tiles alone: keys and values are read where
// they are.
//
// A group of queries lies across the lanes of GROUP_VECTORS registers, each of its coordinates, times
// scale/ln 2, stored in a run. Blocks of keys pass by it, and for each block
//
//     scores    GROUP_KEYS keys at a time, all their sums in registers: a coordinate of a key is
//               broadcast to all queries and needs no order of its own
//     weights   2^(score − largest), where `largest` is that of all keys so far (Milakov and
//               Gimelshein): where a block raises it, what was summed before is scaled down
//     values    four columns at a time, all sums in registers again
//
// Nothing is ever summed across lanes, and any number of keys and columns fits without padding. What a
// query's row comes to does not depend on the others in its group: blocks begin at multiples of their
// length, and keys that a query does not attend to have weight 0.
//
// With 32 registers 6 keys by 4 registers leave room for the operands; with 16, 5 by 2 do (4 by 3
// makes compilers move registers about). A block's tile of scores stays in the first-level cache.
// A sum over n keys errs by no more than its run and the number of runs, 60 + n/60 roundings.
//
// 2^x is 2^n·2^r, n whole and |r| ≤ 1/2, 2^r a polynomial of degree 6 with relative error 2^−28.3 that is
// 1 at 0, so that the largest weight is exactly 1; with its roundings the error is below 2 units in the
// last place. Below 2^−125 it is 0: numbers without all their digits slow processors down.
//
// Source: M. Milakov and N. Gimelshein, Online normalizer calculation for softmax (2018),
// arXiv:1805.02867; T. Dao, D. Fu, S. Ermon, A. Rudra and C. Ré, FlashAttention, Advances in Neural
// Information Processing Systems 35 (2022), arXiv:2205.14135.

typedef float floats __attribute__((vector_size(LANES * 8), aligned(4), may_alias));
typedef int32_t float_mask __attribute__((vector_size(LANES * 8), aligned(4), may_alias));

#define FLOATS (2 * LANES)
#if LANES == 8
#define GROUP_VECTORS 4
#define GROUP_KEYS 6
#else
#define GROUP_VECTORS 2
#define GROUP_KEYS 5
#endif
#define GROUP (GROUP_VECTORS * FLOATS)
#define UNROLLED _Pragma("clang loop unroll(full)")

// Less than any score that counts, and finite, so that −∞ less this is −∞.
#define NO_SCORE (-0x1.fffffep127f)

INLINE floats load_floats(const float *p) { return *(const floats *)p; }
INLINE void store_floats(float *p, floats x) { *(floats *)p = x; }
INLINE floats all_of(float x) { return x - (floats){0}; }
INLINE floats larger_of(floats x, floats y) {
  float_mask m = x > y;
  return (floats)(((float_mask)x & m) | ((float_mask)y & ~m));
}

// 2^x for x ≤ 126.
INLINE floats power_of_two(floats x) {
#if LANES == 8
  floats n = (floats)_mm512_roundscale_ps(
      (__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
  floats shifted = x + 0x1.8p23f;
  floats n = shifted - 0x1.8p23f;
#endif
  floats r = x - n;
  floats p = r * 0x1.416b54p-13f + 0x1.5f083p-10f;
  p = p * r + 0x1.3b2de0p-7f;
  p = p * r + 0x1.c6af7cp-5f;
  p = p * r + 0x1.ebfbdcp-3f;
  p = p * r + 0x1.62e430p-1f;
  p = p * r + 1.0f;
#if LANES == 8
  __mmask16 counts = _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(-125), _CMP_GE_OQ);
  return (floats)_mm512_maskz_scalef_ps(counts, (__m512)p, (__m512)n);
#else
  floats y = (floats)((float_mask)p + ((float_mask)shifted << 23));
  return (floats)((float_mask)y & (x >= -125.0f));
#endif
}

// The scores of `count` keys, and the largest with those so far.
INLINE void scores_of(
    const int count, const int vectors, ptrdiff_t dimension, const float *queries, const float *keys, float *scores,
    floats *largest) {
  floats sums[GROUP_KEYS][GROUP_VECTORS];
  UNROLLED for (int i = 0; i < count; i++)
    UNROLLED for (int v = 0; v < vectors; v++) sums[i][v] = all_of(0);
  for (ptrdiff_t j = 0; j < dimension; j++) {
    floats row[GROUP_VECTORS];
    UNROLLED for (int v = 0; v < vectors; v++)
      row[v] = load_floats(queries + j * GROUP + v * FLOATS);
    UNROLLED for (int i = 0; i < count; i++) {
      floats key = all_of(keys[i * dimension + j]);
      UNROLLED for (int v = 0; v < vectors; v++) sums[i][v] = sums[i][v] + key * row[v];
    }
  }
  UNROLLED for (int v = 0; v < vectors; v++)
    UNROLLED for (int i = 0; i < count; i++) {
      store_floats(scores + i * GROUP + v * FLOATS, sums[i][v]);
      largest[v] = larger_of(sums[i][v], largest[v]);
    }
}

// Adds weights times `width` columns of values, rows of which are `stride` apart.
INLINE void pool(
    const int width, const int vectors, ptrdiff_t count, const float *weights, ptrdiff_t stride, const float *values,
    float *pooled) {
  floats sums[4][GROUP_VECTORS];
  UNROLLED for (int c = 0; c < width; c++)
    UNROLLED for (int v = 0; v < vectors; v++) sums[c][v] = all_of(0);
  for (ptrdiff_t i = 0; i < count; i++) {
    floats row[GROUP_VECTORS];
    UNROLLED for (int v = 0; v < vectors; v++)
      row[v] = load_floats(weights + i * GROUP + v * FLOATS);
    UNROLLED for (int c = 0; c < width; c++) {
      floats value = all_of(values[i * stride + c]);
      UNROLLED for (int v = 0; v < vectors; v++) sums[c][v] = sums[c][v] + value * row[v];
    }
  }
  UNROLLED for (int c = 0; c < width; c++)
    UNROLLED for (int v = 0; v < vectors; v++) {
      float *place = pooled + c * GROUP + v * FLOATS;
      store_floats(place, load_floats(place) + sums[c][v]);
    }
}

INLINE void pool_columns(
    const int vectors, ptrdiff_t count, const float *weights, ptrdiff_t columns,
    const float *values, float *pooled) {
  ptrdiff_t c = 0;
  for (; c + 4 <= columns; c += 4)
    pool(4, vectors, count, weights, columns, values + c, pooled + c * GROUP);
  switch (columns - c) {
  case 3: pool(3, vectors, count, weights, columns, values + c, pooled + c * GROUP); break;
  case 2: pool(2, vectors, count, weights, columns, values + c, pooled + c * GROUP); break;
  case 1: pool(1, vectors, count, weights, columns, values + c, pooled + c * GROUP); break;
  }
}

// Whether some query of the group does not attend to some key of a block that has neither mask.
static int is_cut(
    const nadaraya_attention *a, ptrdiff_t first, ptrdiff_t count, ptrdiff_t start,
    ptrdiff_t length) {
  return a->window > 0 &&
         (start + length > first + 1 || start <= first + count - 1 - a->window);
}

// Takes away the scores of keys that a query does not attend to, and looks for the largest anew.
static void close_scores(
    const nadaraya_attention *a, ptrdiff_t first, ptrdiff_t count, ptrdiff_t start,
    ptrdiff_t length, float *scores, floats *largest) {
  int is_by_pair = a->open_pairs || is_cut(a, first, count, start, length);
  for (ptrdiff_t i = 0; i < length; i++) {
    float *row = scores + i * GROUP;
    ptrdiff_t key = start + i;
    if (a->open_keys && !a->open_keys[key]) {
      for (int v = 0; v < GROUP_VECTORS; v++)
        store_floats(row + v * FLOATS, all_of(-__builtin_inff()));
      continue;
    }
    for (ptrdiff_t l = 0; is_by_pair && l < count; l++) {
      ptrdiff_t query = first + l;
      int is_open = a->window == 0 || (key <= query && key > query - a->window);
      if (a->open_pairs) is_open &= a->open_pairs[query * a->key_count + key];
      if (!is_open) row[l] = -__builtin_inff();
    }
    for (int v = 0; v < GROUP_VECTORS; v++)
      largest[v] = larger_of(load_floats(row + v * FLOATS), largest[v]);
  }
}

INLINE void attend_group(
    const int vectors, const nadaraya_attention *a, ptrdiff_t first, ptrdiff_t count, float *scratch, float *results,
    float *totals) {
  ptrdiff_t dimension = a->dimension, columns = a->column_count;
  float *queries = scratch;
  float *scores = queries + dimension * GROUP;
  float *pooled = scores + NADARAYA_ATTENTION_KEYS * GROUP;
  for (ptrdiff_t j = 0; j < dimension; j++)
    for (ptrdiff_t l = 0; l < vectors * FLOATS; l++)
      queries[j * GROUP + l] =
          l < count ? (float)(a->queries[(first + l) * dimension + j] * a->scale) : 0;
  for (ptrdiff_t i = 0; i < columns * GROUP; i++) pooled[i] = 0;
  floats largest[GROUP_VECTORS], total[GROUP_VECTORS];
  for (int v = 0; v < vectors; v++) largest[v] = all_of(NO_SCORE), total[v] = all_of(0);

  ptrdiff_t start = 0, end = a->key_count;
  if (a->window > 0) {
    if (first + 1 > a->window) start = first + 1 - a->window;
    start -= start % NADARAYA_ATTENTION_KEYS;
    if (end > first + count) end = first + count;
  }
  for (; start < end; start += NADARAYA_ATTENTION_KEYS) {
    ptrdiff_t length = end - start;
    if (length > NADARAYA_ATTENTION_KEYS) length = NADARAYA_ATTENTION_KEYS;
    const float *keys = a->keys + start * dimension;
    floats next[GROUP_VECTORS];
    for (int v = 0; v < vectors; v++) next[v] = largest[v];
    ptrdiff_t i = 0;
    for (; i + GROUP_KEYS <= length; i += GROUP_KEYS)
      scores_of(
          GROUP_KEYS, vectors, dimension, queries, keys + i * dimension, scores + i * GROUP, next);
    for (; i < length; i++)
      scores_of(1, vectors, dimension, queries, keys + i * dimension, scores + i * GROUP, next);
    if (a->open_keys || a->open_pairs || is_cut(a, first, count, start, length)) {
      for (int v = 0; v < vectors; v++) next[v] = largest[v];
      close_scores(a, first, count, start, length, scores, next);
    }
    for (int v = 0; v < vectors; v++) {
      float_mask raised = next[v] > largest[v];
      int is_raised = 0;
      for (int l = 0; l < FLOATS; l++) is_raised |= raised[l];
      if (is_raised) {
        floats factor = power_of_two(largest[v] - next[v]);
        total[v] = total[v] * factor;
        for (ptrdiff_t c = 0; c < columns; c++) {
          float *place = pooled + c * GROUP + v * FLOATS;
          store_floats(place, load_floats(place) * factor);
        }
        largest[v] = next[v];
      }
      floats sum = all_of(0);
      for (i = 0; i < length; i++) {
        float *place = scores + i * GROUP + v * FLOATS;
        floats weight = power_of_two((load_floats(place) - largest[v]) - a->reserve);
        store_floats(place, weight);
        sum = sum + weight;
      }
      total[v] = total[v] + sum;
    }
    pool_columns(vectors, length, scores, columns, a->values + start * columns, pooled);
  }
  for (ptrdiff_t l = 0; l < count; l++) {
    totals[l] = total[l / FLOATS][l % FLOATS];
    for (ptrdiff_t c = 0; c < columns; c++)
      results[l * columns + c] = pooled[c * GROUP + l] / totals[l];
  }
}

static void attend_many(
    const nadaraya_attention *a, ptrdiff_t first, ptrdiff_t count, float *scratch, float *results,
    float *totals) {
  attend_group(GROUP_VECTORS, a, first, count, scratch, results, totals);
}

// A few queries fit one register.
static void attend_few(
    const nadaraya_attention *a, ptrdiff_t first, ptrdiff_t count, float *scratch, float *results,
    float *totals) {
  attend_group(1, a, first, count, scratch, results, totals);
}

static void attend(
    const nadaraya_attention *a, ptrdiff_t first, ptrdiff_t count, float *scratch, float *results,
    float *totals) {
  for (ptrdiff_t i = 0; i < count; i += GROUP) {
    ptrdiff_t length = count - i < GROUP ? count - i : GROUP;
    (length > FLOATS ? attend_many : attend_few)(
        a, first + i, length, scratch, results + i * a->column_count, totals + i);
  }
}

static void powers_of_two(ptrdiff_t count, const float *x, float *result) {
  for (ptrdiff_t i = 0; i < count; i += FLOATS)
    store_floats(result + i, power_of_two(load_floats(x + i)));
}
