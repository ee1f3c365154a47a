internal import RealModule
internal import SimilarityKernels

/// An upper bound on the weight of a node's keys for a query.
///
/// ```
/// ωₖ α(q, k) ≤ (largest ω of the node) · α(q, nearest point of its box)
/// ```
///
/// since every built-in kernel decreases with abs(u), a product in each input and a radial one with the
/// norm. The bound includes what rounding may add to a weight. It is exact only if every weight is 0 or
/// 1, so that ties can be detected.
struct WeightBound {
  private let tree: KeyTree
  private let queries: QueryBox
  private let decay: Decay?
  private let kernel: Kernel
  private let isProduct: Bool
  private let margin: Double
  /// A few units in the last place of a weight, and of its logarithm.
  private let slack: Double

  init(_ search: NearbySearch, similarity: Similarity) {
    tree = search.tree
    queries = search.queries
    decay = search.decay
    kernel = similarity.kernel
    isProduct = similarity.isProduct
    margin = KeyTree.margin(dimension: tree.dimension)
    let isFlat =
      switch kernel.form {
      case .builtIn(.boxcar), .builtIn(.constant): tree.columns.observationWeights == nil
      default: false
      }
    slack = isFlat ? 0 : 1e-12
  }

  /// A bound for ln w; −∞ if no key of the node has any weight.
  func logarithm(_ node: Int) -> Double {
    let largest = tree.logLargest(of: node)[0]
    guard largest > -.infinity else { return -.infinity }
    guard let decay else {
      let similarity = similarity(node)
      return similarity > 0 ? .log(similarity) + largest + slack : -.infinity
    }
    let near = decay.bounds(queries, tree.box(of: node)).least
    guard near < .infinity else { return -.infinity }
    return largest - near * (1 - margin) + slack * (1 + largest.magnitude)
  }

  /// A bound for w.
  func weight(_ node: Int) -> Double {
    guard decay == nil else { return .exp(logarithm(node)) }
    let largest = tree.logLargest(of: node)[0]
    guard largest > -.infinity else { return 0 }
    return similarity(node) * (largest == 0 ? 1 : .exp(largest)) * (1 + slack)
  }

  /// α at the nearest point of the box, for a compact or constant kernel.
  private func similarity(_ node: Int) -> Double {
    let box = tree.box(of: node)
    guard isProduct else {
      var square = 0.0
      for input in 0..<tree.dimension {
        let distance = queries.nearest(box, input)
        square += distance * distance
      }
      return kernel.profile(.sqrt(square) * (1 - margin))
    }
    var product = 1.0
    for input in 0..<tree.dimension where product > 0 {
      product *= kernel.profile(queries.nearest(box, input) * (1 - margin))
    }
    return product
  }
}
