internal import _CKernelSums

extension SoftmaxPairs {
  /// The gradient of a function of the pooled columns with respect to the places of the queries and keys.
  ///
  /// With g = ∂/∂y: ∂/∂s_ij = p_ij g_i·(c_j − y_i), which the chain rule extends to q_i and k_j. If the
  /// points attend to each other, the two are added, since they move together.
  ///
  /// - Parameters:
  ///   - slopes: g, p columns of m.
  ///   - pooled: the pooled columns of the same queries and keys.
  ///   - execution: threads, instruction set.
  /// - Returns: r columns of m, and r columns of n; the latter is empty if the points attend to each
  ///   other.
  /// - Complexity: O(n·m·(r + p)) on all threads.
  package func placeSlopes(
    _ slopes: [[Double]], of pooled: SoftmaxPooled, execution: Execution = Execution()
  ) -> (queries: [[Double]], keys: [[Double]]) {
    var offsets = [Double](repeating: 0, count: queryCount)
    for (slopes, estimates) in zip(slopes, pooled.estimates) {
      for query in offsets.indices { offsets[query] += slopes[query] * estimates[query] }
    }
    let asking = Side(
      count: queryCount, places: queries, slopes: Self.padded(slopes),
      logSums: Self.padded([pooled.logSums], with: .infinity), offsets: Self.padded([offsets]))
    let answering = Side(
      count: keyCount, places: keys, columns: columns, logWeights: logWeights)
    if queries === keys {
      if let slopes = mutualSlopes(slopes, of: pooled, offsets: offsets, execution: execution) {
        return (slopes, [])
      }
      let both = Side(
        count: keyCount, places: keys, columns: columns, logWeights: logWeights,
        slopes: asking.slopes, logSums: asking.logSums, offsets: asking.offsets)
      return (
        meet(both, both, asks: true, answers: true, excluded: excludedKeys, execution), []
      )
    }
    var excludedQueries = [Int](repeating: -1, count: keyCount)
    for (query, key) in excludedKeys.enumerated() where key >= 0 { excludedQueries[key] = query }
    return (
      meet(asking, answering, asks: true, answers: false, excluded: excludedKeys, execution),
      meet(answering, asking, asks: false, answers: true, excluded: excludedQueries, execution)
    )
  }

  /// Rows, as queries or keys or both.
  private struct Side {
    let count: Int
    let places: PaddedColumns
    var columns: PaddedColumns?
    var logWeights: PaddedColumns?
    var slopes: PaddedColumns?
    var logSums: PaddedColumns?
    var offsets: PaddedColumns?

    /// Calls `body` with the loops' description of these rows as the other side of a pair.
    func withLoopKeys(
      columnCount: Int, isProduct: Bool, _ body: (nadaraya_softmax) -> Void
    ) {
      let pointers = [places.pointers, columns?.pointers ?? [], slopes?.pointers ?? []]
      pointers[0].withUnsafeBufferPointer { places in
        pointers[1].withUnsafeBufferPointer { columns in
          pointers[2].withUnsafeBufferPointer { slopes in
            body(
              nadaraya_softmax(
                count: (count + 15) / 16 * 16, dimension: places.count, column_count: columnCount,
                is_product: isProduct ? 1 : 0, places: places.baseAddress,
                log_weights: logWeights?.column(0), columns: columns.baseAddress,
                log_sums: logSums?.column(0), slopes: slopes.baseAddress,
                offsets: offsets?.column(0)))
          }
        }
      }
    }
  }

  /// The sums over all others for each row.
  private func meet(
    _ rows: Side, _ others: Side, asks: Bool, answers: Bool, excluded: [Int],
    _ execution: Execution
  ) -> [[Double]] {
    let loops = execution.instructions.loops.softmax
    let (length, dimension, columnCount) = (
      Self.rowLength, keys.columnCount, columns.columnCount
    )
    let slots = AlignedMemory(count: (rows.count + length) * dimension)
    others.withLoopKeys(columnCount: columnCount, isProduct: score == .innerProduct) { others in
      execution.forEachBlock(
        of: (rows.count + length - 1) / length, atMost: 16,
        scratch: { AlignedMemory(count: length * (dimension + 2 * columnCount + 3)) }
      ) { groups, scratch in
        for group in groups {
          var place = scratch.base
          func take(_ columns: PaddedColumns?) -> UnsafePointer<Double>? {
            guard let columns else { return nil }
            _ = gather(group, from: columns, count: rows.count, into: place)
            defer { place += length * columns.columnCount }
            return UnsafePointer(place)
          }
          let left = (0..<length).map { excluded[min(group * length + $0, rows.count - 1)] }
          left.withUnsafeBufferPointer { left in
            let taken = nadaraya_softmax_rows(
              places: take(rows.places), log_weights: take(rows.logWeights),
              columns: take(rows.columns), log_sums: take(rows.logSums),
              slopes: take(rows.slopes), offsets: take(rows.offsets), excluded: left.baseAddress)
            withUnsafePointer(to: taken) { taken in
              withUnsafePointer(to: others) { others in
                loops.slopes(
                  others, taken, asks ? 1 : 0, answers ? 1 : 0,
                  slots.base + group * length * dimension)
              }
            }
          }
        }
      }
    }
    return Self.ungrouped(slots, dimension: dimension, count: rows.count)
  }

  /// The loops' results for groups of rows, as columns.
  static func ungrouped(_ slots: AlignedMemory, dimension: Int, count: Int) -> [[Double]] {
    (0..<dimension).map { coordinate in
      [Double](unsafeUninitializedCapacity: count) { column, used in
        for row in 0..<count {
          let (group, slot) = row.quotientAndRemainder(dividingBy: rowLength)
          column[row] = slots.base[(group * dimension + coordinate) * rowLength + slot]
        }
        used = count
      }
    }
  }
}
