internal import SimilarityKernels
internal import _CKernelSums

/// Cells for pairs of two or three inputs, a box of them, the last input changing fastest.
///
/// A row of cells is a strip along the last input. Its cells are narrower than the strip is wide, so that
/// points in the order of their cells are almost sorted along it.
struct BucketGrid: Sendable {
  struct Axis: Sendable {
    let lowest: Double
    let width: Double
    let inverseWidth: Double
    let count: Int

    /// The cell of a coordinate, or the one nearest to it.
    func cell(_ x: Double) -> Int {
      let steps = (x - lowest) * inverseWidth
      return steps >= Double(count) ? count - 1 : steps > 0 ? Int(steps) : 0
    }
  }

  let axes: [Axis]
  let cellCount: Int

  /// Nil if the range of an input is too many or too few widths.
  init?(ranges: [ClosedRange<Double>], widths: [Double], limit: Int) {
    var axes: [Axis] = []
    var cells = 1.0
    for (range, width) in zip(ranges, widths) {
      let inverse = 1 / width
      let steps = (range.upperBound - range.lowerBound) * inverse
      // Beyond that a cell is narrower than the coordinates' last place could tell.
      guard width.isNormal, inverse.isNormal, steps < 1e9,
        range.lowerBound.magnitude * inverse < 1e15, range.upperBound.magnitude * inverse < 1e15
      else { return nil }
      axes.append(
        Axis(lowest: range.lowerBound, width: width, inverseWidth: inverse, count: Int(steps) + 1))
      cells *= Double(axes[axes.count - 1].count)
    }
    guard cells <= Double(limit) else { return nil }
    self.axes = axes
    cellCount = Int(cells)
  }

  /// The cell of a point, or the one nearest to it.
  func cell(_ point: UnsafePointer<Double>) -> Int {
    var cell = 0
    for (input, axis) in axes.enumerated() { cell = cell * axis.count + axis.cell(point[input]) }
    return cell
  }
}

/// Points in the order of their cells.
struct BucketOrder: Sendable {
  /// The points in this order.
  let points: [Int32]

  /// The cell of each of them.
  let cells: [Int32]

  /// The points of a range, from a counting sort, or for few points of many cells from comparisons.
  ///
  /// - Complexity: O(n + c) for n points and c cells, but no more than O(n log n) if n is much smaller.
  init(_ points: Points, range: Range<Int>, grid: BucketGrid, execution: Execution) {
    let dimension = points.dimension
    let count = range.count
    var given = [Int32](repeating: 0, count: count)
    points.coordinates.withUnsafeBufferPointer { coordinates in
      given.withUnsafeMutableBufferPointer { given in
        nonisolated(unsafe) let given = given
        guard let base = coordinates.baseAddress else { return }
        execution.forEachBlock(of: count, atMost: 1 << 14) { block in
          for place in block {
            given[place] = Int32(grid.cell(base + (range.lowerBound + place) * dimension))
          }
        }
      }
    }
    guard count > grid.cellCount >> 6 else {
      let order = given.indices.sorted { (given[$0], $0) < (given[$1], $1) }
      self.points = order.map { Int32(range.lowerBound + $0) }
      cells = order.map { given[$0] }
      return
    }
    var next = Self.starts(given, cellCount: grid.cellCount)
    var cells = given
    self.points = [Int32](unsafeUninitializedCapacity: count) { order, used in
      next.withUnsafeMutableBufferPointer { next in
        cells.withUnsafeMutableBufferPointer { cells in
          for (place, cell) in given.enumerated() {
            let to = Int(next[Int(cell)])
            order[to] = Int32(range.lowerBound + place)
            cells[to] = cell
            next[Int(cell)] += 1
          }
        }
      }
      used = count
    }
    self.cells = cells
  }

  /// The place of the first point of each cell, and the number of points.
  func starts(cellCount: Int) -> [Int32] { Self.starts(cells, cellCount: cellCount) }

  private static func starts(_ cells: [Int32], cellCount: Int) -> [Int32] {
    var starts = [Int32](repeating: 0, count: cellCount + 1)
    starts.withUnsafeMutableBufferPointer { starts in
      for cell in cells { starts[Int(cell) + 1] += 1 }
      for cell in 0..<cellCount { starts[cell + 1] += starts[cell] }
    }
    return starts
  }
}

/// The keys, their values and their observation weights in the order of their cells.
final class KeyBuckets: Sendable {
  /// The keys in this order.
  let order: [Int32]

  /// The place of the first key of each cell, and the number of keys.
  let starts: [Int32]

  let hasWeights: Bool
  private let columns: PaddedColumns
  private let dimension: Int
  private let columnCount: Int

  /// - Complexity: O(n·(d + p) + c).
  init(_ problem: KernelSumProblem, grid: BucketGrid, execution: Execution) {
    let keys = problem.keys
    let dimension = keys.dimension
    let sorted = BucketOrder(keys, range: keys.indices, grid: grid, execution: execution)
    let order = sorted.points
    starts = sorted.starts(cellCount: grid.cellCount)
    let weights = problem.orders.weights(problem).weights
    let sources = problem.columns + (weights.map { [$0] } ?? [])
    self.order = order
    self.dimension = dimension
    columnCount = problem.columns.count
    hasWeights = weights != nil
    columns = PaddedColumns(
      rowCount: keys.count, columnCount: dimension + sources.count, execution: execution
    ) { column, rows, start in
      if column < dimension {
        keys.coordinates.withUnsafeBufferPointer { coordinates in
          for row in rows { start[row] = coordinates[Int(order[row]) * dimension + column] }
        }
      } else {
        sources[column - dimension].withUnsafeBufferPointer { values in
          for row in rows { start[row] = values[Int(order[row])] }
        }
      }
    }
  }

  /// Lets `body` use the description for the loops.
  func withBuckets<Result>(
    bandwidths: [Double], degree: Int, _ body: (UnsafePointer<nadaraya_buckets>) -> Result
  ) -> Result {
    let values = (0..<columnCount).map {
      columns.column(dimension + $0) as UnsafePointer<Double>?
    }
    return (values + [nil]).withUnsafeBufferPointer { values in
      var buckets = nadaraya_buckets()
      buckets.dimension = dimension
      withUnsafeMutableBytes(of: &buckets.keys) { keys in
        let keys = keys.bindMemory(to: UnsafePointer<Double>?.self)
        for input in 0..<dimension { keys[input] = columns.column(input) }
      }
      withUnsafeMutableBytes(of: &buckets.inverse_bandwidths) { inverses in
        let inverses = inverses.bindMemory(to: Double.self)
        for input in 0..<dimension { inverses[input] = 1 / bandwidths[input] }
      }
      buckets.observation_weights = hasWeights ? columns.column(dimension + columnCount) : nil
      buckets.column_count = columnCount
      buckets.columns = values.baseAddress
      buckets.degree = degree
      return body(&buckets)
    }
  }
}
