package import SimilarityKernels

extension KernelSumProblem {
  /// Calls `body` with each of some queries and the weights over their sum of the keys that can have
  /// any in double precision, in no particular order; none where no key supports the query.
  ///
  /// - Parameters:
  ///   - indices: the queries that are asked about.
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in their order.
  ///   - execution: how the computation runs.
  ///   - body: is called from several threads at once, with the place of the query among `indices`.
  /// - Complexity: O(n·d·log n) the first time, then O(log n) for a query and O(d) for each of those
  ///   keys, on all threads.
  package func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission = .none,
    execution: Execution = Execution(),
    body: (_ place: Int, _ weights: [(key: Int, weight: Double)]) -> Void
  ) {
    NearbyDirect(self).forEachQuery(
      indices, of: queries, omission: omission, execution: execution, body: body)
  }

  /// Calls `body` with each of some queries and the logarithms of its keys' weights over the largest,
  /// of all keys that come within exp(−depth) of it, in no particular order.
  ///
  /// Log-weights differ exactly however far the query lies: they are those of the kernel, whose weights
  /// themselves may all round to 0. For kernels that decay without end.
  ///
  /// - Parameters:
  ///   - indices: the queries that are asked about.
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in their order.
  ///   - depth: how far below the largest a log-weight may lie.
  ///   - execution: how the computation runs.
  ///   - body: is called from several threads at once, with the place of the query among `indices`
  ///     and whether no key was out of reach.
  /// - Complexity: O(log n) for a query and O(d) for each of those keys, on all threads.
  package func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission = .none, depth: Double,
    execution: Execution = Execution(),
    body: (_ place: Int, _ logWeights: [(key: Int, logWeight: Double)], _ isWhole: Bool) -> Void
  ) {
    NearbyDirect(self).forEachQuery(
      indices, of: queries, omission: omission, depth: depth, execution: execution, body: body)
  }
}
