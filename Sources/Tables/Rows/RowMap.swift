/// From kept rows to the lines or rows they came from.
///
/// Most tables have one row a line and drop none, so the two numbers run in step. Only the rows at
/// which they fall out of step are stored: after a dropped row, a blank line, a line break inside
/// quotes.
struct RowMap: Sendable {
  private var steps: [(row: Int, number: Int)] = []
  private var rowCount = 0
  private var expected: Int?

  /// Notes that the next kept row came from `number`, which is larger than all before.
  @inline(__always)
  mutating func append(_ number: Int) {
    if number != expected { steps.append((rowCount, number)) }
    rowCount += 1
    expected = number + 1
  }

  /// The number that was noted for a row.
  ///
  /// - Complexity: O(log b), b the number of stored steps.
  func number(ofRow row: Int) -> Int {
    var low = 0
    var high = steps.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if steps[middle].row <= row { low = middle } else { high = middle }
    }
    return steps[low].number + (row - steps[low].row)
  }
}
