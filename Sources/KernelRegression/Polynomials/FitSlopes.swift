internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// What the fits at some rows tell of their derivatives along the logarithms of the bandwidths.
///
/// A fit to moments is kept as its polynomial, from which ``BandwidthSlopes`` sums the derivatives over all keys.
/// The few other fits have the weights of the keys in their value, ℓ, and so the derivatives at once:
/// ∂ŷ/∂ln h_a = Σ ℓ u_a² (v − β·z).
///
/// Threads may share it because each writes only to its own places.
final class FitSlopes: @unchecked Sendable {
  private enum State { case unknown, polynomial, slopes }

  private let problem: KernelSumProblem
  private let coefficientCount: Int
  private let fitCount: Int
  private let inputCount: Int
  private let logAnchor: Double
  private let states: UnsafeMutableBufferPointer<State>
  private let polynomials: UnsafeMutableBufferPointer<Double>
  private let slopes: UnsafeMutableBufferPointer<Double>

  init(_ problem: KernelSumProblem, count: Int) {
    self.problem = problem
    inputCount = problem.similarity.bandwidths.count
    coefficientCount = problem.monomials(ofDegree: problem.degree).count
    fitCount = 1 + problem.columns.count
    logAnchor = problem.plainLogAnchor
    states = .allocate(capacity: count)
    states.initialize(repeating: .unknown)
    polynomials = .allocate(capacity: count * fitCount * coefficientCount)
    polynomials.initialize(repeating: 0)
    slopes = .allocate(capacity: count * fitCount * inputCount)
    slopes.initialize(repeating: 0)
  }

  deinit {
    states.deallocate()
    polynomials.deallocate()
    slopes.deallocate()
  }

  /// Keeps the polynomial of a fit to moments that have no anchor.
  func take(_ fit: MomentFit, at slot: Int, logAnchor: Double) {
    guard logAnchor == self.logAnchor, fit.count == coefficientCount else { return }
    states[slot] = .polynomial
    let first = slot * fitCount * coefficientCount
    let response = fit.inverseColumn()
    for index in 0..<coefficientCount { polynomials[first + index] = response[index] }
    for index in 0..<(fitCount - 1) * coefficientCount {
      polynomials[first + coefficientCount + index] = fit.coefficients[index]
    }
  }

  /// Keeps the derivatives of a line whose slopes are determined.
  func take(_ fit: CarefulFit, at slot: Int, query: ArraySlice<Double>) {
    guard problem.degree == 1, fit.degree == 1, fit.slopesAreKnown.allSatisfy({ $0 }) else {
      return
    }
    take(fit.smootherWeights(), at: slot, query: query) { column, distances in
      zip(fit.derivatives[column], distances).reduce(fit.values[column]) { $0 + $1.0 * $1.1 }
    }
  }

  /// Keeps the derivatives of a weighted mean.
  func take(_ weights: [(key: Int, weight: Double)], at slot: Int, query: ArraySlice<Double>) {
    let means = problem.columns.map { column in
      weights.reduce(0) { $0 + $1.weight * column[$1.key] }
    }
    take(weights, at: slot, query: query) { column, _ in means[column] }
  }

  private func take(
    _ weights: [(key: Int, weight: Double)], at slot: Int, query: ArraySlice<Double>,
    value: (_ column: Int, _ distances: [Double]) -> Double
  ) {
    states[slot] = .slopes
    let bandwidths = problem.similarity.bandwidths
    for (key, weight) in weights {
      let distances = zip(zip(problem.keys[key], query), bandwidths).map { ($0.0 - $0.1) / $1 }
      for (column, values) in problem.columns.enumerated() {
        let residual = weight * (values[key] - value(column, distances))
        let first = (slot * fitCount + 1 + column) * inputCount
        for (input, distance) in distances.enumerated() {
          slopes[first + input] += residual * distance * distance
        }
      }
    }
  }

  /// The rows of which nothing is known.
  var unknown: [Int] { states.indices.filter { states[$0] == .unknown } }

  /// For each row the derivatives of (S⁻¹)₀₀, then those of the value of each column, d numbers each; nil if a
  /// row's are not known.
  ///
  /// - Parameters:
  ///   - first: the row at place 0.
  ///   - inverses: whether those of (S⁻¹)₀₀ are asked for; they are 0 otherwise.
  func finished(first: Int, inverses: Bool, execution: Execution) -> [Double]? {
    let isKnown = states.allSatisfy { state in
      state == .polynomial || state == .slopes && !inverses
    }
    guard isKnown else { return nil }
    let places = states.indices.filter { states[$0] == .polynomial }
    let width = fitCount * coefficientCount
    let sums = BandwidthSlopes(problem).slopes(
      ofRows: places.map { first + $0 },
      polynomials: places.count == states.count
        ? Array(polynomials) : places.flatMap { polynomials[$0 * width..<($0 + 1) * width] },
      inverses: inverses, execution: execution)
    let size = fitCount * inputCount
    // (S⁻¹)₀₀ is that of the weights as they are.
    let unscaled = Double.exp(-logAnchor)
    for (index, place) in places.enumerated() {
      for offset in 0..<size {
        slopes[place * size + offset] =
          sums[index * size + offset] * (offset < inputCount ? unscaled : 1)
      }
    }
    return Array(slopes)
  }
}
