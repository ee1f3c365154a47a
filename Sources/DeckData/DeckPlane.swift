import RealModule

/// Synthetic data in two inputs, of which one matters.
///
/// ```
/// xᵢ uniform on [0, 5)²;   yᵢ = f(xᵢ₁) + εᵢ,   f(x) = 2 sin x + x,   εᵢ standard normal
/// ```
///
/// The curve and the noise are those of ``Deck``; the second input has no part in the value. A
/// similarity that treats both inputs alike wastes its attention on keys that are near in the second
/// only.
package struct DeckPlane: Sendable, Equatable {
  /// The inputs of the keys: the one that matters, then the one that does not; shape `[2][count]`.
  package let inputs: [[Double]]

  /// The values, shape `[count]`.
  package let values: [Double]

  /// The curve f.
  package static func truth(at input: Double) -> Double { 2 * Double.sin(input) + input }

  /// Draws the data that belong to a seed.
  ///
  /// - Parameters:
  ///   - seed: any integer, of which the low 32 bits count.
  ///   - count: the number of points, at least 1.
  /// - Complexity: O(`count`).
  package init(seed: some BinaryInteger, count: Int = 200) {
    precondition(count >= 1, "a plane needs at least 1 point, not \(count)")
    var random = TorchRandom(seed: seed)
    inputs = (0..<2).map { _ in random.rand(count).map { 5 * Double($0) } }
    values = zip(inputs[0], random.randn(count)).map { Self.truth(at: $0) + Double($1) }
  }
}
