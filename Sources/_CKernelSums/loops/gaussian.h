// The Gaussian, exp(−‖u‖²/2), in two passes over a tile: squared distances, then weights.
//
// Goals, in order: (1) a weight is as accurate as its exponent; (2) a change of units by a power of
// two changes no bit; (3) speed in several inputs, where a pair costs little but its distance.
//
// Two short loops keep more of the processor busy than one long one, for which no compiler finds
// registers enough; to add the weights up in the second saves nothing over `accumulate`. Where all
// inputs share a bandwidth, it is divided out once for each key instead of once for each input:
// ‖u‖² = Σ(q − k)²/h², whose differences carry one rounding and not three. Scaling the keys
// beforehand would do the same for bandwidths of any kind, and was rejected: the difference of two
// rounded quotients q/h − k/h loses digits where they are large.

// Adds the squares of `count` inputs, from `first` on, to what is there; four registers of keys at
// a time, which hides the latency of the additions. Differences of query and key count as they
// are, or multiplied by `power`, or where that is 0 by 1/h of their input.
INLINE void add_squares(
    const nadaraya_tile *restrict tile, int is_scaled, double power, ptrdiff_t first,
    ptrdiff_t count, double *restrict result) {
  lanes q[8], scale[8];
  const double *k[8];
  for (ptrdiff_t j = 0; j < count; j++) {
    q[j] = constant(tile->query[first + j]);
    k[j] = tile->keys[first + j];
    scale[j] = constant(power > 0 ? power : tile->inverse_bandwidths[first + j]);
  }
#define DIFFERENCE(J, I) \
  (is_scaled ? (q[J] - load(k[J] + (I))) * scale[J] : q[J] - load(k[J] + (I)))
#define START(I) (first == 0 ? ZERO : load(result + (I)))
  ptrdiff_t i = 0;
  for (; i + 4 * LANES <= tile->count; i += 4 * LANES) {
    lanes a0 = START(i), a1 = START(i + LANES);
    lanes a2 = START(i + 2 * LANES), a3 = START(i + 3 * LANES);
    for (ptrdiff_t j = 0; j < count; j++) {
      a0 = plus_square(a0, DIFFERENCE(j, i));
      a1 = plus_square(a1, DIFFERENCE(j, i + LANES));
      a2 = plus_square(a2, DIFFERENCE(j, i + 2 * LANES));
      a3 = plus_square(a3, DIFFERENCE(j, i + 3 * LANES));
    }
    store(result + i, a0);
    store(result + i + LANES, a1);
    store(result + i + 2 * LANES, a2);
    store(result + i + 3 * LANES, a3);
  }
  for (; i < tile->count; i += LANES) {
    lanes a = START(i);
    for (ptrdiff_t j = 0; j < count; j++) a = plus_square(a, DIFFERENCE(j, i));
    store(result + i, a);
  }
}

// Up to eight inputs at a time, each number of them compiled by itself: the query then stays in
// registers, which in eight inputs saves a third of the pass.
INLINE void squares(
    const nadaraya_tile *tile, int is_scaled, double power, double *result) {
  for (ptrdiff_t first = 0; first < tile->dimension; first += 8) {
    ptrdiff_t count = tile->dimension - first;
    switch (count < 8 ? count : 8) {
    case 1: add_squares(tile, is_scaled, power, first, 1, result); break;
    case 2: add_squares(tile, is_scaled, power, first, 2, result); break;
    case 3: add_squares(tile, is_scaled, power, first, 3, result); break;
    case 4: add_squares(tile, is_scaled, power, first, 4, result); break;
    case 5: add_squares(tile, is_scaled, power, first, 5, result); break;
    case 6: add_squares(tile, is_scaled, power, first, 6, result); break;
    case 7: add_squares(tile, is_scaled, power, first, 7, result); break;
    case 8: add_squares(tile, is_scaled, power, first, 8, result); break;
    }
  }
}

// The power of two below a normal number.
INLINE double binade(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits &= 0x7ff0000000000000;
  __builtin_memcpy(&x, &bits, sizeof bits);
  return x;
}

// Fills `result` with numbers that `decay` takes once they are multiplied by the factor returned.
//
// A square in the units of the keys may leave the range of doubles only where the weight is the
// same 0 or 1 anyway: with h within 2^±460, one that underflows is of a distance below 10⁻²⁰
// bandwidths, one that overflows of a distance above 10¹⁵. Other bandwidths are brought to [1, 2)
// by a power of two, which gives the same bits.
static double exponents(const nadaraya_tile *tile, double *result) {
  double h = tile->shared_bandwidth;
  if (h > 0x1p-460 && h < 0x1p460) {
    squares(tile, 0, 1, result);
  } else {
    double power = h > 0 ? 1 / binade(h) : 0;
    squares(tile, 1, power, result);
    h = h > 0 ? h * power : 1;
  }
  return SIXTEENTHS_PER_E / 2 / (h * h);
}

static void gaussian(const nadaraya_tile *tile, double *result) {
  double factor = exponents(tile, result);
  for (ptrdiff_t i = 0; i < tile->count; i += LANES)
    store(result + i, decay(load(result + i) * factor));
  clear_padding(tile->count, result);
}

// The weights of keys over that of a reference, in one input: with a = r − k and b = (q − k) + (q − r)
//
//     −((q − k)² − (q − r)²)/2h² = −ab/2h²
//
// whose relative error is a few units in the last place however far q lies, since both factors are
// differences of what was given.
static void gaussian_beside(const nadaraya_tile *tile, double reference, double *result) {
  double scale = tile->inverse_bandwidths[0];
  lanes q = constant(tile->query[0]), distance = constant(tile->query[0] - reference);
  for (ptrdiff_t i = 0; i < tile->count; i += LANES) {
    lanes k = load(tile->keys[0] + i);
    lanes a = (constant(reference) - k) * scale, b = ((q - k) + distance) * scale;
    store(result + i, exponential(-0.5 * a * b));
  }
  clear_padding(tile->count, result);
}
