import Wording

extension IntervalOptions.Request {
  private var percent: String { "\(short(level * 100, digits: 10)) %" }

  /// The name in a legend.
  var name: String {
    switch kind {
    case .confidence, .bootstrap: "\(percent) confidence interval"
    case .band: "\(percent) confidence band"
    case .prediction: "\(percent) prediction interval"
    }
  }

  /// What the intervals are, for a caption.
  ///
  /// - Parameter areCorrected: whether there are inputs of numbers, along which smoothing has a bias.
  func sentence(areCorrected: Bool) -> String {
    let center =
      areCorrected
      ? "centred on the estimate corrected for bias, not on the one drawn"
      : "centred on the estimate drawn"
    switch kind {
    case .confidence:
      return "The \(percent) confidence intervals, each for its own place, are \(center)."
    case .band:
      return "The \(percent) confidence band, for all places at once, is \(center)."
    case .bootstrap(let replicates):
      return
        "The \(percent) confidence intervals, each for its own place, are those of \(replicates) "
        + "replicates of the wild bootstrap and need not be centred on the estimate drawn."
    case .prediction:
      return
        "The \(percent) prediction intervals are for new values, calibrated on rows left out of their "
        + "own fit."
    }
  }
}
