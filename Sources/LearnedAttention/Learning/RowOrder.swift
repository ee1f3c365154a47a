internal import KernelRegression
package import SimilarityKernels

// The order in which rows are split and learned from.
//
// It must not be or depend on the order of the file, which means nothing: the same rows in another order,
// as from another program, are the same table. So each row gets a random number that its own numbers and
// a seed determine. If two numbers are equal, the rows themselves decide; if those are equal too, their
// order does not matter. The order of the inputs does not matter; observation weights are ignored, since
// a common factor means nothing.
package struct RowOrder {
  private let keys: Points
  private let values: [[Double]]
  private let weights: [Double]?

  package init(keys: Points, values: [[Double]], weights: [Double]?) {
    self.keys = keys
    self.values = values
    self.weights = weights
  }

  /// The rows with weight above 0, in random order.
  ///
  /// - Complexity: O(n·(d + p) + n log n).
  package func rows(seed: UInt64) -> [Int] {
    keys.indices.filter { (weights?[$0] ?? 1) > 0 }
      .map { (number: number(of: $0, seed: seed), row: $0) }
      .sorted { $0.number != $1.number ? $0.number < $1.number : precedes($0.row, $1.row) }
      .map(\.row)
  }

  private func number(of row: Int, seed: UInt64) -> UInt64 {
    let inputs = keys[row].reduce(0) { $0 &+ Self.mixed(Self.bits($1)) }
    return Self.mixed(
      values.reduce(Self.mixed(inputs ^ Self.mixed(seed))) {
        Self.mixed($0 ^ Self.bits($1[row]))
      })
  }

  /// The bits of a number, the same for both zeros.
  private static func bits(_ number: Double) -> UInt64 { (number + 0).bitPattern }

  private static func mixed(_ bits: UInt64) -> UInt64 {
    var random = SplitMix(seed: bits)
    return random.next()
  }

  private func precedes(_ one: Int, _ other: Int) -> Bool {
    func numbers(_ row: Int) -> [Double] {
      keys[row] + values.map { $0[row] } + (weights.map { [$0[row]] } ?? [])
    }
    return numbers(one).lexicographicallyPrecedes(numbers(other))
  }
}
