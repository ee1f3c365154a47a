package import SimilarityKernels

/// The keys that matter to a query and their weights: the second interface besides ``KernelSumEngine``.
///
/// An estimator has an engine for sums, and one of these for everything that needs single keys: the
/// nearest ones, the largest weights, whole rows of attention, the keys in reach of a query whose
/// moments are not enough.
package protocol KeyWeights: Sendable {
  /// The keys, and the similarity that weights them.
  var problem: KernelSumProblem { get }

  /// The nearest keys of each query, among those with an observation weight above 0.
  ///
  /// With labels, distances are those of the continuous inputs, and a key counts only if its labels
  /// have a weight for the query.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - excluded: for each query a key to leave out; nil to use all.
  ///   - execution: how the computation runs.
  /// - Complexity: O(n·d·log n) the first time, then O(log n) for each query, on all threads.
  func nearestKeys(
    to queries: Points, excluding excluded: [Int]?, execution: Execution
  ) -> [NearestKeys]

  /// The distance of each query to its nearest key, in bandwidths; infinite if there is no key, NaN if
  /// bandwidths follow from nearest keys and are unknown.
  ///
  /// - Parameter omission: with ``Omission/own`` the queries are the problem's keys in order.
  /// - Complexity: that of ``nearestKeys(to:excluding:execution:)``.
  func nearestDistances(
    of queries: Points, omission: Omission, execution: Execution
  ) -> [Double]

  /// Calls `body` with the row of each query of a range.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries to compute.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  ///   - selection: the keys of a row to return.
  ///   - execution: how the computation runs.
  ///   - body: is called from several threads at once, with the place of the query in the range.
  func forEachRow(
    of queries: Points, in range: Range<Int>, omission: Omission, selection: RowSelection,
    execution: Execution, body: (_ place: Int, _ row: WeightRow) -> Void)

  /// The weights of all keys for each query, divided by their sum: `[m, n]`, query after query.
  ///
  /// The n numbers of a query sum to 1, or are all 0 if no key supports it. Callers with many queries
  /// request them block by block.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries to compute.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  ///   - execution: how the computation runs.
  /// - Complexity: O(n·m·d) time, O(n·m) memory, for m computed queries.
  func normalizedWeights(
    at queries: Points, range: Range<Int>, omission: Omission, execution: Execution
  ) -> [Double]

  /// Calls `body` with each of some queries and the normalised weights of the keys that can have any in
  /// double precision, in no particular order; none if no key supports the query.
  ///
  /// - Parameters:
  ///   - indices: the queries to compute.
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  ///   - execution: how the computation runs.
  ///   - body: is called from several threads at once, with the place of the query among `indices`.
  /// - Complexity: O(n·d·log n) the first time, then O(log n) for a query and O(d) for each of those
  ///   keys, on all threads.
  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, execution: Execution,
    body: (_ place: Int, _ weights: [(key: Int, weight: Double)]) -> Void)

  /// Calls `body` with each of some queries and the logarithms of its keys' weights relative to the
  /// largest, for all keys within exp(−depth) of it, in no particular order.
  ///
  /// Differences of log-weights are exact however far the query: they come from the kernel's logarithm,
  /// although all weights may round to 0. For kernels with infinite tails.
  ///
  /// - Parameters:
  ///   - indices: the queries to compute.
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  ///   - depth: how far below the largest a log-weight may be.
  ///   - execution: how the computation runs.
  ///   - body: is called from several threads at once, with the place of the query among `indices`
  ///     and whether no key was out of reach.
  /// - Complexity: O(log n) for a query and O(d) for each of those keys, on all threads.
  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, depth: Double, execution: Execution,
    body: (_ place: Int, _ logWeights: [(key: Int, logWeight: Double)], _ isWhole: Bool) -> Void)
}

extension KernelSumProblem {
  /// The weights of single keys of this problem.
  package var keyWeights: any KeyWeights {
    similarity.labels.isEmpty ? PlainKeys(self) : LabelledKeys(self)
  }
}

extension KeyWeights {
  package func nearestDistances(
    of queries: Points, omission: Omission, execution: Execution
  ) -> [Double] {
    nearestKeys(
      to: queries, excluding: omission == .own ? Array(problem.keys.indices) : nil,
      execution: execution
    ).map(\.distance)
  }

  /// Whether any key with an observation weight counts for a query, whatever the bandwidths; in a
  /// causal problem, any that is not later.
  ///
  /// - Parameter excluded: a key to leave out.
  /// - Complexity: O(log n).
  package func hasAnyKey(for query: ArraySlice<Double>, excluding excluded: Int? = nil) -> Bool {
    let times = problem.orders.times(problem).times
    let count =
      problem.isCausal ? times.partitioningIndex { $0 > query[query.startIndex] } : times.count
    let isCounted = excluded.map { problem.observationWeights?[$0] ?? 1 > 0 } ?? false
    return count > (isCounted ? 1 : 0)
  }
}
