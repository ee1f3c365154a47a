/// For each query, the sums that every estimator is computed from.
///
/// ```
/// Σᵢ wᵢ = exp(a) · weight,   Σᵢ wᵢ² = exp(2a) · squaredWeight,   Σᵢ wᵢ cᵢ = exp(a) · column
/// ```
///
/// The anchor a keeps the three in range where every weight alone would round to 0; it cancels in a
/// ratio of sums. Where plain sums suffice, it is the anchor of the observation weights.
package struct AnchoredSums: Sendable {
  /// The number of queries.
  package let count: Int

  /// The number of columns.
  package let columnCount: Int

  /// Anchors, weights, squared weights, then column after column, `count` numbers each.
  private let storage: [Double]

  /// The sums of a query.
  package struct Entry: Sendable {
    /// a, a natural logarithm; −∞ if no key has any weight.
    package var logAnchor: Double
    /// Σw/exp(a); 0 if no key supports the query.
    package var weight: Double
    /// Σw²/exp(2a); NaN unless requested.
    package var squaredWeight: Double
    /// Σwc/exp(a) for each column.
    package var columns: [Double]
  }

  /// The sums of query `index`.
  package subscript(index: Int) -> Entry {
    precondition((0..<count).contains(index), "there is no query \(index)")
    return Entry(
      logAnchor: storage[index], weight: storage[count + index],
      squaredWeight: storage[2 * count + index],
      columns: (0..<columnCount).map { storage[(3 + $0) * count + index] })
  }

  /// Lets `body` read the sums of all queries in place.
  package func withUnsafeSums<Result>(_ body: (UnsafeSums) -> Result) -> Result {
    storage.withUnsafeBufferPointer { storage in
      // `body` only reads; the type allows writing too.
      body(
        UnsafeSums(
          base: UnsafeMutablePointer(mutating: storage.baseAddress), count: count,
          columnCount: columnCount))
    }
  }

  /// Lets `fill` write the sums of all queries.
  init(count: Int, columnCount: Int, execution: Execution, fill: (UnsafeSums) -> Void) {
    self.count = count
    self.columnCount = columnCount
    let size = max(count * (columnCount + 3), 1)
    storage = [Double](unsafeUninitializedCapacity: size) { buffer, used in
      if count == 0 { buffer.initialize(repeating: 0) }
      execution.prepare(UnsafeMutableBufferPointer(rebasing: buffer[..<size]))
      fill(UnsafeSums(base: buffer.baseAddress, count: count, columnCount: columnCount))
      used = size
    }
  }
}

/// Pointers to the sums of all queries, array after array.
///
/// Threads may share it because each writes to its own places.
package struct UnsafeSums: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Double>
  package let count: Int
  package let columnCount: Int

  fileprivate init(base: UnsafeMutablePointer<Double>?, count: Int, columnCount: Int) {
    guard let base else { preconditionFailure("sums need room for at least one number") }
    self.base = base
    self.count = count
    self.columnCount = columnCount
  }

  /// a for each query.
  package var logAnchors: UnsafeMutablePointer<Double> { base }
  /// Σw/exp(a) for each query.
  package var weights: UnsafeMutablePointer<Double> { base + count }
  /// Σw²/exp(2a) for each query; NaN unless requested.
  package var squaredWeights: UnsafeMutablePointer<Double> { base + 2 * count }
  /// Σwc/exp(a) of one column for each query.
  package func column(_ index: Int) -> UnsafeMutablePointer<Double> {
    precondition((0..<columnCount).contains(index), "there is no column \(index)")
    return base + (3 + index) * count
  }
}
