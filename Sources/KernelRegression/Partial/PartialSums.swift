public import KernelSums
public import SimilarityKernels

/// Kernel sums of a part of the keys at some queries, which can be merged with those of other parts.
///
/// If a table is in parts, on several machines or in files read one after the other, each part is summed
/// where it is, and only the sums are sent:
///
/// ```
/// Σ over all keys = Σ over part 1 + Σ over part 2 + …,   ŷ(q) = Σ w v/Σ w
/// ```
///
/// ```swift
/// var sums = try PartialSums(
///   queries: queries, similarity: Similarity(bandwidths: [0.5]), valueCount: 1)
/// try sums.add(Sample(morning, first))
/// try sums.add(Sample(evening, second))
/// let estimates = try sums.predictions().values
/// ```
///
/// ``merge(_:)`` is commutative and, except for the rounding of each sum, associative; sums of no keys,
/// ``init(queries:similarity:valueCount:degree:)``, change nothing. Parts may therefore be merged in any
/// order and in any tree.
///
/// For degree 0 the state of each query is Σw, as exp(high + low)·factor with the anchor in two doubles,
/// and the means Σwv/Σw. For degree 1 it is the triangular form of the weighted least squares of the
/// line: a weight, a mean and slopes for each coefficient, from which any line through the parts follows.
///
/// ## Accuracy
/// Estimates are within 1e-12 of those of all keys together, relative to the largest |v|, at any distance
/// from the keys up to about 1e150 bandwidths; each merge adds a rounding.
///
/// ## Complexity
/// O(d² + d·p) numbers for each query; a merge takes O(p) for each at degree 0 and O(d³ + d²·p) at degree
/// 1.
///
/// ## Source
/// T. F. Chan, G. H. Golub and R. J. LeVeque, Algorithms for computing the sample variance, The American
/// Statistician 37 (1983), doi:10.1080/00031305.1983.10483115. J. Demmel, L. Grigori, M. Hoemmen and
/// J. Langou, Communication-optimal parallel and sequential QR and LU factorizations, SIAM Journal on
/// Scientific Computing 34 (2012), doi:10.1137/080731992.
public struct PartialSums: Sendable {
  /// The queries, shape `[m, d]`, labels after the continuous inputs.
  public let queries: Points

  /// α: kernel, bandwidths, labels and how inputs combine.
  public let similarity: Similarity

  /// The number of value columns, p.
  package let valueCount: Int

  /// The degree of the local polynomial, 0 or 1.
  package let degree: Int

  /// The number of keys summed.
  public internal(set) var keyCount = 0

  /// The sums at each query.
  var fits: FitStore

  /// Σω and the means of the values under ω, wherever the keys lie.
  var total: GradedRow

  /// Sums of no keys.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys, labels last; finite.
  ///   - similarity: the similarity that weights the keys.
  ///   - valueCount: p, at least 1.
  ///   - degree: 0 or 1.
  /// - Throws: ``KernelRegressionError`` if the degree is neither 0 nor 1, or 1 for labels alone, or the
  ///   queries do not fit the similarity or are not finite.
  public init(
    queries: Points, similarity: Similarity, valueCount: Int, degree: Int = 0
  ) throws(KernelRegressionError) {
    precondition(valueCount >= 1, "at least one value column is needed")
    guard degree == 0 || degree == 1 else {
      throw KernelRegressionError(
        .invalidDegree, "sums of parts support degree 0 or 1, not \(degree)")
    }
    guard degree == 0 || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .invalidDegree, "degree 1 needs a continuous input, but all inputs are labels")
    }
    try Sample.validateFinite(queries, called: "query")
    self.queries = queries
    self.similarity = try similarity.resolved(inputs: queries.dimension)
    self.valueCount = valueCount
    self.degree = degree
    fits = FitStore(count: queries.count, valueCount: valueCount, degree: degree)
    total = .none(0, of: 1, valueCount: valueCount)
  }

  /// The number of coefficients of the polynomial.
  var coefficientCount: Int { degree == 0 ? 1 : similarity.bandwidths.count + 1 }

  /// Adds a part of the keys.
  ///
  /// - Parameters:
  ///   - sample: the part; its observation weights may all be 0, and a label may lack levels that queries have.
  ///   - computation: engine, accuracy, threads, progress and cancellation.
  /// - Throws: ``KernelRegressionError`` if keys have another number of inputs or value columns, a label
  ///   is not a level number, the engine is unsuitable, or a query lies so far from the keys, about 1e154
  ///   bandwidths, that the logarithm of its weights overflows.
  /// - Complexity: that of a prediction at the queries.
  public mutating func add(
    _ sample: Sample, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    guard sample.keys.dimension == similarity.inputCount else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "keys have dimension \(sample.keys.dimension), but the similarity has dimension \(similarity.inputCount)"
      )
    }
    var computation = computation
    computation.queryCount = computation.queryCount ?? queries.count
    let part = try KernelSmoother(
      part: sample, similarity, degree: degree, computation: computation)
    try merge(part.partialSums(at: queries))
  }
}
