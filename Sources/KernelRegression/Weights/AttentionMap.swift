/// The attention of all queries over all keys, gathered into cells for a picture.
///
/// Keys and queries are in ascending order of the first input, in bins of equal counts; the last may have
/// fewer.
///
/// ```
/// mean(r, c) = Σ over keys k in r, queries q in c of a(k, q) / (number of such pairs)
/// largest(r, c) = max over them of a(k, q)
/// ```
///
/// Queries that no key supports count in neither, unless the ``EmptyWindowPolicy`` gives them weights; a
/// column with no other queries is NaN. If every bin has one element, mean and largest are the weights
/// themselves.
public struct AttentionMap: Sendable {
  /// The keys in ascending order of the first input, ties by row.
  public let keyOrder: [Int]

  /// The queries in ascending order of the first input, ties by number.
  public let queryOrder: [Int]

  /// The places in ``keyOrder`` of each row's keys.
  public let rows: [Range<Int>]

  /// The places in ``queryOrder`` of each column's queries.
  public let columns: [Range<Int>]

  /// The mean weight of each cell's pairs, row by row.
  public let mean: [Double]

  /// The largest weight in each cell, row by row.
  public let largest: [Double]

  /// The queries, counted from 0, that no key supports, before any policy was applied.
  public let emptyWindows: [Int]

  /// Whether cells hold several pairs.
  public var isBinned: Bool { rows.count < keyOrder.count || columns.count < queryOrder.count }

  /// The mean weight of a cell's pairs.
  public subscript(row: Int, column: Int) -> Double { mean[row * columns.count + column] }
}
