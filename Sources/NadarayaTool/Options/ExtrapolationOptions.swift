import ArgumentParser
import Nadaraya

/// What becomes of estimates that are extrapolated.
struct ExtrapolationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The prediction where a polynomial extrapolates: outside the keys that carry its weight, or to "
        + "more than 5 times the largest value.", valueName: "keep|nan"))
  var extrapolate: ExtrapolationPolicy = .keep

  /// Refuses options that do not fit together.
  func check(_ similarity: SimilarityOptions) throws(Failure) {
    guard extrapolate == .keep || similarity.degree > 0 else {
      throw .usage(
        "--extrapolate needs --degree 1 to 3",
        hint: "estimates of --degree 0 stay in the range of the values")
    }
  }
}

extension Run {
  /// Sets what polynomials predict where they extrapolate.
  mutating func extrapolate(_ policy: ExtrapolationPolicy) {
    for part in parts.indices { parts[part].estimator.extrapolation = policy }
  }

  /// Numbers beside estimates, NaN where these have been left out.
  func held(_ numbers: [Double], beside estimates: [Double]) -> [Double] {
    guard estimator.extrapolation != .keep else { return numbers }
    return zip(numbers, estimates).map { $1.isNaN ? .nan : $0 }
  }

  /// The intervals of the estimates that are kept.
  func held(_ intervals: Intervals?, _ predictions: Predictions) -> Intervals? {
    guard estimator.extrapolation != .keep, let intervals else { return intervals }
    func held(_ columns: [[Double]]) -> [[Double]] {
      zip(columns, predictions.estimates).map { self.held($0, beside: $1) }
    }
    return Intervals(
      level: intervals.level, estimates: held(intervals.estimates),
      standardErrors: intervals.standardErrors.map(held),
      lower: held(intervals.lower), upper: held(intervals.upper), gradients: intervals.gradients)
  }
}
