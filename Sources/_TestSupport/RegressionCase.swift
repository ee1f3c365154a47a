package import SimilarityKernels

/// Data, queries and a similarity: what an estimate is made from.
package struct RegressionCase: Sendable {
  /// The keys.
  package var keys: Points
  /// One value for each key.
  package var values: [Double]
  /// Observation weights.
  package var observationWeights: [Double]?
  /// The queries.
  package var queries: Points
  /// Kernel, bandwidths, combination.
  package var similarity: Similarity

  /// A case from its parts.
  package init(
    keys: Points, values: [Double], observationWeights: [Double]? = nil, queries: Points,
    similarity: Similarity
  ) {
    self.keys = keys
    self.values = values
    self.observationWeights = observationWeights
    self.queries = queries
    self.similarity = similarity
  }

  /// Uniform keys on [0, 1]ᵈ, one in five repeated; values of both signs; queries inside, at keys
  /// and, for kernels that decay, far outside.
  package static func random(
    seed: UInt64, kernel: Kernel, dimension: Int = 1, count: Int = 50, queryCount: Int = 20,
    bandwidth: Double = 0.3, combination: InputCombination = .product, weighted: Bool = false
  ) -> RegressionCase {
    var random = SplitMix64(seed: seed)
    var rows: [[Double]] = []
    for row in 0..<count {
      rows.append(
        row % 5 == 4 ? rows[row - 3] : (0..<dimension).map { _ in random.uniform() })
    }
    var queries = (0..<queryCount).map { _ in (0..<dimension).map { _ in random.uniform() } }
    queries.append(rows[0])
    if kernel.support == .infinity {
      for distance in [3.0, 40, 300] {
        queries.append((0..<dimension).map { 1 + distance * bandwidth * Double($0 + 1) })
        queries.append((0..<dimension).map { -distance * bandwidth / Double($0 + 1) })
      }
    }
    return RegressionCase(
      keys: Points(rowMajor: rows.flatMap { $0 }, dimension: dimension),
      values: rows.map { _ in 4 * random.uniform() - 1 },
      observationWeights: weighted ? rows.map { _ in random.uniform() + 0.1 } : nil,
      queries: Points(rowMajor: queries.flatMap { $0 }, dimension: dimension),
      similarity: Similarity(
        kernel, bandwidths: (0..<dimension).map { bandwidth * (1 + 0.5 * Double($0)) },
        combination: combination))
  }
}

/// A small reproducible source of random numbers.
///
/// ## Source
/// G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA
/// 2014, doi:10.1145/2660193.2660195.
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  /// A generator whose sequence the seed determines.
  package init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from [0, 1), a multiple of 2⁻⁵³.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
