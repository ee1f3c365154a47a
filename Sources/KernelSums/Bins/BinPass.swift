internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The state of one thread: the trees of all bins of queries, made when first met, and of one bin of keys.
final class BinPass {
  private typealias Stretch = BinTree.Stretch

  private let keys: SortedPoints
  private let queries: SortedPoints
  private let leavesOutOwn: Bool
  private let bandwidth: Double
  private let shape: PairShape
  private let chebyshev: ChebyshevPlaces
  private let columns: [Range<Int>]
  private var columnTrees: [BinTree?]
  private var keyTree: BinTree
  private var queryTree: BinTree
  private let tile: BinTile

  /// A part of a cell's sum that need not be added.
  private static var negligible: Double { 1e-11 }

  /// A term below this counts as 0, and a cell of them too.
  private static var least: Double { 1e-16 }

  /// What the largest of a cell may be short by.
  private static var shortfall: Double { 1e-12 }

  init(
    _ shares: BinnedShares, _ shape: PairShape, columns: [Range<Int>], instructions: InstructionSet
  ) {
    keys = shares.keys
    queries = shares.queries
    leavesOutOwn = shares.omission == .own
    bandwidth = shares.problem.similarity.bandwidths[0]
    self.shape = shape
    self.columns = columns
    chebyshev = ChebyshevPlaces(count: shape.powers)
    columnTrees = columns.map { _ in nil }
    keyTree = BinTree(keys, 0..<min(1, keys.count), chebyshev)
    queryTree = BinTree(queries, 0..<min(1, queries.count), chebyshev)
    tile = BinTile(shares.problem.similarity, instructions: instructions)
  }

  /// Goes on to another bin of keys.
  func start(_ row: Range<Int>) { keyTree = BinTree(keys, row, chebyshev) }

  /// The sum and the largest of the shares of the bin of keys in a bin of queries.
  func shares(inColumn column: Int) -> (sum: Double, largest: Double) {
    queryTree =
      columnTrees[column]
      ?? {
        let tree = BinTree(queries, columns[column], chebyshev)
        columnTrees[column] = tree
        return tree
      }()
    let (row, column) = (keyTree.root, queryTree.root)
    let most = bound(row, column)
    guard most > Self.least else { return (0, 0) }
    var sum = 0.0
    addSums(row, column, to: &sum)
    var largest = Self.least
    findLargest(row, column, bound: most, &largest)
    guard largest > Self.least else { return (sum, 0) }
    // The only key in reach has all of the attention, whatever rounding makes of it.
    return (sum, largest > 1 - Self.shortfall ? 1 : largest)
  }

  private func gap(_ row: Stretch, _ column: Stretch) -> StretchGap {
    StretchGap(keyTree.extent(row), queryTree.extent(column), bandwidth: bandwidth)
  }

  /// The largest share that a pair of points of two stretches may have.
  private func bound(_ row: Stretch, _ column: Stretch) -> Double {
    let weights = keyTree.peak(row) * queryTree.peak(column)
    return weights > 0 ? weights * shape.most(gap(row, column).nearest) : 0
  }

  /// Whether two stretches have a row and its own key among their pairs.
  private func hasOwn(_ row: Stretch, _ column: Stretch) -> Bool {
    leavesOutOwn && row.places.overlaps(column.places)
  }

  private func width(_ extent: ClosedRange<Double>) -> Double {
    extent.upperBound - extent.lowerBound
  }

  /// Whether to halve the keys rather than the queries; not both may be leaves.
  private func halvesKeys(_ row: Stretch, _ column: Stretch) -> Bool {
    guard !row.isLeaf, !column.isLeaf else { return column.isLeaf }
    return width(keyTree.extent(row)) > width(queryTree.extent(column))
  }

  // MARK: Sums

