/// The attention of queries: for each the keys that were asked for, with what the whole of its attention
/// is like.
///
/// The weights are shares of the query's whole attention, so those of a row sum to 1 only where all keys
/// are listed; ``remainder(ofQuery:)`` is what the others add. Rows are stored one after the other: the
/// entries of row i are `starts[i]..<starts[i + 1]` of `keys` and `weights`.
public struct SparseAttention: Sendable {
  /// The number of keys that the queries could attend to.
  public let keyCount: Int

  /// Where each row starts, and at the end where the last one ends: m + 1 numbers.
  public let starts: [Int]

  /// The keys, largest weight first within a row; keys that tie in ascending order.
  public let keys: [Int]

  /// Their shares of the query's attention.
  public let weights: [Double]

  /// −Σ a ln a over all keys, in nats, of each query; NaN where no key supports it.
  ///
  /// ln n where all keys count alike, 0 where a single one counts.
  public let entropies: [Double]

  /// The effective sample size 1/Σa² over all keys of each query; 0 where no key supports it.
  public let effectiveSampleSizes: [Double]

  /// The queries, counted from 0, that no key supports, before any policy was applied.
  public let emptyWindows: [Int]

  /// The number of rows.
  public var queryCount: Int { starts.count - 1 }

  /// Rows as the properties say.
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

  /// The keys of a query with their weights, largest first.
  public func entries(ofQuery query: Int) -> [AttentionWeights.Entry] {
    (starts[query]..<starts[query + 1]).map {
      AttentionWeights.Entry(key: keys[$0], weight: weights[$0])
    }
  }

  /// The share of a query's attention that its row does not list; NaN where it has no attention.
  public func remainder(ofQuery query: Int) -> Double {
    let listed = weights[starts[query]..<starts[query + 1]].reduce(0, +)
    // Beside a policy's weights a query without attention has none to leave over.
    guard listed > 0 || effectiveSampleSizes[query] > 0 else { return .nan }
    return max(0, 1 - listed)
  }
}

/// A choice of some of a query's attention weights.
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

  /// Whether keys of weight 0 are listed too.
  public var isWhole: Bool { count == nil && threshold == nil }
}
