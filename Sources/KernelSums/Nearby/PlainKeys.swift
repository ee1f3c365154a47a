internal import SimilarityKernels

/// Keys whose inputs are all continuous, weighted by the kernel and the observation weights.
struct PlainKeys: KeyWeights {
  let problem: KernelSumProblem

  /// - Precondition: there are no labels.
  init(_ problem: KernelSumProblem) {
    precondition(problem.similarity.labels.isEmpty, "plain keys cannot have labels")
    self.problem = problem
  }

  func nearestKeys(
    to queries: Points, excluding excluded: [Int]?, execution: Execution
  ) -> [NearestKeys] {
    // Making a tree is not worth it for a few pairs.
    guard queries.count * problem.keys.count > 1 << 20 else {
      return DirectEngine(problem).nearestKeys(
        to: queries, excluding: excluded, execution: execution)
    }
    return NearbyDirect(problem).nearestKeys(
      to: queries, excluding: excluded, execution: execution)
  }

  func normalizedWeights(
    at queries: Points, range: Range<Int>, omission: Omission, execution: Execution
  ) -> [Double] {
    DirectEngine(problem).normalizedWeights(
      at: queries, range: range, omission: omission, execution: execution)
  }

  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, execution: Execution,
    body: (_ place: Int, _ weights: [(key: Int, weight: Double)]) -> Void
  ) {
    // Don't build the tree if there are no queries.
    guard !indices.isEmpty else { return }
    NearbyDirect(problem).forEachQuery(
      indices, of: queries, omission: omission, execution: execution, body: body)
  }

  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, depth: Double, execution: Execution,
    body: (_ place: Int, _ logWeights: [(key: Int, logWeight: Double)], _ isWhole: Bool) -> Void
  ) {
    guard !indices.isEmpty else { return }
    NearbyDirect(problem).forEachQuery(
      indices, of: queries, omission: omission, depth: depth, execution: execution, body: body)
  }
}
