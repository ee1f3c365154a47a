internal import RealModule

/// A query's attention: the requested keys, with the totals over all keys.
package struct WeightRow: Sendable {
  /// The keys with their shares, largest first, ties by the lower index; empty if no key supports the
  /// query.
  package var entries: [(key: Int, weight: Double)]

  /// −Σ a ln a over all keys; NaN if no key supports the query.
  package let entropy: Double

  /// 1/Σa² over all keys; 0 if no key supports the query.
  package let effectiveSize: Double

  /// Whether no key supports the query.
  package var isEmpty: Bool { effectiveSize == 0 }

  package init(
    entries: [(key: Int, weight: Double)], entropy: Double, effectiveSize: Double
  ) {
    self.entries = entries
    self.entropy = entropy
    self.effectiveSize = effectiveSize
  }

  /// The row of a query that no key supports.
  package static let empty = WeightRow(entries: [], entropy: .nan, effectiveSize: 0)
}

/// The keys of a row to return.
package struct RowSelection: Sendable {
  /// The largest number of keys; nil for any number.
  package let count: Int?
  /// The smallest share; nil for any.
  package let threshold: Double?

  package init(count: Int?, threshold: Double?) {
    self.count = count
    self.threshold = threshold
  }

  /// Whether to return keys of weight 0 too.
  package var isWhole: Bool { count == nil && threshold == nil }

  /// The selected keys, largest first.
  ///
  /// - Complexity: O(n log n) for n keys.
  package func applied(
    to entries: some Sequence<(key: Int, weight: Double)>
  ) -> [(key: Int, weight: Double)] {
    let least = threshold ?? 0
    let kept = entries.filter { isWhole || ($0.weight > 0 && $0.weight >= least) }
      .sorted { ($1.weight, $0.key) < ($0.weight, $1.key) }
    return count.map { Array(kept.prefix($0)) } ?? kept
  }
}

/// Entropy and effective size of weights that may differ by any factor.
///
/// If one key has nearly all the weight, a = 1 − r, both are computed from r, the sum of the other
/// shares,
///
/// ```
/// −Σ a ln a = −a ln(1 − r) − Σ over the others
/// ```
///
/// so an entropy of 10⁻³⁰ has as many digits as any other.
struct WeightSpread {
  let entropy: Double
  let effectiveSize: Double

  /// - Parameter logWeights: with the largest 0.
  init(logWeights: [Double]) {
    guard let first = logWeights.indices.max(by: { logWeights[$0] < logWeights[$1] }) else {
      (entropy, effectiveSize) = (.nan, 0)
      return
    }
    var (others, squares, terms) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for (index, log) in logWeights.enumerated() where index != first && log > -.infinity {
      let weight = Double.exp(log)
      others.add(weight)
      squares.add(weight * weight)
      terms.add(-weight * log)
    }
    // With S = 1 + r, the entropy is ln S − Σ w ln w / S.
    let sum = 1 + others.value
    entropy = .log(onePlus: others.value) + terms.value / sum
    effectiveSize = sum / (1 + squares.value) * sum
  }

  /// - Parameter shares: sum to 1, or all 0.
  init(shares: UnsafeBufferPointer<Double>) {
    guard let first = shares.indices.max(by: { shares[$0] < shares[$1] }), shares[first] > 0 else {
      (entropy, effectiveSize) = (.nan, 0)
      return
    }
    var (others, squares, terms) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for index in shares.indices where index != first && shares[index] > 0 {
      let share = shares[index]
      others.add(share)
      squares.add(share * share)
      terms.add(-share * .log(share))
    }
    let largest = shares[first]
    let log = largest > 0.5 ? Double.log(onePlus: -others.value) : .log(largest)
    entropy = terms.value - largest * log
    effectiveSize = 1 / (largest * largest + squares.value)
  }
}
