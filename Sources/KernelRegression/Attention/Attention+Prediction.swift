internal import KernelSums
internal import SimilarityKernels

extension Attention {
  /// Estimates at queries.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn; the mask must have been made for them.
  ///   - diagnostics: whether to add effective sample sizes. Distances to the nearest key are nil,
  ///     because most scores have none.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not finite, or
  ///   the mask belongs to other queries; under ``EmptyWindowPolicy/fail`` also if a query attends to no
  ///   key.
  /// - Complexity: O(n·m·(d + p)) on all threads; n numbers of memory per thread.
  public func predict(
    at queries: Queries, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    let (points, omission) = try resolved(queries)
    return try estimate(at: points, omitsOwn: omission == .own, diagnostics: diagnostics)
  }

  private func estimate(
    at queries: Points, omitsOwn: Bool, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions {
    let columns = scaledValues.scaled
    let count = queries.count
    // Estimates by column, then effective sample sizes. Each query writes only to its own places.
    let results = UnsafeMutableBufferPointer<Double>.allocate(
      capacity: count * (columns.count + 1))
    results.initialize(repeating: .nan)
    defer { results.deallocate() }
    nonisolated(unsafe) let shared = results
    let empty = try forEachRow(queries.indices, of: queries, omitsOwn: omitsOwn) {
      place, row, isSupported in
      let row = UnsafeBufferPointer(row)
      shared[columns.count * count + place] = isSupported ? 1 / row.pooled(row) : 0
      guard isSupported || row.contains(where: { $0 > 0 }) else { return }
      for (column, scale) in zip(columns.indices, scaledValues.scales) {
        shared[column * count + place] =
          columns[column].withUnsafeBufferPointer { row.pooled($0) } * scale
      }
    }
    return Predictions(
      estimates: columns.indices.map { Array(results[$0 * count..<($0 + 1) * count]) },
      emptyWindows: empty,
      effectiveSampleSizes: diagnostics ? Array(results.suffix(count)) : nil,
      nearestDistances: nil)
  }
}

extension UnsafeBufferPointer<Double> {
  /// Σ of the products with other numbers, compensated from run to run.
  fileprivate func pooled(_ others: UnsafeBufferPointer<Double>) -> Double {
    var total = CompensatedSum()
    for start in stride(from: 0, to: count, by: 256) {
      let end = Swift.min(start + 256, count)
      var sums = SIMD8<Double>()
      var index = start
      while index + 8 <= end {
        let place = index
        var left = SIMD8<Double>()
        var right = SIMD8<Double>()
        for lane in 0..<8 {
          left[lane] = self[place + lane]
          right[lane] = others[place + lane]
        }
        sums += left * right
        index += 8
      }
      total.add(sums.sum())
      while index < end {
        total.add(self[index] * others[index])
        index += 1
      }
    }
    return total.value
  }
}
