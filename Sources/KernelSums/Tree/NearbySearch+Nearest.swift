internal import RealModule

extension NearbySearch {
  /// The runs of the keys that may be the nearest to a query in the box, among those with an
  /// observation weight.
  ///
  /// - Parameters:
  ///   - excluded: places of keys each of which does not count for some of the queries.
  ///   - distance: all keys nearer than it are found too, in bandwidths.
  func nearestRuns(excluding excluded: [Int], atLeast distance: Double = 0) -> [Range<Int>] {
    guard tree.columns.keyCount > 0 else { return [] }
    // Where a distance leaves the range of doubles, all are compared in a smaller unit; those that
    // vanish in it are kept.
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

/// What a descent to the nearest key learns from a node.
private struct Nearest {
  let search: NearbySearch
  let scale: Double
  let excluded: [Int]

  /// A node whose keys do not count is infinitely far, and one that holds a key which may not count
  /// tells nothing of how near its keys are at least.
  func learn(_ node: Int) -> (near: Double, far: Double) {
    guard search.tree.logLargest(of: node)[0] > -.infinity, !search.isLater(node) else {
      return (.infinity, .infinity)
    }
    let (near, far) = search.bounds(of: search.tree.box(of: node), scale: scale)
    return (near, excluded.contains(where: search.tree.run(of: node).contains) ? .infinity : far)
  }
}
