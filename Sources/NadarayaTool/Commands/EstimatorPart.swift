import Nadaraya

/// An estimator with the value columns that it pools.
///
/// Columns under one similarity share an estimator, whose sums serve them all. Where each has a bandwidth of its
/// own there is an estimator for each.
struct EstimatorPart {
  var estimator: Estimator

  /// The columns, by their places among the table's.
  let values: Range<Int>
}

extension Run {
  /// What pools the values; where they have bandwidths of their own, the first column's, which agrees with
  /// the others in all but the bandwidths.
  var estimator: Estimator { parts[0].estimator }

  /// Estimates at the queries, or at the rows left out, of each part.
  func partialPredictions(
    gradients: Bool = false, diagnostics: Bool = false
  ) throws -> [Predictions] {
    try parts.map { part in
      try part.estimator.predict(at: asked, gradients: gradients, diagnostics: diagnostics)
    }
  }

  /// Estimates at the queries, or at the rows left out, of all value columns.
  func predictions() throws -> Predictions { Predictions(joining: try partialPredictions()) }

  /// The intervals of all value columns.
  func intervals(
    _ request: IntervalOptions.Request, at queries: Points, gradients: Bool = false
  ) throws -> Intervals {
    Intervals(
      joining: try parts.map { part in
        guard case .sequential(let estimator) = part.estimator else {
          return try request.intervals(
            of: try polynomialWithIntervals(part.estimator), at: queries, gradients: gradients)
        }
        return Intervals(
          merging: try estimator.groups(of: queries).map { polynomial, places in
            let own = Points(places.map { queries[$0].first ?? .nan })
            return (try request.intervals(of: polynomial, at: own), places)
          }, count: queries.count)
      })
  }
}

extension Predictions {
  /// Joins the results of groups of value columns.
  ///
  /// A query counts as empty, of a lowered degree or extrapolated where it is for any column. Diagnostics differ
  /// by bandwidth, so that those of several parts are left out.
  init(joining parts: [Predictions]) {
    guard parts.count > 1 else {
      self = parts[0]
      return
    }
    var lowest: [Int: LoweredDegree] = [:]
    for lowered in parts.flatMap(\.loweredDegrees) {
      if lowered.degree < lowest[lowered.query]?.degree ?? .max { lowest[lowered.query] = lowered }
    }
    let gradients = parts.compactMap(\.gradients)
    self.init(
      estimates: parts.flatMap(\.estimates),
      gradients: gradients.isEmpty ? nil : gradients.flatMap { $0 },
      emptyWindows: Set(parts.flatMap(\.emptyWindows)).sorted(),
      loweredDegrees: lowest.values.sorted { $0.query < $1.query },
      extrapolations: Set(parts.flatMap(\.extrapolations)).sorted(),
      effectiveSampleSizes: nil, nearestDistances: nil)
  }
}

extension Intervals {
  /// Joins the results of groups of queries, given their places among all.
  init(merging parts: [(intervals: Intervals, places: [Int])], count: Int) {
    func merged(_ columns: (Intervals) -> [[Double]]) -> [[Double]] {
      let valueCount = parts.first.map { columns($0.intervals).count } ?? 0
      return (0..<valueCount).map { value in
        var all = [Double](repeating: .nan, count: count)
        for (intervals, places) in parts {
          for (number, place) in places.enumerated() {
            all[place] = columns(intervals)[value][number]
          }
        }
        return all
      }
    }
    let hasErrors = parts.allSatisfy { $0.intervals.standardErrors != nil }
    self.init(
      level: parts.first?.intervals.level ?? .nan, estimates: merged(\.estimates),
      standardErrors: hasErrors ? merged { $0.standardErrors ?? [] } : nil,
      lower: merged(\.lower), upper: merged(\.upper))
  }

  /// Joins the results of groups of value columns.
  init(joining parts: [Intervals]) {
    let errors = parts.compactMap(\.standardErrors)
    let gradients = parts.compactMap(\.gradients)
    self.init(
      level: parts.first?.level ?? .nan, estimates: parts.flatMap(\.estimates),
      standardErrors: errors.isEmpty ? nil : errors.flatMap { $0 },
      lower: parts.flatMap(\.lower), upper: parts.flatMap(\.upper),
      gradients: gradients.first.map { first in
        first.indices.map { input in Intervals(joining: gradients.map { $0[input] }) }
      })
  }
}
