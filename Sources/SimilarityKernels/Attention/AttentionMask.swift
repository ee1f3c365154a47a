/// Which keys a query may attend to.
///
/// A masked key has no effect: the result is the same as without its row.
@nonexhaustive public enum AttentionMask: Sendable, Equatable {
  /// Every query attends to all keys.
  case none

  /// Query i attends to keys 0…i: rows are in time order.
  case causal

  /// Query i attends to the last w keys up to its own: keys i − w + 1…i.
  case window(Int)

  /// Whether queries may attend to each key; n entries.
  case keys([Bool])

  /// Whether each query may attend to each key, shape `[m, n]`, row-major.
  case pairs([Bool])

  /// A range that contains every key a query attends to.
  ///
  /// - Parameters:
  ///   - query: the index of the query.
  ///   - keyCount: n.
  package func run(ofQuery query: Int, keyCount: Int) -> Range<Int> {
    switch self {
    case .none, .keys, .pairs: return 0..<keyCount
    case .causal: return 0..<min(query + 1, keyCount)
    case .window(let width) where width <= 0: return 0..<0
    case .window(let width):
      let end = min(query + 1, keyCount)
      return min(max(query + 1 - width, 0), end)..<end
    }
  }

  /// Whether a query attends to a key within its range.
  package func allows(_ key: Int, ofQuery query: Int, keyCount: Int) -> Bool {
    switch self {
    case .none, .causal, .window: true
    case .keys(let keys): keys[key]
    case .pairs(let pairs): pairs[query * keyCount + key]
    }
  }
}
