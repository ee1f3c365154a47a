import ArgumentParser
import Nadaraya

/// Whether intervals go with estimates, and of which kind.
struct IntervalOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Add confidence intervals at level P, robust and corrected for bias: NAME_se, NAME_lower, "
        + "NAME_upper.", valueName: "p"))
  var level: Double?

  @Flag(help: "Make them a band that holds the whole curve at the level (0.95 unless given).")
  var band = false

  @Flag(help: "Make them intervals for new values, calibrated on rows left out of their own fit.")
  var prediction = false

  /// What is asked for; nil where no intervals are.
  struct Request {
    enum Kind {
      case confidence
      case band
      case prediction
    }
    let kind: Kind
    let level: Double
  }

  func request() throws(Failure) -> Request? {
    if band, prediction {
      throw .usage("--band is about the curve and --prediction about new values: give one of them")
    }
    if let level, !(level > 0 && level < 1) {
      throw .usage("--level \(level) is not a probability between 0 and 1")
    }
    guard level != nil || band || prediction else { return nil }
    return Request(
      kind: band ? .band : prediction ? .prediction : .confidence, level: level ?? 0.95)
  }
}

/// Intervals of either kind, for each value column.
struct Intervals {
  /// The standard errors of confidence intervals.
  let standardErrors: [[Double]]?
  let lower: [[Double]]
  let upper: [[Double]]
}

extension IntervalOptions.Request {
  func intervals(of estimator: LocalPolynomial, at queries: Points) throws -> Intervals {
    switch kind {
    case .confidence, .band:
      let found =
        kind == .band
        ? try estimator.confidenceBand(at: queries, level: level)
        : try estimator.confidenceIntervals(at: queries, level: level)
      return Intervals(
        standardErrors: found.standardErrors, lower: found.lower, upper: found.upper)
    case .prediction:
      let found = try estimator.predictionIntervals(at: queries, level: level)
      return Intervals(standardErrors: nil, lower: found.lower, upper: found.upper)
    }
  }
}
