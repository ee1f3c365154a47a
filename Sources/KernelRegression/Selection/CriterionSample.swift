internal import KernelSums
internal import RealModule
internal import SimilarityKernels

// The leave-one-out error of a large table at a sample of its rows, against all keys.
//
// At a bandwidth of a few gaps between keys an exact evaluation takes ten times as long as at a wide one,
// because there are as many cells as keys; and such bandwidths are hardly ever good. Local polynomials and
// compact kernels take long at every bandwidth. So the error there is first estimated at a sample of the rows.
// Differences between two bandwidths are taken row by row, which leaves little of the noise, and rows next to
// each other share theirs, so that the runs of rows are what the standard error counts. A bandwidth whose error
// exceeds the lowest one found by more than six standard errors, and by what rows outside the sample add to the
// lowest, is not evaluated further: its estimate keeps its place on the curve. It is compared with the lowest and
// with its neighbour on the curve, which leaves less noise still. Every minimum is still evaluated at all rows.
// Most bandwidths are so bad that a thousand rows show it; they are asked first.

/// Leave-one-out errors at a sample of the rows of a large table with one input, sorted by it.
struct CriterionSample: Sendable {
  /// The squared residuals of rows that were left out, summed over each run of rows and over the value
  /// columns in the unit of the criterion.
  typealias Errors = [Double]

  /// The runs of rows: one in each stretch of the table, at a place in it that a seed determines.
  let runs: [Range<Int>]

  /// The smallest table that is sampled: four times the sample.
  static let smallestTable = 4 * runCount * runLength

  private static let runCount = 256
  private static let runLength = 64
  private static let (fewRuns, shortRun) = (64, 16)

  /// A sixteenth of the sample, which is enough where a bandwidth is bad.
  let few: [Range<Int>]

  /// The chance of a normal variable beyond six standard deviations is 1e-9.
  private static let certainty = 6.0

  /// So many weights for each row of the table take less time than its cells at a narrow bandwidth.
  private static let mostWeights = 24

  private let keys: [Double]

  /// The bandwidths within which a key may matter.
  private let reach: Double

  /// Whether wide windows are sampled too.
  private let isForAll: Bool
  private let errors:
    @Sendable ([Double], _ runs: [Range<Int>], _ isNarrow: Bool) throws(KernelRegressionError) ->
      Errors

  /// Nil for a kernel that reaches far.
  ///
  /// - Precondition: the table has at least ``smallestTable`` rows and no observation weights.
  init?(
    of table: SelectionTable, kernel: Kernel, degree: Int,
    errors:
      @escaping @Sendable ([Double], [Range<Int>], Bool) throws(KernelRegressionError) -> Errors
  ) {
    // Beyond 12 bandwidths a Gaussian weighs less than the rounding of any sum of fewer than 2³¹ weights.
    reach = kernel.isGaussian ? 12 : kernel.support
    guard reach < .infinity, !kernel.isBoxcar else { return nil }
    isForAll = degree > 0 || !kernel.isGaussian
    var generator = SplitMix(seed: 0)
    let stretch = table.keys.count / Self.runCount
    runs = (0..<Self.runCount).map { index in
      let start = index * stretch + Int.random(in: 0...stretch - Self.runLength, using: &generator)
      return start..<start + Self.runLength
    }
    few = stride(from: 0, to: Self.runCount, by: Self.runCount / Self.fewRuns).map { [runs] in
      runs[$0].prefix(Self.shortRun)
    }
    keys = table.keys.coordinates
    self.errors = errors
  }

  /// Errors of runs of rows, of one length.
  private func rowCount(_ errors: Errors) -> Double {
    Double(errors.count * (errors.count == Self.fewRuns ? Self.shortRun : Self.runLength))
  }

  /// Whether the sample takes less time than all rows.
  func isWorthwhile(at bandwidth: Double, ofFew isFew: Bool) -> Bool {
    isForAll || isNarrow(bandwidth, isFew ? few : runs)
  }

