internal import SimilarityKernels
internal import _CKernelSums

/// What a pass over windows needs to sum several neighbouring queries at a time.
///
/// Eight keys in their order are a cell of the line. Blocks inside the windows of all queries in a cell are read from
/// moments, which the loop shifts to each query in its lane; keys at the edges, and near a kink, are weighed for
/// all lanes one after the other. The loop certifies every sum as ``WindowPass`` does; queries that fail
/// are summed alone. What is read depends on the cell, not on the queries in it, so that a query has the same
/// sums beside any others.
final class WindowGroups {
  /// The last query's cell, and the one that is ready.
  private var (cell, readyCell) = (-1, -2)

  /// The blocks inside the windows of the ready cell's ends.
  private var (first, last) = (0..<0, 0..<0)

  private var kink = 0

  /// The ready cell's pieces; nil if its queries are summed alone.
  private var pieceCount: Int?

  private let keys: UnsafePointer<Double>
  private let keyCount: Int
  private let loop: nadaraya_window_sums
  private let windows: UnsafeMutablePointer<nadaraya_window_rules>
  private let magnitudeRows: UnsafeMutablePointer<Int>
  private let runs: UnsafeMutablePointer<Int>
  private let pieces: UnsafeMutablePointer<nadaraya_piece>
  private let own: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>
  private let memory: [AlignedMemory]
  private let degree: Int

  private static let runCapacity = 3
  private static let pieceCapacity = 16

  /// Roundings of a weight at the edge of a window, where the kernel changes by at most twice its argument.
  private static let edgeRoundings = 12.0

  /// Nil where the kernel has no such loop.
  init?(_ engine: PiecewiseEngine, loops: nadaraya_window_loops) {
    let blocks = engine.blocks
    let rowCount = 1 + blocks.columnCount
    let loop = withUnsafeBytes(of: loops.sums) {
      $0.bindMemory(to: nadaraya_window_sums?.self)[engine.kernel.rawValue]
    }
    guard let loop, rowCount <= Int(NADARAYA_WINDOW_ROWS) else { return nil }
    self.loop = loop
    keys = blocks.description.keys
    keyCount = blocks.sorted.count
    let coefficients = engine.moments.polynomial.coefficients
    degree = engine.problem.degree
    let powers = 2 * degree + 1 + blocks.columnCount * (degree + 1)
    let padding = Int(NADARAYA_PADDING)
    memory = [
      AlignedMemory(count: coefficients.count), AlignedMemory(count: rowCount * padding),
      AlignedMemory(count: powers * padding),
    ]
    for (power, coefficient) in coefficients.enumerated() { memory[0].base[power] = coefficient }
    own = memory[1].base
    sums = memory[2].base
    magnitudeRows = .allocate(capacity: max(engine.magnitudeSums.count, 1))
    for (column, row) in engine.magnitudeSums.enumerated() { magnitudeRows[column] = row }
    runs = .allocate(capacity: 2 * Self.runCapacity)
    runs.initialize(repeating: 0, count: 2 * Self.runCapacity)
    pieces = .allocate(capacity: Self.pieceCapacity)
    func roundings(_ power: Int) -> Double {
      WindowPass.roundings(
        degree: coefficients.count - 1 + power, blockLength: blocks.blockLength)
    }
    windows = .allocate(capacity: 1)
    windows.initialize(
      to: nadaraya_window_rules(
        coefficients: memory[0].base, kernel_degree: coefficients.count - 1, degree: degree,
        row_stride: engine.moments.degree + 1,
        magnitude_rows: magnitudeRows, plain_column_count: engine.magnitudeSums.count,
        roundings: (roundings(0), roundings(degree), roundings(2 * degree)),
        visit_roundings: WindowPass.roundingsOfVisits, edge_roundings: Self.edgeRoundings,
        tolerance: WindowPass.tolerance, moment_tolerance: WindowPass.momentTolerance,
        least_weight: DirectEngine.anchoringThreshold,
        least_magnitude: WindowPass.leastMagnitude))
  }

  deinit {
    windows.deallocate()
    magnitudeRows.deallocate()
    runs.deallocate()
    pieces.deallocate()
  }

