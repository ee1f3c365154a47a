// 2^(−x/16), what the weights that decay are made of.
//
// Goals, in order: (1) about one unit in the last place, so that a weight is as good as its
// exponent, and exactly 1 at 0; (2) as few operations as can be, since this is most of what a pair
// costs.
//
// x = n + r with n whole and |r| ≤ 1/2, both exact, and n = 16e + i with 0 ≤ i < 16, so that
//
//     2^(−x/16) = s + s·(2^(−r/16) − 1),     s = 2^(−e)·2^(−i/16)
//
// s is one look-up and one addition of whole numbers: the table holds the bits of 2^(i/16) less
// i·2⁴⁸, and −n·2⁴⁸ carries the rest of i over into the exponent. 2^(r/16) − 1 is r times the
// polynomial of degree 5 that is the best for relative error (2^−56.9, by Remez exchange). The
// error is below 1.2 units in the last place: half for the last step, 0.49 for the table, 0.07 for
// the polynomial, the rest for the roundings of the small term (1.13 measured without fused
// operations). Counting in sixteenths lets callers fold 16/ln 2 into the factor that they multiply
// by anyway; a table of 32 would save one step more, but two registers hold 16.
//
// Above 16·1021, where the result would leave the normal range, it is 0: a sum that small is
// computed anew, anchored.
//
// Source: P.-T. P. Tang, Table-driven implementation of the exponential function in IEEE
// floating-point arithmetic, ACM Transactions on Mathematical Software 15 (1989),
// doi:10.1145/63522.214389.

#define SIXTEENTHS_PER_E 0x1.71547652b82fep+4

static const int64_t sixteenths[16] __attribute__((aligned(64))) = {
    0x3ff0000000000000, 0x3fefb5586cf9890f, 0x3fef72b83c7d517b, 0x3fef387a6e756238,
    0x3fef06fe0a31b715, 0x3feedea64c123422, 0x3feebfdad5362a27, 0x3feeab07dd485429,
    0x3feea09e667f3bcd, 0x3feea11473eb0187, 0x3feeace5422aa0db, 0x3feec49182a3f090,
    0x3feee89f995ad3ad, 0x3fef199bdd85529c, 0x3fef5818dcfba487, 0x3fefa4afa2a490da};

// Compilers see no look-up in two registers behind the loop below.
INLINE mask sixteenth(mask i) {
#if LANES == 8
  return (mask)_mm512_permutex2var_epi64(
      *(const __m512i *)sixteenths, (__m512i)i, *(const __m512i *)(sixteenths + 8));
#else
  mask result;
  for (int l = 0; l < LANES; l++) result[l] = sixteenths[i[l] & 15];
  return result;
#endif
}

INLINE lanes decay(lanes x) {
  lanes shifted = 0x1.8p52 - x;
  lanes r = (0x1.8p52 - shifted) - x;
  lanes p = r * 0x1.430818ad7e408p-37 + 0x1.5d89bdcd05e5dp-30;
  p = p * r + 0x1.3b2ab6fe272c2p-23;
  p = p * r + 0x1.c6b08d6e8ba07p-17;
  p = p * r + 0x1.ebfbdff82c553p-11;
  p = p * r + 0x1.62e42fefa39fdp-5;
  lanes s = (lanes)(sixteenth((mask)shifted) + ((mask)shifted << 48));
  return where(~(mask)(x > 16 * 1021.0), s + s * (p * r));
}
