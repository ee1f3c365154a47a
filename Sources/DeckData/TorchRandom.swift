/// The random numbers that torch draws on a CPU after `torch.manual_seed(seed)`.
///
/// A value of this type replaces torch's default generator: calls of ``rand(_:)`` and ``randn(_:)`` in
/// the order of a notebook's calls give the notebook's numbers.
///
/// ## Accuracy
/// Uniform numbers equal torch's to the bit. Normal numbers come from the same words by the same steps
/// in the same precision, but on x86 torch uses its own polynomials for ln, sin and cos, so they agree
/// to a few units in the last place of a `Float`.
///
/// ## Source
/// PyTorch 2.13, `aten/src/ATen/core/DistributionsHelper.h`, `native/cpu/DistributionTemplates.h`.
package struct TorchRandom: Sendable {
  var words: MersenneTwister

  /// The second half of the last pair of normal numbers drawn one at a time, kept until a later draw
  /// uses it, even in a later call, as in torch.
  var pendingNormal: Double?

  /// Starts the sequence of `torch.manual_seed(seed)`.
  ///
  /// - Parameter seed: any integer. Only its low 32 bits count, in two's complement if it is negative,
  ///   so seeds that differ by a multiple of 2³² give the same numbers.
  /// - Complexity: O(1), a few hundred steps.
  package init(seed: some BinaryInteger) {
    words = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
  }

  /// Draws what `torch.rand(count)` draws: uniform numbers on [0, 1), each a multiple of 2⁻²⁴.
  ///
  /// ```
  /// (word mod 2²⁴) · 2⁻²⁴
  /// ```
  ///
  /// - Parameter count: how many, at least 0.
  /// - Returns: `count` numbers.
  /// - Complexity: O(`count`); takes `count` words.
  package mutating func rand(_ count: Int) -> [Float] {
    precondition(count >= 0, "rand needs a count of at least 0, not \(count)")
    var numbers: [Float] = []
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(nextUniform()) }
    return numbers
  }

  mutating func nextUniform() -> Float {
    Float(words.next() & 0xff_ffff) * 0x1p-24
  }

  /// A uniform number on [0, 1) with 53 bits, from two words, the high one first.
  mutating func nextWideUniform() -> Double {
    let high = UInt64(words.next())
    let low = UInt64(words.next())
    return Double((high << 32 | low) & (1 << 53 - 1)) * 0x1p-53
  }
}
