/// For each query, the sums from which any estimator is formed.
///
/// ```
/// Σᵢ wᵢ = exp(a) · weight,   Σᵢ wᵢ² = exp(2a) · squaredWeight,   Σᵢ wᵢ cᵢ = exp(a) · column
/// ```
///
/// The anchor a keeps the three in range where every weight of its own would round to 0; a ratio of
/// sums does not need it. It is 0 wherever plain sums do.
public struct AnchoredSums: Sendable {
  /// The number of queries.
  public let count: Int

  /// The number of columns.
  public let columnCount: Int

  /// Query after query: anchor, weight, squared weight, columns.
  private let storage: [Double]

  /// The sums of a query.
  public struct Entry: Sendable {
    /// a, in natural logarithm; −∞ where no key has any weight.
    public var logAnchor: Double
    /// Σw/exp(a); 0 where no key supports the query.
    public var weight: Double
    /// Σw²/exp(2a); NaN unless it was asked for.
    public var squaredWeight: Double
    /// Σwc/exp(a) for each column.
    public var columns: ArraySlice<Double>
  }

  /// The sums of query `index`.
  public subscript(index: Int) -> Entry {
    let first = index * Self.stride(columnCount)
    return Entry(
      logAnchor: storage[first], weight: storage[first + 1], squaredWeight: storage[first + 2],
      columns: storage[first + 3..<first + 3 + columnCount])
  }

  static func stride(_ columnCount: Int) -> Int { columnCount + 3 }

  /// Lets `fill` write the sums query after query, in the order of ``Entry``'s properties.
  init(
    count: Int, columnCount: Int, fill: (UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    self.count = count
    self.columnCount = columnCount
    let size = count * Self.stride(columnCount)
    storage = [Double](unsafeUninitializedCapacity: size) { buffer, used in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<size]))
      used = size
    }
  }
}
