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
  var sentence: String {
    switch kind {
    case .confidence:
      "The \(percent) confidence intervals, each for its own place, are centred on the estimate "
        + "corrected for bias, not on the one drawn."
    case .band:
      "The \(percent) confidence band, for all places at once, is centred on the estimate corrected "
        + "for bias, not on the one drawn."
    case .bootstrap(let replicates):
      "The \(percent) confidence intervals, each for its own place, are those of \(replicates) "
        + "replicates of the wild bootstrap and need not be centred on the estimate drawn."
    case .prediction:
      "The \(percent) prediction intervals are for new values, calibrated on rows left out of their "
        + "own fit."
    }
  }
}
