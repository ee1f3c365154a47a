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
    // Not even the tree is made for nobody.
    guard !indices.isEmpty else { return }
    guard similarity.labels.isEmpty else {
      return forEachCombination(
        indices, of: queries, omission: omission, execution: execution
      ) { seen, places, points in
        seen.forEachQuery(
          points.indices, of: points.queries, omission: omission, execution: execution.unreported
        ) { body(places[$0], $1) }
      }
    }
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
    guard !indices.isEmpty else { return }
    guard similarity.labels.isEmpty else {
      return forEachCombination(
        indices, of: queries, omission: omission, execution: execution
      ) { seen, places, points in
        seen.forEachQuery(
          points.indices, of: points.queries, omission: omission, depth: depth,
          execution: execution.unreported
        ) { body(places[$0], $1, $2) }
      }
    }
    NearbyDirect(self).forEachQuery(
      indices, of: queries, omission: omission, depth: depth, execution: execution, body: body)
  }

  /// Calls `body` for each combination of labels among some queries: with the problem that those
  /// queries see, their places among `indices`, and which of which queries of that problem they are.
  private func forEachCombination(
    _ indices: [Int], of queries: Points, omission: Omission, execution: Execution,
    body: (
      _ seen: KernelSumProblem, _ places: [Int], _ points: (indices: [Int], queries: Points)
    ) -> Void
  ) {
    let dimension = similarity.bandwidths.count
    let asked = Points(rowMajor: indices.flatMap { queries[$0] }, dimension: queries.dimension)
    forEachCombination(of: asked, in: asked.indices, execution: execution) { seen, places, points in
      body(
        seen, places,
        omission == .own
          ? (places.map { indices[$0] }, keys.continuous(dimension))
          : (Array(points.indices), points))
    }
  }
}
