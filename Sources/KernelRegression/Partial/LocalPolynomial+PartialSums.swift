internal import KernelSums
internal import RealModule
public import SimilarityKernels

extension NadarayaWatson {
  /// What these keys, as a part of a larger table, add to the estimates at queries.
  ///
  /// - Parameter queries: shape `[m, d]`, in the units of the keys, labels last; finite. A label may have a
  ///   level that none of these keys has.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not finite, or lies
  ///   so far from the keys that the logarithm of its weights overflows, some 1e154 bandwidths; for causal
  ///   estimators and those whose bandwidths follow from nearest keys.
  /// - Complexity: that of a prediction at the queries.
  public func partialSums(at queries: Points) throws(KernelRegressionError) -> PartialSums {
    try LocalPolynomial(self).partialSums(at: queries)
  }
}

extension LocalPolynomial {
  /// What these keys, as a part of a larger table, add to the estimates at queries; of degree 0 or 1.
  ///
  /// - Parameter queries: shape `[m, d]`, in the units of the keys, labels last; finite.
  /// - Throws: ``KernelRegressionError`` of a degree above 1, and as ``NadarayaWatson/partialSums(at:)`` does.
  /// - Complexity: that of a prediction at the queries.
  public func partialSums(at queries: Points) throws(KernelRegressionError) -> PartialSums {
    guard !isCausal, neighbors == nil else {
      throw KernelRegressionError(
        .unsuitableMethod,
        "weights that depend on other keys, as under causality or nearest keys, do not add up over parts"
      )
    }
    let empty = try PartialSums(
      queries: queries, similarity: similarity, valueCount: values.count, degree: degree)
    return try finished { estimator throws(KernelRegressionError) in
      var sums = empty
      sums.keyCount = keys.count
      sums.total = estimator.total
      for (run, execution) in estimator.base.runs(of: queries) {
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
    let everywhere = DirectEngine(base.problem.withoutInputs)
    let sums = everywhere.sums(at: Points([0]), execution: execution.unreported)[0]
    var row = GradedRow.none(0, of: 1, valueCount: values.count)
    guard sums.weight > 0 else { return row }
    row.weight = AnchoredWeight(high: sums.logAnchor, low: 0, factor: sums.weight)
    row.means = values.indices.map { sums.columns[$0] / sums.weight * base.valueScales[$0] }
    return row
  }
}
