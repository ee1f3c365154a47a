internal import SimilarityKernels

extension DirectEngine {
  /// The sums of a block of queries, each over the keys up to its own time.
  ///
  /// - Parameter times: the keys' first input, ascending; at most a tile of them.
  func sums(
    of block: [BlockQuery], times: UnsafeBufferPointer<Double>, squares: Bool, pass: TilePass,
    into results: UnsafeSums
  ) {
    precondition(times.count <= tileLength, "the keys of a leaf must fit in a tile")
    pass.start(queryCount: block.count)
    pass.moveTo(0)
    for slot in block.indices {
      let query = block[slot]
      let earlier = 0..<Self.count(of: times, upTo: query.coordinates[0])
      pass.weigh(query: query.coordinates, tile: earlier, excluding: query.excluded)
      pass.accumulate(into: slot, query: query.coordinates, tile: earlier, squares: squares)
      finish(query, slot, over: [earlier], squares: squares, pass: pass, into: results)
      // Recomputing a query's sums moves the pass to other tiles.
      pass.moveTo(0)
    }
  }

  private static func count(of times: UnsafeBufferPointer<Double>, upTo time: Double) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
