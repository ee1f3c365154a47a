internal import SimilarityKernels

/// Finds the different distances from a point to its nearest keys.
struct NeighborSearch: Sendable {
  /// The different distances to some nearest keys.
  struct Found {
    /// In ascending order, a tie counted once.
    var distances: [Double] = []

    /// For each distance the key that has it alone, or −1 where several have.
    var onlyKeys: [Int32] = []
  }

  private let problem: KernelSumProblem
  /// The keys with weight.
  private let rows: [Int]
  /// In one input the different places of those, ascending, with how many keys lie there and the
  /// first of them.
  private let places: [(key: Double, count: Int, row: Int)]
  private let inverseScales: [Double]

  /// - Complexity: O(n log n).
  init(_ problem: KernelSumProblem) {
    self.problem = problem
    inverseScales = problem.similarity.bandwidths.map { 1 / $0 }
    let rows = problem.keys.indices.filter { (problem.observationWeights?[$0] ?? 1) > 0 }
    self.rows = rows
    guard problem.keys.dimension == 1 else {
      places = []
      return
    }
    let keys = problem.keys.coordinates
    var places: [(key: Double, count: Int, row: Int)] = []
    for row in rows.sorted(by: { (keys[$0], $0) < (keys[$1], $1) }) {
      if let last = places.last, last.key == keys[row] {
        places[places.count - 1].count += 1
      } else {
        places.append((keys[row], 1, row))
      }
    }
    self.places = places
  }

  /// The `count` smallest different distances, or all if they are fewer.
  ///
  /// - Parameters:
  ///   - query: shape `[d]`.
  ///   - excluded: a key that does not count.
  /// - Complexity: O(log n + count) in one input where few keys are left out; in several O(n·d) and an
  ///   insertion for each key that is among the nearest so far.
  func nearest(
    _ count: Int, to query: UnsafeBufferPointer<Double>, excluding excluded: Int?
  ) -> Found {
    query.count == 1
      ? nearestOnLine(count, to: query[0], excluding: excluded)
      : nearestInSpace(count, to: query, excluding: excluded)
  }

  private func nearestOnLine(_ count: Int, to query: Double, excluding excluded: Int?) -> Found {
    let excludedKey = excluded.map { problem.keys.coordinates[$0] }
    var right = places.partitioningIndex { $0.key >= query }
    var left = right - 1
    var found = Found()
    while left >= 0 || right < places.count {
      let toLeft = left >= 0 ? query - places[left].key : .infinity
      let toRight = right < places.count ? places[right].key - query : .infinity
      let place = toLeft <= toRight ? left : right
      if place == left { left -= 1 } else { right += 1 }
      var (_, number, row) = places[place]
      if let excluded, places[place].key == excludedKey,
        (problem.observationWeights?[excluded] ?? 1) > 0
      {
        number -= 1
        // The one that is left may be another than the first.
        if number == 1 { row = other(at: places[place].key, than: excluded) }
      }
      guard number > 0 else { continue }
      guard found.add(min(toLeft, toRight), row: number == 1 ? row : -1, limit: count) else {
        break
      }
    }
    return found
  }

  /// The key with weight at a place besides one.
  private func other(at key: Double, than excluded: Int?) -> Int {
    rows.first { problem.keys.coordinates[$0] == key && $0 != excluded } ?? -1
  }

  private func nearestInSpace(
    _ count: Int, to query: UnsafeBufferPointer<Double>, excluding excluded: Int?
  ) -> Found {
    var found = Found()
    let dimension = query.count
    problem.keys.coordinates.withUnsafeBufferPointer { keys in
      for row in rows where row != excluded {
        var square = 0.0
        for input in 0..<dimension {
          let difference = (query[input] - keys[row * dimension + input]) * inverseScales[input]
          square += difference * difference
        }
        found.insert(square.squareRoot(), row: row, limit: count)
      }
    }
    return found
  }
}

extension NeighborSearch.Found {
  /// Adds a distance that is no smaller than the last.
  ///
  /// - Returns: false where it is one too many.
  fileprivate mutating func add(_ distance: Double, row: Int, limit: Int) -> Bool {
    if let last = distances.last, last == distance {
      onlyKeys[onlyKeys.count - 1] = -1
      return true
    }
    guard distances.count < limit else { return false }
    distances.append(distance)
    onlyKeys.append(Int32(row))
    return true
  }

  /// Adds any distance, unless it is one too many.
  fileprivate mutating func insert(_ distance: Double, row: Int, limit: Int) {
    if distances.count == limit, let last = distances.last, distance > last { return }
    let place = distances.partitioningIndex { $0 >= distance }
    if place < distances.count, distances[place] == distance {
      onlyKeys[place] = -1
      return
    }
    distances.insert(distance, at: place)
    onlyKeys.insert(Int32(row), at: place)
    if distances.count > limit {
      distances.removeLast()
      onlyKeys.removeLast()
    }
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first place from which on a test holds.
  func partitioningIndex(_ test: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if test(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
