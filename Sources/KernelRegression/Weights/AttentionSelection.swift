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
    precondition(count.map { $0 >= 1 } ?? true, "a selection has room for one key at least")
    precondition(threshold.map { (0...1).contains($0) } ?? true, "a weight is from 0 to 1")
    self.count = count
    self.threshold = threshold
  }

  /// Every key, including keys of weight 0.
  public static let all = AttentionSelection()

  /// Whether keys of weight 0 are listed too.
  public var isWhole: Bool { count == nil && threshold == nil }
}
