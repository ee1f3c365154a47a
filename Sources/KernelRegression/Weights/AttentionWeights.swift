/// The attention weights of queries: for each query the requested keys, with the entropy and effective
/// sample size of the whole attention.
///
/// ```
/// a(k, q) = ωₖ α(q, k) / Σⱼ ωⱼ α(q, kⱼ)
/// ```
///
/// The weights are shares of the query's whole attention, so those of a query sum to 1 only if all keys
/// are listed; ``remainder(ofQuery:)`` is the share of the others. Queries are stored one after the
/// other: the entries of query i are `starts[i]..<starts[i + 1]` of `keys` and `weights`.
public struct AttentionWeights: Sendable {
  /// The number of keys that the queries could attend to, n.
  public let keyCount: Int

  /// Where each query starts, then where the last one ends: m + 1 numbers.
  public let starts: [Int]

  /// The keys, largest weight first within a query; keys that tie in ascending order.
  public let keys: [Int]

  /// Their shares of the query's attention.
  public let weights: [Double]

  /// −Σ a ln a over all keys, in nats, for each query; NaN where no key supports it.
  ///
  /// ln n if all keys have equal weight, 0 if a single one has all of it.
  public let entropies: [Double]

  /// The effective sample size 1/Σa² over all keys, for each query; 0 where no key supports it.
  public let effectiveSampleSizes: [Double]

  /// The queries, counted from 0, that no key supports, before any policy was applied.
  public let emptyWindows: [Int]

  /// The number of queries, m.
  public var queryCount: Int { starts.count - 1 }

  /// A key with its weight for a query.
  public struct Entry: Sendable, Equatable {
    /// The row of the key.
    public let key: Int
    /// Its share of the query's attention.
    public let weight: Double
  }

  /// Weights with these properties.
  init(
    keyCount: Int, starts: [Int], keys: [Int], weights: [Double], entropies: [Double],
    effectiveSampleSizes: [Double], emptyWindows: [Int]
  ) {
    self.keyCount = keyCount
    self.starts = starts
    self.keys = keys
    self.weights = weights
    self.entropies = entropies
    self.effectiveSampleSizes = effectiveSampleSizes
    self.emptyWindows = emptyWindows
  }

  /// The listed keys of a query with their weights, largest first.
  public func entries(ofQuery query: Int) -> [Entry] {
    (starts[query]..<starts[query + 1]).map { Entry(key: keys[$0], weight: weights[$0]) }
  }

  /// The weights of all keys for a query, in the order of the keys; 0 for a key that is not listed.
  ///
  /// - Complexity: O(n).
  public func column(_ query: Int) -> [Double] {
    var column = [Double](repeating: 0, count: keyCount)
    for entry in starts[query]..<starts[query + 1] { column[keys[entry]] = weights[entry] }
    return column
  }

  /// The share of a query's attention that is not listed; NaN if it has no attention.
  public func remainder(ofQuery query: Int) -> Double {
    let listed = weights[starts[query]..<starts[query + 1]].reduce(0, +)
    // A query without attention has no remainder beside a policy's weights.
    guard listed > 0 || effectiveSampleSizes[query] > 0 else { return .nan }
    return max(0, 1 - listed)
  }
}

/// A selection of a query's attention weights.
public struct AttentionSelection: Sendable, Equatable {
  /// The largest number of keys, largest weights first; nil for no limit.
  public let count: Int?

  /// The smallest weight to list; nil for no limit, zeros included.
  public let threshold: Double?

  /// Creates a selection; by default, of all keys.
  ///
  /// - Precondition: `count` is at least 1 and `threshold` from 0 to 1, where given.
  public init(count: Int? = nil, threshold: Double? = nil) {
    precondition(count.map { $0 >= 1 } ?? true, "a selection needs room for at least one key")
    precondition(
      threshold.map { (0...1).contains($0) } ?? true, "a threshold must be between 0 and 1")
    self.count = count
    self.threshold = threshold
  }

  /// Every key, including keys of weight 0.
  public static let all = AttentionSelection()

  /// At most `count` keys, those with the largest weights, none of weight 0.
  ///
  /// - Precondition: `count` is at least 1.
  public static func largest(_ count: Int) -> AttentionSelection {
    AttentionSelection(count: count)
  }

  /// Whether keys of weight 0 are listed too.
  package var isWhole: Bool { count == nil && threshold == nil }
}
