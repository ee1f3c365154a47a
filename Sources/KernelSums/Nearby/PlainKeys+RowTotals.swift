internal import RealModule
internal import SimilarityKernels

/// The totals of a row's attention, as sums that need no list of weights.
///
/// ```
/// S = Σw,   Q = Σw²,   H = ln S − Σ w ln w / S
/// ```
package struct RowTotals: Sendable {
  /// S divided by the power of two that brings the largest observation weight near 1.
  var sum: Double
  /// H.
  var entropy: Double
  /// S²/Q.
  var effectiveSize: Double
}

extension PlainKeys {
  /// The totals of the queries of a range in near-linear time; nil if that is not possible, and at
  /// queries where it would lose digits.
  ///
  /// Under the Gaussian −ln w is a square, so that the entropy is a moment about the query,
  ///
  /// ```
  /// H = ln S − Σ w ln ω / S + Σ w u² / 2S
  /// ```
  ///
  /// which the engines for local polynomials compute. Under the boxcar all weights are equal, and H =
  /// ln S. The moments' error is relative to a sum of terms that may all be far larger than H: if they
  /// are, the query is left to a pass over its keys.
  ///
  /// - Complexity: that of the engine, O(n + m) for the Gaussian in one input.
  func rowTotals(
    of queries: Points, in range: Range<Int>, omission: Omission, execution: Execution
  ) -> [RowTotals?]? {
    guard case .builtIn(let kernel) = problem.similarity.kernel.form else { return nil }
    let observationWeights = problem.observationWeights
    let isFlat = kernel == .boxcar || kernel == .constant
    guard isFlat ? observationWeights == nil : kernel == .gaussian else { return nil }
    let logs = observationWeights.map { $0.map { $0 > 0 ? Double.log($0) : 0 } }
    let moments = KernelSumProblem(
      keys: problem.keys, columns: logs.map { [$0] } ?? [], observationWeights: observationWeights,
      similarity: problem.similarity, degree: isFlat ? 0 : 1)
    guard
      let chosen = try? EngineChoice.automatic.engine(
        for: moments, queryCount: range.count, execution: execution.silent),
      chosen.name != DirectEngine.name, isFlat || chosen.name != TreeEngine.name
    else { return nil }
    var totals: [RowTotals?] = []
    for start in stride(from: range.lowerBound, to: range.upperBound, by: chosen.engine.runLength) {
      let run = start..<min(start + chosen.engine.runLength, range.upperBound)
      let sums = chosen.engine.sums(
        at: queries, in: run, omission: omission, squares: true, execution: execution.unreported)
      totals += Self.totals(moments, sums, isFlat: isFlat)
    }
    return totals
  }

  private static func totals(
    _ moments: KernelSumProblem, _ sums: AnchoredSums, isFlat: Bool
  ) -> [RowTotals?] {
    let scale = moments.orders.weights(moments).logScale
    let dimension = moments.keys.dimension
    let monomials = isFlat ? nil : Monomials(dimension: dimension, degree: 2)
    return sums.withUnsafeSums { sums in
      (0..<sums.count).map { slot in
        let sum = sums.weights[slot]
        guard sum >= DirectEngine.anchoringThreshold, sums.logAnchors[slot] == scale else {
          return nil
        }
        let size = sum / sums.squaredWeights[slot] * sum
        guard let monomials else {
          return RowTotals(sum: sum, entropy: .log(sum), effectiveSize: size)
        }
        let square = (0..<dimension).reduce(0) { square, input in
          let exponents = (0..<dimension).map { $0 == input ? 2 : 0 }
          let place = monomials.exponents.firstIndex(of: exponents) ?? 0
          return square + sums.column(place - 1)[slot]
        }
        let exponent = square / (2 * sum)
        let observation =
          moments.columns.isEmpty ? 0 : sums.column(monomials.count - 1)[slot] / sum
        let logSum = Double.log(sum) + scale
        let entropy = logSum + exponent - observation
        guard entropy >= 0.5, logSum.magnitude + exponent + observation.magnitude <= 64 * entropy
        else { return nil }
        return RowTotals(sum: sum, entropy: entropy, effectiveSize: size)
      }
    }
  }
}
