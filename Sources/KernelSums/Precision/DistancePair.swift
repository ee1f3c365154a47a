internal import RealModule

/// The distances of a key and of a reference key from a query, in bandwidths, with their difference
/// known to about 100 bits even if both are huge.
struct DistancePair {
  /// The key's distance, abs(q − k)/h.
  let key: Double
  /// The reference's distance, abs(q − r)/h.
  let reference: Double
  /// The key's distance minus the reference's.
  let difference: DoubleDouble
  /// The square of the key's distance minus that of the reference's.
  let differenceOfSquares: DoubleDouble

  /// A pair in one input, with distances multiplied by a power of two, `scale`.
  init(query: Double, key: Double, reference: Double, bandwidth: Double, scale: Double = 1) {
    let first = DoubleDouble(sumOf: query, -key).magnitude
    let second = DoubleDouble(sumOf: query, -reference).magnitude
    self.key = first.scaled(by: scale).value / bandwidth
    self.reference = second.scaled(by: scale).value / bandwidth
    difference = (first - second).scaled(by: scale) / bandwidth
    // Divided before they are added: the sum of two large distances can overflow.
    differenceOfSquares =
      difference
      * (first.scaled(by: scale) / bandwidth + second.scaled(by: scale) / bandwidth)
  }

  /// The pair of Euclidean distances with the given components.
  init(radial inputs: [DistancePair]) {
    key = inputs.reduce(0) { .hypot($0, $1.key) }
    reference = inputs.reduce(0) { .hypot($0, $1.reference) }
    differenceOfSquares = inputs.reduce(.zero) { $0 + $1.differenceOfSquares }
    difference = key + reference > 0 ? differenceOfSquares / (key + reference) : .zero
  }
}
