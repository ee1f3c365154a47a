/// The attention weights of queries over all keys, one number for each pair.
///
/// ```
/// a(k, q) = ωₖ α(q, k) / Σⱼ ωⱼ α(q, kⱼ)
/// ```
///
/// Rows are keys and columns are queries; every column sums to 1. The column of a query that no key
/// supports is NaN unless the ``EmptyWindowPolicy`` says otherwise. An estimate is the sum of the values
/// under the column's weights.
package struct AttentionMatrix: Sendable {
  /// The number of rows.
  package let keyCount: Int

  /// The number of columns.
  package let queryCount: Int

  /// The queries, counted from 0, whose column was empty before the policy was applied.
  package let emptyWindows: [Int]

  private let storage: [Double]

  init(keyCount: Int, queryCount: Int, emptyWindows: [Int], columns: [Double]) {
    self.keyCount = keyCount
    self.queryCount = queryCount
    self.emptyWindows = emptyWindows
    storage = columns
  }

  /// The weight of one key for one query.
  package subscript(key: Int, query: Int) -> Double {
    precondition((0..<keyCount).contains(key), "there is no key \(key)")
    return storage[query * keyCount + key]
  }

  /// The weights of all keys for one query.
  package func column(_ query: Int) -> ArraySlice<Double> {
    storage[query * keyCount..<(query + 1) * keyCount]
  }

  /// The keys of one query, largest weight first; keys that tie in ascending order.
  ///
  /// - Parameters:
  ///   - count: how many at most; nil for all.
  ///   - threshold: the least weight that is listed.
  ///   - query: the column, counted from 0.
  /// - Returns: all keys when neither count nor threshold is given; otherwise no key of weight 0 or
  ///   NaN.
  /// - Complexity: O(n + c log c) with c the keys at or above the threshold.
  package func largest(
    _ count: Int? = nil, atLeast threshold: Double? = nil, ofQuery query: Int
  ) -> [AttentionWeights.Entry] {
    let column = column(query)
    var entries: [AttentionWeights.Entry] = []
    for (key, weight) in column.enumerated() {
      if count != nil || threshold != nil, !(weight > 0) { continue }
      if let threshold, weight < threshold { continue }
      entries.append(AttentionWeights.Entry(key: key, weight: weight))
    }
    entries.sort { ($0.weight, $1.key) > ($1.weight, $0.key) }
    return count.map { Array(entries.prefix($0)) } ?? entries
  }
}
