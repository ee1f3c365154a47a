internal import RealModule
internal import _CKernelSums

/// The columns that queries pool under softmax.
package struct SoftmaxPooled: Sendable {
  /// l, the logarithm of each query's Σ exp(s + λ); −∞ if no key counts.
  package let logSums: [Double]

  /// y, p columns of m; NaN if no key counts.
  package let estimates: [[Double]]

  /// 1/Σp² of each query; 0 if no key counts or squares were not requested.
  package let effectiveSampleSizes: [Double]
}

extension SoftmaxPairs {
  /// The pooled columns of all queries.
  ///
  /// - Parameters:
  ///   - squares: whether to compute effective sample sizes.
  ///   - execution: threads, instruction set, progress.
  /// - Complexity: O(n·m·(r + p)) on all threads.
  package func pooled(squares: Bool = false, execution: Execution = Execution()) -> SoftmaxPooled {
    let loops = execution.instructions.loops.softmax
    let rows = Self.rowLength
    let stride = 3 + columns.columnCount
    let results = AlignedMemory(count: (queryCount + rows) * stride)
    let (places, pooled) = (keys.pointers, columns.pointers)
    places.withUnsafeBufferPointer { places in
      pooled.withUnsafeBufferPointer { pooled in
        var others = nadaraya_softmax()
        others.count = (keyCount + 15) / 16 * 16
        others.dimension = keys.columnCount
        others.column_count = columns.columnCount
        others.is_product = score == .innerProduct ? 1 : 0
        others.places = places.baseAddress
        others.log_weights = logWeights.column(0)
        others.columns = pooled.baseAddress
        let keys = others
        execution.forEachBlock(
          of: (queryCount + rows - 1) / rows, atMost: 16,
          scratch: { AlignedMemory(count: queries.columnCount * rows) }
        ) { groups, scratch in
          for group in groups {
            let excluded = gather(group, from: queries, count: queryCount, into: scratch.base) {
              excludedKeys[$0]
            }
            withUnsafePointer(to: keys) { keys in
              loops.sums(
                keys, scratch.base, excluded, squares ? 1 : 0,
                results.base + group * rows * stride)
            }
          }
        }
      }
    }
    return summary(of: results, stride: stride)
  }

  /// Divides the sums.
  private func summary(of results: AlignedMemory, stride: Int) -> SoftmaxPooled {
    let base = results.base
    func column(_ value: (UnsafeMutablePointer<Double>) -> Double) -> [Double] {
      (0..<queryCount).map { value(base + $0 * stride) }
    }
    return SoftmaxPooled(
      logSums: column { $0[1] > 0 ? $0[0] + .log($0[1]) : -.infinity },
      estimates: (0..<columns.columnCount).map { index in column { $0[3 + index] / $0[1] } },
      effectiveSampleSizes: column { $0[2] > 0 ? $0[1] / $0[2] * $0[1] : 0 })
  }

  /// Arranges a group of rows for the loops, repeating the last one if there are too few, and returns
  /// the key that each leaves out.
  func gather(
    _ group: Int, from columns: PaddedColumns, count: Int,
    into numbers: UnsafeMutablePointer<Double>, excluded: (Int) -> Int = { _ in -1 }
  ) -> [Int] {
    let rows = Self.rowLength
    for column in 0..<columns.columnCount {
      let numbersOfColumn = columns.column(column)
      for row in 0..<rows {
        numbers[column * rows + row] = numbersOfColumn[min(group * rows + row, count - 1)]
      }
    }
    return (0..<rows).map { excluded(min(group * rows + $0, count - 1)) }
  }
}