  /// Whether so few keys are in reach of the rows that they are summed one by one.
  ///
  /// - Complexity: O(log n) for each run.
  private func isNarrow(_ bandwidth: Double, _ runs: [Range<Int>]) -> Bool {
    let weights = runs.reduce(0) { sum, run in
      let (first, last) = (keys[run.lowerBound], keys[run.upperBound - 1])
      let least = keys.partitioningIndex { $0 >= first - reach * bandwidth }
      let end = keys.partitioningIndex { $0 > last + reach * bandwidth }
      return sum + run.count * (end - least)
    }
    return weights <= Self.mostWeights * keys.count
  }

  /// The errors at a bandwidth of the sample, or of its ``few``.
  func errors(
    at bandwidth: Double, ofFew isFew: Bool
  ) throws(KernelRegressionError) -> Errors {
    let runs = isFew ? few : runs
    return try errors([bandwidth], runs, isNarrow(bandwidth, runs))
  }

  /// The criterion of the sample.
  func mean(_ errors: Errors) -> Double { errors.reduce(0, +) / rowCount(errors) }

  /// The difference between two criteria.
  func difference(_ errors: Errors, _ others: Errors) -> Double {
    zip(errors, others).reduce(0) { $0 + ($1.0 - $1.1) } / rowCount(errors)
  }

  /// Whether the criterion of some errors exceeds a value by more than chance allows, given the errors of another
  /// bandwidth and its criterion.
  ///
  /// What that criterion has beyond the sample's lies in rows that the sample does not see, and a narrow window
  /// might take all of it away: by so much more the value must be exceeded.
  func isCertain(
    _ errors: Errors, above least: Double, beside others: Errors, of criterion: Double
  ) -> Bool {
    let count = Double(errors.count)
    // A few enormous errors would make the standard error as large as the mean. Counting no difference as more
    // than four times a usual error only lowers the mean.
    let greatest = 4 * mean(others)
    let differences = zip(errors, others).map {
      min(($0 - $1) * count / rowCount(errors), greatest)
    }
    let excess = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - excess) * ($1 - excess) }
    let error = (squares / (count - 1) / count).squareRoot()
    let unseen = max(0, criterion - mean(others))
    return criterion + excess > least + Self.certainty * error + unseen
  }
}

extension KernelSmoother {
  /// The squared leave-one-out residuals, summed over each run of rows; a column each.
  func leaveOneOutSquares(
    in runs: [Range<Int>], isNarrow: Bool
  ) throws(KernelRegressionError) -> [[Double]] {
    try finished { estimator throws(KernelRegressionError) in
      var estimator = estimator
      if isNarrow { estimator.engine = NearbyEngine(problem) }
      let columns = estimator.squares(in: runs)
      try estimator.execution.checkCancellation()
      return columns
    }
  }

  private func squares(in runs: [Range<Int>]) -> [[Double]] {
    let alone = execution.unreported.alone
    let span = Once<KeySpan>()
    let squares = execution.silent.map(runs.count) { index in
      let run = runs[index]
      func squares(_ column: Int, _ estimate: (Int) -> Double) -> Double {
        (0..<run.count).reduce(0.0) { sum, slot in
          let residual = values[column][run.lowerBound + slot] - estimate(slot)
          return sum + residual * residual
        }
      }
      guard degree > 0 else {
        return engine.sums(at: keys, in: run, omission: .own, squares: false, execution: alone)
          .withUnsafeSums { sums in
            values.indices.map { column in
              let pooled = sums.column(column)
              return squares(column) { pooled[$0] / sums.weights[$0] * valueScales[column] }
            }
          }
      }
      let fits = fits(
        at: keys, in: run, omission: .own, squares: false, slopes: false, span: span,
        execution: alone)
      return values.indices.map { column in
        let estimates = fits.estimates(column)
        return squares(column) { estimates[$0] }
      }
    }
    return values.indices.map { column in squares.map { $0[column] } }
  }
}
