internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

extension TilePass {
  /// Squared distances to a tile's keys, in bandwidths divided by `scale`; infinite for a key with no
  /// observation weight.
  func squaredDistances(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?, scale: Double
  ) {
    evaluate(loops.tiles.squared_distance, query: query, tile: tile, scale: scale)
    if let logs = stored.logObservationWeights {
      for index in 0..<tile.count where logs[tile.lowerBound + index] == -.infinity {
        weights[index] = .infinity
      }
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = .infinity }
    if engine.isCausal { giveLater(.infinity, query, tile) }
  }

  /// −ln of the weights of a tile's keys for one query, too large by at most `excess`; infinite for a
  /// key with no weight.
  ///
  /// - Returns: the smallest. If that is infinite, the weights are unchanged.
  func negativeLogWeights(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?
  ) -> Double {
    let similarity = engine.similarity
    if let (loop, _) = loops.tiles.negativeLog(of: similarity) {
      evaluate(loop, query: query, tile: tile)
    } else if similarity.kernel.isCompact {
      evaluate(loops.tiles.weighing(similarity, by: .boxcar), query: query, tile: tile)
      guard hasAnyWeight(tile) else { return .infinity }
      for index in 0..<tile.count {
        weights[index] =
          weights[index] > 0
          ? -engine.compactLogWeight(query: query, key: tile.lowerBound + index, of: stored)
          : .infinity
      }
    } else {
      let kernel = similarity.kernel
      func negativeLog(_ u: Double) -> Double { -(kernel.logProfile(u) ?? .log(kernel.profile(u))) }
      evaluate(query: query, tile: tile, start: 0, { $0 + negativeLog($1) }, negativeLog)
    }
    if let logs = stored.logObservationWeights {
      for index in 0..<tile.count { weights[index] -= logs[tile.lowerBound + index] }
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = .infinity }
    if engine.isCausal { giveLater(.infinity, query, tile) }
    return loops.tiles.smallest(tile.count, weights)
  }

  /// The most by which ``negativeLogWeights(query:tile:excluding:)`` can be too large.
  var excess: Double { loops.tiles.negativeLog(of: engine.similarity)?.excess ?? 0 }

  private func hasAnyWeight(_ tile: Range<Int>) -> Bool {
    var sums = (0.0, 0.0)
    var lost = (0.0, 0.0)
    withUnsafeMutableBytes(of: &sums) { sums in
      withUnsafeMutableBytes(of: &lost) { lost in
        loops.tiles.accumulate(
          tile.count, weights, 0, nil, 0, sums.bindMemory(to: Double.self).baseAddress,
          lost.bindMemory(to: Double.self).baseAddress)
      }
    }
    return sums.0 > 0
  }
}