  private func addSums(_ row: Stretch, _ column: Stretch, to sum: inout Double) {
    let mass = keyTree.mass(row) * queryTree.mass(column)
    guard mass > 0 else { return }
    let gap = gap(row, column)
    let whole = keyTree.mass(keyTree.root) * queryTree.mass(queryTree.root)
    // Terms below a part of the mean of what is known do not matter even together.
    guard shape.most(gap.nearest) * whole > Self.negligible * sum else { return }
    guard shape.most(gap.nearest) > 0 else { return }
    if row.isLeaf, column.isLeaf { return addPairs(row, column, to: &sum) }
    if !hasOwn(row, column) {
      let widest = max(width(keyTree.extent(row)), width(queryTree.extent(column)))
      if shape.isSmooth(between: gap, halfWidth: widest / 2 / bandwidth) {
        sum += interpolated(row, column)
        return
      }
    }
    if halvesKeys(row, column) {
      let (low, high) = row.halves
      // Large terms first make small ones negligible.
      let isLowFirst = isNearer(keyTree.extent(low), keyTree.extent(high), queryTree.extent(column))
      addSums(isLowFirst ? low : high, column, to: &sum)
      addSums(isLowFirst ? high : low, column, to: &sum)
    } else {
      let (low, high) = column.halves
      let isLowFirst = isNearer(queryTree.extent(low), queryTree.extent(high), keyTree.extent(row))
      addSums(row, isLowFirst ? low : high, to: &sum)
      addSums(row, isLowFirst ? high : low, to: &sum)
    }
  }

  /// Whether the lower of two stretches is nearer to a third.
  private func isNearer(
    _ low: ClosedRange<Double>, _ high: ClosedRange<Double>, _ other: ClosedRange<Double>
  ) -> Bool {
    max(other.lowerBound - low.upperBound, 0) <= max(high.lowerBound - other.upperBound, 0)
  }

  private func addPairs(_ row: Stretch, _ column: Stretch, to sum: inout Double) {
    guard let shares = queries.weights else { return }
    for query in column.places where shares[query] > 0 {
      weigh(query, row)
      sum += shares[query] * tile.sum(row.count)
    }
  }

  /// The weights of the keys of a stretch for a query.
  private func weigh(_ query: Int, _ row: Stretch) {
    let first = row.places.lowerBound
    tile.weigh(queries.coordinates[query], keys.coordinates + first, count: row.count)
    if let weights = keys.weights { tile.multiply(by: weights + first, count: row.count) }
    if leavesOutOwn, row.places.contains(query) { tile.clear(query - first) }
  }

  private func interpolated(_ row: Stretch, _ column: Stretch) -> Double {
    let (keys, queries) = (keyTree.proxies(row), queryTree.proxies(column))
    tile.place(chebyshev, halfWidth: keys.halfWidth)
    let offset = queries.centre - keys.centre
    var sum = 0.0
    for index in 0..<chebyshev.count {
      let query = offset + queries.halfWidth * chebyshev.places[index]
      sum +=
        queries.weights[index]
        * tile.product(query, weights: keys.weights, count: chebyshev.padded)
    }
    return sum
  }

  // MARK: The largest

  private func findLargest(
    _ row: Stretch, _ column: Stretch, bound most: Double, _ largest: inout Double
  ) {
    guard most > largest * (1 + Self.shortfall) else { return }
    let gap = gap(row, column)
    // Of keys on one side the nearest has the largest weight.
    let isEdge = keys.isUnweighted && gap.isOneSided && !hasOwn(row, column)
    if isEdge, column.isLeaf {
      let extent = keyTree.extent(row)
      let isAbove = extent.lowerBound >= queryTree.extent(column).upperBound
      return takeLargest(ofEdge: isAbove ? extent.lowerBound : extent.upperBound, column, &largest)
    }
    if row.isLeaf, column.isLeaf { return takeLargest(row, column, &largest) }
    if !isEdge, halvesKeys(row, column) {
      let (low, high) = row.halves
      let (first, second) = (bound(low, column), bound(high, column))
      if first >= second { findLargest(low, column, bound: first, &largest) }
      findLargest(high, column, bound: second, &largest)
      if first < second { findLargest(low, column, bound: first, &largest) }
    } else {
      let (low, high) = column.halves
      let (first, second) = (bound(row, low), bound(row, high))
      if first >= second { findLargest(row, low, bound: first, &largest) }
      findLargest(row, high, bound: second, &largest)
      if first < second { findLargest(row, low, bound: first, &largest) }
    }
  }

