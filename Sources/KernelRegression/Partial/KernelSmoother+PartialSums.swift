internal import KernelSums
internal import RealModule
package import SimilarityKernels

extension KernelSmoother {
  /// The contribution of these keys, as a part of a larger table, to the estimates at queries; degree 0
  /// or 1.
  ///
  /// - Throws: ``KernelRegressionError``, as ``PartialSums/add(_:computation:)`` does, and where weights depend on
  ///   other keys.
  package func partialSums(at queries: Points) throws(KernelRegressionError) -> PartialSums {
    guard !isCausal, neighbors == nil else {
      throw KernelRegressionError(
        .unsuitableMethod,
        "weights that depend on other keys, as with causality or nearest keys, cannot be summed in parts"
      )
    }
    let empty = try PartialSums(
      queries: queries, similarity: similarity, valueCount: values.count, degree: degree)
    return try finished { estimator throws(KernelRegressionError) in
      var sums = empty
      sums.keyCount = keys.count
      sums.total = estimator.total
      for (run, execution) in estimator.runs(of: queries) {
        let fits = try estimator.partialFits(at: queries, in: run, execution: execution)
        try execution.checkCancellation()
        for (slot, fit) in fits.enumerated() {
          if let fit { sums.merge(fit, atQuery: run.lowerBound + slot) }
        }
      }
      return sums
    }
  }

  /// Σω and the means under ω.
  private var total: GradedRow {
    let everywhere = DirectEngine(problem.withoutInputs)
    let sums = everywhere.sums(at: Points([0]), execution: execution.unreported)[0]
    var row = GradedRow.none(0, of: 1, valueCount: values.count)
    guard sums.weight > 0 else { return row }
    row.weight = AnchoredWeight(high: sums.logAnchor, low: 0, factor: sums.weight)
    row.means = values.indices.map { sums.columns[$0] / sums.weight * valueScales[$0] }
    return row
  }
}
