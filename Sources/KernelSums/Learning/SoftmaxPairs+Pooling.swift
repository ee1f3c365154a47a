internal import RealModule
internal import _CKernelSums

/// What queries pool under softmax.
package struct SoftmaxPooled: Sendable {
  /// l, the logarithm of each query's Σ exp(s + λ); −∞ where no key counts.
  package internal(set) var logSums: [Double]

  /// y, p columns of m; NaN where no key counts.
  package internal(set) var estimates: [[Double]]

  /// 1/Σp² of each query; 0 where no key counts or unless squares were asked for.
  package internal(set) var effectiveSampleSizes: [Double]
}

extension SoftmaxPairs {
  /// The pooled columns of all queries.
  ///
  /// - Parameters:
  ///   - squares: whether effective sample sizes are wanted.
  ///   - execution: threads, instruction set, progress.
  /// - Complexity: O(n·m·(r + p)) on all threads.
  package func pooled(squares: Bool = false, execution: Execution = Execution()) -> SoftmaxPooled {
    let loops = execution.instructions.loops
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
              loops.softmax_sums(
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
    var pooled = SoftmaxPooled(
      logSums: [], estimates: (0..<columns.columnCount).map { _ in [] },
      effectiveSampleSizes: [])
    for query in 0..<queryCount {
      let sums = results.base + query * stride
      pooled.logSums.append(sums[1] > 0 ? sums[0] + .log(sums[1]) : -.infinity)
      for column in pooled.estimates.indices {
        pooled.estimates[column].append(sums[3 + column] / sums[1])
      }
      pooled.effectiveSampleSizes.append(sums[2] > 0 ? sums[1] / sums[2] * sums[1] : 0)
    }
    return pooled
  }

  /// Brings a group of rows into the order of the loops, the last one again where there are too few, and
  /// returns what each leaves out.
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
