internal import KernelSums
internal import RealModule

/// The polynomials at some queries, as the sums give them.
///
/// Threads may share it because each writes only to its own places.
final class QueryFits: @unchecked Sendable {
  /// Marks a query to be fitted from the keys themselves.
  static var isLeft: Int8 { -2 }

  /// The degree used at each query; −1 without support.
  let degrees: UnsafeMutableBufferPointer<Int8>

  /// √(Σw (S⁻¹)₀₀), an upper bound of Σ abs(ℓ) for the row of the smoother; NaN without support.
  let amplifications: UnsafeMutableBufferPointer<Double>

  /// What each column was divided by, and that divided by each bandwidth.
  private let scales: [Double]
  private let slopes: [[Double]]

  /// (S⁻¹)₀₀ and (Σw)²/Σw² of each query, then its values and its gradients, column after column.
  private let room: UnsafeMutableBufferPointer<Double>

  private var count: Int { degrees.count }
  private var dimension: Int { slopes.first?.count ?? 0 }

  init(count: Int, scales: [Double], bandwidths: [Double]) {
    self.scales = scales
    slopes = scales.map { scale in bandwidths.map { scale / $0 } }
    degrees = .allocate(capacity: count)
    degrees.initialize(repeating: -1)
    amplifications = .allocate(capacity: count)
    amplifications.initialize(repeating: .nan)
    room = .allocate(capacity: count * (2 + scales.count * (1 + bandwidths.count)))
    room.initialize(repeating: .nan)
  }

  deinit {
    degrees.deallocate()
    amplifications.deallocate()
    room.deallocate()
  }

  private func row(_ index: Int) -> Slice<UnsafeMutableBufferPointer<Double>> {
    room[index * count..<(index + 1) * count]
  }

  private func gradientRow(_ column: Int, _ input: Int) -> Int {
    2 + scales.count + column * dimension + input
  }

  /// (S⁻¹)₀₀ of each query, S = Σwzzᵀ; infinite where it overflows.
  var inverses: [Double] { Array(row(0)) }

  /// (Σw)²/Σw² of each query; 0 without support.
  var effectiveSampleSizes: [Double] { Array(row(1)) }

  /// The value at each query; NaN without support.
  func estimates(_ column: Int) -> [Double] { Array(row(2 + column)) }

  /// ∂ŷ/∂q along one input; NaN where no slope is determined.
  func gradient(_ column: Int, _ input: Int) -> [Double] {
    Array(row(gradientRow(column, input)))
  }

  /// The queries to be fitted from the keys themselves.
  var left: [Int] { degrees.indices.filter { degrees[$0] == Self.isLeft } }

  /// For each input, whether its slope at a query is determined.
  func slopesAreKnown(at slot: Int) -> [Bool] {
    (0..<dimension).map { !room[gradientRow(0, $0) * count + slot].isNaN }
  }

  func takeSampleSize(_ sums: UnsafeSums, at slot: Int) {
    let weight = sums.weights[slot]
    room[count + slot] = weight > 0 ? weight / sums.squaredWeights[slot] * weight : 0
  }

  func take(_ fit: MomentFit, at slot: Int, degree: Int, logAnchor: Double) {
    take(degree: degree, at: slot, logWeight: logAnchor, inverse: fit.inverse) { column, power in
      fit.coefficients[column * fit.count + power]
    }
  }

  /// - Parameter slopes: which slopes are determined.
  func take(
    _ fit: MomentFit, at slot: Int, degree: Int, slopes: [Bool], logAnchor: Double
  ) {
    take(degree: degree, at: slot, logWeight: logAnchor, inverse: fit.inverse) { column, power in
      guard power > 0 else { return fit.coefficients[column * fit.count] }
      guard slopes[power - 1], let place = fit.slopePlace(power - 1) else { return .nan }
      return fit.coefficients[column * fit.count + place]
    }
  }

  func take(_ fit: CarefulFit, at slot: Int, logWeight: Double) {
    take(degree: fit.degree, at: slot, logWeight: logWeight, inverse: fit.inverse) {
      column, power in
      power == 0 ? fit.values[column] : fit.derivatives[column][power - 1]
    }
  }

  /// - Parameters:
  ///   - logWeight: ln of the weight by which the sums are divided.
  ///   - coefficient: for a column, the value at the query, then the derivatives in u.
  @inline(__always)
  private func take(
    degree: Int, at slot: Int, logWeight: Double, inverse: Double,
    coefficient: (_ column: Int, _ power: Int) -> Double
  ) {
    degrees[slot] = Int8(degree)
    room[slot] = logWeight == 0 ? inverse : inverse * .exp(-logWeight)
    for column in scales.indices {
      room[(2 + column) * count + slot] = coefficient(column, 0) * scales[column]
      guard degree > 0 else { continue }
      for input in 0..<dimension {
        room[gradientRow(column, input) * count + slot] =
          coefficient(column, 1 + input) * slopes[column][input]
      }
    }
  }
}