  private func takeLargest(_ row: Stretch, _ column: Stretch, _ largest: inout Double) {
    guard let shares = queries.weights else { return }
    for query in column.places where shares[query] * keyTree.peak(row) > largest {
      weigh(query, row)
      largest = max(largest, shares[query] * tile.largest(row.count))
    }
  }

  /// The kernel is even, so the queries may be the keys of a tile.
  private func takeLargest(ofEdge key: Double, _ column: Stretch, _ largest: inout Double) {
    guard let shares = queries.weights else { return }
    let first = column.places.lowerBound
    tile.weigh(key, queries.coordinates + first, count: column.count)
    tile.multiply(by: shares + first, count: column.count)
    largest = max(largest, tile.largest(column.count))
  }
}

/// Room for the weights of a few keys for one query, and the loops that fill it.
private final class BinTile {
  private let loops: nadaraya_tile_loops
  private let weighing: nadaraya_per_key
  private let memory: AlignedMemory
  private let keyPointer: UnsafeMutablePointer<UnsafePointer<Double>?>
  private let description: UnsafeMutablePointer<nadaraya_tile>

  private var weights: UnsafeMutablePointer<Double> { memory.base }
  private var nodes: UnsafeMutablePointer<Double> { memory.base + 32 }
  private var query: UnsafeMutablePointer<Double> { memory.base + 64 }

  init(_ similarity: Similarity, instructions: InstructionSet) {
    loops = instructions.loops.tiles
    guard let weighing = loops.weighing(similarity) else {
      preconditionFailure("a closure has no loops")
    }
    self.weighing = weighing
    memory = AlignedMemory(count: 72)
    keyPointer = .allocate(capacity: 1)
    keyPointer.initialize(to: nil)
    let bandwidth = similarity.bandwidths[0]
    memory.base[65] = bandwidth
    memory.base[66] = 1 / bandwidth
    description = .allocate(capacity: 1)
    description.initialize(
      to: nadaraya_tile(
        count: 0, dimension: 1, keys: keyPointer, query: memory.base + 64,
        bandwidths: memory.base + 65, inverse_bandwidths: memory.base + 66,
        shared_bandwidth: similarity.sharedBandwidth))
  }

  deinit {
    keyPointer.deallocate()
    description.deallocate()
  }

  func weigh(_ query: Double, _ keys: UnsafePointer<Double>, count: Int) {
    self.query[0] = query
    keyPointer[0] = keys
    description.pointee.count = count
    weighing(description, weights)
  }

  func multiply(by factors: UnsafePointer<Double>, count: Int) {
    loops.multiply(count, factors, weights)
  }

  func clear(_ index: Int) { weights[index] = 0 }

  func sum(_ count: Int) -> Double {
    var sum = 0.0
    for index in 0..<count { sum += weights[index] }
    return sum
  }

  func largest(_ count: Int) -> Double {
    var largest = 0.0
    for index in 0..<count { largest = max(largest, weights[index]) }
    return largest
  }

  /// Puts keys at the Chebyshev places of a stretch about 0.
  func place(_ chebyshev: ChebyshevPlaces, halfWidth: Double) {
    for index in 0..<chebyshev.padded { nodes[index] = halfWidth * chebyshev.places[index] }
    keyPointer[0] = UnsafePointer(nodes)
    description.pointee.count = chebyshev.count
  }

  /// The sum of the weights of the placed keys for a query, times given weights.
  func product(_ query: Double, weights factors: UnsafePointer<Double>, count: Int) -> Double {
    self.query[0] = query
    weighing(description, weights)
    var sums = SIMD4<Double>.zero
    for index in stride(from: 0, to: count, by: 4) {
      let (w, f) = (weights + index, factors + index)
      sums += SIMD4(w[0], w[1], w[2], w[3]) * SIMD4(f[0], f[1], f[2], f[3])
    }
    return sums.sum()
  }
}
