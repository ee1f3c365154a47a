// Where a window's blocks lie. Membership is decided by the exact h − |q − k|, as the loops decide
// it: the difference is carried with its rounding error, and what is subtracted from h is exact
// wherever the sign is in doubt.
extension WindowPass {
  /// Finds the blocks inside the window of a query, from where the last query's lay.
  ///
  /// - Complexity: O(log of the number of blocks between the two).
  func locate(_ query: Double) {
    guard isBounded else {
      inside = 0..<fullBlocks
      return
    }
    let first = blocks.first(from: inside.lowerBound) { [self] block in
      let key = keys[block * blockLength]
      return key >= query || reaches(query, key)
    }
    let stop = blocks.first(from: max(inside.upperBound, first - 1)) { [self] block in
      guard block < fullBlocks else { return true }
      let key = keys[(block + 1) * blockLength - 1]
      return key > query && !reaches(key, query)
    }
    // A window inside one block ends in the block before the first that starts in it.
    inside = stop < first ? first..<first : first..<stop
    isWithinOneBlock = stop < first
  }

  /// Whether `high` − `low` < h, exactly; `high` is not the lesser.
  private func reaches(_ high: Double, _ low: Double) -> Bool {
    let difference = high - low
    let rounded = difference - high
    let error = (high - (difference - rounded)) - (low + rounded)
    return (bandwidth - difference) - error > 0
  }
}
