internal import RealModule
internal import SimilarityKernels

// Which keys can matter to a query that sees only keys not later than itself.
//
// A node in a box of time that ends before the first query is like any other; one that begins after the
// last is skipped. The keys of a node between the two may or may not count, so such a node tells how near
// a key may be, but is no witness of a term. Where the nearest keys are later ones, the nearest leaf
// may tell nothing: leaves are opened from the nearest on until one has a key that counts for all queries.
extension NearbySearch {
  /// Whether all keys of a node are later than all queries.
  func isLater(_ node: Int) -> Bool {
    isCausal && tree.box(of: node)[0] > queries.times.last
  }

  /// Whether no key of a node is later than any query.
  func isEarlier(_ node: Int) -> Bool {
    !isCausal || tree.box(of: node)[tree.dimension] <= queries.times.first
  }

  /// The runs of all keys but those that are too late.
  var everyRun: [Range<Int>] {
    isCausal ? collect { !isLater($0) } : [0..<tree.columns.keyCount]
  }

  /// Learns how large a term there is in each sum.
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

  /// Opens nodes from the nearest on until a leaf serves.
  ///
  /// - Parameter nearness: how near a node's keys may be; infinite where none counts.
  /// - Returns: how near any key may be that is in no leaf opened before; nil where no leaf serves.
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
