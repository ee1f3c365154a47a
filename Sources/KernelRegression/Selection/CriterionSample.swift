internal import KernelSums
internal import RealModule
internal import SimilarityKernels

// Narrow windows of a large table.
//
// At a bandwidth of a few gaps between keys an exact evaluation takes ten times as long as at a wide one,
// because there are as many cells as keys; and such bandwidths are hardly ever good. So the leave-one-out
// error there is first estimated at a sample of the rows, against all keys. Differences between two bandwidths
// are taken row by row, which leaves little of the noise, and rows next to each other share theirs, so that the
// runs of rows are what the standard error counts. A bandwidth whose error exceeds the lowest one found by
// more than six standard errors, and by what rows outside the sample add to the lowest, is not evaluated
// further: its estimate keeps its place on the curve. Every minimum is still evaluated at all rows.

/// Leave-one-out errors at a sample of the rows of a large table with one input, sorted by it.
struct CriterionSample: Sendable {
  /// The squared residuals of rows that were left out, under their weights, summed over each run of rows and
  /// over the value columns in the unit of the criterion.
  typealias Errors = [Double]

  /// The runs of rows: one in each stretch of the table, at a place in it that a seed determines.
  let runs: [Range<Int>]

  /// The smallest table that is sampled: four times the sample.
  static let smallestTable = 4 * runCount * runLength

  private static let runCount = 256
  private static let runLength = 64

  /// The chance of a normal variable beyond six standard deviations is 1e-9.
  private static let certainty = 6.0

  /// Beyond so many bandwidths a Gaussian weighs less than the rounding of any sum of fewer than 2³¹ weights.
  private static let reach = 12.0

  /// So many weights for each row of the table take less time than its cells at a narrow bandwidth.
  private static let mostWeights = 24

  private let keys: [Double]
  private let weight: Double
  private let errors:
    @Sendable ([Double], _ runs: [Range<Int>], _ isNarrow: Bool) throws(KernelRegressionError) ->
      Errors

  /// - Precondition: the table has at least ``smallestTable`` rows.
  init(
    of table: SelectionTable,
    errors:
      @escaping @Sendable ([Double], [Range<Int>], Bool) throws(KernelRegressionError) -> Errors
  ) {
    var generator = SplitMix(seed: 0)
    let stretch = table.keys.count / Self.runCount
    runs = (0..<Self.runCount).map { index in
      let start = index * stretch + Int.random(in: 0...stretch - Self.runLength, using: &generator)
      return start..<start + Self.runLength
    }
    keys = table.keys.coordinates
    weight = runs.joined().reduce(0) { $0 + (table.observationWeights?[$1] ?? 1) }
    self.errors = errors
  }

  /// Whether so few keys are in reach of the rows that the sample takes less time than all rows.
  ///
  /// - Complexity: O(log n) for each run.
  func isWorthwhile(at bandwidth: Double) -> Bool {
    let weights = runs.reduce(0) { sum, run in
      let (first, last) = (keys[run.lowerBound], keys[run.upperBound - 1])
      let least = keys.partitioningIndex { $0 >= first - Self.reach * bandwidth }
      let end = keys.partitioningIndex { $0 > last + Self.reach * bandwidth }
      return sum + run.count * (end - least)
    }
    return weights <= Self.mostWeights * keys.count
  }

  /// The errors at given bandwidths.
  ///
  /// - Parameter isNarrow: whether few keys are in reach of a row.
  func errors(
    at bandwidths: [Double], isNarrow: Bool
  ) throws(KernelRegressionError) -> Errors {
    try errors(bandwidths, runs, isNarrow)
  }

  /// The difference between two criteria.
  func difference(_ errors: Errors, _ others: Errors) -> Double {
    zip(errors, others).reduce(0) { $0 + ($1.0 - $1.1) } / weight
  }

  /// Whether errors exceed those of a bandwidth with a given criterion by more than chance allows.
  ///
  /// What the criterion has beyond the sample's lies in rows that the sample does not see, and a narrow window
  /// might take all of it away: so much more the errors must exceed the others by.
  func isCertainlyWorse(_ errors: Errors, than others: Errors, of criterion: Double) -> Bool {
    let count = Double(errors.count)
    let differences = zip(errors, others).map { ($0 - $1) * count / weight }
    let mean = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) / count).squareRoot()
    let unseen = max(0, criterion - others.reduce(0, +) / weight)
    return mean > Self.certainty * error + unseen
  }
}

extension KernelSmoother {
  /// The squared leave-one-out residuals of degree 0 under their weights, summed over each run of rows; a
  /// column each.
  func leaveOneOutSquares(
    in runs: [Range<Int>], isNarrow: Bool
  ) throws(KernelRegressionError) -> [[Double]] {
    try finished { estimator throws(KernelRegressionError) in
      let columns = estimator.squares(in: runs, isNarrow: isNarrow)
      try estimator.execution.checkCancellation()
      return columns
    }
  }

  private func squares(in runs: [Range<Int>], isNarrow: Bool) -> [[Double]] {
    let engine = isNarrow ? NearbyEngine(problem) : engine
    let alone = execution.unreported.alone
    let squares = execution.silent.map(runs.count) { index in
      let run = runs[index]
      return engine.sums(at: keys, in: run, omission: .own, squares: false, execution: alone)
        .withUnsafeSums { sums in
          values.indices.map { column in
            let pooled = sums.column(column)
            return (0..<run.count).reduce(0.0) { sum, slot in
              let residual =
                values[column][run.lowerBound + slot]
                - pooled[slot] / sums.weights[slot] * valueScales[column]
              return sum + weight(run.lowerBound + slot) * residual * residual
            }
          }
        }
    }
    return values.indices.map { column in squares.map { $0[column] } }
  }
}
