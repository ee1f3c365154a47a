internal import RealModule
internal import _CKernelSums

extension SoftmaxPairs {
  /// The gradient with respect to the places of points that attend to each other, given the gradient
  /// with respect to the pooled columns; nil if their log-sums differ so much that exponentials of half
  /// the differences would leave the range of doubles.
  ///
  /// See `loops/softmax.h` for the product that gives the slope with respect to a score.
  func mutualSlopes(
    _ slopes: [[Double]], of pooled: SoftmaxPooled, offsets: [Double], execution: Execution
  ) -> [[Double]]? {
    let least = pooled.logSums.min() ?? 0
    let most = pooled.logSums.max() ?? 0
    let logWeight = logWeights.column(0)
    let lightest = (0..<keyCount).reduce(0) { min($0, logWeight[$1]) }
    guard most - least < 600, lightest > -300 else { return nil }
    let center = least + (most - least) / 2
    let roots = pooled.logSums.map { Double.exp(($0 - center) / 2) }
    let weights = (0..<keyCount).map { Double.exp(logWeight[$0]) }
    // ω h c of each column, ω h, then g/h of each column, g·y/h are read by other rows. The row's own
    // side has the same with the roles exchanged and the signs of the difference c − y.
    var met: [[Double]] = []
    var meeting: [[Double]] = []
    func add(_ first: (Int) -> Double, _ second: (Int) -> Double) {
      met.append((0..<keyCount).map(first))
      meeting.append((0..<keyCount).map(second))
    }
    for (column, slopes) in slopes.enumerated() {
      let values = columns.column(column)
      add({ weights[$0] * roots[$0] * values[$0] }, { slopes[$0] / roots[$0] })
      add({ slopes[$0] / roots[$0] }, { weights[$0] * roots[$0] * values[$0] })
    }
    add({ weights[$0] * roots[$0] }, { -offsets[$0] / roots[$0] })
    add({ -offsets[$0] / roots[$0] }, { weights[$0] * roots[$0] })
    return meet(
      features: (Self.padded(met), Self.padded(meeting)),
      halves: Self.padded([pooled.logSums.map { $0 / 2 }], with: .infinity), execution)
  }

  private func meet(
    features: (met: PaddedColumns, meeting: PaddedColumns), halves: PaddedColumns,
    _ execution: Execution
  ) -> [[Double]] {
    let loops = execution.instructions.loops.softmax
    let (length, dimension) = (Self.rowLength, keys.columnCount)
    let slots = AlignedMemory(count: (keyCount + length) * dimension)
    let meeting = features.meeting
    let (places, columns) = (keys.pointers, features.met.pointers)
    places.withUnsafeBufferPointer { places in
      columns.withUnsafeBufferPointer { columns in
        var others = nadaraya_softmax()
        others.count = (keyCount + 15) / 16 * 16
        others.dimension = dimension
        others.column_count = columns.count
        others.places = places.baseAddress
        others.columns = columns.baseAddress
        others.log_sums = halves.column(0)
        let keys = others
        execution.forEachBlock(
          of: (keyCount + length - 1) / length, atMost: 16,
          scratch: { AlignedMemory(count: length * (dimension + columns.count + 1)) }
        ) { groups, scratch in
          let features = scratch.base + length * dimension
          let half = features + length * columns.count
          for group in groups {
            let excluded = gather(group, from: self.keys, count: keyCount, into: scratch.base) {
              excludedKeys[$0]
            }
            _ = gather(group, from: meeting, count: keyCount, into: features)
            _ = gather(group, from: halves, count: keyCount, into: half)
            withUnsafePointer(to: keys) {
              loops.mutual_slopes(
                $0, scratch.base, half, features, excluded,
                slots.base + group * length * dimension)
            }
          }
        }
      }
    }
    return Self.ungrouped(slots, dimension: dimension, count: keyCount)
  }
}
