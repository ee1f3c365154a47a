internal import SimilarityKernels

/// The processing of one run of queries by the groups.
struct GroupPass {
  private let engine: GroupedEngine
  /// The continuous inputs of the queries.
  private let queries: Points
  private let combinations: LabelCombinations
  /// The index of the first query.
  private let first: Int
  private let omission: Omission
  private let squares: Bool
  private let execution: Execution
  private var sums: GroupSums
  private var finishedParts = 0.0

  init(
    _ engine: GroupedEngine, queries: Points, first: Int, omission: Omission, squares: Bool,
    execution: Execution, results: UnsafeSums
  ) {
    let dimension = engine.problem.similarity.bandwidths.count
    self.engine = engine
    self.queries = queries.continuous(dimension)
    combinations = LabelCombinations(of: queries, in: queries.indices, after: dimension)
    self.first = first
    self.omission = omission
    self.squares = squares
    self.execution = execution
    sums = GroupSums(results, squares: squares)
  }

  /// A query for which a group has a weight.
  private struct Visit {
    /// The query, counted from the first of the run.
    let query: Int
    let weight: GroupSums.Weight
  }

  /// Adds the sums of the groups of a partition.
  mutating func add(_ part: GroupedEngine.Part) {
    let visits = visits(of: part.partition)
    for group in part.partition.groups.indices where !visits[group].isEmpty {
      add(visits[group], group, of: part)
      let done = Double(group + 1) / Double(part.partition.groups.count)
      execution.progress?((finishedParts + done) / Double(engine.parts.count))
    }
    finishedParts += 1
  }

  /// For each group, the queries for which it has a weight.
  private func visits(of partition: LabelPartition) -> [[Visit]] {
    let labels = engine.problem.similarity.labels
    let squaredRatio = partition.squaredRatio(under: labels)
    var visits = [[Visit]](repeating: [], count: partition.groups.count)
    for (levels, queries) in zip(combinations.levels, combinations.queries) {
      for group in partition.candidates(for: levels) {
        let weight = GroupSums.Weight(
          weight: partition.weight(of: group, for: levels, under: labels),
          squaredRatio: squaredRatio)
        guard weight.weight > 0 else { continue }
        for query in queries { visits[group].append(Visit(query: query, weight: weight)) }
      }
    }
    return visits
  }

  private mutating func add(_ visits: [Visit], _ group: Int, of part: GroupedEngine.Part) {
    let problem = part.partition.groups[group].problem
    // Starting a thread is not worth it for a few pairs.
    let isSmall = visits.count * problem.keys.count < 1 << 15
    let execution =
      isSmall ? execution.alone : execution.unreported
    let logScale = problem.orders.weights(problem).logScale
    var others = visits
    if omission == .own {
      let split = others.partition {
        Int(part.partition.groupOfKey[first + $0.query]) == group
      }
      let own = others[split...].sorted { $0.query < $1.query }
      others.removeSubrange(split...)
      if let leading = own.first {
        // The keys of a group are in ascending order, and all keys of the run are queries.
        let rows = part.partition.groups[group].rows
        let start = rows.partitioningIndex { $0 >= first + leading.query }
        let found = part.engines[group].sums(
          at: problem.keys, in: start..<start + own.count, omission: .own, squares: squares,
          execution: execution)
        sums.add(found, logScale: logScale, to: own.map(\.query), own.map(\.weight))
      }
    }
    guard !others.isEmpty else { return }
    let places = Points(
      rowMajor: others.flatMap { queries[$0.query] }, dimension: queries.dimension)
    let found = part.engines[group].sums(
      at: places, in: places.indices, omission: .none, squares: squares, execution: execution)
    sums.add(found, logScale: logScale, to: others.map(\.query), others.map(\.weight))
  }

  /// Recomputes the queries whose anchors have lost digits.
  func finish() {
    sums.takeBackMoments()
    let uncertain = sums.uncertain
    guard !uncertain.isEmpty else { return }
    let chosen = Set(uncertain)
    let problem = engine.problem
    for (levels, members) in zip(combinations.levels, combinations.queries) {
      let members = members.filter(chosen.contains)
      guard !members.isEmpty else { continue }
      let seen = LabelledKeys(problem).seen(from: levels).problem
      if omission == .own {
        NearbyDirect(seen).sums(
          ofQueries: members.map { first + $0 }, at: seen.keys, omission: .own, squares: squares,
          execution: execution.unreported, into: sums.results, first: first)
      } else {
        NearbyDirect(seen).sums(
          ofQueries: members, at: queries, omission: .none, squares: squares,
          execution: execution.unreported, into: sums.results, first: 0)
      }
    }
  }
}
