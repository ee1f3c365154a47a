import ArgumentParser
import Nadaraya

/// Whether estimates have intervals, and of which kind.
struct IntervalOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Add confidence intervals at level P, robust and corrected for bias.", valueName: "p"))
  var level: Double?

  @Flag(
    help:
      "Add a band instead, which covers the whole curve with probability P (0.95 unless given).")
  var band = false

  @Flag(
    help:
      "Add intervals for new values instead, calibrated on rows left out of their own fit.")
  var prediction = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Compute the intervals from N replicates of the wild bootstrap, which also works with "
        + "--neighbors and --gradient.",
      valueName: "n"))
  var bootstrap: Int?

  /// The requested intervals; nil for none.
  struct Request {
    enum Kind {
      case confidence
      case band
      case prediction
      case bootstrap(Int)
    }
    let kind: Kind
    let level: Double
  }

  func request() throws(Failure) -> Request? {
    if band, prediction {
      throw .usage("--band is for the curve and --prediction for new values: give one of them")
    }
    if let bootstrap {
      if band || prediction {
        throw .usage("--bootstrap cannot be combined with --band or --prediction")
      }
      if !(20...1_000_000).contains(bootstrap) {
        throw .usage("--bootstrap \(bootstrap) is not between 20 and 1000000 replicates")
      }
    }
    if let level, !(level > 0 && level < 1) {
      throw .usage("--level \(level) is not a probability between 0 and 1")
    }
    guard level != nil || band || prediction || bootstrap != nil else { return nil }
    return Request(
      kind: bootstrap.map { .bootstrap($0) }
        ?? (band ? .band : prediction ? .prediction : .confidence),
      level: level ?? 0.95)
  }
}

extension IntervalOptions.Request {
  /// Whether these are intervals of one bandwidth at all times.
  var needsOneBandwidth: Bool { if case .confidence = kind { false } else { true } }

  /// Warns that intervals from residuals of all rows use later rows, under a causal estimator.
  func warnOfLaterRows() {
    guard case .prediction = kind else { return }
    StandardError.warn(
      "prediction intervals are calibrated on all rows, including later ones, so past intervals may change "
        + "when rows are added")
  }

  /// - Parameter gradients: whether intervals of the gradient are wanted, which the bootstrap has.
  func intervals(
    of estimator: KernelSmoother, at queries: Points, gradients: Bool = false
  ) throws -> Intervals {
    let queries = Queries.points(queries)
    switch kind {
    case .confidence:
      return try estimator.confidenceIntervals(at: queries, level: level)
    case .band:
      return try estimator.confidenceBand(at: queries, level: level)
    case .bootstrap(let replicates):
      return try estimator.bootstrapIntervals(
        at: queries, level: level, replicates: replicates, gradients: gradients)
    case .prediction:
      return try estimator.predictionIntervals(at: queries, level: level)
    }
  }
}
