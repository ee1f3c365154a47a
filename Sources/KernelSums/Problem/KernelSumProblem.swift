package import SimilarityKernels

/// A problem for an engine: keys with their value columns, and the similarity that weights them.
///
/// ```
/// Σᵢ wᵢ(q),   Σᵢ wᵢ(q)²,   Σᵢ wᵢ(q) cᵢ  for each column c,     wᵢ(q) = ωᵢ α(q, kᵢ)
/// ```
///
/// With a ``degree`` p above 0, for local polynomials, also the moments about the query, with
/// u = (k − q)/h over the continuous inputs and monomials u^a in the order of ``Monomials``:
///
/// ```
/// Σᵢ wᵢ uᵢ^a  for 1 ≤ |a| ≤ 2p,   then for each column c  Σᵢ wᵢ uᵢ^a cᵢ  for 0 ≤ |a| ≤ p
/// ```
///
/// In a causal problem (see ``isCausal``), the sums of a query are over the keys that are not later.
package struct KernelSumProblem: Sendable {
  /// The keys, shape `[n, d]`, labels after the continuous inputs; finite.
  package let keys: Points

  /// The columns summed under the weights, each of length n; finite.
  package let columns: [[Double]]

  /// The n observation weights ω, finite and nonnegative; nil if all are 1.
  package let observationWeights: [Double]?

  /// α of d inputs.
  package let similarity: Similarity

  /// Whether a query attends only to keys that are not later than itself.
  ///
  /// Time is the first input: a key counts for a query if k₀ ≤ q₀, so keys at the same time count for
  /// each other.
  package let isCausal: Bool

  /// p, the degree of the local polynomials.
  package let degree: Int

  /// The number of sums besides Σw and Σw²: the columns of ``AnchoredSums``.
  package let sumCount: Int

  /// Orders of the keys, shared by all problems over the same keys and columns.
  let orders: KeyOrders

  /// A problem whose parts have matching shapes.
  ///
  /// - Precondition: lengths and dimensions are as documented on the properties; a causal problem has a
  ///   continuous input.
  package init(
    keys: Points, columns: [[Double]], observationWeights: [Double]? = nil,
    similarity: Similarity, degree: Int = 0, isCausal: Bool = false
  ) {
    precondition(degree >= 0, "the degree must be at least 0")
    precondition(
      similarity.inputCount == keys.dimension, "one bandwidth is needed for each input")
    precondition(similarity.isComplete, "bandwidths must be in range and levels counted")
    precondition(
      columns.allSatisfy { $0.count == keys.count }, "a column needs one number for each key")
    precondition(
      observationWeights.map { $0.count == keys.count } ?? true,
      "each key needs one observation weight")
    precondition(
      !(isCausal && similarity.bandwidths.isEmpty), "causal sums need a continuous input")
    self.keys = keys
    self.columns = columns
    self.observationWeights = observationWeights
    self.similarity = similarity
    self.degree = degree
    self.isCausal = isCausal
    sumCount = Self.sumCount(
      columns.count, dimension: similarity.bandwidths.count, degree: degree)
    orders = KeyOrders()
  }

  private init(_ problem: KernelSumProblem, similarity: Similarity, degree: Int) {
    precondition(
      similarity.inputCount == problem.keys.dimension
        && similarity.labels.count == problem.similarity.labels.count,
      "one bandwidth is needed for each input")
    precondition(similarity.isComplete, "bandwidths must be in range and levels counted")
    keys = problem.keys
    columns = problem.columns
    observationWeights = problem.observationWeights
    self.similarity = similarity
    self.degree = degree
    isCausal = problem.isCausal
    sumCount = Self.sumCount(
      columns.count, dimension: similarity.bandwidths.count, degree: degree)
    orders = problem.orders
  }

  /// The sums of the same keys and columns under another similarity.
  ///
  /// Anything independent of the similarity, such as the keys' order, is prepared once for all problems
  /// made from each other.
  package func weighed(by similarity: Similarity) -> KernelSumProblem {
    KernelSumProblem(self, similarity: similarity, degree: degree)
  }

  /// The sums of the same keys and columns for local polynomials of another degree.
  package func ofDegree(_ degree: Int) -> KernelSumProblem {
    precondition(degree >= 0, "the degree must be at least 0")
    return KernelSumProblem(self, similarity: similarity, degree: degree)
  }

  /// The preferred batch size of engines that sort their queries: most of the rows if possible, and at most
  /// 32 MB of sums.
  var orderedRunLength: Int { max(1 << 16, (1 << 22) / (3 + sumCount)) }

  /// The anchor of sums that need none: ln of the scale of the observation weights.
  package var plainLogAnchor: Double { orders.weights(self).logScale }

  /// Σw is the first moment and is stored separately.
  static func sumCount(_ columns: Int, dimension: Int, degree: Int) -> Int {
    guard degree > 0 else { return columns }
    return Monomials.count(dimension: dimension, degree: 2 * degree) - 1
      + columns * Monomials.count(dimension: dimension, degree: degree)
  }
}

extension KernelSumProblem {
  /// The problem restricted to some of its keys, in their order.
  package func keeping(_ rows: [Int]) -> KernelSumProblem {
    let dimension = keys.dimension
    let coordinates = [Double](unsafeUninitializedCapacity: rows.count * dimension) {
      buffer, used in
      keys.coordinates.withUnsafeBufferPointer { source in
        for (place, row) in rows.enumerated() {
          for input in 0..<dimension {
            buffer.initializeElement(
              at: place * dimension + input, to: source[row * dimension + input])
          }
        }
      }
      used = rows.count * dimension
    }
    return KernelSumProblem(
      keys: Points(rowMajor: coordinates, dimension: dimension),
      columns: columns.map { column in rows.map { column[$0] } },
      observationWeights: observationWeights.map { weights in rows.map { weights[$0] } },
      similarity: similarity)
  }

  /// The same columns with all keys equal: sums over all rows, or in a causal problem over rows that
  /// are not later.
  package var withoutInputs: KernelSumProblem {
    guard !isCausal else {
      return KernelSumProblem(
        keys: keys.continuous(1), columns: columns, observationWeights: observationWeights,
        similarity: Similarity(.constant, bandwidths: [1]), isCausal: true)
    }
    return KernelSumProblem(
      keys: keys.continuous(0), columns: columns, observationWeights: observationWeights,
      similarity: Similarity(.constant, bandwidths: [1]))
  }
}

/// The key that a query does not attend to.
package enum Omission: Sendable {
  /// Every query attends to all keys.
  case none
  /// The queries are the keys, and query i does not attend to key i: leave-one-out.
  case own
}

extension Omission {
  /// Traps if queries do not match the keys.
  func check(_ queries: Points, in range: Range<Int>, dimension: Int, keyCount: Int) {
    precondition(
      queries.dimension == dimension, "queries and keys must have the same number of inputs")
    precondition(
      range.lowerBound >= 0 && range.upperBound <= queries.count, "there are no queries \(range)")
    precondition(
      self == .none || queries.count == keyCount, "leave-one-out needs one query for each key")
  }
}
