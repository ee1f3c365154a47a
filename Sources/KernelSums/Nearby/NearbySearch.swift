internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// Finds the keys that can matter to a few queries near each other, as runs of the tree's order.
///
/// Goals, in order of priority:
/// 1. Nothing is left out that could change a sum. Under a compact kernel a node is skipped only if its
///    box is outside every window, with a margin for rounding: the loops decide which keys are inside.
///    Under a decaying kernel it is skipped only if every term of every sum, Σw and each Σwc, is below
///    exp(−depth) times one term of that sum: with `depth` 60 and n keys the rest is n·exp(−60), 10⁻¹⁷
///    of the sum at n = 10⁹.
/// 2. It finds few keys that do not matter.
///
/// For a decaying kernel, let −ln α lie in [near, far] over the pairs of a query and a key of a node.
/// At every query, the logarithm of the term of the node's key with the largest ω·abs(c) is then at
/// least ln(ω·abs(c)) − far, and that of any of its keys at most ln(ω·abs(c)) − near. A descent to the
/// nearest leaf gives a first bound for the largest term of each sum; if the leaves are wide relative
/// to the bandwidth, the keys of that leaf give a better one. Σwc has a separate bound because the
/// nearest keys' c can be 0.
///
/// A node with a left-out key does not prove that there is a large term.
final class NearbySearch {
  /// How much −ln of a term may exceed that of the largest and still matter.
  static var depthForSums: Double { 60 }

  let tree: KeyTree
  let queries: QueryBox
  let decay: Decay?
  /// Whether keys later than a query have no weight for it; see `NearbySearch+Causal`.
  let isCausal: Bool
  /// The distance from which α is 0, in bandwidths.
  private let support: Double
  /// The support with a margin for rounding.
  private let edge: Double
  private let isProduct: Bool
  let sumCount: Int
  let largestTerms: UnsafeMutableBufferPointer<Double>
  fileprivate var pending: [Int] = []

  /// - Parameter looksAtColumns: whether terms of Σwc count as well as those of Σw.
  init(
    _ tree: KeyTree, similarity: Similarity, isCausal: Bool = false, looksAtColumns: Bool = true
  ) {
    self.tree = tree
    self.isCausal = isCausal
    queries = QueryBox(inverseBandwidths: similarity.bandwidths.map { 1 / $0 })
    decay = Decay(similarity)
    support = similarity.kernel.support
    edge = support * (1 + KeyTree.margin(dimension: tree.dimension))
    isProduct = similarity.isProduct
    sumCount = looksAtColumns ? tree.columns.columns.columnCount + 1 : 1
    largestTerms = .allocate(capacity: sumCount)
    largestTerms.initialize(repeating: -.infinity)
  }

  deinit { largestTerms.deallocate() }

  /// The runs of the keys that can matter to the queries in the box.
  ///
  /// - Parameters:
  ///   - excluded: places of keys that are each left out for some of the queries.
  ///   - depth: how far below the largest a term's logarithm may be and still count.
  ///   - witness: the only query in the box, with a pass over keys; a leaf's keys are weighed for it if
  ///     the bounds from boxes are too loose.
  /// - Returns: the runs in ascending order, and how much the largest term may exceed its lower bound.
  func runs(
    excluding excluded: [Int], depth: Double = NearbySearch.depthForSums,
    witness: (query: UnsafeBufferPointer<Double>, pass: TilePass)? = nil
  ) -> (runs: [Range<Int>], slack: Double) {
    guard tree.columns.keyCount > 0 else { return ([], 0) }
    guard let decay else {
      guard support < .infinity else { return (everyRun, 0) }
      return (collect { mayReach($0, from: queries) }, 0)
    }
    var slack: Double
    if isCausal {
      slack = descendAmongEarlier(excluded, decay) - largestTerms[0]
    } else {
      let (leaf, nearest) = descend(excluded, decay)
      slack = nearest - largestTerms[0]
      if slack > 16, let witness {
        weigh(leaf, excluding: excluded.first, witness.query, witness.pass)
        slack = nearest - largestTerms[0]
      }
    }
    guard largestTerms[0] > -.infinity else {
      // No key is known to count for all queries, but some may count for a few.
      if isCausal, witness == nil { return (everyRun, .infinity) }
      // Log-weights outside the range of doubles give no bound. Those of the Gaussian leave it beyond
      // 2⁵¹¹ bandwidths, where only the nearest keys count.
      guard case .halfSquare = decay else { return (everyRun, 0) }
      return (nearestRuns(excluding: excluded, atLeast: 0x1p500), 0)
    }
    let runs = collect { node in
      if isLater(node) { return false }
      let (near, _) = decay.bounds(queries, tree.box(of: node))
      guard near < .infinity else { return false }
      let margin = KeyTree.margin(dimension: tree.dimension) * near
      let logs = tree.logLargest(of: node)
      for sum in 0..<sumCount where logs[sum] - near >= largestTerms[sum] - depth - margin {
        if logs[sum] > -.infinity { return true }
      }
      return false
    }
    return (runs, slack)
  }

