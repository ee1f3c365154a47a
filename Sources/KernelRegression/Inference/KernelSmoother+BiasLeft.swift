internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// Calls `body` with each query, its row of the smoother ℓ and, for degree 2, the next degree's row
  /// minus ℓ, which shows the remaining bias; nil for other degrees.
  ///
  /// - Parameter body: called from several threads at once.
  /// - Complexity: that of ``forEachSmootherRow(at:execution:body:)``, for degree 2 at least twice that.
  func forEachRowWithNext(
    at queries: Points, execution: Execution,
    body:
      @escaping (
        _ query: Int, _ row: [(key: Int, weight: Double)], _ step: [(key: Int, weight: Double)]?
      ) -> Void
  ) throws(KernelRegressionError) {
    guard degree == 2, !similarity.bandwidths.isEmpty else {
      return forEachSmootherRow(at: queries, execution: execution) { body($0, $1, nil) }
    }
    let next = try ofDegree(3)
    let dimension = queries.dimension
    // Whole rows take memory, so only a few are kept at a time.
    for start in stride(from: 0, to: queries.count, by: 32) where !execution.isStopped {
      let end = min(start + 32, queries.count)
      let part = Points(
        rowMajor: Array(queries.coordinates[start * dimension..<end * dimension]),
        dimension: dimension)
      var higher = [[(key: Int, weight: Double)]](repeating: [], count: part.count)
      higher.withUnsafeMutableBufferPointer { higher in
        nonisolated(unsafe) let higher = higher
        next.forEachSmootherRow(at: part, execution: execution.unreported) { higher[$0] = $1 }
        forEachSmootherRow(at: part, execution: execution.unreported) { query, row in
          body(start + query, row, Self.difference(higher[query], row))
        }
      }
      execution.progress?(Double(end) / Double(queries.count))
    }
  }

  private static func difference(
    _ first: [(key: Int, weight: Double)], _ second: [(key: Int, weight: Double)]
  ) -> [(key: Int, weight: Double)] {
    // Rows by moments list the same keys in the same order.
    if first.count == second.count, zip(first, second).allSatisfy({ $0.key == $1.key }) {
      return zip(first, second).map { ($0.key, $0.weight - $1.weight) }
    }
    var sums = Dictionary(uniqueKeysWithValues: first.map { ($0.key, $0.weight) })
    for entry in second { sums[entry.key, default: 0] -= entry.weight }
    return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// For each value column the standard deviation of an estimate, with an allowance for the remaining
  /// bias.
  ///
  /// ```
  /// √(σ² + max(0, b² − s_b²)),   b = Σ(ℓ⁺ − ℓ)v
  /// ```
  ///
  /// ℓ⁺ is the row of the next degree, and s_b² the variance of b: the excess of b over its noise is
  /// bias. Inside an even design the two degrees agree, and nothing is added; at the edge of a cluster
  /// they differ.
  func deviations(
    _ noise: RowVariances.Estimate, step: [(key: Int, weight: Double)]?,
    _ variances: RowVariances
  ) -> [Double] {
    guard let step else { return noise.deviations }
    return deviations(noise, spread: variances.estimate(step), variances) { column, scale in
      step.reduce(0) { $0 + $1.weight * (values[column][$1.key] / scale) }
    }
  }

  /// The same from s_b and b.
  ///
  /// - Parameter bias: b of a value column, divided by a scale.
  func deviations(
    _ noise: RowVariances.Estimate, spread: RowVariances.Estimate?, _ variances: RowVariances,
    bias: (_ column: Int, _ scale: Double) -> Double
  ) -> [Double] {
    guard let spread else { return noise.deviations }
    return values.indices.map { column in
      let scale = variances.scales[column]
      let bias = bias(column, scale)
      let (own, other) = (noise.deviations[column] / scale, spread.deviations[column] / scale)
      let excess = bias * bias - other * other
      return excess > 0 ? scale * .sqrt(own * own + excess) : noise.deviations[column]
    }
  }
}
