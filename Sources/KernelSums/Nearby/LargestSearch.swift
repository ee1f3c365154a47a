internal import SimilarityKernels
internal import _CKernelSums

/// Finds the keys with the largest weights of a query without visiting the others.
///
/// Goals, in order of priority:
/// 1. The keys are those that sorting all weights would put first, ties by the lower index: weights
///    come from the direct engine's loops, and a node is skipped only if none of its keys can precede
///    the last one kept; see `WeightBound`.
/// 2. No search by these bounds can open fewer nodes: the node with the largest bound is next, and
///    among equal ones that with the lowest key.
///
/// If every weight rounds to 0, logarithms replace weights.
///
/// - Complexity: O(k·log n) for k keys of smooth data in few inputs; in many inputs every key may have
///   to be visited, O(n·d).
///
/// ## Source
/// G. R. Hjaltason and H. Samet, Distance browsing in spatial databases, ACM Transactions on Database
/// Systems 24 (1999), doi:10.1145/320248.320255.
final class LargestSearch {
  enum Scale {
    /// The weights themselves; weights of 0 are not found.
    case weights
    /// Their logarithms, too small by at most the pass's `excess` and rounding.
    case logarithms
  }

  let tree: KeyTree
  let pass: TilePass
  private let nearby: NearbySearch
  private let bound: WeightBound
  private let firstKeys: [Int32]
  private var nodes = RankedHeap(givesFirst: true)
  private var kept = RankedHeap(givesFirst: false)

  init(_ search: NearbySearch, similarity: Similarity, pass: TilePass) {
    tree = search.tree
    nearby = search
    self.pass = pass
    bound = WeightBound(search, similarity: similarity)
    firstKeys = tree.firstKeys
  }

  /// The keys with the largest scores, in order.
  ///
  /// - Parameters:
  ///   - count: the largest number of keys.
  ///   - query: the query, which the search's box encloses.
  ///   - excluded: the place of a key to leave out.
  ///   - floor: the lowest score to return.
  func largest(
    _ count: Int, of query: UnsafeBufferPointer<Double>, excluding excluded: Int?,
    atLeast floor: Double, on scale: Scale
  ) -> [Ranked] {
    nodes.removeAll()
    kept.removeAll()
    consider(1, count, floor, scale)
    while let node = nodes.pop(), isWanted(node, count, floor, scale) {
      let number = Int(node.place)
      if tree.isLeaf(number) {
        weigh(number, query, excluded, count, floor, scale)
      } else {
        consider(2 * number, count, floor, scale)
        consider(2 * number + 1, count, floor, scale)
      }
    }
    return kept.items.sorted { $0.precedes($1) }
  }

  private func consider(_ node: Int, _ count: Int, _ floor: Double, _ scale: Scale) {
    // Single later keys have no weight in the loops.
    guard !nearby.isLater(node) else { return }
    let score = scale == .weights ? bound.weight(node) : bound.logarithm(node)
    let ranked = Ranked(score: score, key: firstKeys[node], place: Int32(node))
    if isWanted(ranked, count, floor, scale) { nodes.push(ranked) }
  }

  /// Whether a node or a key can be among the first.
  @inline(__always)
  private func isWanted(
    _ ranked: Ranked, _ count: Int, _ floor: Double, _ scale: Scale
  ) -> Bool {
    guard ranked.score > (scale == .weights ? 0 : -.infinity), ranked.score >= floor else {
      return false
    }
    guard kept.items.count >= count, let last = kept.top else { return true }
    return ranked.precedes(last)
  }

  private func weigh(
    _ leaf: Int, _ query: UnsafeBufferPointer<Double>, _ excluded: Int?, _ count: Int,
    _ floor: Double, _ scale: Scale
  ) {
    let run = tree.run(of: leaf)
    pass.moveTo(run.lowerBound)
    switch scale {
    case .weights: pass.weigh(query: query, tile: run, excluding: excluded)
    case .logarithms:
      let least = pass.negativeLogWeights(query: query, tile: run, excluding: excluded)
      guard least < .infinity else { return }
    }
    for place in run {
      let number = pass.weights[place - run.lowerBound]
      let score = scale == .weights ? number : -number
      // NaN, which a closure may return, is not a weight.
      guard score >= floor else { continue }
      let ranked = Ranked(score: score, key: tree.order[place], place: Int32(place))
      guard isWanted(ranked, count, floor, scale) else { continue }
      if kept.items.count < count { kept.push(ranked) } else { kept.replaceTop(by: ranked) }
    }
  }
}
