internal import RealModule
internal import SimilarityKernels

// Queries whose weights are all tiny: far from all keys, in a wide gap, or under tiny observation
// weights. Their relative weights depend on the difference of two distances, which is formed from the
// exact q − k in double-double before anything is rounded, as in the direct engine.
extension CarriedPass {
  /// A key of the query's block, or the nearest key on one side with all sums carried to it.
  private struct Term {
    var key: Double
    var logWeight: Double
    /// Σwc of each column and Σw², divided by the weight and its square.
    var columns: [Double]
    var squaredWeight: Double
  }

  /// Writes the sums of one query relative to its largest weight.
  ///
  /// - Complexity: O(p) for each of the block's keys.
  func writeAnchored(_ query: Double, _ own: Int, _ block: Int, into slot: Int) {
    let bandwidth = engine.similarity.bandwidths[0]
    let terms = terms(own: own, block: block)
    func pair(_ key: Double, _ reference: Double) -> DistancePair {
      DistancePair(query: query, key: key, reference: reference, bandwidth: bandwidth)
    }
    let logs = terms.map { $0.logWeight - pair($0.key, $0.key).key }
    guard let start = logs.indices.max(by: { logs[$0] < logs[$1] }), logs[start] > -.infinity
    else { return writeEmpty(into: slot) }
    let candidates = logs.indices.filter { logs[$0] > -.infinity }
    let best = unbeaten(among: candidates, startingAt: start) {
      (DoubleDouble(terms[$0].logWeight) - DoubleDouble(terms[$1].logWeight))
        - pair(terms[$0].key, terms[$1].key).difference
    }
    writeEmpty(into: slot)
    results.logAnchors[slot] = logs[best.key] + engine.sorted.logObservationScale
    for (candidate, ratio) in zip(candidates, best.ratios) {
      let weight = Double.exp(ratio)
      results.weights[slot] += weight
      results.squaredWeights[slot] += weight * weight * terms[candidate].squaredWeight
      for column in columns.indices {
        columns[column][slot] += weight * terms[candidate].columns[column]
      }
    }
  }

  private func terms(own: Int, block: Int) -> [Term] {
    let blocks = engine.blocks
    let sorted = engine.sorted
    let positions =
      block * blocks.blockLength..<min((block + 1) * blocks.blockLength, sorted.count)
    var terms = positions.filter { $0 != own }.map { position in
      Term(
        key: sorted.keys[position],
        logWeight: engine.observationWeights.map {
          .log($0[sorted.row(position)]) - sorted.logObservationScale
        } ?? 0,
        columns: columns.indices.map { sorted.column($0)[position] }, squaredWeight: 1)
    }
    func add(_ sums: UnsafePointer<Double>, _ key: Double, anchor: Double) {
      guard sums[0] > 0 else { return }
      terms.append(
        Term(
          key: key,
          logWeight: .log(sums[0]) + (anchor - key).magnitude / engine.similarity.bandwidths[0],
          columns: columns.indices.map { sums[1 + $0] / sums[0] },
          squaredWeight: sums[blocks.sumCount - 1] / sums[0] / sums[0]))
    }
    let carried = engine.carried
    if block > 0 {
      add(
        carried.left(block - 1), blocks.lastKey(block - 1),
        anchor: blocks.lastKey(carried.cells.end(block - 1) - 1))
    }
    if block + 1 < blocks.count {
      add(
        carried.right(block + 1), blocks.firstKey(block + 1),
        anchor: blocks.firstKey(carried.cells.start(block + 1)))
    }
    return terms
  }
}
