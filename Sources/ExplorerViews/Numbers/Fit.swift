internal import Nadaraya
internal import Wording

/// The numbers of a frame.
struct Fit {
  let places: [Double]
  let estimates: [Double]
  var lower: [Double]?
  var upper: [Double]?
  /// The centre of the interval, where it has ends.
  var centre: [Double]?
  let emptyQueries: Int
  let isExtrapolated: [Bool]

  /// NaN if not computed or infinite.
  var criterion = Double.nan
  var effectiveDegreesOfFreedom = Double.nan
  var rSquared = Double.nan

  private(set) var warnings: [String] = []

  /// Whether nothing was left out because it is slow.
  private(set) var isComplete = true

  /// The largest number of pairs of a place and a row for which intervals are computed while a slider
  /// moves, and at rest, in one input; fewer in several inputs, because a cubic there has more moments.
  private static let intervalPairs = (moving: 4e6, atRest: 4e8)

  /// The largest number of rows for which the criterion is computed while a slider moves.
  private static let criterionRows = 100_000

  private let isQuick: Bool

  /// - Parameter isQuick: whether to leave out slow results because a slider is moving.
  init(_ resolved: Resolved, isQuick: Bool = false) throws {
    self.isQuick = isQuick
    let estimator = try resolved.estimator()
    let places = resolved.places(resolved.placeCount)
    let queries = resolved.queries(at: places)
    let predictions = try estimator.predict(at: .points(queries))
    self.places = places
    estimates = predictions.values
    emptyQueries = predictions.values.count { !$0.isFinite }
    let extrapolated = Set(predictions.extrapolations)
    isExtrapolated = places.indices.map(extrapolated.contains)
    warn(of: predictions, resolved)
    try addInterval(at: queries, estimator, resolved)
    try addCriterion(estimator, resolved)
  }

  var curve: FitAnswer.Curve {
    FitAnswer.Curve(
      x: places, estimate: JSONNumbers(estimates), lower: lower.map(JSONNumbers.init),
      upper: upper.map(JSONNumbers.init),
      centre: centre.map(JSONNumbers.init))
  }

  private mutating func warn(of predictions: Predictions, _ resolved: Resolved) {
    if resolved.sample.droppedRows > 0 {
      warnings.append(
        "\(counted(resolved.sample.droppedRows, "row")) with missing values "
          + "\(resolved.sample.droppedRows == 1 ? "is" : "are") left out; row numbers do not count "
          + "them.")
    }
    if emptyQueries > 0 {
      warnings.append(
        "No key supports \(emptyQueries) of \(counted(places.count, "place")); the curve has gaps "
          + "there. A larger bandwidth reaches farther.")
    }
    warnOfExtrapolations(predictions.extrapolations.count)
    if let least = predictions.loweredDegrees.map(\.degree).min() {
      warnings.append(
        "At \(predictions.loweredDegrees.count) of \(counted(places.count, "place")) the keys in "
          + "reach do not determine a polynomial of degree \(resolved.view.degree); the highest degree that "
          + "they determine is used there, down to \(least).")
    }
  }

  private mutating func warnOfExtrapolations(_ count: Int) {
    guard count > 0 else { return }
    warnings.append(
      "At \(count) of \(counted(places.count, "place")) the polynomial extrapolates, outside the rows that "
        + "carry their weight or by more than "
        + "\(typeset(KernelSmoother.greatestAmplification, digits: 3)) times the largest value; the "
        + "curve is dashed there.")
  }

  private mutating func addInterval(
    at queries: Points, _ estimator: KernelSmoother, _ resolved: Resolved
  ) throws {
    guard let level = resolved.view.level else { return }
    let inputs = resolved.view.inputs.count
    // The number of moments up to sixth order, relative to the seven of one input.
    let moments = (1...6).reduce(1 / 7.0) { $0 * Double(inputs + $1) / Double($1) }
    let pairs = Double(resolved.sample.count) * Double(places.count) * moments
    guard pairs <= Self.intervalPairs.atRest else {
      warnings.append(
        "The interval is left out: with \(resolved.sample.count) rows"
          + (inputs > 1 ? " in \(inputs) inputs" : "") + " it takes too long. "
          + "--level \(level) adds it to the command.")
      return
    }
    guard !isQuick || pairs <= Self.intervalPairs.moving else {
      isComplete = false
      return
    }
    try resolved.execution.checkCancellation()
    let intervals = try estimator.confidenceIntervals(at: .points(queries), level: level)
    let hasEnds = zip(intervals.lower[0], intervals.upper[0]).map { $0.isFinite && $1.isFinite }
    let missing = places.indices.count { estimates[$0].isFinite && !hasEnds[$0] }
    if hasEnds.contains(true) {
      lower = intervals.lower[0]
      upper = intervals.upper[0]
      centre = zip(hasEnds, intervals.estimates[0]).map { $0 ? $1 : .nan }
    }
    if missing > 0 {
      warnings.append(
        "There is no finite interval at \(missing) of \(counted(places.count, "place")): rows that no "
          + "other row supports have more than a tenth of the variance, and their noise is unknown."
      )
    }
  }

  private mutating func addCriterion(_ estimator: KernelSmoother, _ resolved: Resolved) throws {
    guard !isQuick || resolved.sample.count <= Self.criterionRows else {
      isComplete = false
      return
    }
    try resolved.execution.checkCancellation()
    let report = try estimator.criteria()
    criterion = report.criteria(resolved.view.criterion)[0]
    effectiveDegreesOfFreedom = report.trace
    if report.unsupportedRows > 0 {
      warnings.append(
        "\(report.unsupportedRows) of \(counted(report.rowCount, "row")) "
          + "\(report.unsupportedRows == 1 ? "is" : "are") not supported by any other row.")
    }
    try resolved.execution.checkCancellation()
    rSquared = try estimator.summary().rSquared[0]
  }
}
