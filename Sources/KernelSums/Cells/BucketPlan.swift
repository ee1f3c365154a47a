internal import RealModule
internal import SimilarityKernels

/// The choice of cells for pairs: their width, how far a query looks, and the cost.
struct BucketPlan: Sendable {
  let grid: BucketGrid
  let accuracy: Double

  /// How far queries look, in bandwidths; where that is not far enough, ``greatestReach``.
  let reach: Double

  /// Nanoseconds on one thread under the widest instruction set for making the plan and for each query
  /// besides its pairs, and the number of pairs of a query.
  let cost: (keys: Double, query: Double, pairs: Double)

  /// exp(−u²/2) is 10⁻³⁷ here.
  static var greatestReach: Double { 13 }

  /// exp(−u²/2) is 10⁻¹⁶ here: which keys farther away share a run with nearer ones, and so the order of rows,
  /// makes no difference beyond the last bits where keys are not much denser far away.
  private static var leastReach: Double { 8.6 }

  /// Weights have errors of up to ten units in the last place of their exponent.
  private static var leastAccuracy: Double { 1e-13 }

  /// Nil for other kernels, one input or more than three, degrees above 1, and where the inputs' ranges
  /// have too many cells.
  ///
  /// - Parameter queryCount: the expected number of queries.
  /// - Complexity: O(1), once the ranges of the keys are known.
  init?(
    _ problem: KernelSumProblem, queryCount: Int, accuracy: Double, execution: Execution
  ) {
    let count = problem.keys.count
    let dimension = problem.keys.dimension
    let accuracy = problem.degree == 0 ? accuracy : accuracy / 1000
    guard case .builtIn(.gaussian) = problem.similarity.kernel.form, problem.degree <= 1,
      (2...3).contains(dimension), count > 0, count < 1 << 31, accuracy >= Self.leastAccuracy
    else { return nil }
    let ranges = problem.orders.ranges(problem, execution: execution).inputs
    let bandwidths = problem.similarity.bandwidths
    let lengths = zip(ranges, bandwidths).map { ($0.upperBound - $0.lowerBound) / $1 }
    // Keys in a box of a bandwidth around a typical key.
    let density = max(
      lengths.reduce(Double(count)) { $0 / max($1, 1) },
      Self.sampledDensity(problem, radius: 4) * Double(count))
    guard density.isFinite, density > 0 else { return nil }
    let strip = min(max(.pow(Double(Self.together) / density, 1 / Double(dimension)), 0.1), 64)
    let limit = min(max(4 * count, 1 << 12), 1 << 30)
    var width = strip
    var grid: BucketGrid?
    repeat {
      grid = BucketGrid(
        ranges: ranges,
        widths: bandwidths.indices.map {
          bandwidths[$0] * width * ($0 == dimension - 1 ? 0.25 : 1)
        }, limit: limit)
      width *= 1.5
    } while grid == nil && width.isFinite
    guard let grid else { return nil }
    width /= 1.5
    let side = width
    // Sums down to a fiftieth of a typical one are certain at once, if all keys have the same weight.
    let typical = 0.02 * .pow(2 * .pi, Double(dimension) / 2) * density
    let logTail = Double.log(accuracy / 2 * max(typical, 1e-6) / Double(count))
    let plain = Double.sqrt(max(-2 * logTail, 16))
    let wanted =
      problem.degree == 0 ? plain : Double.sqrt(plain * plain + 4 * .log(plain))
    let reach = min(max(wanted, Self.leastReach), Self.greatestReach)
    let area =
      dimension == 2
      ? .pi * reach * reach + 4 * reach * side + side * side
      : 4 / 3 * .pi * reach * reach * reach + 3 * .pi * reach * reach * side
        + 6 * reach * side * side + side * side * side
    let share = lengths.reduce(1) { $0 * min(1, (2 * reach + side) / max($1, 1e-300)) }
    let pairs = min(density * area, max(share, 1e-12) * Double(count) * 2, Double(count))
    let lanes = Double(Self.together)
    // Queries that are far apart do not fill the lanes.
    let filled = min(max(lanes * Double(queryCount) / Double(count), 1), lanes)
    let strips = lengths.dropLast().reduce(1) {
      $0 * (min($1, 2 * reach) / side + 1)
    }
    self.grid = grid
    self.accuracy = accuracy
    self.reach = reach
    cost = (
      keys: 100 * Double(count) + 2 * Double(grid.cellCount),
      query: 40 + (200 + 10 * strips) / filled, pairs: pairs * lanes / filled
    )
  }

  /// The number of queries that are summed together.
  static var together: Int { 8 }

  /// From a sample of keys, the share of the keys in a box of one bandwidth around a typical key; 0 if the
  /// sample has too few pairs to tell.
  private static func sampledDensity(_ problem: KernelSumProblem, radius: Double) -> Double {
    let (near, pairs) = EngineCandidate.sampledPairs(problem, reach: radius)
    guard near >= 24 else { return 0 }
    return Double(near) / Double(pairs)
      / .pow(2 * radius, Double(problem.keys.dimension))
  }
}
