internal import KernelSums
internal import SimilarityKernels

extension Attention {
  /// Calls `body` with each query of a range and its shares of all keys, after applying the policy.
  ///
  /// - Parameters:
  ///   - range: the queries to visit.
  ///   - queries: shape `[m, d]`, finite.
  ///   - omitsOwn: whether query i leaves out key i.
  ///   - body: called from several threads at once, with the query's place in the range and whether any
  ///     key supported it.
  /// - Returns: the places of queries that no key supported, in ascending order.
  /// - Complexity: O(n·d) for a query, on all threads; n numbers of memory per thread.
  func forEachRow(
    _ range: Range<Int>, of queries: Points, omitsOwn: Bool,
    body: (_ place: Int, _ row: UnsafeMutableBufferPointer<Double>, _ isSupported: Bool) -> Void
  ) throws(KernelRegressionError) -> [Int] {
    let execution = execution.latched
    try execution.checkCancellation()
    var isEmpty = [Bool](repeating: false, count: range.count)
    isEmpty.withUnsafeMutableBufferPointer { isEmpty in
      // Each query writes only to its own place.
      nonisolated(unsafe) let isEmpty = isEmpty
      execution.forEachBlock(
        of: range.count, atMost: 16, scratch: { [Double](repeating: 0, count: keys.count) }
      ) { block, scratch in
        scratch.withUnsafeMutableBufferPointer { row in
          for place in block {
            let index = range.lowerBound + place
            let query = Array(queries[index])
            let excluded = omitsOwn ? index : nil
            let isSupported = rows.write(row, ofQuery: index, at: query, excluding: excluded)
            if !isSupported {
              isEmpty[place] = true
              fill(row, ofQuery: index, at: query, excluding: excluded)
            }
            body(place, row, isSupported)
          }
        }
      }
    }
    try execution.checkCancellation()
    let empty = isEmpty.indices.filter { isEmpty[$0] }
    if emptyWindow == .fail, let first = empty.first {
      let index = range.lowerBound + first
      let place = queries[index].map { "\($0)" }.joined(separator: ", ")
      throw KernelRegressionError(
        .emptyWindow, "query \(index) at \(place) attends to no key")
    }
    return empty
  }

  /// Writes the shares that the policy puts in place of a row of zeros, if any.
  private func fill(
    _ row: UnsafeMutableBufferPointer<Double>, ofQuery index: Int, at query: [Double],
    excluding excluded: Int?
  ) {
    var shared = keys.indices.filter { $0 != excluded && rows.allows($0, ofQuery: index) }
    guard !shared.isEmpty else { return }
    var weights = shared.map { observationWeights?[$0] ?? 1 }
    switch emptyWindow {
    case .notANumber, .fail: return
    case .mean: break
    case .nearest:
      // Without a kernel every allowed key has a share, so no row is empty.
      guard case .kernel(let similarity) = score else { return }
      let problem = KernelSumProblem(keys: keys, columns: [], similarity: similarity)
      let nearest = problem.keeping(shared).keyWeights.nearestKeys(
        to: Points(rowMajor: query, dimension: keys.dimension), excluding: nil,
        execution: Execution(threads: 1))
      shared = nearest[0].keys.map { shared[$0] }
      weights = shared.map {
        (observationWeights?[$0] ?? 1) * similarity.labelWeight(query: query, key: keys[$0])
      }
    }
    let largest = weights.max() ?? 0
    guard largest > 0 else { return }
    let total = weights.reduce(0) { $0 + $1 / largest }
    for (key, weight) in zip(shared, weights) { row[key] = weight / largest / total }
  }
}
