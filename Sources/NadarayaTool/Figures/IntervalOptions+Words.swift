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

  /// The name of what they are centred on in a legend.
  var centreName: String {
    switch kind {
    case .confidence, .band, .bootstrap: "fit corrected for bias"
    case .prediction: "centre of the interval"
    }
  }

  /// What the intervals are, for a caption.
  ///
  /// - Parameter haveOwnCentres: whether they are centred on more than the fit.
  func sentence(haveOwnCentres: Bool) -> String {
    let center =
      haveOwnCentres
      ? "centred on the bias-corrected estimate, drawn thin, not on the fit"
      : "centred on the fit"
    switch kind {
    case .confidence:
      return "The pointwise \(percent) confidence intervals are \(center)."
    case .band:
      return "The simultaneous \(percent) confidence band is \(center)."
    case .bootstrap(let replicates):
      return
        "The pointwise \(percent) confidence intervals come from \(replicates) "
        + "replicates of the wild bootstrap and are \(center)."
    case .prediction:
      return
        "The \(percent) prediction intervals are for new values and are calibrated on rows left out of their "
        + "own fit"
        + (haveOwnCentres ? "; their centre is the thin curve, of the next odd degree." : ".")
    }
  }
}
