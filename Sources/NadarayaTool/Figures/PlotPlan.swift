import Nadaraya
import Tables

/// What `plot` draws of some data, and the queries that this takes.
struct PlotPlan {
  enum Kind {
    /// The weights, keys × queries.
    case attention
    /// Residuals of the rows left out.
    case residuals
    /// The fit over one input of numbers.
    case fit
    /// The fit over one input of numbers, a curve for each level of a factor.
    case fitsByLevel
    /// The fit along each input, with the others held.
    case partial
  }

  let kind: Kind

  /// In partial plots the queries of each input's panel; otherwise empty.
  let pieces: [Range<Int>]

  /// The plot's own queries; nil for those of the options.
  let queries: Points?

  /// The most levels that are drawn as separate curves.
  private static let mostCurves = 7

  init(
    _ data: DataTable, _ options: QueryOptions, attention: Bool, residuals: Bool
  ) throws(Failure) {
    kind = Self.kind(of: data, attention: attention, residuals: residuals)
    let isPlaced = options.at != nil || options.leaveOneOut
    switch kind {
    case .attention, .residuals, .fit:
      pieces = []
      queries = nil
    case .fitsByLevel:
      pieces = []
      queries = isPlaced ? nil : data.placesByLevel(options.grid ?? 200)
    case .partial:
      guard !isPlaced else {
        let option = options.at == nil ? "--leave-one-out" : "--at"
        throw .usage(
          "\(option) cannot be drawn along a single input, because the number of inputs is "
            + "\(data.inputNames.count)",
          hint: options.at == nil
            ? "--residuals draws each row left out" : "nadaraya predict estimates at any places")
      }
      let count = options.grid ?? 200
      let reference = data.reference
      var columns = data.inputNames.map { _ in [Double]() }
      pieces = data.inputNames.indices.map { input in
        let start = columns[0].count
        let places = data.places(along: input, count: count)
        for other in columns.indices {
          columns[other] +=
            other == input ? places : places.map { _ in reference[other] }
        }
        return start..<columns[0].count
      }
      queries = Points(columns: columns)
    }
  }

  private static func kind(of data: DataTable, attention: Bool, residuals: Bool) -> Kind {
    if attention { return .attention }
    if residuals { return .residuals }
    guard data.keyNames.count == 1 else { return .partial }
    if data.labels.isEmpty { return .fit }
    let isOneFactor = data.labels.count == 1 && data.factorCount == 1
    return isOneFactor && data.labels[0].levels.count <= mostCurves ? .fitsByLevel : .partial
  }
}
