import Nadaraya
import Tables
import Wording

extension Run {
  /// Warns of everything that estimates lack.
  ///
  /// - Parameters:
  ///   - intervals: those that go with the estimates, if any were asked for.
  ///   - consequence: what happens to queries without support if the policy puts nothing in their place.
  func warn(of predictions: Predictions, _ intervals: Intervals? = nil, consequence: String) {
    warnOfEmptyWindows(predictions.emptyWindows.count, consequence)
    warnOfLoweredDegrees(predictions.loweredDegrees)
    warnOfExtrapolations(predictions.extrapolations.count, consequence)
    if let intervals { warnOfMissingIntervals(intervals, beside: predictions) }
  }

  /// Warns of queries without support, if there are any.
  ///
  /// - Parameter consequence: what happens to them if the policy puts nothing in their place.
  func warnOfEmptyWindows(_ count: Int, _ consequence: String) {
    guard count > 0 else { return }
    let outcome =
      switch estimator.emptyWindow {
      case .notANumber, .fail: consequence
      case .nearest: "the nearest key is used there"
      case .mean:
        "the mean of all \(estimator.polynomial?.isCausal == true ? "earlier " : "")keys is used there"
      }
    StandardError.warn(
      "no key supports \(count) of \(counted(queries.count, "query")); \(outcome)",
      hint: emptyWindowHint)
  }

  /// The hint where no key supports a query; nil where nothing helps.
  private var emptyWindowHint: String? {
    guard let polynomial = estimator.polynomial, polynomial.neighbors == nil,
      estimator.emptyWindow == .notANumber
    else { return nil }
    return polynomial.isCausal
      ? "the earliest queries may have no key before them; for the others a larger --bandwidth reaches farther"
      : "a larger --bandwidth reaches farther; --empty nearest or mean fills the gaps"
  }

  /// Warns of queries at which a lower degree is used.
  private func warnOfLoweredDegrees(_ lowered: [Predictions.LoweredDegree]) {
    guard let least = lowered.map(\.degree).min() else { return }
    let isRising = lowered.contains { $0.attainableDegree > $0.degree }
    StandardError.warn(
      "the keys in reach of \(lowered.count) of \(counted(queries.count, "query")) do not determine a "
        + "polynomial of degree \(estimator.polynomial?.degree ?? 0); the highest degree that they determine is used there, "
        + "down to \(least)",
      hint: isRising
        ? "a larger --bandwidth reaches farther"
        : "no bandwidth helps, because all keys together determine no higher degree there")
  }

  /// Warns of queries at which the polynomial extrapolates.
  private func warnOfExtrapolations(_ count: Int, _ consequence: String) {
    guard count > 0, let polynomial = estimator.polynomial else { return }
    let isKept = polynomial.extrapolation == .keep
    StandardError.warn(
      "the polynomial extrapolates at \(count) of \(counted(queries.count, "query")), outside the keys "
        + "that carry their weight or by more than \(short(KernelSmoother.greatestAmplification)) "
        + "times the largest value" + (isKept ? "" : "; \(consequence)"),
      hint: isKept
        ? "--extrapolate nan leaves them out; a larger --bandwidth or a lower --degree is steadier"
        : nil)
  }

  /// Warns of estimates that have no interval.
  private func warnOfMissingIntervals(_ intervals: Intervals, beside predictions: Predictions) {
    func count(_ lacks: (Double) -> Bool) -> Int {
      queries.indices.count { query in
        zip(predictions.estimates, intervals.upper).contains { estimates, ends in
          estimates[query].isFinite && lacks(ends[query])
        }
      }
    }
    let unknown = count(\.isNaN)
    if unknown > 0 {
      StandardError.warn(
        "\(unknown) of \(counted(queries.count, "query")) \(unknown == 1 ? "has" : "have") an estimate but "
          + "no interval: rows that no other row supports have more than a tenth of the variance, and "
          + "their noise is unknown",
        hint: estimator.polynomial?.isCausal == true
          ? "the earliest queries have too few rows before them; for the others a larger --bandwidth reaches farther"
          : "a larger --bandwidth reaches farther")
    }
    let endless = count { $0 == .infinity }
    if endless > 0 {
      StandardError.warn(
        "\(endless) of \(counted(queries.count, "query")) \(endless == 1 ? "has" : "have") an infinite "
          + "interval, because there are too few rows for the level")
    }
  }
}
