internal import SimilarityKernels

/// A distance D, with the key at that distance, which represents D exactly.
struct NeighborWidth: Sendable {
  let key: Int
  /// D as a double, in units of the keys in one input and of the scales in several.
  let distance: Double
}

/// Finds how far the K-th nearest key is, rows counted with ties.
///
/// The exact differences of the doubles decide which key that is.
struct NeighborSearch: Sendable {
  let keys: Points
  /// The scales of the inputs; in one input, where they cancel, 1.
  let scales: [Double]
  /// The keys with weight; in one input in ascending order.
  let rows: [Int]
  /// In one input the place of each key in that order, −1 for those without weight.
  private let places: [Int]

  /// - Complexity: O(n log n).
  init(_ problem: KernelSumProblem) {
    keys = problem.keys
    scales = keys.dimension == 1 ? [1] : problem.similarity.bandwidths
    let rows = keys.indices.filter { (problem.observationWeights?[$0] ?? 1) > 0 }
    guard keys.dimension == 1 else {
      (self.rows, places) = (rows, [])
      return
    }
    let coordinates = keys.coordinates
    self.rows = rows.sorted { (coordinates[$0], $0) < (coordinates[$1], $1) }
    var places = [Int](repeating: -1, count: keys.count)
    for (place, row) in self.rows.enumerated() { places[row] = place }
    self.places = places
  }

  /// The number of keys that count.
  func available(excluding excluded: Int?) -> Int {
    rows.count - (excluded.map(counts) ?? false ? 1 : 0)
  }

  private func counts(_ key: Int) -> Bool {
    keys.dimension == 1 ? places[key] >= 0 : rows.binarySearch(key)
  }

  /// The distance to the nearest key of the given ranks, counted from 1.
  ///
  /// - Parameters:
  ///   - ranks: at most the number of keys that count.
  ///   - query: shape `[d]`.
  ///   - excluded: a key to leave out.
  /// - Complexity: O(log n) for each in one input, O(n·d) in several.
  func widths(
    _ ranks: [Int], from query: UnsafeBufferPointer<Double>, excluding excluded: Int?
  ) -> [NeighborWidth] {
    guard query.count == 1 else { return widthsInSpace(ranks, from: query, excluding: excluded) }
    return ranks.map { widthOnLine($0, from: query[0], excluding: excluded) }
  }

  /// The keys at the query itself.
  ///
  /// - Complexity: O(n·d).
  func keys(at query: UnsafeBufferPointer<Double>, excluding excluded: Int?) -> [Int] {
    keys.coordinates.withUnsafeBufferPointer { coordinates in
      rows.filter { row in
        row != excluded
          && query.indices.allSatisfy { coordinates[row * query.count + $0] == query[$0] }
      }
    }
  }

  /// Bisection finds the nearest window of K consecutive keys; its farther end is the K-th nearest key.
  private func widthOnLine(
    _ rank: Int, from query: Double, excluding excluded: Int?
  ) -> NeighborWidth {
    let hole = excluded.flatMap { places[$0] >= 0 ? places[$0] : nil } ?? .max
    return keys.coordinates.withUnsafeBufferPointer { keys in
      func row(_ place: Int) -> Int { rows[place < hole ? place : place + 1] }
      func isFarther(_ left: Int, than right: Int) -> Bool {
        let toLeft = DoubleDouble(sumOf: query, -keys[row(left)])
        return (toLeft - DoubleDouble(sumOf: keys[row(right)], -query)).value > 0
      }
      var (low, high) = (0, rows.count - (hole == .max ? 0 : 1) - rank)
      while low < high {
        let middle = low + (high - low) / 2
        if isFarther(middle, than: middle + rank) { low = middle + 1 } else { high = middle }
      }
      let key = row(isFarther(low, than: low + rank - 1) ? low : low + rank - 1)
      return NeighborWidth(key: key, distance: abs(query - keys[key]))
    }
  }
}

extension [Int] {
  /// Whether an ascending array holds a number.
  fileprivate func binarySearch(_ number: Int) -> Bool {
    let place = partitioningIndex { $0 >= number }
    return place < count && self[place] == number
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first place from which on a test is true.
  package func partitioningIndex(_ test: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if test(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
