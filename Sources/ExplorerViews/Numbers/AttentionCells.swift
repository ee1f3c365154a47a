internal import Nadaraya

/// The attention of even places over the keys, in cells.
struct AttentionCells {
  /// The queries along the picture.
  let places: [Double]
  let map: AttentionMap

  /// A picture shows no more cells than this along a side.
  static let most = 100
}

extension Resolved {
  /// The attention map of the picture: rows are keys in ascending order, columns even places.
  func attentionCells() throws(KernelRegressionError) -> AttentionCells {
    try execution.checkCancellation()
    let places = places(AttentionCells.most)
    let estimator = try estimator()
    let map = try estimator.attentionMap(
      at: .points(queries(at: places)), rows: AttentionCells.most, columns: places.count)
    return AttentionCells(places: places, map: map)
  }

  /// vᵢ − ŷ₋ᵢ(kᵢ) of each row.
  func residuals() throws(KernelRegressionError) -> [Double] {
    try execution.checkCancellation()
    let left = try estimator().predict(at: .leaveOneOut)
    return zip(sample.values, left.values).map { $0 - $1 }
  }
}
