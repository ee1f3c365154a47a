public import KernelRegression

/// A similarity whose numbers were learned: a bandwidth, bandwidths, a metric or projections.
///
/// ```
/// α(q, k) = exp(s(q, k))
/// s(q, k) = −½ Σⱼ (bⱼ (q̃ⱼ − k̃ⱼ))²            bandwidth (all bⱼ alike), bandwidths
/// s(q, k) = −½ ‖A (q̃ − k̃)‖²                  metric, A of shape [r, D]
/// s(q, k) = (Wq q̃ + β)·(Wk k̃)/τ              projections, Wq and Wk of shape [r, D]
/// ```
///
/// q̃ and k̃ are the inputs expanded and standardised: a continuous input is one number, and a factor of
/// L levels, which comes after the continuous ones as a level number 0 … L − 1, is L numbers: 1 for its
/// level and 0 for the others. Then centres are subtracted and scales divided out. The projections' β
/// applies only to queries, because a bias of keys would add the same to all scores of a query.
///
/// ## Source
/// K. Q. Weinberger and G. Tesauro, Metric learning for kernel regression, AISTATS 2007
/// (proceedings.mlr.press/v2/weinberger07a). A. Vaswani et al., Attention is all you need, 2017,
/// doi:10.48550/arXiv.1706.03762.
public struct LearnedSimilarity: Sendable, Equatable {
  /// What kind of similarity it is.
  @nonexhaustive public enum Form: Sendable, Equatable {
    /// One bandwidth for all standardised inputs.
    case bandwidth
    /// A bandwidth for each input; the columns of a factor share theirs.
    case bandwidths
    /// A linear metric with `rank` rows, at most as many as there are expanded inputs.
    case metric(rank: Int)
    /// Scaled dot products of queries and keys, each projected to `rank` numbers.
    case projections(rank: Int)
  }

  /// What was learned.
  @nonexhaustive public enum Numbers: Sendable, Equatable {
    /// One over the bandwidth of all standardised inputs.
    case bandwidth(inverse: Double)
    /// One over the bandwidth of each continuous input and factor; 0 where an input does not count.
    case bandwidths(inverse: [Double])
    /// A, r rows of D.
    case metric([[Double]])
    /// Wq, β, Wk and τ.
    case projections(Projections)
  }

  /// Projections of queries and keys.
  public struct Projections: Sendable, Equatable {
    /// Wq, r rows of D.
    public let queries: [[Double]]
    /// β, r numbers.
    public let queryBias: [Double]
    /// Wk, r rows of D.
    public let keys: [[Double]]
    /// τ, positive.
    public let temperature: Double

    /// Projections from their parts.
    public init(
      queries: [[Double]], queryBias: [Double], keys: [[Double]], temperature: Double = 1
    ) {
      self.queries = queries
      self.queryBias = queryBias
      self.keys = keys
      self.temperature = temperature
    }
  }

  /// What was learned.
  public let numbers: Numbers

  /// The centres that are subtracted from the D expanded inputs.
  public let centers: [Double]

  /// The scales by which the D centred inputs are divided; positive.
  public let scales: [Double]

  /// The number of levels of each factor; factors are the last inputs.
  package let levelCounts: [Int]

  /// Creates a similarity from parts that match each other.
  ///
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if a part has the wrong shape, a number is not
  ///   finite, a factor of inputs is beyond 2⁵⁰⁰, or a scale or the temperature is not positive.
  public init(
    _ numbers: Numbers, centers: [Double], scales: [Double], levelCounts: [Int] = []
  ) throws(KernelRegressionError) {
    self.numbers = numbers
    self.centers = centers
    self.scales = scales
    self.levelCounts = levelCounts
    try validate()
  }

  /// The kind.
  public var form: Form {
    switch numbers {
    case .bandwidth: .bandwidth
    case .bandwidths: .bandwidths
    case .metric(let rows): .metric(rank: rows.count)
    case .projections(let projections): .projections(rank: projections.queries.count)
    }
  }

  /// The number of continuous inputs.
  package var continuousCount: Int { centers.count - levelCounts.reduce(0, +) }

  /// The number of inputs d, continuous and factors.
  public var inputCount: Int { continuousCount + levelCounts.count }

  /// The number of coordinates of a query that are compared with those of a key.
  public var rank: Int {
    switch form {
    case .bandwidth, .bandwidths: centers.count
    case .metric(let rank), .projections(let rank): rank
    }
  }

  /// Whether scores are negative distances, so that a query's best match is a key at the same place.
  package var isDistance: Bool {
    if case .projections = form { false } else { true }
  }

  /// The bandwidths of the inputs in their own units, infinite if an input does not count; nil unless the
  /// form has any.
  ///
  /// A factor's bandwidth is in units in which any two of its levels are √2 apart.
  public var bandwidths: [Double]? {
    guard !inverseBandwidths.isEmpty else { return nil }
    return (0..<inputCount).map { input in
      scales[expansion.firstColumn(of: input)]
        / inverseBandwidths[inverseBandwidths.count == 1 ? 0 : input]
    }
  }

  /// How inputs become the D numbers that the matrices use.
  var expansion: InputExpansion {
    InputExpansion(centers: centers, scales: scales, levelCounts: levelCounts)
  }
}

extension LearnedSimilarity {
  /// One over the bandwidths of the standardised inputs; none for the other forms.
  package var inverseBandwidths: [Double] {
    switch numbers {
    case .bandwidth(let inverse): [inverse]
    case .bandwidths(let inverse): inverse
    case .metric, .projections: []
    }
  }

  /// A; no rows for the other forms.
  package var metric: [[Double]] { if case .metric(let rows) = numbers { rows } else { [] } }

  private var projections: Projections? {
    if case .projections(let projections) = numbers { projections } else { nil }
  }

  /// Wq; no rows for the other forms.
  package var queryProjection: [[Double]] { projections?.queries ?? [] }

  /// β; empty for the other forms.
  package var queryBias: [Double] { projections?.queryBias ?? [] }

  /// Wk; no rows for the other forms.
  package var keyProjection: [[Double]] { projections?.keys ?? [] }

  /// τ; 1 for the other forms.
  package var temperature: Double { projections?.temperature ?? 1 }
}
