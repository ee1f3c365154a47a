/// Which of a query's attention weights are wanted.
public struct AttentionSelection: Sendable, Equatable {
  /// How many keys at most, the largest weights first; nil for any number.
  public let count: Int?

  /// The least weight that is wanted; nil for any, zeros too.
  public let threshold: Double?

  /// The keys that are wanted: all of them unless something is said.
  ///
  /// - Precondition: `count` is at least 1 and `threshold` from 0 to 1, where given.
  public init(count: Int? = nil, threshold: Double? = nil) {
    precondition(count.map { $0 >= 1 } ?? true, "a selection has room for one key at least")
    precondition(threshold.map { (0...1).contains($0) } ?? true, "a weight is from 0 to 1")
    self.count = count
    self.threshold = threshold
  }

  /// Every key, those of weight 0 too.
  public static let all = AttentionSelection()

  /// Whether keys of weight 0 are wanted too.
  public var isWhole: Bool { count == nil && threshold == nil }
}
