internal import SimilarityKernels
internal import _CKernelSums

extension TilePass {
  /// Squared distances to a tile's keys, in bandwidths divided by `scale`; infinite where a key
  /// has no weight of its own.
  func squaredDistances(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?, scale: Double
  ) {
    evaluate(loops.squared_distance, query: query, tile: tile, scale: scale)
    if let observationWeights = engine.observationWeights {
      let own = observationWeights.column(0) + tile.lowerBound
      for index in 0..<tile.count where own[index] == 0 { weights[index] = .infinity }
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = .infinity }
  }

  /// −ln of the weights of a tile's keys for one query, too large by no more than `slack`; infinite
  /// where a key has no weight.
  func losses(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?
  ) {
    if let (loop, _) = loops.losing(engine.similarity) {
      evaluate(loop, query: query, tile: tile)
    } else {
      let kernel = engine.similarity.kernel
      evaluate(
        query: query, tile: tile, start: 0, { $0 - (kernel.logProfile($1) ?? -.infinity) },
        { -(kernel.logProfile($0) ?? -.infinity) })
    }
    if let logs = engine.logObservationWeights {
      for index in 0..<tile.count { weights[index] -= logs[tile.lowerBound + index] }
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = .infinity }
  }

  /// By how much ``losses(query:tile:excluding:)`` is too large at most.
  var slack: Double { loops.losing(engine.similarity)?.slack ?? 0 }
}
