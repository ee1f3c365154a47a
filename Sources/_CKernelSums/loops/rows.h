// What a row of attention is like: Σw, Σw² and −Σ w ln w of a tile. And a smoother's row.
//
// Goals, in order: (1) each term of the last is as exact as w; (2) a weight of 0 adds 0; (3) no more
// time than the weights themselves take.
//
// The Gaussian knows −ln w before it knows w, so that nothing but a product is left to be done. For the
// others
//
//     ln x = k·ln 2 + ln(1 + f),   √½ ≤ 1 + f < √2,
//     ln(1 + f) = f − (f²/2 − s·(f²/2 + R(s²))),   s = f/(2 + f)
//
// with R the polynomial of degree 7 in s² that is the best on the interval, error below 2^−58.45.
//
// Source: K.-C. Ng, e_log.c of FDLIBM, Sun Microsystems (1993).
INLINE lanes logarithm(lanes x) {
  mask bits = (mask)x;
  mask power = (bits - 0x3fe6a09e667f3bcd) & ~(int64_t)0x000fffffffffffff;
  lanes f = (lanes)(bits - power) - 1;
  // The power is below 2¹¹ in magnitude: it is added to the bits of 1.5·2⁵² as a whole number.
  lanes k = (lanes)((power >> 52) + 0x4338000000000000) - 0x1.8p52;
  lanes s = f / (2 + f);
  lanes z = s * s;
  lanes r = 1.479819860511658591e-01 + constant(0);
  r = r * z + 1.531383769920937332e-01;
  r = r * z + 1.818357216161805012e-01;
  r = r * z + 2.222219843214978396e-01;
  r = r * z + 2.857142874366239149e-01;
  r = r * z + 3.999999999940941908e-01;
  r = r * z + 6.666666666666735130e-01;
  lanes half_square = 0.5 * f * f;
  lanes rest = half_square - s * (half_square + z * r);
  return k * 0x1.62e42feep-1 + (f - (rest - k * 0x1.a39ef35793c76p-33));
}

// −x ln x; 0 below the normal numbers.
INLINE lanes entropy_term(lanes x) {
  return where((mask)(x >= 0x1p-1022), -x * logarithm(where((mask)(x >= 0x1p-1022), x)));
}

#define ENTROPY_TERM(I) entropy_term(load(weights + (I)))
SUM(sum_of_entropy_terms, ENTROPY_TERM)

// Adds Σw, Σw² and −Σ w ln w to three sums; the logarithms are taken where they are not given.
static void row_sums(
    ptrdiff_t count, const double *weights, const double *negative_logs, double *sums,
    double *lost) {
  add(sum_of_weights(count, weights, weights), &sums[0], &lost[0]);
  add(sum_of_products(count, weights, weights), &sums[1], &lost[1]);
  add(negative_logs ? sum_of_products(count, weights, negative_logs)
                    : sum_of_entropy_terms(count, weights, weights),
      &sums[2], &lost[2]);
}

// The Gaussian with −ln of it.
static void gaussian_with_logs(
    const nadaraya_tile *tile, double *result, double *negative_logs) {
  double factor = exponents(tile, result);
  double natural = factor * (1 / SIXTEENTHS_PER_E);
  for (ptrdiff_t i = 0; i < tile->count; i += LANES) {
    lanes square = load(result + i);
    lanes logs = square * natural;
    // A square can overflow, and infinity times the weight 0 is no number.
    store(negative_logs + i, where((mask)(logs <= 0x1p1000), logs));
    store(result + i, decay(square * factor));
  }
  clear_padding(tile->count, result);
  clear_padding(tile->count, negative_logs);
}

// A row of a smoother, a key's weight times a polynomial in its distance, and its square. A key without
// weight may be so far that a power is infinite.
INLINE void store_row(lanes weight, lanes polynomial, double *result, double *squares) {
  lanes row = where((mask)(weight != 0), weight * polynomial);
  store(result, row);
  store(squares, row * row);
}

static void row_polynomial(
    const nadaraya_tile *tile, const nadaraya_features *monomials, const double *coefficients,
    const double *weights, double *result, double *squares) {
  ptrdiff_t count = monomials->count;
  if (tile->dimension == 1) {
    for (ptrdiff_t i = 0; i < tile->count; i += LANES) {
      lanes u = -scaled(tile, 0, i);
      lanes p = constant(coefficients[count - 1]);
      for (ptrdiff_t a = count - 2; a >= 0; a--) p = p * u + coefficients[a];
      store_row(load(weights + i), p, result + i, squares + i);
    }
  } else {
    lanes power[count], variables[tile->dimension];
    power[0] = ONE;
    for (ptrdiff_t i = 0; i < tile->count; i += LANES) {
      for (ptrdiff_t j = 0; j < tile->dimension; j++) variables[j] = -U;
      lanes p = constant(coefficients[0]);
      for (ptrdiff_t a = 1; a < count; a++) {
        power[a] = power[monomials->parents[a]] * variables[monomials->factors[a]];
        p = p + coefficients[a] * power[a];
      }
      store_row(load(weights + i), p, result + i, squares + i);
    }
  }
  clear_padding(tile->count, result);
  clear_padding(tile->count, squares);
}
