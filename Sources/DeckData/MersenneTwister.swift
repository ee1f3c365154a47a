/// The 32-bit Mersenne Twister MT19937, seeded as its authors' `init_genrand` does.
///
/// The state is n = 624 words of 32 bits. It obeys
///
/// ```
/// x[k+n] = x[k+m] ⊕ twist(upper bit of x[k], lower 31 bits of x[k+1]),   m = 397
/// ```
///
/// and each word is tempered before it is returned. The period is 2¹⁹⁹³⁷ − 1. An adversary can predict
/// the words: do not use this generator for secrets.
///
/// ## Source
/// M. Matsumoto, T. Nishimura, *Mersenne twister: a 623-dimensionally equidistributed uniform
/// pseudo-random number generator*, ACM TOMACS 8(1), 1998,
/// [doi:10.1145/272991.272995](https://doi.org/10.1145/272991.272995); initialisation of
/// 2002-01-26 (`mt19937ar`).
package struct MersenneTwister: Sendable {
  private static let size = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = MersenneTwister.size

  /// Starts the sequence of a seed.
  ///
  /// ```
  /// x[0] = seed,   x[i] = 1812433253 · (x[i−1] ⊕ (x[i−1] >> 30)) + i   (mod 2³²)
  /// ```
  ///
  /// - Parameter seed: any word; equal seeds give equal sequences.
  /// - Complexity: O(624).
  package init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.size)
    for index in 1..<Self.size {
      let previous = state[index - 1]
      state.append(1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index))
    }
  }

  /// Returns the next word of the sequence, uniform on 0 … 2³² − 1.
  ///
  /// - Complexity: O(1) amortised: each 624th call renews the state in O(624).
  package mutating func next() -> UInt32 {
    if position == Self.size { renew() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    word ^= word >> 18
    return word
  }

  /// Replaces all words of the state with their successors.
  private mutating func renew() {
    for index in 0..<Self.size {
      let following = state[(index + 1) % Self.size]
      let joined = (state[index] & 0x8000_0000) | (following & 0x7fff_ffff)
      let twisted = (joined >> 1) ^ (joined & 1 == 0 ? 0 : 0x9908_b0df)
      state[index] = state[(index + Self.middle) % Self.size] ^ twisted
    }
    position = 0
  }
}
