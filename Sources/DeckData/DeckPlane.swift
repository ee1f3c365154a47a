import RealModule

/// Synthetic data in two inputs, only one of which matters.
///
/// ```
/// xᵢ uniform on [0, 5)²;   yᵢ = f(xᵢ₁) + εᵢ,   f(x) = 2 sin x + x,   εᵢ standard normal
/// ```
///
/// The curve and the noise are those of ``Deck``; the second input does not affect the value. A
/// similarity that treats both inputs alike wastes attention on keys that are near only in the second.
package struct DeckPlane: Sendable, Equatable {
  /// The inputs of the keys: the one that matters, then the one that does not; shape `[2][count]`.
  package let inputs: [[Double]]

  /// The values, shape `[count]`.
  package let values: [Double]

  /// The curve f.
  package static func truth(at input: Double) -> Double { 2 * Double.sin(input) + input }

  /// Draws the data for a seed.
  ///
  /// - Parameters:
  ///   - seed: any integer; only its low 32 bits are used.
  ///   - count: the number of points, at least 1.
  /// - Complexity: O(`count`).
  package init(seed: some BinaryInteger, count: Int = 200) {
    precondition(count >= 1, "a plane needs at least 1 point, not \(count)")
    var random = TorchRandom(seed: seed)
    inputs = (0..<2).map { _ in random.rand(count).map { 5 * Double($0) } }
    values = zip(inputs[0], random.randn(count)).map { Self.truth(at: $0) + Double($1) }
  }
}
