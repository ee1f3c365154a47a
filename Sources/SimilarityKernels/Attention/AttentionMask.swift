/// Which keys a query may attend to.
///
/// A key that it may not attend to counts for nothing: the result is that of the rows without it.
@nonexhaustive public enum AttentionMask: Sendable, Equatable {
  /// Every query attends to all keys.
  case none

  /// Query i attends to keys 0…i: rows are in the order of time.
  case causal

  /// Query i attends to as many keys, the last of them key i: keys i − w + 1…i.
  case window(Int)

  /// For each key whether any query attends to it; n of them.
  case keys([Bool])

  /// For each query and key whether the one attends to the other, shape `[m, n]`, row-major.
  case pairs([Bool])

  /// The run of keys outside which a query attends to none.
  ///
  /// - Parameters:
  ///   - query: the number of the query.
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

  /// Whether a query attends to a key of its run.
  package func allows(_ key: Int, ofQuery query: Int, keyCount: Int) -> Bool {
    switch self {
    case .none, .causal, .window: true
    case .keys(let keys): keys[key]
    case .pairs(let pairs): pairs[query * keyCount + key]
    }
  }
}
