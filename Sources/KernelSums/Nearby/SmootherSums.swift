package import SimilarityKernels
internal import _CKernelSums

/// What to sum over the rows ℓ of a smoother, ℓᵢ = wᵢ p(uᵢ) with a polynomial p at each query.
///
/// ```
/// Σℓ,   Σℓc for each column c,   Σℓ²,   Σℓ²f for each factor f,   Σ(ℓ²s)²,   Σℓℓ′
/// ```
///
/// u = (k − q)/h over the continuous inputs, and ℓ′ is the row of the query before. Where a query has a
/// second polynomial, its row gives the same sums but the last.
package struct SmootherRows: Sendable {
  /// The queries, in an order in which neighbours are near each other.
  let queries: Points

  /// The degree of the polynomials, and that of the second ones; nil if there are none.
  let degrees: (first: Int, second: Int?)

  /// The coefficients of each query, in the order of ``Monomials``: those of p, then of the second one.
  let coefficients: [Double]

  /// f, each of length n; finite.
  let factors: [[Double]]

  /// s, of length n, finite; nil for ones.
  let shares: [Double]?

  /// Whether to sum Σℓℓ′.
  let isPath: Bool

  /// - Precondition: lengths are as documented on the properties.
  package init(
    at queries: Points, degrees: (first: Int, second: Int?), coefficients: [Double],
    factors: [[Double]], shares: [Double]?, isPath: Bool
  ) {
    self.queries = queries
    self.degrees = degrees
    self.coefficients = coefficients
    self.factors = factors
    self.shares = shares
    self.isPath = isPath
  }
}

/// The sums over the rows of a smoother.
package struct SmootherSums: Sendable {
  /// The sums over one row.
  package struct Row: Sendable {
    /// Σℓ.
    package let sum: Double
    /// Σℓc for each column.
    package let columns: ArraySlice<Double>
    /// Σℓ².
    package let square: Double
    /// Σℓ²f for each factor.
    package let factors: ArraySlice<Double>
    /// Σ(ℓ²s)².
    package let fourth: Double
    /// Σℓℓ′; 0 for the first query and unless it was asked for.
    package let product: Double

    fileprivate init(
      sum: Double, columns: ArraySlice<Double>, square: Double, factors: ArraySlice<Double>,
      fourth: Double, product: Double
    ) {
      self.sum = sum
      self.columns = columns
      self.square = square
      self.factors = factors
      self.fourth = fourth
      self.product = product
    }

    /// The sums over a row as found in another way.
    package init(columns: [Double], square: Double, factors: [Double], fourth: Double) {
      self.init(
        sum: 1, columns: columns[...], square: square, factors: factors[...], fourth: fourth,
        product: 0)
    }
  }

  fileprivate let layout: SmootherLayout
  fileprivate let numbers: [Double]

  /// The sums over the row of a query; NaN where the work was cancelled.
  package func row(_ query: Int) -> Row { row(at: query * layout.stride) }

  /// The sums over the row of its second polynomial.
  package func secondRow(_ query: Int) -> Row {
    precondition(layout.hasSecond, "no second polynomials were given")
    return row(at: query * layout.stride + layout.size)
  }

  private func row(at start: Int) -> Row {
    let (columns, squares) = (start + layout.columns, start + layout.squares)
    return Row(
      sum: numbers[start], columns: numbers[columns..<columns + layout.columnCount],
      square: numbers[squares],
      factors: numbers[squares + 2..<squares + 2 + layout.factorCount],
      fourth: numbers[start + layout.fourth], product: numbers[columns + layout.columnCount])
  }
}

/// Where the sums over a row are, as `accumulate` in C adds them: Σℓ, room for Σℓ², Σℓc, Σℓℓ′; then Σℓ²,
/// Σℓ⁴, Σℓ²f; then, with shares, Σℓ²s, Σ(ℓ²s)².
private struct SmootherLayout: Sendable {
  let columnCount: Int
  let factorCount: Int
  let hasShares: Bool
  let hasSecond: Bool

  var columns: Int { 2 }
  var squares: Int { columns + columnCount + 1 }
  var shares: Int { squares + 2 + factorCount }
  var fourth: Int { hasShares ? shares + 1 : squares + 1 }
  /// The numbers of one row.
  var size: Int { hasShares ? shares + 2 : shares }
  /// Those of one query.
  var stride: Int { hasSecond ? 2 * size : size }
}

