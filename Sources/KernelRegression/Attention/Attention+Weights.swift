internal import KernelSums
internal import RealModule
package import SimilarityKernels

extension Attention {
  /// The attention of queries, without ever storing all n·m weights.
  ///
  /// The row of a query that attends to no key is empty unless the policy says otherwise.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - range: the queries to list; nil for all.
  ///   - selection: which keys are listed.
  /// - Throws: ``KernelRegressionError``, as ``predict(at:diagnostics:)`` does.
  /// - Complexity: O(n·d + c·log c) for a query with c keys listed, on all threads.
  public func weights(
    at queries: Queries, range: Range<Int>? = nil, listing selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> AttentionWeights {
    let (points, omission) = try resolved(queries)
    return try weights(
      at: points, range ?? points.indices, omitsOwn: omission == .own, listing: selection)
  }

  /// The same; with `omitsOwn` the queries are the keys in their order, and query i does not attend to
  /// key i.
  package func weights(
    at queries: Points, _ range: Range<Int>, omitsOwn: Bool, listing selection: AttentionSelection
  ) throws(KernelRegressionError) -> AttentionWeights {
    let listed = UnsafeMutableBufferPointer<ListedRow>.allocate(capacity: range.count)
    listed.initialize(repeating: ListedRow())
    defer {
      listed.deinitialize()
      listed.deallocate()
    }
    // Each query writes only to its own place.
    nonisolated(unsafe) let shared = listed
    let empty = try forEachRow(range, of: queries, omitsOwn: omitsOwn) {
      place, row, isSupported in
      shared[place] = ListedRow(row, isSupported: isSupported, listing: selection)
    }
    var starts = [0]
    for row in listed { starts.append(starts[starts.count - 1] + row.entries.count) }
    return AttentionWeights(
      keyCount: keys.count, starts: starts,
      keys: listed.flatMap { $0.entries.map(\.key) },
      weights: listed.flatMap { $0.entries.map(\.weight) },
      entropies: listed.map(\.entropy),
      effectiveSampleSizes: listed.map(\.effectiveSampleSize), emptyWindows: empty)
  }
}

/// The part of one query's attention that is listed.
private struct ListedRow {
  var entries: [AttentionWeights.Entry] = []
  var entropy = Double.nan
  var effectiveSampleSize = 0.0

  init() {}

  init(
    _ row: UnsafeMutableBufferPointer<Double>, isSupported: Bool,
    listing selection: AttentionSelection
  ) {
    var squares = 0.0
    var information = 0.0
    var isAny = false
    let least = selection.threshold ?? 0
    for (key, weight) in row.enumerated() {
      isAny = isAny || weight > 0
      if weight > 0 {
        squares += weight * weight
        information -= weight * .log(weight)
      }
      if weight >= least, weight > 0 || selection.isWhole {
        entries.append(AttentionWeights.Entry(key: key, weight: weight))
      }
    }
    if !isAny { entries = [] }
    entries.sort { ($0.weight, $1.key) > ($1.weight, $0.key) }
    if let count = selection.count, count < entries.count {
      entries.removeLast(entries.count - count)
    }
    if isSupported {
      entropy = information
      effectiveSampleSize = 1 / squares
    }
  }
}
