import Nadaraya

/// One problem of the suite: a kernel over random keys with one value column, and queries.
///
/// Keys, queries and values are uniform on [0, 1)ᵈ and [0, 1), from seeds 1, 2 and 3. The bandwidth
/// 0.3·√d grows like the distance between two such points, so that a compact kernel sees a fair
/// share of the pairs in any number of inputs.
struct Workload {
  let kernel: Kernel
  let dimension: Int
  let combination: InputCombination
  let keyCount: Int
  let queries: Points
  let engine: DirectEngine

  init(
    kernel: Kernel, dimension: Int, combination: InputCombination, keyCount: Int, queryCount: Int
  ) {
    self.kernel = kernel
    self.dimension = dimension
    self.combination = combination
    self.keyCount = keyCount
    queries = Self.points(count: queryCount, dimension: dimension, seed: 2)
    var values = UniformNumbers(seed: 3)
    let bandwidth = 0.3 * Double(dimension).squareRoot()
    engine = DirectEngine(
      KernelSumProblem(
        keys: Self.points(count: keyCount, dimension: dimension, seed: 1),
        columns: [values.array(count: keyCount)],
        similarity: Similarity(
          kernel, bandwidths: Array(repeating: bandwidth, count: dimension),
          combination: combination)))
  }

  var pairCount: Int { keyCount * queries.count }

  /// One pass over all pairs.
  func sums(_ execution: Execution) -> AnchoredSums {
    engine.sums(at: queries, execution: execution)
  }

  private static func points(count: Int, dimension: Int, seed: UInt64) -> Points {
    var numbers = UniformNumbers(seed: seed)
    return Points(rowMajor: numbers.array(count: count * dimension), dimension: dimension)
  }
}

extension Workload {
  /// ΣΣw and ΣΣwc over all queries, by which a peer shows that it computed the same.
  struct Checksums {
    private(set) var weights = 0.0
    private(set) var products = 0.0

    init(_ sums: AnchoredSums) {
      for query in 0..<sums.count {
        let entry = sums[query]
        // The workloads have no query so far from all keys that its sums are anchored elsewhere.
        precondition(
          entry.logAnchor == 0 || entry.weight == 0, "query \(query) is far from all keys")
        weights += entry.weight
        products += entry.columns.reduce(0, +)
      }
    }
  }
}
