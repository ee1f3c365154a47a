internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// A criterion of several inputs at a sample of the rows of a large table, against all keys.
///
/// As a function of the bandwidths it is as smooth as that of all rows, and its minima lie near the same places,
/// so that descents from many starts need not visit all rows: only those that end where the criterion may be
/// lowest go on there.
struct RowSample: Sendable {
  /// The criterion of the sample in the unit of the table, its slopes along the logarithms of the bandwidths where
  /// they were asked for and are known, and the squared residuals of each row left out.
  typealias Estimate = (value: Double, slopes: [Double]?, squares: [Double])

  /// How many rows of the table, from the first, are the sample: few for the descents from all starts, then more
  /// in turn where an evaluation visits all pairs of rows.
  let sizes: [Int]

  let method: BandwidthMethod
  let estimate:
    @Sendable ([Double], _ size: Int, _ slopes: Bool) throws(KernelRegressionError) -> Estimate

  /// Smaller tables are not sampled.
  static let smallestTable = 4_096

  /// About how many pairs of a row and a key take no more time than an evaluation in cells.
  private static let pairCount = 1 << 22

  /// Fewer rows say too little.
  private static let leastSize = 512

  /// The chance of a normal variable beyond six standard deviations is 1e-9.
  private static let certainty = 6.0

  init(
    _ table: SelectionTable, method: BandwidthMethod, visitsPairs: Bool,
    estimate: @escaping @Sendable ([Double], Int, Bool) throws(KernelRegressionError) -> Estimate
  ) {
    var sizes = [Self.leastSize(table.keys.count)]
    let last = Self.size(table.keys.count)
    while visitsPairs, sizes[sizes.count - 1] < last {
      sizes.append(min(4 * sizes[sizes.count - 1], last))
    }
    self.sizes = sizes
    self.method = method
    self.estimate = estimate
  }

  /// Whether a table is sampled.
  static func serves(
    _ sample: Sample, _ similarity: Similarity, _ isCausal: Bool, _ emptyWindow: EmptyWindowPolicy,
    _ computation: Computation
  ) -> Bool {
    // Of weights that differ a sample may miss the largest; of compact windows, the row that leaves one empty.
    sample.keys.dimension > 1 && sample.keys.count >= smallestTable && sample.weights == nil
      && similarity.labels.isEmpty && similarity.kernel.support == .infinity && !isCausal
      && !emptyWindow.predicts && computation.engine == .automatic
      && computation.search == .automatic
  }

  /// How many rows come first in a table of so many.
  static func size(_ count: Int) -> Int { count / 4 }

  /// The number of rows at which all starts descend.
  private static func leastSize(_ count: Int) -> Int {
    min(max(pairCount / count, leastSize), size(count))
  }

  /// Whether errors exceed others by more than chance allows; never for criteria of the trace.
  func isCertainlyWorse(_ estimate: Estimate, than other: Estimate) -> Bool {
    guard method == .leaveOneOut else { return false }
    let count = Double(estimate.squares.count)
    // A few enormous errors would make the standard error as large as the mean.
    let greatest = 4 * other.squares.reduce(0, +) / count
    let differences = zip(estimate.squares, other.squares).map { min($0 - $1, greatest) }
    let excess = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - excess) * ($1 - excess) }
    return excess > Self.certainty * (squares / (count - 1) / count).squareRoot()
  }
}
