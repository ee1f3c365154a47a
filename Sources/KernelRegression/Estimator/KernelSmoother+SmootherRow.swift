internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// The row of the smoother at one query; nil for degree 0, where the row is the attention weights.
  ///
  /// - Parameter leavesOutOwn: whether the queries are the keys, and query i leaves out key i.
  func smootherRow(of query: Int, among queries: Points, leavesOutOwn: Bool) -> SmootherRow? {
    guard degree > 0 else { return nil }
    let omission: Omission = leavesOutOwn ? .own : .none
    let problem = problem
    let fit = Answer(CarefulFit(problem))
    keyWeights.forEachQuery([query], of: queries, omission: omission, execution: execution.silent) {
      _, weights in
      fit.value.fit(at: queries[query], weights: weights)
    }
    var depth = 1e4
    var isWhole = !similarity.kernel.hasLogProfile
    lazy var greatest = KeySpan(problem, execution: execution).degree(at: queries[query])
    while fit.value.degree < degree, fit.value.degree < greatest, !isWhole, depth.isFinite {
      // Keys farther away, whose weights underflow, may determine the polynomial.
      let all = Answer(false)
      keyWeights.forEachQuery(
        [query], of: queries, omission: omission, depth: depth, execution: execution.silent
      ) {
        _, logWeights, isWhole in
        fit.value.fit(at: queries[query], logWeights: logWeights)
        all.value = isWhole
      }
      isWhole = all.value
      depth *= 1e4
    }
    return SmootherRow(degree: fit.value.degree, entries: fit.value.smootherWeights())
  }
}

/// Carries one query's result out of its callback.
private final class Answer<Value>: @unchecked Sendable {
  var value: Value

  init(_ value: Value) { self.value = value }
}