extension KernelSumProblem {
  /// The sums over the rows of a smoother, in one pass over the keys in reach of each query.
  ///
  /// - Precondition: there are no labels.
  /// - Complexity: O(n·d·log n) the first time, then O(log n) for a query and O(N + p) for each key that
  ///   can matter to it, with N coefficients and p columns and factors, on all threads; O(n) memory for
  ///   each factor.
  package func sums(over rows: SmootherRows, execution: Execution) -> SmootherSums {
    precondition(similarity.labels.isEmpty, "rows of keys with labels are not summed")
    let layout = SmootherLayout(
      columnCount: columns.count, factorCount: rows.factors.count, hasShares: rows.shares != nil,
      hasSecond: rows.degrees.second != nil)
    let size = rows.queries.count * layout.stride
    guard size > 0 else { return SmootherSums(layout: layout, numbers: []) }
    let tree = orders.tree(self, execution: execution.silent)
    let factors = tree.columns(rows.factors + (rows.shares.map { [$0] } ?? []), execution)
    // A block of queries may visit all keys, and cancellation waits for it.
    let largest = min(max((1 << 25) / max(keys.count, 1), 1), NearbyDirect.groupLength)
    let numbers = [Double](unsafeUninitializedCapacity: size) { numbers, used in
      numbers.initialize(repeating: .nan)
      guard let base = numbers.baseAddress else { return }
      nonisolated(unsafe) let results = base
      execution.forEachBlock(
        of: rows.queries.count, atMost: largest,
        scratch: {
          SmootherPass(self, rows, layout, tree, factors, instructions: execution.instructions)
        },
        body: { block, pass in
          pass.sum(block, into: results)
        })
      used = size
    }
    return SmootherSums(layout: layout, numbers: numbers)
  }
}

extension KeyTree {
  /// Other columns in the tree's order.
  fileprivate func columns(_ columns: [[Double]], _ execution: Execution) -> PaddedColumns {
    PaddedColumns(
      rowCount: order.count, columnCount: columns.count, execution: execution.silent
    ) { column, places, start in
      columns[column].withUnsafeBufferPointer { column in
        order.withUnsafeBufferPointer { order in
          for place in places { start[place] = column[Int(order[place])] }
        }
      }
    }
  }
}

/// One thread's sums over the rows of a smoother.
///
/// Neighbouring queries that share most of the keys in reach share their tiles, which are then in the
/// cache.
private final class SmootherPass {
  private let rows: SmootherRows
  private let layout: SmootherLayout
  private let pass: TilePass
  private let nearby: NearbySearch
  private let factors: PaddedColumns
  private let monomials: Monomials
  private let counts: (first: Int, second: Int)

  /// Sums, and what rounding loses of them, for each query of a block.
  private let sums: AlignedMemory
  private let lost: AlignedMemory

  /// The rows of two neighbouring queries in a tile, that of a second polynomial, and squares.
  private let tiles: [AlignedMemory]
  private let pointers: UnsafeMutableBufferPointer<UnsafePointer<Double>?>

  init(
    _ problem: KernelSumProblem, _ rows: SmootherRows, _ layout: SmootherLayout, _ tree: KeyTree,
    _ factors: PaddedColumns, instructions: InstructionSet
  ) {
    self.rows = rows
    self.layout = layout
    self.factors = factors
    pass = TilePass(
      DirectEngine(tree.columns, similarity: problem.similarity, isCausal: problem.isCausal),
      instructions: instructions)
    nearby = NearbySearch(tree, similarity: problem.similarity, isCausal: problem.isCausal)
    let dimension = problem.keys.dimension
    monomials = Monomials(
      dimension: dimension, degree: max(rows.degrees.first, rows.degrees.second ?? 0))
    counts = (
      Monomials.count(dimension: dimension, degree: rows.degrees.first),
      rows.degrees.second.map { Monomials.count(dimension: dimension, degree: $0) } ?? 0
    )
    sums = AlignedMemory(count: NearbyDirect.groupLength * layout.stride)
    lost = AlignedMemory(count: NearbyDirect.groupLength * layout.stride)
    tiles = (0..<4).map { [pass] _ in AlignedMemory(count: pass.engine.tileLength) }
    pointers = .allocate(capacity: layout.columnCount + layout.factorCount + 1)
    pointers.initialize(repeating: nil)
  }

  deinit { pointers.deallocate() }

  /// Writes the sums of a block of queries.
  func sum(_ block: Range<Int>, into results: UnsafeMutablePointer<Double>) {
    rows.queries.coordinates.withUnsafeBufferPointer { coordinates in
      let reached = block.map { query in
        let place = coordinates.row(query, rows.queries.dimension)
        nearby.queries.enclose(place)
        return nearby.runs(excluding: [], witness: (place, pass)).runs
      }
      sum(block, reached[...], coordinates, into: results)
    }
  }

