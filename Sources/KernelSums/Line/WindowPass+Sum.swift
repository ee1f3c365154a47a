internal import SimilarityKernels
internal import _CKernelSums

extension WindowPass {
  /// Writes the sums of some queries, together where that is possible.
  func sum(_ group: QueryGroup) {
    var certain = 0
    if squaredMoments == nil, let groups { certain = groups.sum(group, self) }
    for index in 0..<group.count where certain & 1 << index == 0 {
      sum(query: group.queries[index], own: group.own[index], into: group.slots[index])
    }
  }

  func cell(of query: Double) -> Int { groups?.cell(of: query) ?? 0 }

  /// Writes the sums of one query.
  ///
  /// - Parameter own: the position of the key to leave out; −1 for none.
  func sum(query: Double, own: Int, into slot: Int) {
    partial.update(repeating: 0, count: partialCount)
    masses.update(repeating: 0, count: blocks.sumCount)
    local?.start()
    (reach, squareReach, ownWasVisited) = (0, 0, own < 0)
    locate(query)
    visit(inside.lowerBound - 1, query, own)
    if !isWithinOneBlock { visit(inside.upperBound, query, own) }
    let isWhole = inside.isEmpty || addInside(query, own)
    if let local {
      guard isWhole && write(local, own, into: slot) else {
        return local.rescue(self, query: query, own: own, into: slot)
      }
      return
    }
    guard isWhole && write(own, into: slot) else {
      return rescue(query: query, own: own, into: slot)
    }
  }

  /// Adds the keys of one block one by one.
  private func visit(_ block: Int, _ query: Double, _ own: Int) {
    guard block >= 0 && block < blockCount else { return }
    if own >= 0 && own / blockLength == block { ownWasVisited = true }
    if let local {
      let keys = block * blockLength..<min((block + 1) * blockLength, blocks.sorted.count)
      return local.visit(keys, query, own, squares: squaredMoments != nil, self)
    }
    blockSums(description, query, block, own, squaredMoments == nil ? 0 : 1, partial)
  }

  /// Whether a window that contains no whole block contains any key.
  func hasKeys(query: Double, own: Int) -> Bool {
    guard isBounded, let counts = loops.blocks.summing(by: .boxcar) else { return true }
    scratch.update(repeating: 0, count: Int(NADARAYA_PADDING))
    for block in [inside.lowerBound - 1, inside.lowerBound]
    where block >= 0 && block < blockCount {
      counts(counting, query, block, own, 0, scratch)
    }
    return (0..<Int(NADARAYA_PADDING)).contains { scratch[$0] > 0 }
  }

  /// Adds the blocks inside the window; false if no moments give them.
  private func addInside(_ query: Double, _ own: Int) -> Bool {
    guard moments.polynomial.isSplit else { return add(inside, query, rightOfQuery: false) }
    // The first block that reaches beyond the query.
    kink = blocks.first(from: kink) { [keys, blockLength] block in
      keys[(block + 1) * blockLength - 1] > query
    }
    let middle = min(max(kink, inside.lowerBound), inside.upperBound)
    var right = middle
    if middle < inside.upperBound && keys[middle * blockLength] < query {
      visit(middle, query, own)
      right += 1
    }
    return add(inside.lowerBound..<middle, query, rightOfQuery: false)
      && add(right..<inside.upperBound, query, rightOfQuery: true)
  }

  private func add(_ run: Range<Int>, _ query: Double, rightOfQuery: Bool) -> Bool {
    guard !run.isEmpty else { return true }
    reach = max(reach, add(run, of: moments, query, rightOfQuery: rightOfQuery, to: 0))
    if let squaredMoments {
      let sum = blocks.sumCount - 1
      squareReach = max(
        squareReach, add(run, of: squaredMoments, query, rightOfQuery: rightOfQuery, to: sum))
    }
    return reach < .infinity && squareReach < .infinity
  }

