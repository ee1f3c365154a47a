package import SimilarityKernels

/// The engine for keys with labels: groups of keys with equal labels, each with its own engine over the
/// continuous inputs.
///
/// ```
/// Σᵢ wᵢ(q) cᵢ = Σ over groups g of L(q, g) · Σ over i in g of ωᵢ K(q, kᵢ) cᵢ
/// ```
///
/// L is the product of the labels' weights, one number for a query and a group; a group is skipped if L
/// is 0. Without continuous inputs, K is 1.
///
/// Goals, in order of priority:
/// 1. The accuracy of the groups' engines: all weights are positive, so adding sums loses nothing. Sums
///    are added at the largest anchor. Where that is so low that the difference of two groups' anchors
///    would have lost digits, the query is recomputed over all keys; see `GroupSums`.
/// 2. The speed of the groups' engines: a label of many levels costs two groups; see `LabelRole`.
///
/// - Complexity: for each query, that of the engines of the groups with a weight for it; planning takes
///   O(n·(d + p)) plus the engines' plans.
package struct GroupedEngine: KernelSumEngine {
  /// The name in options and reports.
  package static var name: String { "groups" }

  /// A clause that follows "because".
  let reason: String

  let problem: KernelSumProblem
  let parts: [Part]

  /// A partition with the engine of each of its groups.
  struct Part {
    let partition: LabelPartition
    let engines: [any KernelSumEngine]
  }

  /// An engine for a problem with labels.
  ///
  /// - Parameters:
  ///   - problem: keys, columns and similarity.
  ///   - choice: which engine sums the groups.
  ///   - queryCount: the expected number of queries; by default the number of keys.
  ///   - accuracy: see ``EngineChoice/engine(for:queryCount:accuracy:execution:)``.
  ///   - execution: how the plan is made.
  /// - Throws: ``EngineError`` if the requested engine does not support the problem.
  package init(
    _ problem: KernelSumProblem, choice: EngineChoice = .automatic, queryCount: Int? = nil,
    accuracy: Double? = nil, execution: Execution = Execution()
  ) throws(EngineError) {
    self.problem = problem
    let queryCount = queryCount ?? problem.keys.count
    let similarity = problem.similarity.continuous
    var parts: [Part] = []
    var names: Set<String> = []
    for roles in LabelRole.partitions(problem.similarity.labels) {
      let partition = problem.orders.partition(of: problem, roles)
      var engines: [any KernelSumEngine] = []
      for group in partition.groups {
        let share =
          roles.contains(.matched)
          ? Double(group.rows.count) / Double(problem.keys.count) : 1
        let chosen = try choice.engine(
          for: group.problem.weighed(by: similarity).ofDegree(problem.degree),
          queryCount: Int((Double(queryCount) * share).rounded(.up)), accuracy: accuracy,
          execution: execution)
        names.insert(chosen.name)
        engines.append(chosen.engine)
      }
      parts.append(Part(partition: partition, engines: engines))
    }
    self.parts = parts
    let count = parts.reduce(0) { $0 + $1.engines.count }
    reason =
      "labels make \(count) \(count == 1 ? "group" : "groups") of keys, summed by "
      + names.sorted().joined(separator: " and ")
  }

  /// The largest run length of the groups' engines.
  package var runLength: Int {
    parts.reduce(1 << 16) { $1.engines.reduce($0) { max($0, $1.runLength) } }
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    omission.check(
      queries, in: range, dimension: problem.similarity.inputCount, keyCount: problem.keys.count)
    return AnchoredSums(count: range.count, columnCount: problem.sumCount, execution: execution) {
      results in
      var pass = GroupPass(
        self, queries: queries.selecting(range), first: range.lowerBound, omission: omission,
        squares: squares, execution: execution, results: results)
      for part in parts { pass.add(part) }
      pass.finish()
    }
  }
}
