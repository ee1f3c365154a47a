// Attention by dot products in single precision.

#ifndef NADARAYA_ATTENTION_H
#define NADARAYA_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

#include "tiles.h"

/// Attention of queries over keys by scale·(q·k), in single precision. Arrays are row-major.
typedef struct {
  ptrdiff_t key_count, dimension, column_count;
  const float *queries, *keys, *values;
  /// The scale of the scores over ln 2.
  double scale;
  /// The binary logarithm of a number by which all weights are divided, so that no sum overflows;
  /// negative if values are so small that their products with weights would lose digits.
  float reserve;
  /// Above 0: query i attends to keys i − window + 1…i.
  ptrdiff_t window;
  /// Whether each key, and each pair by query, is attended to; null for no such mask.
  const uint8_t *open_keys, *open_pairs;
} nadaraya_attention;

/// Keys in a block; a multiple of the numbers that the instruction sets take at a time.
#define NADARAYA_ATTENTION_KEYS 60

/// The largest number of queries in a group.
#define NADARAYA_ATTENTION_GROUP 64

/// The loops of attention.
typedef struct {
  /// Writes the estimates of queries first, … and the sums of their weights relative to the largest;
  /// NaN and 0 for a query that attends to no key. `scratch` has room for NADARAYA_ATTENTION_GROUP
  /// times as many floats as inputs, columns and NADARAYA_ATTENTION_KEYS together.
  void (*attend)(
      const nadaraya_attention *attention, ptrdiff_t first, ptrdiff_t count, float *scratch,
      float *results, float *totals);
  /// 2^x for x ≤ 0, for tests; both arrays padded to 2·NADARAYA_PADDING.
  void (*powers_of_two)(ptrdiff_t count, const float *x, float *result);
} nadaraya_attention_loops;

#endif
