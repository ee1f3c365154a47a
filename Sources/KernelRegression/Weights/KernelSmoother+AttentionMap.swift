internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// The attention of queries over all keys in a limited number of cells.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - rows: the largest number of bins of keys, at least 1.
  ///   - columns: the largest number of bins of queries, at least 1.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not
  ///   finite; under ``EmptyWindowPolicy/fail`` also if no key supports it.
  /// - Complexity: in one input that of a prediction and O(n + m + R·C), some microsecond for each of R·C
  ///   cells, whatever the bandwidth. In several inputs R rows use R engines of n/R keys, each evaluated at
  ///   the queries in its reach: O(n log n + R·m) with a near-linear engine, at about 50 ns for each of the
  ///   R·m; in one input the same for queries so far away that weights underflow. O(n·m·d) with labels, a
  ///   causal estimator, adaptive bandwidths or a kernel made from a closure. O(n + m + R·C) memory.
  ///
  /// ## Accuracy
  /// Means and largest weights are within a relative 1e-9; below 1e-15 they may be 0.
  public func attentionMap(
    at queries: Queries, rows: Int = 400, columns: Int = 400
  ) throws(KernelRegressionError) -> AttentionMap {
    let (points, omission) = try resolved(queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.attentionMap(of: points, omission: omission, rows: rows, columns: columns)
    }
  }

  private func attentionMap(
    of queries: Points, omission: Omission, rows: Int, columns: Int
  ) throws(KernelRegressionError) -> AttentionMap {
    precondition(rows >= 1 && columns >= 1, "a map needs at least one row and one column")
    let bins = AttentionBins(
      keys: keys.column(0), queries: queries.column(0), rows: rows, columns: columns,
      execution: execution)
    try execution.checkCancellation()
    var cells = MapCells(bins)
    let hasLoops = if case .builtIn = similarity.kernel.form { true } else { false }
    let isSmall = keys.count * queries.count <= 1 << 22
    if hasLoops, similarity.labels.isEmpty, neighbors == nil, !isCausal, !isSmall {
      try addBins(to: &cells, queries, omission)
    } else {
      try addPairs(to: &cells, queries, omission)
    }
    return cells.map
  }

  /// All pairs, a block of queries at a time.
  private func addPairs(
    to cells: inout MapCells, _ queries: Points, _ omission: Omission
  ) throws(KernelRegressionError) {
    let step = max(1, (1 << 22) / keys.count)
    var estimator = self
    for start in stride(from: 0, to: queries.count, by: step) {
      let block = start..<min(start + step, queries.count)
      if let progress = execution.progress {
        estimator.execution.progress = {
          progress((Double(start) + $0 * Double(block.count)) / Double(queries.count))
        }
      }
      let weights = try estimator.attentionMatrix(
        at: queries, range: block, omission: omission)
      cells.emptyWindows += weights.emptyWindows.map { $0 + start }
      for query in block {
        let column = weights.column(query - start)
        guard !(column.first?.isNaN ?? true) else { continue }
        cells.addQuery(query)
        for (key, weight) in column.enumerated() where weight > 0 {
          cells.add(weight, key: key, query: query)
        }
      }
    }
  }

  /// All cells from the queries' sums of weights, then the policy's weights.
  private func addBins(
    to cells: inout MapCells, _ queries: Points, _ omission: Omission
  ) throws(KernelRegressionError) {
    var logSums: [Double] = []
    logSums.reserveCapacity(queries.count)
    for (run, execution) in runs(of: queries) {
      let sums = engine.sums(
        at: queries, in: run, omission: omission, squares: false, execution: execution.unreported)
      try execution.checkCancellation()
      sums.withUnsafeSums { sums in
        for slot in 0..<run.count {
          logSums.append(
            sums.weights[slot] > 0 ? sums.logAnchors[slot] + .log(sums.weights[slot]) : -.infinity)
        }
      }
    }
    for query in queries.indices where logSums[query] > -.infinity { cells.addQuery(query) }
    if keys.dimension == 1 {
      try addNeighbours(to: &cells, queries, omission, logSums)
    } else {
      try addGroups(to: &cells, queries, omission, logSums)
    }
    try addPolicy(
      to: &cells, queries.indices.filter { logSums[$0] == -.infinity }, queries, omission)
  }

  /// In one input, bins of neighbours; queries too far away for that, one engine for each bin of keys.
  private func addNeighbours(
    to cells: inout MapCells, _ queries: Points, _ omission: Omission, _ logSums: [Double]
  ) throws(KernelRegressionError) {
    let bins = cells.bins
    let binned = BinnedShares(
      problem, keyOrder: bins.keyOrder, queries: queries, queryOrder: bins.queryOrder,
      logSums: logSums, omission: omission)
    let shares = binned.shares(rows: bins.rows, columns: bins.columns, execution: execution)
    try execution.checkCancellation()
    cells.add(shares.sums, shares.largest)
    guard !binned.far.isEmpty else { return }
    var ofFar = logSums.map { _ in -Double.infinity }
    for query in binned.far { ofFar[query] = logSums[query] }
    try addGroups(to: &cells, queries, omission, ofFar)
  }

  /// One engine for each bin of keys, several bins at a time.
  ///
  /// - Parameter logSums: −∞ for queries to leave out.
  private func addGroups(
    to cells: inout MapCells, _ queries: Points, _ omission: Omission, _ logSums: [Double]
  ) throws(KernelRegressionError) {
    let asked = GroupedQueries(
      queries, logSums: logSums, groups: cells.bins.columnOfQuery,
      groupCount: cells.bins.columns.count, omission: omission)
    let (problem, bins) = (problem, cells.bins)
    let alone = Execution(threads: 1, instructions: execution.instructions)
    var shares = [(sums: [Double], largest: [Double])](
      repeating: ([], []), count: bins.rows.count)
    shares.withUnsafeMutableBufferPointer { shares in
      nonisolated(unsafe) let shares = shares
      execution.forEachBlock(of: bins.rows.count, atMost: 1, scratch: { () }) { block, _ in
        for row in block {
          let keys = Array(bins.keyOrder[bins.rows[row]])
          shares[row] = asked.shares(ofKeys: keys, of: problem, execution: alone)
        }
      }
    }
    try execution.checkCancellation()
    cells.add(shares.flatMap(\.sums), shares.flatMap(\.largest))
  }

  private func addPolicy(
    to cells: inout MapCells, _ empty: [Int], _ queries: Points, _ omission: Omission
  ) throws(KernelRegressionError) {
    cells.emptyWindows = empty
    let isSame = emptyWindow == .mean && omission == .none
    var same: [AttentionWeights.Entry]?
    for query in empty {
      if same == nil || !isSame {
        same = try weightsInEmptyWindows(
          [query], of: queries, excluded: { omission == .own ? $0 : nil }
        ).first
      }
      guard let entries = same, !entries.isEmpty else { continue }
      cells.addQuery(query)
      for entry in entries { cells.add(entry.weight, key: entry.key, query: query) }
    }
  }
}
