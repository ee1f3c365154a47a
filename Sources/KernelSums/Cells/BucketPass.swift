internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The state one thread needs to sum the keys near a few queries at a time.
final class BucketPass {
  typealias Loop =
    @convention(c) (
      UnsafePointer<nadaraya_buckets>?, Int, UnsafePointer<nadaraya_run>?, UnsafePointer<Double>?,
      UnsafePointer<Int64>?, nadaraya_run, Int32, UnsafeMutablePointer<Double>?
    ) -> Void

  private let plan: BucketPlan
  private let starts: [Int32]
  private let buckets: UnsafePointer<nadaraya_buckets>
  private let loop: Loop
  private let dimension: Int
  private let bandwidths: [Double]
  private let totalWeight: Double
  private let magnitudes: [Double]
  private let squares: Bool

  /// The moments of the weights after Σw, and the sums of a column without Σw|c|.
  private let momentCount: Int
  private let columnSums: Int

  private let queries: AlignedMemory
  private let rows: AlignedMemory
  private let box: AlignedMemory
  private var own = [Int64](repeating: -1, count: BucketPlan.together)
  private var runs: [nadaraya_run] = []

  /// The box of the queries.
  private let least: UnsafeMutablePointer<Double>
  private let greatest: UnsafeMutablePointer<Double>

  init(
    _ problem: KernelSumProblem, _ plan: BucketPlan, _ keys: KeyBuckets,
    _ buckets: UnsafePointer<nadaraya_buckets>, totalWeight: Double, magnitudes: [Double],
    squares: Bool, loop: @escaping Loop
  ) {
    self.plan = plan
    self.buckets = buckets
    self.totalWeight = totalWeight
    self.magnitudes = magnitudes
    self.squares = squares
    self.loop = loop
    starts = keys.starts
    dimension = problem.keys.dimension
    bandwidths = problem.similarity.bandwidths
    momentCount = Monomials.count(dimension: dimension, degree: 2 * problem.degree) - 1
    columnSums = Monomials.count(dimension: dimension, degree: problem.degree)
    queries = AlignedMemory(count: dimension * BucketPlan.together)
    rows = AlignedMemory(
      count: (2 + momentCount + magnitudes.count * (columnSums + 1)) * BucketPlan.together)
    box = AlignedMemory(count: 2 * dimension)
    least = box.base
    greatest = box.base + dimension
  }

  /// Writes the sums of up to eight queries, and marks those that are not certain.
  ///
  /// - Parameters:
  ///   - group: the queries.
  ///   - own: for leave-one-out, the place of each key.
  ///   - first: the query whose sums come first in `results`.
  func sum(
    _ group: UnsafeBufferPointer<Int32>, _ coordinates: UnsafeBufferPointer<Double>,
    own places: [Int32]?, into results: UnsafeSums, first: Int, uncertain: MarkedSlots
  ) {
    let together = BucketPlan.together
    var ownRun = nadaraya_run(first: 0, end: 0)
    for lane in 0..<together {
      // Lanes without a query repeat the last.
      let query = Int(group[min(lane, group.count - 1)])
      for input in 0..<dimension {
        let x = coordinates[query * dimension + input]
        queries.base[input * together + lane] = x
        least[input] = lane == 0 ? x : min(least[input], x)
        greatest[input] = lane == 0 ? x : max(greatest[input], x)
      }
      guard let places else { continue }
      let place = Int(places[query])
      own[lane] = Int64(place)
      ownRun.first = lane == 0 ? place : min(ownRun.first, place)
      ownRun.end = lane == 0 ? place + 1 : max(ownRun.end, place + 1)
    }
    var reach = plan.reach
    while true {
      findRuns(reach)
      runs.withUnsafeBufferPointer { runs in
        loop(
          buckets, runs.count, runs.baseAddress, queries.base, own, ownRun, squares ? 1 : 0,
          rows.base)
      }
      let isLast = reach == BucketPlan.greatestReach
      var isCertain = true
      for (lane, query) in group.enumerated() {
        let slot = Int(query) - first
        if !write(lane, into: slot, results, reach: reach) {
          isCertain = false
          if isLast { uncertain.add(slot) }
        }
      }
      if isCertain || isLast { return }
      reach = BucketPlan.greatestReach
    }
  }

  /// Writes the sums of one query; returns whether keys beyond the reach cannot matter to any of them.
  private func write(_ lane: Int, into slot: Int, _ results: UnsafeSums, reach: Double) -> Bool {
    func row(_ index: Int) -> Double { rows.base[index * BucketPlan.together + lane] }
    let weight = row(0)
    let tail = totalWeight * .exp(-reach * reach / 2)
    let (first, second) = (tail * reach, tail * reach * reach)
    let half = plan.accuracy / 2
    results.weights[slot] = weight
    var isCertain = weight > 0 && tail <= half * weight
    if squares {
      let squaredWeight = row(1)
      results.squaredWeights[slot] = squaredWeight
      // No scaled weight is above 2.
      isCertain =
        isCertain && squaredWeight > 0
        && 2 * tail * .exp(-reach * reach / 2) <= half * squaredWeight
    }
    for moment in 0..<momentCount {
      let sum = row(2 + moment)
      results.column(moment)[slot] = sum
      let bound = moment < dimension ? first : second
      isCertain = isCertain && bound <= half * max(sum.magnitude, weight)
    }
    var from = 2 + momentCount
    for (column, magnitude) in magnitudes.enumerated() {
      let size = max(row(from + columnSums), CellTable.floor * magnitude * weight)
      for moment in 0..<columnSums {
        let sum = row(from + moment)
        results.column(momentCount + column * columnSums + moment)[slot] = sum
        isCertain =
          isCertain
          && (moment == 0 ? tail : first) * magnitude <= half * max(sum.magnitude, size)
      }
      from += columnSums + 1
    }
    return isCertain
  }

  /// Finds the runs of keys in cells within reach of the box of the queries.
  private func findRuns(_ reach: Double) {
    runs.removeAll(keepingCapacity: true)
    // A cell's edges are rounded.
    let reach = reach * (1 + 1e-6)
    findRuns(square: reach * reach, axis: 0, cell: 0)
  }

  private func findRuns(square: Double, axis: Int, cell: Int) {
    let cells = plan.grid.axes[axis]
    let bandwidth = bandwidths[axis]
    let distance = square.squareRoot() * bandwidth
    let first = cells.cell(least[axis] - distance)
    let last = cells.cell(greatest[axis] + distance)
    if axis == dimension - 1 {
      let start = starts[cell * cells.count + first]
      let end = starts[cell * cells.count + last + 1]
      if start < end { runs.append(nadaraya_run(first: Int(start), end: Int(end))) }
      return
    }
    for index in first...last {
      // Points beyond the last edge by rounding alone may be in the last cell.
      let edge = cells.lowest + Double(index) * cells.width
      let below = edge - greatest[axis]
      let above = index == cells.count - 1 ? 0 : least[axis] - edge - cells.width
      let gap = max(below, above, 0) / bandwidth
      let rest = square - gap * gap
      if rest > 0 { findRuns(square: rest, axis: axis + 1, cell: cell * cells.count + index) }
    }
  }
}