  /// The same for a block, or for its halves if the queries share too few of the keys in reach.
  private func sum(
    _ block: Range<Int>, _ reached: ArraySlice<[Range<Int>]>,
    _ coordinates: UnsafeBufferPointer<Double>, into results: UnsafeMutablePointer<Double>
  ) {
    let shared = reached.union
    let all = shared.reduce(0) { $0 + $1.count } * block.count
    let own = reached.joined().reduce(0) { $0 + $1.count }
    guard block.count == 1 || 2 * own >= all else {
      let half = block.count / 2
      sum(block.prefix(half), reached.prefix(half), coordinates, into: results)
      return sum(block.dropFirst(half), reached.dropFirst(half), coordinates, into: results)
    }
    let size = block.count * layout.stride
    sums.base.update(repeating: 0, count: size)
    lost.base.update(repeating: 0, count: size)
    let first = rows.isPath ? max(block.lowerBound - 1, 0) : block.lowerBound
    pass.forEachTile(in: shared) { tile, _ in
      for query in first..<block.upperBound {
        add(query, tile, coordinates, to: query < block.lowerBound ? nil : query - block.lowerBound)
      }
    }
    for index in 0..<size {
      results[block.lowerBound * layout.stride + index] = sums.base[index] + lost.base[index]
    }
  }

  /// Adds a tile's part of a query's rows.
  ///
  /// - Parameter slot: its place in the block; nil for the query before, of which only the row is needed.
  private func add(
    _ query: Int, _ tile: Range<Int>, _ coordinates: UnsafeBufferPointer<Double>, to slot: Int?
  ) {
    let place = coordinates.row(query, rows.queries.dimension)
    pass.weigh(query: place, tile: tile, excluding: nil)
    let (row, before) = (tiles[query & 1].base, tiles[~query & 1].base)
    let start = query * (counts.first + counts.second)
    let description = pass.description(of: tile, query: place)
    fill(row, description, counts.first, from: start)
    guard let slot else { return }
    let sum = slot * layout.stride
    add(row, tile, after: rows.isPath && query > 0 ? before : nil, to: sum)
    guard layout.hasSecond else { return }
    fill(tiles[2].base, description, counts.second, from: start + counts.first)
    add(tiles[2].base, tile, after: nil, to: sum + layout.size)
  }

  /// A row and its squares in a tile.
  private func fill(
    _ row: UnsafeMutablePointer<Double>, _ description: nadaraya_tile, _ count: Int,
    from start: Int
  ) {
    var description = description
    rows.coefficients.withUnsafeBufferPointer { coefficients in
      monomials.parents.withUnsafeBufferPointer { parents in
        monomials.factors.withUnsafeBufferPointer { factors in
          var features = nadaraya_features(
            count: count, parents: parents.baseAddress, factors: factors.baseAddress)
          pass.loops.rows.polynomial(
            &description, &features, coefficients.baseAddress.map { $0 + start }, pass.weights,
            row, tiles[3].base)
        }
      }
    }
  }

  /// Adds a tile's part of a row's sums, its squares being known.
  private func add(
    _ row: UnsafeMutablePointer<Double>, _ tile: Range<Int>,
    after before: UnsafeMutablePointer<Double>?, to start: Int
  ) {
    let squares = tiles[3].base
    let loops = pass.loops.tiles
    for column in 0..<layout.columnCount {
      pointers[column] = pass.stored.columns.column(column) + tile.lowerBound
    }
    pointers[layout.columnCount] = before.map { UnsafePointer($0) }
    loops.accumulate(
      tile.count, row, layout.columnCount + (before == nil ? 0 : 1), pointers.baseAddress, 0,
      sums.base + start, lost.base + start)
    for factor in 0..<layout.factorCount {
      pointers[factor] = factors.column(factor) + tile.lowerBound
    }
    let place = start + layout.squares
    loops.accumulate(
      tile.count, squares, layout.factorCount, pointers.baseAddress, layout.hasShares ? 0 : 1,
      sums.base + place, lost.base + place)
    guard layout.hasShares else { return }
    let shared = start + layout.shares
    loops.multiply(tile.count, factors.column(layout.factorCount) + tile.lowerBound, squares)
    loops.accumulate(tile.count, squares, 0, nil, 1, sums.base + shared, lost.base + shared)
  }
}
