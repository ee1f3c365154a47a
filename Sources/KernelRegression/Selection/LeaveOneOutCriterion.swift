internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// The leave-one-out criterion of one table, as a function of the bandwidths.
///
/// ```
/// LOO(h) = Σᵢ ωᵢ (vᵢ − ŷ₋ᵢ(kᵢ))² / Σᵢ ωᵢ
/// ```
///
/// ŷ₋ᵢ is the estimate without row i. With several value columns it is the sum over the columns of
/// LOO over the column's variance, so that their units do not matter.
///
/// Rows without weight are left out from the start. Values and weights are divided by powers of two
/// near their largest, so that neither a square nor a sum leaves the range of doubles and the
/// units change no choice.
///
/// ## Source
/// M. Stone, Cross-validatory choice and assessment of statistical predictions, Journal of the
/// Royal Statistical Society B 36 (1974), doi:10.1111/j.2517-6161.1974.tb00994.x.
struct LeaveOneOutCriterion {
  /// The keys of the rows that have weight.
  let keys: Points

  private let values: [[Double]]
  private let observationWeights: [Double]?
  private let kernel: Kernel
  private let combination: InputCombination
  private let emptyWindow: EmptyWindowPolicy
  private let engine: EngineChoice
  private let accuracy: Double?

  /// The estimator at the bandwidths asked about last.
  private var last: NadarayaWatson?

  private let execution: Execution

  /// What a column's mean of squared residuals is multiplied by.
  private let factors: [Double]

  /// What turns the criterion into the values' own unit: the scale of a single column, twice.
  private let unit: Double

  init(
    keys: Points, values: [[Double]], observationWeights: [Double]?, kernel: Kernel,
    combination: InputCombination, emptyWindow: EmptyWindowPolicy, engine: EngineChoice,
    accuracy: Double?, execution: Execution
  ) {
    let rows = keys.indices.filter { row in observationWeights.map { $0[row] > 0 } ?? true }
    self.keys = Points(
      rowMajor: rows.flatMap { keys[$0] }, dimension: keys.dimension)
    let scales = values.map { column in
      let largest = rows.reduce(0) { max($0, column[$1].magnitude) }
      return largest > 0 ? largest.binade : 1
    }
    self.values = zip(values, scales).map { column, scale in rows.map { column[$0] / scale } }
    self.observationWeights = observationWeights.map { weights in
      let largest = weights.max() ?? 1
      return rows.map { max(weights[$0] / largest, .leastNormalMagnitude) }
    }
    self.kernel = kernel
    self.combination = combination
    self.emptyWindow = emptyWindow == .fail ? .notANumber : emptyWindow
    self.engine = engine
    self.accuracy = accuracy
    self.execution = execution
    if values.count == 1 {
      unit = scales[0]
      factors = [1]
    } else {
      unit = 1
      factors = self.values.map { [weights = self.observationWeights] column in
        let variance = Self.variance(column, weights)
        return variance > 0 ? 1 / variance : 0
      }
    }
  }

  /// The criterion; infinite where a row has no support when left out and the policy puts nothing
  /// in its place.
  mutating func callAsFunction(
    _ bandwidths: [Double]
  ) throws(KernelRegressionError) -> Double {
    let estimator: NadarayaWatson
    if let last {
      estimator = try last.withBandwidths(bandwidths)
    } else {
      estimator = try NadarayaWatson(
        keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
        bandwidths: bandwidths, combination: combination, emptyWindow: emptyWindow, engine: engine,
        accuracy: accuracy, execution: execution)
    }
    last = estimator
    let criteria = try estimator.leaveOneOutCriteria()
    guard criteria.allSatisfy(\.isFinite) else { return .infinity }
    return zip(criteria, factors).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// A value of the criterion in the unit of the values.
  func inUnitOfValues(_ criterion: Double) -> Double { criterion * unit * unit }

  private static func variance(_ column: [Double], _ weights: [Double]?) -> Double {
    let weights = weights ?? column.map { _ in 1 }
    let total = weights.reduce(0, +)
    let mean = zip(weights, column).reduce(0) { $0 + $1.0 * $1.1 } / total
    return zip(weights, column).reduce(0) {
      $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean)
    } / total
  }
}
