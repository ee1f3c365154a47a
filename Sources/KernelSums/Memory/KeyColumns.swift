internal import RealModule
internal import SimilarityKernels

/// Keys with their columns and observation weights, laid out for the innermost loops: input by input,
/// padded, in one order.
///
/// It does not depend on the similarity, so problems with any bandwidth share it.
final class KeyColumns: Sendable {
  let keyCount: Int
  let keys: PaddedColumns
  let columns: PaddedColumns

  /// Observation weights divided by a power of two that brings the largest near 1; nil if all are 1.
  let observationWeights: PaddedColumns?
  let logObservationScale: Double
  private let logWeights: PaddedColumns?

  /// ln ω in that scale; nil if all are 1.
  var logObservationWeights: UnsafePointer<Double>? { logWeights?.column(0) }

  /// Whether the observation weights other than 0 are within 10⁻²⁰⁰ of the largest.
  let hasEvenWeights: Bool

  /// How far below the largest log-weight a key still counts in an anchored sum.
  let depthForSums: Double

  /// The keys of a problem in the given order.
  convenience init(_ problem: KernelSumProblem) {
    let dimension = problem.keys.dimension
    let keys = problem.keys.coordinates.withUnsafeBufferPointer { coordinates in
      PaddedColumns(rowCount: problem.keys.count, columnCount: dimension) { key, input in
        coordinates[key * dimension + input]
      }
    }
    self.init(problem, keys: keys, order: nil, execution: Execution(threads: 1))
  }

  /// The keys of a problem in another order.
  ///
  /// - Parameters:
  ///   - keys: the keys in that order.
  ///   - order: the key at each place; nil for the order given.
  init(
    _ problem: KernelSumProblem, keys: PaddedColumns, order: [Int32]?, execution: Execution
  ) {
    keyCount = problem.keys.count
    self.keys = keys
    columns = Self.columns(problem.columns, count: keyCount, order: order, execution: execution)
    let scaled = problem.orders.weights(problem)
    logObservationScale = scaled.logScale
    observationWeights = scaled.weights.map { weights in
      Self.columns([weights], count: weights.count, order: order, execution: execution)
    }
    logWeights = problem.observationWeights.map { weights in
      let logs = weights.map { Double.log($0) - scaled.logScale }
      return Self.columns([logs], count: logs.count, order: order, execution: execution)
    }
    let largest = problem.observationWeights?.max() ?? 1
    hasEvenWeights =
      problem.observationWeights?.allSatisfy { $0 == 0 || $0 >= 1e-200 * largest } ?? true
    depthForSums = DirectEngine.depth(of: problem.columns)
  }

  /// Keys whose places the caller fills and clears.
  ///
  /// - Parameters:
  ///   - keyCount: the number of places.
  ///   - observationWeights: ω and ln ω; nil if all are 1. They are near enough to 1 that neither a sum
  ///     nor a ratio of them leaves the range of doubles.
  init(
    keyCount: Int, keys: PaddedColumns, columns: PaddedColumns,
    observationWeights: (weights: PaddedColumns, logarithms: PaddedColumns)?
  ) {
    self.keyCount = keyCount
    self.keys = keys
    self.columns = columns
    self.observationWeights = observationWeights?.weights
    logWeights = observationWeights?.logarithms
    logObservationScale = 0
    hasEvenWeights = true
    depthForSums = DirectEngine.greatestDepth
  }

  private static func columns(
    _ columns: [[Double]], count: Int, order: [Int32]?, execution: Execution
  ) -> PaddedColumns {
    PaddedColumns(rowCount: count, columnCount: columns.count, execution: execution) {
      column, rows, start in
      columns[column].withUnsafeBufferPointer { column in
        guard let order else {
          for row in rows { start[row] = column[row] }
          return
        }
        order.withUnsafeBufferPointer { order in
          for row in rows { start[row] = column[Int(order[row])] }
        }
      }
    }
  }
}
