/// An explanation of an estimate: how much of it each key contributes.
///
/// ```
/// ŷ(q) = Σᵢ ℓᵢ vᵢ,   Σᵢ ℓᵢ = 1
/// ```
///
/// ℓ, the influence of a key, is its attention weight for degree 0; for a local polynomial it is the row
/// of the smoother, in which keys on one side of the query may be negative.
public struct EstimateExplanation: Sendable {
  /// A key with its contribution to the estimate.
  public struct Term: Sendable, Equatable {
    /// The row of the key.
    public let key: Int
    /// Its attention weight a.
    public let attention: Double
    /// ℓ.
    public let influence: Double
    /// ℓ·v for each value column, in the units of the values.
    public let contributions: [Double]
  }

  /// The contribution of the keys that are not listed.
  public struct Others: Sendable, Equatable {
    /// How many keys with any weight are not listed.
    public let count: Int
    /// Σa over them.
    public let attention: Double
    /// Σℓ over them.
    public let influence: Double
    /// Σℓ·v over them, for each value column.
    public let contributions: [Double]
  }

  /// The keys with the largest abs(ℓ), in that order; among ties the lower row comes first.
  public let terms: [Term]

  /// All other keys together.
  public let others: Others

  /// The estimate of each value column, the sum of all contributions; NaN if no key supports the query
  /// and the policy gives no estimate.
  public let estimates: [Double]

  /// The degree of the polynomial used: lower than requested if the keys in reach determine no higher
  /// degree, and 0 if an ``EmptyWindowPolicy`` gave the estimate.
  public let degree: Int

  /// −Σ a ln a over all keys, in nats; NaN where no key supports the query.
  public let entropy: Double

  /// ln n, the entropy of equal weights on all n keys, not counting a key that is left out.
  public let greatestEntropy: Double

  /// 1/Σa² over all keys; 0 where no key supports the query.
  public let effectiveSampleSize: Double
}