  /// The cell of a query; −1 below all keys.
  ///
  /// - Complexity: O(log of the number of cells from the last query's).
  func cell(of query: Double) -> Int {
    let length = Int(NADARAYA_PADDING)
    let cellCount = (keyCount + length - 1) / length
    func isBeyond(_ cell: Int) -> Bool { cell >= cellCount || keys[cell * length] > query }
    var (low, high, step) = (cell, cell + 1, 1)
    while low >= 0, isBeyond(low) { (low, high, step) = (max(low - step, -1), low, 2 * step) }
    while !isBeyond(high) { (low, high, step) = (high, high + step, 2 * step) }
    high = min(high, cellCount)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isBeyond(middle) { high = middle } else { low = middle }
    }
    cell = low
    return low
  }

  /// Writes the sums of the queries of a group that are certain.
  ///
  /// - Returns: a bit for each of them.
  func sum(_ group: QueryGroup, _ pass: WindowPass) -> Int {
    if group.cell != readyCell {
      readyCell = group.cell
      pieceCount = makeReady(pass)
    }
    // Beyond the last key the last cell has no end.
    guard let pieceCount, group.queries[group.count - 1] <= keys[keyCount - 1] else { return 0 }
    for lane in group.count..<Int(NADARAYA_PADDING) {
      group.queries[lane] = group.queries[group.count - 1]
      group.own[lane] = group.own[group.count - 1]
    }
    setOwn(group, pass)
    let certain = Int(
      loop(
        pass.description, windows, group.queries, runs, Self.runCapacity, pieces, pieceCount, own,
        sums))
    write(group, certain, pass)
    return certain
  }

  /// Finds the pieces and runs of keys for the windows of a cell.
  private func makeReady(_ pass: WindowPass) -> Int? {
    guard readyCell >= 0 else { return nil }
    let padding = Int(NADARAYA_PADDING)
    let (lowest, highest) = (
      keys[readyCell * padding], keys[min((readyCell + 1) * padding, keyCount - 1)]
    )
    first = pass.located(lowest, from: first).inside
    last = pass.located(highest, from: last).inside
    guard last.lowerBound < first.upperBound else { return nil }
    let common = last.lowerBound..<first.upperBound
    let length = pass.blockLength
    // The first key that may lie in a window of the cell, and the one after the last.
    let reach = pass.bandwidth * (1 + 0x1p-50)
    let left = partition(max(first.lowerBound - 1, 0) * length, common.lowerBound * length) {
      lowest - $0 <= reach
    }
    let right = partition(
      common.upperBound * length, min((last.upperBound + 1) * length, keyCount)
    ) { $0 - highest > reach }
    var (middle, beyond) = (common.upperBound, common.upperBound)
    if pass.moments.polynomial.isSplit {
      kink = pass.blocks.first(from: kink) { [keys] in keys[($0 + 1) * length - 1] > lowest }
      middle = min(max(kink, common.lowerBound), common.upperBound)
      beyond = middle
      while beyond < common.upperBound, keys[beyond * length] < highest { beyond += 1 }
    }
    (runs[0], runs[1]) = (left, common.lowerBound * length)
    (runs[2], runs[3]) = (common.upperBound * length, right)
    (runs[4], runs[5]) = (middle * length, beyond * length)
    let count = runs[1] - runs[0] + runs[3] - runs[2] + runs[5] - runs[4]
    guard count <= Int(NADARAYA_WINDOW_KEYS),
      let split = add(common.lowerBound..<middle, side: 0, after: 0, lowest, pass)
    else { return nil }
    return add(beyond..<common.upperBound, side: 1, after: split, lowest, pass)
  }

  /// The first place in a range from which on a condition holds for keys.
  private func partition(_ start: Int, _ end: Int, where holds: (_ key: Double) -> Bool) -> Int {
    var (low, high) = (start, end)
    while low < high {
      let middle = (low + high) / 2
      if holds(keys[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Adds the pieces of a run of blocks; see ``WindowPass``.
  ///
  /// - Returns: the number of pieces; nil if there are too many, or no moments give them.
  private func add(
    _ run: Range<Int>, side: Int32, after count: Int, _ query: Double, _ pass: WindowPass
  ) -> Int? {
    var count = count
    var block = run.lowerBound
    while block < run.upperBound {
      guard count < Self.pieceCapacity,
        let piece = pass.piece(from: block, in: run, of: pass.moments, query: query)
      else { return nil }
      pieces[count] = nadaraya_piece(
        moments: piece.rows, anchor: piece.anchor, span: piece.span, side: side)
      count += 1
      block = piece.stop
    }
    return count
  }

  /// What each query subtracts.
  private func setOwn(_ group: QueryGroup, _ pass: WindowPass) {
    let padding = Int(NADARAYA_PADDING)
    let description = pass.description
    let columnCount = description.pointee.column_count
    own.update(repeating: 0, count: (1 + columnCount) * padding)
    let weights = description.pointee.observation_weights
    for lane in 0..<padding where group.own[lane] >= 0 {
      own[lane] = weights.map { $0[group.own[lane]] } ?? 1
    }
    for column in 0..<columnCount {
      guard let values = description.pointee.columns[column] else { continue }
      let row = own + (1 + column) * padding
      for lane in 0..<padding where group.own[lane] >= 0 {
        row[lane] = own[lane] * values[group.own[lane]]
      }
      guard description.pointee.sign_masks[column] != -1 else { continue }
      for lane in 0..<padding { row[lane] = row[lane].magnitude }
    }
  }

  private func write(_ group: QueryGroup, _ certain: Int, _ pass: WindowPass) {
    let padding = Int(NADARAYA_PADDING)
    let results = pass.results
    let columnCount = pass.engine.sorted.columnCount
    for lane in 0..<group.count where certain & 1 << lane != 0 {
      let slot = group.slots[lane]
      results.weights[slot] = sums[lane]
      results.logAnchors[slot] = pass.blocks.sorted.logObservationScale
      results.squaredWeights[slot] = .nan
      var place = 1
      for column in 0..<2 * degree + columnCount * (degree + 1) {
        results.column(column)[slot] = sums[place * padding + lane]
        place += 1
      }
    }
  }
}
