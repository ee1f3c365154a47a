internal import RealModule
internal import SimilarityKernels

/// One thread's search for the keys that can matter to a query, by the bounds of `NearbySearch`.
final class MovingSearch {
  private let storage: MovingStorage
  private let bounds: UnsafePointer<Double>?
  private let box: QueryBox
  private let decay: Decay?
  private let support: Double
  private let isProduct: Bool
  private let margin: Double
  private let dimension: Int
  private let sumCount: Int
  private var largestTerms: [Double]
  private var pending: [Int] = []

  init(_ storage: MovingStorage, similarity: Similarity, bounds: UnsafePointer<Double>?) {
    self.storage = storage
    self.bounds = bounds
    box = QueryBox(inverseBandwidths: similarity.bandwidths.map { 1 / $0 })
    decay = Decay(similarity)
    support = similarity.kernel.support
    isProduct = similarity.isProduct
    dimension = storage.dimension
    margin = KeyTree.margin(dimension: dimension)
    sumCount = storage.columnCount + 1
    largestTerms = [Double](repeating: -.infinity, count: sumCount)
  }

  /// The places of the keys that can matter, in ascending order.
  func runs(for query: UnsafeBufferPointer<Double>, depth: Double) -> [Range<Int>] {
    guard let bounds, storage.root >= 0 else { return [] }
    box.enclose(query)
    func bound(_ node: Int) -> UnsafePointer<Double> { bounds + node * storage.boundsStride }
    guard let decay else {
      guard support < .infinity else { return storage.everyRun }
      let edge = support * (1 + margin)
      return collect { node in
        var square = 0.0
        for input in 0..<dimension {
          let distance = box.nearest(bound(node), input)
          if distance > edge { return false }
          square += distance * distance
        }
        return isProduct || square <= edge * edge
      }
    }
    descend(decay, bound)
    // Log-weights outside the range of doubles give no bound.
    guard largestTerms[0] > -.infinity else { return storage.everyRun }
    return collect { node in
      let near = decay.bounds(box, bound(node)).least
      guard near < .infinity else { return false }
      let logs = bound(node) + 2 * dimension
      for sum in 0..<sumCount
      where logs[sum] - near >= largestTerms[sum] - depth - margin * near {
        if logs[sum] > -.infinity { return true }
      }
      return false
    }
  }

  /// Descends to the nearest leaf and finds a lower bound for the largest term of each sum.
  private func descend(_ decay: Decay, _ bound: (Int) -> UnsafePointer<Double>) {
    for sum in 0..<sumCount { largestTerms[sum] = -.infinity }
    func learn(_ node: Int) -> Double {
      let (near, far) = decay.bounds(box, bound(node))
      let logs = bound(node) + 2 * dimension
      for sum in 0..<sumCount {
        largestTerms[sum] = max(largestTerms[sum], logs[sum] - far - margin * far)
      }
      return near - logs[0]
    }
    var node = storage.root
    _ = learn(node)
    while !storage.nodes[node].isLeaf {
      var best = (near: Double.infinity, child: Int(storage.nodes[node].children[0]))
      for child in storage.nodes[node].children {
        let near = learn(Int(child))
        if near < best.near { best = (near, Int(child)) }
      }
      node = best.child
    }
    learnFromKeys(of: node, decay)
  }

  /// In a wide leaf, the nearest key gives a better bound than the box.
  private func learnFromKeys(of leaf: Int, _ decay: Decay) {
    let start = Int(storage.nodes[leaf].start)
    let columns = storage.columns
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * dimension) { point in
      guard let base = point.baseAddress else { return }
      var best = (place: -1, term: -Double.infinity)
      for place in start..<start + storage.nodes[leaf].count {
        for input in 0..<dimension {
          let coordinate = columns.keys.column(input)[place]
          (base[input], base[dimension + input]) = (coordinate, coordinate)
        }
        let far = decay.bounds(box, base).greatest
        let term = columns.logObservationWeight(place) - far * (1 + margin)
        if term > best.term { best = (place, term) }
      }
      guard best.place >= 0 else { return }
      largestTerms[0] = max(largestTerms[0], best.term)
      for sum in 1..<sumCount {
        let value = columns.columns.column(sum - 1)[best.place].magnitude
        largestTerms[sum] = max(largestTerms[sum], best.term + .log(value))
      }
    }
  }

  private func collect(_ matters: (Int) -> Bool) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    pending.append(storage.root)
    while let node = pending.popLast() {
      guard matters(node) else { continue }
      let found = storage.nodes[node]
      if found.isLeaf {
        runs.append(Int(found.start)..<Int(found.start) + found.count)
      } else {
        for child in found.children { pending.append(Int(child)) }
      }
    }
    runs.sort { $0.lowerBound < $1.lowerBound }
    return runs
  }
}
