internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

// Queries whose moments cancel, or whose weights are all tiny: summed from the window's keys, as the
// direct engine sums them from all keys.
extension WindowPass {
  /// Writes the sums of the last query, from its window's keys one by one.
  ///
  /// - Complexity: O(p) for each key of the window.
  func rescue(query: Double, own: Int, into slot: Int) {
    let length = blocks.blockLength
    let positions =
      max(inside.lowerBound - 1, 0)
      * length..<min((inside.upperBound + 1) * length, blocks.sorted.count)
    if inside.isEmpty && !hasKeys(query: query, own: own) {
      return writeEmpty(into: slot)
    }
    let columnCount = columns.count
    let sums = scratch
    let lost = scratch + (columnCount + 2)
    sums.update(repeating: 0, count: 2 * (columnCount + 2))
    let tileLength = DirectEngine.tileLength(dimension: 1)
    let tileWeights = scratch + 2 * (columnCount + 2)
    for start in stride(from: positions.lowerBound, to: positions.upperBound, by: tileLength) {
      let count = min(tileLength, positions.upperBound - start)
      weigh(query, start, count, into: tileWeights)
      if own >= start && own < start + count { tileWeights[own - start] = 0 }
      for column in 0..<columnCount {
        columnPointers[column] = blocks.sorted.column(column) + start
      }
      loops.accumulate(
        count, tileWeights, columnCount, columnPointers, squaredMoments == nil ? 0 : 1, sums, lost)
    }
    let weight = sums[0] + lost[0]
    guard weight >= DirectEngine.anchoringThreshold else {
      return writeAnchored(query, own, positions, into: slot)
    }
    results.logAnchors[slot] = blocks.sorted.logObservationScale
    results.weights[slot] = weight
    results.squaredWeights[slot] = squaredMoments == nil ? .nan : sums[1] + lost[1]
    for column in 0..<columnCount { columns[column][slot] = sums[2 + column] + lost[2 + column] }
  }

  /// The weights of some keys, 0 in the padding.
  func weigh(
    _ query: Double, _ start: Int, _ count: Int, into weights: UnsafeMutablePointer<Double>
  ) {
    let weighing = loops.weighing(engine.similarity, by: engine.kernel)
    withUnsafePointer(to: UnsafePointer<Double>?.some(blocks.sorted.keys + start)) { keys in
      withUnsafePointer(to: query) { query in
        withUnsafePointer(to: blocks.bandwidth) { bandwidth in
          withUnsafePointer(to: blocks.description.inverse_bandwidth) { inverse in
            var tile = nadaraya_tile(
              count: count, dimension: 1, keys: keys, query: query, bandwidths: bandwidth,
              inverse_bandwidths: inverse, shared_bandwidth: 0)
            weighing(&tile, weights)
          }
        }
      }
    }
    if let observationWeights = blocks.sorted.observationWeights {
      loops.multiply(count, observationWeights + start, weights)
    }
  }

  private func writeEmpty(into slot: Int) {
    results.logAnchors[slot] = -.infinity
    results.weights[slot] = 0
    results.squaredWeights[slot] = squaredMoments == nil ? .nan : 0
    for column in columns { column[slot] = 0 }
  }

  /// Sums over the largest weight, where weights of their own would round to 0.
  private func writeAnchored(_ query: Double, _ own: Int, _ positions: Range<Int>, into slot: Int) {
    let logs = positions.map { $0 == own ? -.infinity : logWeight(query, $0) }
    guard let largest = logs.max(), largest > -.infinity else { return writeEmpty(into: slot) }
    writeEmpty(into: slot)
    results.logAnchors[slot] = largest + blocks.sorted.logObservationScale
    for (position, log) in zip(positions, logs) where log > -.infinity {
      let weight = Double.exp(log - largest)
      results.weights[slot] += weight
      results.squaredWeights[slot] += weight * weight
      for column in columns.indices {
        columns[column][slot] += weight * blocks.sorted.column(column)[position]
      }
    }
  }

  /// ln of a key's weight over the scale of the observation weights; −∞ outside the window.
  private func logWeight(_ query: Double, _ position: Int) -> Double {
    let observation =
      engine.observationWeights.map {
        .log($0[blocks.sorted.row(position)]) - blocks.sorted.logObservationScale
      } ?? 0
    guard isBounded else { return observation }
    let distance = DoubleDouble(sumOf: query, -blocks.sorted.keys[position]).magnitude
    let gap = (DoubleDouble(blocks.bandwidth) - distance).value / blocks.bandwidth
    return observation + engine.similarity.kernel.logProfile(gap: gap)
  }
}
