internal import SimilarityKernels

/// Identities that any Nadaraya–Watson estimator obeys whatever the data.
///
/// Each takes an estimator as a function and returns by how much it breaks the law: the largest
/// deviation relative to the largest magnitude among the values. NaN must meet NaN.
package enum Laws {
  /// Estimates at a case's queries.
  package typealias Estimator = (RegressionCase) throws -> [Double]

  /// The order of the rows changes nothing.
  package static func permutation(
    _ data: RegressionCase, _ estimate: Estimator
  ) rethrows -> Double {
    var random = SplitMix64(seed: 99)
    let order = Array(data.keys.indices).shuffled(using: &random)
    return try deviation(data, estimate, changed: rows(of: data, order))
  }

  /// Doubling every row changes nothing.
  package static func duplication(
    _ data: RegressionCase, _ estimate: Estimator
  ) rethrows -> Double {
    let twice = Array(data.keys.indices) + Array(data.keys.indices)
    return try deviation(data, estimate, changed: rows(of: data, twice))
  }

  /// Moving keys and queries together changes nothing.
  ///
  /// The coordinates are cut to multiples of 2⁻²⁰ first, so that the shift itself is exact.
  package static func shift(
    _ data: RegressionCase, by distance: Double, _ estimate: Estimator
  ) rethrows -> Double {
    func moved(_ points: Points, by distance: Double) -> Points {
      Points(
        rowMajor: points.coordinates.map { ($0 * 0x1p20).rounded() * 0x1p-20 + distance },
        dimension: points.dimension)
    }
    var cut = data
    cut.keys = moved(data.keys, by: 0)
    cut.queries = moved(data.queries, by: 0)
    var far = data
    far.keys = moved(data.keys, by: distance)
    far.queries = moved(data.queries, by: distance)
    return try deviation(cut, estimate, changed: far)
  }

  /// Another unit for the inputs, bandwidths included, changes nothing.
  ///
  /// Exactly so for powers of two.
  package static func scale(
    _ data: RegressionCase, by factor: Double, _ estimate: Estimator
  ) rethrows -> Double {
    func scaled(_ points: Points) -> Points {
      Points(rowMajor: points.coordinates.map { $0 * factor }, dimension: points.dimension)
    }
    var changed = data
    changed.keys = scaled(data.keys)
    changed.queries = scaled(data.queries)
    changed.similarity = Similarity(
      data.similarity.kernel, bandwidths: data.similarity.bandwidths.map { $0 * factor },
      combination: data.similarity.combination)
    return try deviation(data, estimate, changed: changed)
  }

  /// Estimates are averages: they lie between the least and the greatest value.
  package static func range(_ data: RegressionCase, _ estimate: Estimator) rethrows -> Double {
    let least = data.values.min() ?? 0
    let greatest = data.values.max() ?? 0
    return try estimate(data).reduce(0) {
      $1.isNaN ? $0 : max($0, least - $1, $1 - greatest)
    }
  }

  /// A row of weight 0 is as good as none.
  package static func zeroWeight(
    _ data: RegressionCase, _ estimate: Estimator
  ) rethrows -> Double {
    var weighted = data
    weighted.observationWeights = data.keys.indices.map {
      $0 % 3 == 1 ? 0 : data.observationWeights?[$0] ?? 1
    }
    return try deviation(
      weighted, estimate, changed: rows(of: data, data.keys.indices.filter { $0 % 3 != 1 }))
  }

  /// The largest deviation between two lists, NaN meeting NaN, relative to `scale`.
  package static func deviation(
    _ left: [Double], _ right: [Double], relativeTo scale: Double
  ) -> Double {
    guard left.count == right.count else { return .infinity }
    return zip(left, right).reduce(0) { worst, pair in
      if pair.0.isNaN && pair.1.isNaN { return worst }
      let difference = (pair.0 - pair.1).magnitude / scale
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }

  private static func deviation(
    _ data: RegressionCase, _ estimate: Estimator, changed: RegressionCase
  ) rethrows -> Double {
    let scale = data.values.reduce(.leastNonzeroMagnitude) { max($0, $1.magnitude) }
    return deviation(try estimate(data), try estimate(changed), relativeTo: scale)
  }

  private static func rows(of data: RegressionCase, _ order: [Int]) -> RegressionCase {
    var changed = data
    changed.keys = data.keys.selecting(order)
    changed.values = order.map { data.values[$0] }
    changed.observationWeights = data.observationWeights.map { weights in
      order.map { weights[$0] }
    }
    return changed
  }
}
