internal import RealModule
internal import SimilarityKernels

/// The choice of cells for a problem: their width, the number of powers, how far they reach, and the
/// cost.
struct CellPlan: Sendable {
  let kernel: CellKernel
  let bandwidths: [Double]
  let accuracy: Double
  let shape: CellShape
  let grid: CellGrid
  let reach: Int

  /// Whether these cells are for queries that other cells leave uncertain.
  let isNarrow: Bool

  /// p, of the moments about queries.
  let degree: Int

  /// Approximate nanoseconds on one thread for the keys, the cells and each query.
  let cost: (keys: Double, cells: Double, query: Double)

  /// The memory limit for the rows: this, or ``bytesPerKey`` for each key if that is more.
  private static let smallMemory = 48 << 20
  private static let bytesPerKey = 8

  /// With a table this large, a row is hardly ever in the cache when it is needed.
  private static let cacheSize = 1 << 24

  /// In one input with fewer keys in a cell than this, many pages may be better without rows.
  private static let fewKeys = 4.0

  /// Nanoseconds for a query in a page without rows, over the sorted keys in its reach.
  private static let sparseQuery = 250.0

  /// For higher degrees cells would be narrow; in several inputs, curvatures of curvatures would lose too
  /// many digits.
  private static let highestDegree = 4

  /// 16 MB of matrices for each input.
  private static let mostMatrixNumbers = 1 << 21