  /// Adds a run of blocks from the moments of its cells, each about the nearer of two anchors if both
  /// are possible.
  ///
  /// - Returns: the largest |x| + |t|; infinite if the run lies inside a cell.
  private func add(
    _ run: Range<Int>, of moments: CellMoments, _ query: Double, rightOfQuery: Bool,
    to firstSum: Int
  ) -> Double {
    let (polynomial, rowCount) = (moments.polynomial, moments.rowCount)
    let degree = moments.degree
    let isLocal = local != nil && firstSum == 0
    let table = polynomial.table(rightOfQuery: rightOfQuery)
    var reach = 0.0
    var block = run.lowerBound
    while block < run.upperBound {
      guard let piece = piece(from: block, in: run, of: moments, query: query) else {
        return .infinity
      }
      let rows = piece.rows
      let x = (query - piece.anchor) * inverseBandwidth
      if isLocal, let local {
        local.add(rows, degree: degree, x: x, rightOfQuery: rightOfQuery)
      } else {
        loops.blocks.evaluate_moments(
          table, degree, x, rows, rowCount, partial + firstSum * Int(NADARAYA_PADDING))
      }
      for row in 0..<rowCount { masses[firstSum + row] += rows[row * (degree + 1)].magnitude }
      // A constant has no terms that cancel, even at an infinite x.
      if degree > 0 { reach = max(reach, x.magnitude + piece.span) }
      block = piece.stop
    }
    return reach
  }

  /// The blocks from one on that the moments of one cell give, up to the end of a run.
  ///
  /// - Returns: the moments, the key that they are about, the distance of the farthest key from it in
  ///   bandwidths, and the block after the last; nil if the run lies inside a cell.
  @inline(__always)
  func piece(
    from block: Int, in run: Range<Int>, of moments: CellMoments, query: Double
  ) -> (rows: UnsafePointer<Double>, anchor: Double, span: Double, stop: Int)? {
    let (start, end) = (moments.cells.start(block), moments.cells.end(block))
    guard start == block || end <= run.upperBound else { return nil }
    let stop = min(end, run.upperBound)
    let (left, right) = (keys[start * blockLength], keys[end * blockLength - 1])
    let isPrefix =
      start == block
      && (end > run.upperBound || (query - left).magnitude < (query - right).magnitude)
    let anchor = isPrefix ? left : right
    let farthest = isPrefix ? keys[stop * blockLength - 1] : keys[block * blockLength]
    return (
      isPrefix ? moments.prefix(stop - 1) : moments.suffix(block), anchor,
      (farthest - anchor).magnitude * inverseBandwidth, stop
    )
  }
}

// Finding a window's blocks. The exact h − |q − k| decides membership, as in the loops: the difference
// is carried with its rounding error, and the subtraction from h is exact wherever the sign is in
// doubt.
extension WindowPass {
  /// Finds the blocks inside the window of a query, starting from the last query's.
  ///
  /// - Complexity: O(log of the number of blocks between the two).
  func locate(_ query: Double) {
    (inside, isWithinOneBlock) = located(query, from: inside)
  }

  /// The blocks inside the window of a query, and whether the block before is the only one that it touches.
  ///
  /// - Parameter guess: the blocks of a query nearby.
  /// - Complexity: O(log of the number of blocks between the two).
  func located(
    _ query: Double, from guess: Range<Int>
  ) -> (inside: Range<Int>, isWithinOneBlock: Bool) {
    guard isBounded else { return (0..<fullBlocks, false) }
    let first = blocks.first(from: guess.lowerBound) { [self] block in
      let key = keys[block * blockLength]
      return key >= query || reaches(query, key)
    }
    let stop = blocks.first(from: max(guess.upperBound, first - 1)) { [self] block in
      guard block < fullBlocks else { return true }
      let key = keys[(block + 1) * blockLength - 1]
      return key > query && !reaches(key, query)
    }
    // A window inside one block ends before the first block that starts in it.
    return (first..<max(first, stop), stop < first)
  }

  /// Whether `high` − `low` < h, exactly, for `high` ≥ `low`.
  private func reaches(_ high: Double, _ low: Double) -> Bool {
    let difference = high - low
    let rounded = difference - high
    let error = (high - (difference - rounded)) - (low + rounded)
    return (bandwidth - difference) - error > 0
  }
}