  /// Descends to the nearest leaf and finds a lower bound for the largest term of each sum.
  ///
  /// - Returns: the leaf, and a bound for ln of the largest weight.
  private func descend(_ excluded: [Int], _ decay: Decay) -> (leaf: Int, largest: Double) {
    largestTerms.update(repeating: -.infinity)
    var node = 1
    var nearest = learn(node, excluded, decay)
    var largest = -nearest
    while !tree.isLeaf(node) {
      let left = learn(2 * node, excluded, decay)
      let right = learn(2 * node + 1, excluded, decay)
      node = left <= right ? 2 * node : 2 * node + 1
      nearest = min(left, right)
      largest = -nearest
    }
    return (node, largest)
  }

  /// - Returns: the least −ln of a weight in a node.
  func learn(_ node: Int, _ excluded: [Int], _ decay: Decay) -> Double {
    if isLater(node) { return .infinity }
    let (near, far) = decay.bounds(queries, tree.box(of: node))
    let logs = tree.logLargest(of: node)
    let run = tree.run(of: node)
    if !excluded.contains(where: run.contains), isEarlier(node) {
      let margin = KeyTree.margin(dimension: tree.dimension) * far
      for sum in 0..<sumCount {
        largestTerms[sum] = max(largestTerms[sum], logs[sum] - far - margin)
      }
    }
    return near - logs[0]
  }

  /// Improves the bounds from the keys of a leaf.
  private func weigh(
    _ leaf: Int, excluding excluded: Int?, _ query: UnsafeBufferPointer<Double>, _ pass: TilePass
  ) {
    pass.forEachTile(in: [tree.run(of: leaf)]) { tile, pass in
      let least = pass.negativeLogWeights(query: query, tile: tile, excluding: excluded)
      guard least < .infinity else { return }
      let margin = KeyTree.margin(dimension: tree.dimension) * least.magnitude
      largestTerms[0] = max(largestTerms[0], -least - margin)
      guard let nearest = (0..<tile.count).first(where: { pass.weights[$0] == least }) else {
        return
      }
      for sum in 1..<sumCount {
        let value = tree.columns.columns.column(sum - 1)[tile.lowerBound + nearest]
        largestTerms[sum] = max(largestTerms[sum], -least - margin + .log(value.magnitude))
      }
    }
  }

  /// Whether a key of a node may lie in the window of one of some queries.
  func mayReach(_ node: Int, from queries: QueryBox) -> Bool {
    if isLater(node) { return false }
    let box = tree.box(of: node)
    var square = 0.0
    for input in 0..<tree.dimension {
      let distance = queries.nearest(box, input)
      if distance > edge { return false }
      square += distance * distance
    }
    if !isProduct && square > edge * edge { return false }
    return tree.logLargest(of: node)[0] > -.infinity
  }
}

extension NearbySearch {
  /// The runs of the leaves that pass a test, with adjacent runs joined.
  func collect(_ matters: (Int) -> Bool) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    pending.removeAll(keepingCapacity: true)
    pending.append(1)
    while let node = pending.popLast() {
      guard matters(node) else { continue }
      if tree.isLeaf(node) {
        let run = tree.run(of: node)
        if let last = runs.last, last.upperBound == run.lowerBound {
          runs[runs.count - 1] = last.lowerBound..<run.upperBound
        } else {
          runs.append(run)
        }
      } else {
        pending.append(2 * node + 1)
        pending.append(2 * node)
      }
    }
    return runs
  }
}

extension KeyTree {
  /// A bound on the relative error of a distance, its square or −ln of a weight.
  static func margin(dimension: Int) -> Double { 16 * Double(dimension + 2) * .ulpOfOne }
}

extension NearbySearch {
  /// The runs of the keys that may be the nearest to a query in the box, among those with an
  /// observation weight.
  ///
  /// - Parameters:
  ///   - excluded: places of keys that are each left out for some of the queries.
  ///   - distance: all keys nearer than this, in bandwidths, are found too.
  func nearestRuns(excluding excluded: [Int], atLeast distance: Double = 0) -> [Range<Int>] {
    guard tree.columns.keyCount > 0 else { return [] }
    // If a distance leaves the range of doubles, all are compared after scaling down; those that become
    // 0 are kept.
    let scale = bounds(of: tree.box(of: 1), scale: 1).far < .infinity ? 1 : 0x1p-1000
    let near = Nearest(search: self, scale: scale, excluded: excluded)
    var least = Double.infinity
    if isCausal {
      _ = firstLeaf {
        near.learn($0).near
      } where: { leaf in
        forEachEarlierKey(of: leaf, excluding: excluded) { _, box in
          least = min(least, bounds(of: box, scale: scale).far)
        }
        return least < .infinity
      }
    } else {
      least = near.learn(1).far
      var node = 1
      while !tree.isLeaf(node) {
        let (left, right) = (near.learn(2 * node), near.learn(2 * node + 1))
        least = min(least, left.far, right.far)
        node = left.near <= right.near ? 2 * node : 2 * node + 1
      }
    }
    let margin = KeyTree.margin(dimension: tree.dimension)
    let bound = max(least * (1 + margin), distance * scale) + .leastNormalMagnitude
    return collect { node in
      tree.logLargest(of: node)[0] > -.infinity && !isLater(node)
        && !(bounds(of: tree.box(of: node), scale: scale).near > bound)
    }
  }