  init?(
    _ problem: KernelSumProblem, isSquared: Bool = false, accuracy: Double, execution: Execution
  ) {
    let dimension = problem.keys.dimension
    let degree = isSquared ? 0 : problem.degree
    guard dimension <= 3, problem.keys.count > 0, accuracy > 0,
      let kernel = CellKernel(problem.similarity, isSquared: isSquared),
      degree == 0
        || kernel.form == .gaussian && degree <= (dimension == 1 ? Self.highestDegree : 1)
    else { return nil }
    let ranges = problem.orders.ranges(problem, execution: execution)
    var best: CellPlan?
    for shape in CellShape.candidates(
      kernel, dimension: dimension, degree: degree,
      accuracy: Self.sumAccuracy(accuracy, dimension: dimension, degree: degree))
    {
      if dimension == 1, !shape.terms.isMultiple(of: 8) { continue }
      guard
        let plan = CellPlan(
          problem, kernel: kernel, accuracy: accuracy, shape: shape, ranges: ranges,
          isNarrow: false)
      else { continue }
      if plan.totalCost(queryCount: problem.keys.count)
        < best?.totalCost(queryCount: problem.keys.count) ?? .infinity
      {
        best = plan
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init?(
    _ problem: KernelSumProblem, kernel: CellKernel, accuracy: Double, shape: CellShape,
    ranges: KeyRanges, isNarrow: Bool
  ) {
    let dimension = problem.keys.dimension
    let count = problem.keys.count
    self.kernel = kernel
    self.accuracy = accuracy
    self.shape = shape
    self.isNarrow = isNarrow
    degree = kernel.isSquared ? 0 : problem.degree
    bandwidths = problem.similarity.bandwidths
    // Few queries lie beyond one bandwidth of the keys, and fewer are certain.
    let margin = dimension == 1 ? Int((isNarrow ? Self.narrowReach : 2) / shape.ratio) + 1 : 1
    var axes: [CellAxis] = []
    for (range, bandwidth) in zip(ranges.inputs, bandwidths) {
      guard
        let axis = CellAxis(
          from: range.lowerBound, to: range.upperBound, width: shape.ratio * bandwidth,
          margin: margin)
      else { return nil }
      axes.append(axis)
    }
    let cells = axes.reduce(1.0) { $0 * Double($1.count) }
    let sumAccuracy = Self.sumAccuracy(accuracy, dimension: dimension, degree: degree)
    let tail = sumAccuracy * CellTable.floor / (8 * min(cells, Double(count)))
    let distance = kernel.times(power: 2 * degree).distance(downTo: tail) / shape.ratio
    let reach =
      isNarrow
      ? Int(Self.narrowReach / shape.ratio) : distance < 1e9 ? Int(distance) + 1 : 1 << 30
    self.reach = reach
    // A kernel without a cutoff needs a matrix for every offset.
    guard
      axes.allSatisfy({
        min(2 * reach + 1, $0.count) * shape.terms * shape.terms <= Self.mostMatrixNumbers
      })
    else { return nil }
    let outputs = CellOutputs(
      columnCount: problem.columns.count, dimension: dimension, degree: degree)
    let runs = outputs.runs.count
    let rowSize =
      CellTable.columnStride(terms: shape.terms, dimension: dimension) * outputs.setCount
    let memory = max(Self.smallMemory, Self.bytesPerKey * count)
    func pages() -> CellGrid? {
      guard dimension == 1, kernel.form != .cauchy else { return nil }
      let grid = problem.keys.coordinates.withUnsafeBufferPointer {
        CellGrid(axis: axes[0], keys: $0, density: isNarrow ? 0.5 : 4, reach: reach)
      }
      let bytes = grid.rowCount * rowSize * 8
      return bytes > 0 && bytes <= 2 * memory + count * 64 ? grid : nil
    }
    let vectors = Double(rowSize) / 8
    let translations = axes.reduce(0.0) {
      $0 + Double(min(2 * reach + 1, $1.count)) * Double(shape.terms)
    }
    if cells * Double(rowSize * 8) > Double(memory) {
      guard let pages = pages() else { return nil }
      grid = pages
    } else if cells > Double(count) / Self.fewKeys, !isNarrow, !kernel.isSquared,
      NearbyGaussian.serves(problem), let pages = pages(),
      (min(cells, Double(count)) - Double(pages.rowCount)) * vectors * translations * 0.3
        > Double(pages.keysWithoutRow) * Self.sparseQuery
    {
      grid = pages
    } else {
      grid = CellGrid(axes: axes)
    }
    let rowCount = Double(grid.rowCount)
    // Points in several inputs are sorted first.
    let point = dimension == 1 ? 1.5 + 0.45 * vectors : 16.5 + 0.15 * vectors
    let matrices = Double(2 * degree + 1)
    // Unordered points access rows that may or may not be in the cache.
    let distant =
      dimension == 1 ? min(1, rowCount * Double(rowSize) * 8 / Double(Self.cacheSize)) : 0
    cost = (
      keys: Double(count) * (point + 25 * distant),
      cells: rowCount * vectors * translations * 0.3
        + axes.reduce(0.0) { sum, axis in
          // Matrices with their bounds, then certificates.
          let offsets = Double(min(reach, axis.count))
          let steps = (shape.terms <= 12 ? 32 : 4) * shape.terms * shape.terms * shape.terms
          return sum + matrices * offsets * Double(steps)
            + rowCount * offsets * Double(4 * runs - 1)
        },
      // Slopes and curvatures take about three times as many steps, and there are more sums to write.
      query: dimension > 1 && degree > 0
        ? 3 * point + 4 * Double(runs)
        : point + 40 * distant + Self.sparseQuery * Double(grid.keysWithoutRow) / Double(count)
    )
  }

  /// The accuracy of the sums: polynomials in several inputs lose up to three digits of it.
  private var sumAccuracy: Double {
    Self.sumAccuracy(accuracy, dimension: bandwidths.count, degree: degree)
  }

  private static func sumAccuracy(_ accuracy: Double, dimension: Int, degree: Int) -> Double {
    dimension > 1 && degree > 0 ? accuracy / 1000 : accuracy
  }

  func totalCost(queryCount: Int) -> Double {
    cost.keys + cost.cells + Double(queryCount) * cost.query
  }

  /// The plan for Σw².
  func squared(_ problem: KernelSumProblem, execution: Execution) -> CellPlan? {
    let plan = CellPlan(problem, isSquared: true, accuracy: accuracy, execution: execution)
    return isNarrow ? plan?.narrow(problem, execution: execution) : plan
  }

  /// Cells an eighth of a bandwidth wide, for a Gaussian over one input; nil for others.
  ///
  /// They keep their relative accuracy up to about 16 bandwidths from the nearest key, where the weight
  /// changes by e⁴ from end to end of two such cells.
  func narrow(_ problem: KernelSumProblem, execution: Execution) -> CellPlan? {
    guard kernel.form == .gaussian, bandwidths.count == 1, degree == 0 else { return nil }
    return CellPlan(
      problem, kernel: kernel, accuracy: accuracy, shape: CellShape(terms: 16, ratio: 0.125),
      ranges: problem.orders.ranges(problem, execution: execution), isNarrow: true)
  }

  /// In bandwidths; e⁻²⁰⁰ is far below the terms of any certified sum.
  private static var narrowReach: Double { 20 }

  func table(of keys: CellKeys, execution: Execution) -> CellTable {
    CellTable(
      keys: keys, kernel: kernel, bandwidths: bandwidths, grid: grid, shape: shape, reach: reach,
      degree: degree, accuracy: sumAccuracy, isOnDemand: isNarrow, execution: execution.silent)
  }
}
