internal import KernelSums
public import SimilarityKernels

extension NadarayaWatson: AttentionPooling {
  /// The attention of queries over all keys: the keys that are asked for, and for each query the entropy
  /// and the effective sample size of the whole.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries that are asked about; nil for all.
  ///   - selection: which keys are listed. Unless it asks for all of them, keys whose weight is 0 are
  ///     not; where no key supports a query, the ``EmptyWindowPolicy`` says which are.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not
  ///   finite; under ``EmptyWindowPolicy/fail`` also if no key supports it.
  /// - Complexity: O(n·d·log n) the first time; then for each query O(k·log n) for its k largest weights
  ///   in few inputs, O(n·d) in many, and for entropy and effective sample size O(d) for each key that
  ///   has weight. Those of the Gaussian in one input take O(n + m) in all, and those of the boxcar what
  ///   a prediction takes. Memory is that of the rows: ask for whole ones in parts.
  ///
  /// ## Accuracy
  /// Weights, entropies and effective sample sizes within 1e-11, relative to themselves; a weight below
  /// 1e-300 may be 0. The keys are those of the direct engine's weights, in their order, ties by the
  /// lower row.
  public func attention(
    at queries: Points, range: Range<Int>? = nil, selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> SparseAttention {
    try validate(queries: queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.attention(
        at: queries, in: range ?? queries.indices, omission: .none, selection: selection)
    }
  }

  /// The attention of each key over all others; its own weight is 0.
  ///
  /// - Parameters:
  ///   - range: the keys that are asked about; nil for all.
  ///   - selection: which keys are listed.
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if a key is supported by
  ///   no other.
  /// - Complexity: that of ``attention(at:range:selection:)``.
  public func leaveOneOutAttention(
    ofKeys range: Range<Int>? = nil, selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> SparseAttention {
    try finished { estimator throws(KernelRegressionError) in
      try estimator.attention(
        at: keys, in: range ?? keys.indices, omission: .own, selection: selection)
    }
  }

  private func attention(
    at queries: Points, in range: Range<Int>, omission: Omission, selection: AttentionSelection
  ) throws(KernelRegressionError) -> SparseAttention {
    let wanted = RowSelection(count: selection.count, threshold: selection.threshold)
    var rows = rows(of: queries, in: range, omission: omission, selection: wanted)
    try execution.checkCancellation()
    let empty = rows.indices.filter { rows[$0].isEmpty }
    let replacements = try weightsInEmptyWindows(
      empty.map { $0 + range.lowerBound }, of: queries,
      excluded: { omission == .own ? $0 : nil })
    for (row, entries) in zip(empty, replacements) {
      rows[row].entries = listed(entries, wanted)
    }
    var starts = [0]
    starts.reserveCapacity(rows.count + 1)
    for row in rows { starts.append(starts[starts.count - 1] + row.entries.count) }
    return SparseAttention(
      keyCount: keys.count, starts: starts, keys: rows.flatMap { $0.entries.map(\.key) },
      weights: rows.flatMap { $0.entries.map(\.weight) }, entropies: rows.map(\.entropy),
      effectiveSampleSizes: rows.map(\.effectiveSize), emptyWindows: empty)
  }

  /// The wanted weights of queries, before any policy.
  func rows(
    of queries: Points, in range: Range<Int>, omission: Omission, selection: RowSelection
  ) -> [WeightRow] {
    var rows = [WeightRow](repeating: .empty, count: range.count)
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      let write = { (place: Int, row: WeightRow) in rows[place] = row }
      if let engine = engine as? NeighborEngine {
        engine.forEachRow(
          of: queries, in: range, omission: omission, selection: selection,
          execution: execution, body: write)
      } else {
        problem.forEachRow(
          of: queries, in: range, omission: omission, selection: selection,
          execution: execution, body: write)
      }
    }
    return rows
  }

  /// The wanted ones of the weights that a policy gives; of a whole row also the keys without any.
  private func listed(
    _ entries: [AttentionWeights.Entry], _ selection: RowSelection
  ) -> [(key: Int, weight: Double)] {
    guard selection.isWhole else {
      return selection.applied(to: entries.lazy.map { (key: $0.key, weight: $0.weight) })
    }
    var weights = [Double](repeating: entries.isEmpty ? .nan : 0, count: keys.count)
    for entry in entries { weights[entry.key] = entry.weight }
    let all = weights.enumerated().map { (key: $0.offset, weight: $0.element) }
    return entries.isEmpty ? all : selection.applied(to: all)
  }
}