  /// The bounds of the distance between the queries and the keys of a box, in bandwidths times `scale`.
  fileprivate func bounds(
    of box: UnsafePointer<Double>, scale: Double
  ) -> (near: Double, far: Double) {
    (0..<tree.dimension).reduce((near: 0, far: 0)) { sum, input in
      (
        .hypot(sum.near, queries.nearest(box, input, scale: scale)),
        .hypot(sum.far, queries.farthest(box, input, scale: scale))
      )
    }
  }
}

/// The bounds that a descent to the nearest key uses.
private struct Nearest {
  let search: NearbySearch
  let scale: Double
  let excluded: [Int]

  /// A node whose keys do not count is infinitely far, and one with a key that may not count gives no
  /// upper bound on the nearest distance.
  func learn(_ node: Int) -> (near: Double, far: Double) {
    guard search.tree.logLargest(of: node)[0] > -.infinity, !search.isLater(node) else {
      return (.infinity, .infinity)
    }
    let (near, far) = search.bounds(of: search.tree.box(of: node), scale: scale)
    return (near, excluded.contains(where: search.tree.run(of: node).contains) ? .infinity : far)
  }
}

// The keys that can matter to a query that attends only to keys not later than itself.
//
// A node whose times end before the first query is like any other; one whose times begin after the last
// query is skipped. The keys of a node between the two may or may not count, so such a node bounds how
// near a key may be, but does not prove that there is a term. If the nearest keys are later ones, the
// nearest leaf may give no bound: leaves are opened from the nearest on until one has a key that counts
// for all queries.
extension NearbySearch {
  /// Whether all keys of a node are later than all queries.
  func isLater(_ node: Int) -> Bool {
    isCausal && tree.box(of: node)[0] > queries.times.last
  }

  /// Whether no key of a node is later than any query.
  func isEarlier(_ node: Int) -> Bool {
    !isCausal || tree.box(of: node)[tree.dimension] <= queries.times.first
  }

  /// The runs of all keys except those later than all queries.
  var everyRun: [Range<Int>] {
    isCausal ? collect { !isLater($0) } : [0..<tree.columns.keyCount]
  }

  /// Finds a lower bound for the largest term of each sum.
  ///
  /// - Returns: a bound for ln of the largest weight.
  func descendAmongEarlier(_ excluded: [Int], _ decay: Decay) -> Double {
    largestTerms.update(repeating: -.infinity)
    let weights = tree.columns.logObservationWeights
    let nearest = firstLeaf {
      learn($0, excluded, decay)
    } where: { leaf in
      var best: (place: Int, term: Double)?
      forEachEarlierKey(of: leaf, excluding: excluded) { place, box in
        let far = decay.bounds(queries, box).greatest
        let margin = KeyTree.margin(dimension: tree.dimension) * far
        let term = (weights?[place] ?? 0) - far - margin
        if term > best?.term ?? -.infinity { best = (place, term) }
      }
      guard let best else { return false }
      largestTerms[0] = max(largestTerms[0], best.term)
      for sum in 1..<sumCount {
        let value = tree.columns.columns.column(sum - 1)[best.place]
        largestTerms[sum] = max(largestTerms[sum], best.term + .log(value.magnitude))
      }
      return true
    }
    return nearest.map { -$0 } ?? -.infinity
  }

  /// Opens nodes from the nearest on until a leaf is accepted.
  ///
  /// - Parameter nearness: how near a node's keys may be; infinite if none counts.
  /// - Returns: how near any key may be that is in no leaf opened before; nil if no leaf is accepted.
  func firstLeaf(_ nearness: (Int) -> Double, where serves: (Int) -> Bool) -> Double? {
    var open = [(near: nearness(1), node: 1)]
    while let place = open.indices.min(by: { open[$0].near < open[$1].near }) {
      let (near, node) = open[place]
      guard near < .infinity else { return nil }
      open.swapAt(place, open.count - 1)
      open.removeLast()
      if tree.isLeaf(node) {
        if serves(node) { return near }
      } else {
        open.append((nearness(2 * node), 2 * node))
        open.append((nearness(2 * node + 1), 2 * node + 1))
      }
    }
    return nil
  }

  /// Calls `body` with each key of a leaf that counts for all queries, as a box with nothing else in it.
  func forEachEarlierKey(
    of leaf: Int, excluding excluded: [Int],
    _ body: (_ place: Int, _ box: UnsafePointer<Double>) -> Void
  ) {
    let keys = tree.columns.keys
    let first = queries.times.first
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * tree.dimension) { box in
      guard let base = box.baseAddress else { return }
      for place in tree.run(of: leaf) where keys.column(0)[place] <= first {
        if tree.columns.logObservationWeight(place) == -.infinity || excluded.contains(place) {
          continue
        }
        for input in 0..<tree.dimension {
          let coordinate = keys.column(input)[place]
          (base[input], base[tree.dimension + input]) = (coordinate, coordinate)
        }
        body(place, base)
      }
    }
  }
}
