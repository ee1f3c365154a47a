import DeckData
import Nadaraya

/// One fit of the deck: a kernel with its bandwidth, the estimates at the validation inputs, the
/// weights behind them and the numbers that judge them.
struct DeckPanel {
  /// The name in fits.csv and weights.csv.
  let name: String
  /// The name for people.
  let title: String
  let similarity: Similarity
  let estimates: [Double]
  let weights: AttentionMatrix

  /// Root mean squared difference from the truth at the validation inputs that have an estimate; NaN
  /// where none has.
  let errorToTruth: Double

  /// The number of validation inputs without an estimate.
  var missing: Int { estimates.count { $0.isNaN } }

  /// Root mean squared leave-one-out residual; infinite where a point has no neighbour.
  let leaveOneOutError: Double

  /// The mean over the validation inputs.
  let meanEffectiveSize: Double

  init(name: String, title: String, kernel: Kernel, bandwidth: Double, deck: Deck) throws {
    let estimator = try deck.estimator(kernel: kernel, bandwidth: bandwidth)
    let queries = Queries.points(deck.validationInputs)
    let predictions = try estimator.predict(at: queries, diagnostics: true)
    self.name = name
    self.title = title
    similarity = estimator.similarity
    estimates = predictions.values
    weights = try estimator.attentionMatrix(at: queries)
    errorToTruth = rootMeanSquare(
      zip(estimates, deck.validationTruth).map { $0 - $1 }.filter { !$0.isNaN })
    leaveOneOutError = try estimator.criteria().criteria(.leaveOneOut)[0].squareRoot()
    let sizes = predictions.effectiveSampleSizes ?? []
    meanEffectiveSize = sizes.reduce(0, +) / Double(sizes.count)
  }

  var bandwidth: Double { similarity.bandwidths[0] }
}

/// √(Σx²/n); NaN of nothing.
func rootMeanSquare(_ numbers: [Double]) -> Double {
  (numbers.reduce(0) { $0 + $1 * $1 } / Double(numbers.count)).squareRoot()
}

extension Deck {
  func estimator(kernel: Kernel = .gaussian, bandwidth: Double) throws -> NadarayaWatson {
    try NadarayaWatson(
      trainingInputs, trainingValues, kernel: kernel, bandwidth: bandwidth)
  }
}
