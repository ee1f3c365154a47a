internal import Nadaraya
internal import NadarayaFigures
internal import Tables

/// The rows of a view.
///
/// They are stored in ascending order of the input along the picture, and that input comes first.
/// Whatever needs keys in order, such as an attention map, then has them so; estimates do not depend on
/// the order of rows and inputs.
final class ViewRows: Sendable {
  /// What a sample depends on.
  struct Key: Hashable {
    let inputs: [String]
    let over: Int
    let value: String
    let weights: String?
    let missing: MissingPolicy

    init(_ view: View) {
      inputs = view.inputs
      over = view.overIndex
      value = view.value
      weights = view.weights
      missing = view.missing
    }
  }

  let key: Key

  /// The inputs in the view's order.
  let columns: [[Double]]

  let values: [Double]

  let weights: [Double]?

  /// The table's row at each place, counted without the rows left out; nil if they are the same.
  let rows: [Int]?

  let droppedRows: Int

  /// The range of values of each input, in the view's order.
  let extents: [ClosedRange<Double>]

  /// For each input the median over the rows with weight.
  let medians: [Double]

  /// The keys with the input along the picture first.
  let points: Points

  /// The points of the rows in a picture, which do not depend on bandwidths.
  let cloud = PointMemory()

  /// The range of the values.
  let valueExtent: ClosedRange<Double>

  /// Caches of what was last computed from these rows.
  let estimators = Kept<EstimatorKey, KernelSmoother>(limit: 2)
  let rulesOfThumb = Kept<String, [Double]>(limit: 12)
  let keptRanges = Kept<Int, [FitAnswer.SliderRange]>(limit: 1)

  var count: Int { values.count }

  init(_ view: View, of table: ExploredTable) throws {
    key = Key(view)
    let weightNames = view.weights.map { [$0] } ?? []
    let read = try table.columns(
      view.inputs + [view.value] + weightNames, nonNegative: Set(weightNames), missing: view.missing
    )
    droppedRows = read.droppedRows
    let order = Self.ascending(read.columns[view.overIndex])
    func ordered(_ column: [Double]) -> [Double] { order.map { $0.map { column[$0] } } ?? column }
    let count = view.inputs.count
    let columns = read.columns.prefix(count).map(ordered)
    let weights = view.weights == nil ? nil : ordered(read.columns[count + 1])
    self.columns = columns
    let values = ordered(read.columns[count])
    self.values = values
    valueExtent = (values.min() ?? 0)...(values.max() ?? 0)
    self.weights = weights
    rows = order
    extents = columns.map { ($0.min() ?? 0)...($0.max() ?? 0) }
    // A lone input is not held.
    medians = count == 1 ? [.nan] : columns.map { Self.median($0, weights) }
    points = Points(columns: Self.pictureOrder(columns, over: view.overIndex))
  }

  /// The table's row at a place.
  func row(_ place: Int) -> Int { rows?[place] ?? place }

  /// Items of the inputs, with the input along the picture first.
  static func pictureOrder<Item>(_ items: [Item], over: Int) -> [Item] {
    [items[over]] + items[..<over] + items[(over + 1)...]
  }

  /// The same for this sample.
  func pictureOrder<Item>(_ items: [Item]) -> [Item] {
    Self.pictureOrder(items, over: key.over)
  }

  /// The places of a column in ascending order, ties in the order of rows; nil if it ascends.
  private static func ascending(_ column: [Double]) -> [Int]? {
    guard zip(column, column.dropFirst()).contains(where: { $0 > $1 }) else { return nil }
    return column.enumerated().map { (value: $1, row: $0) }
      .sorted { ($0.value, $0.row) < ($1.value, $1.row) }.map(\.row)
  }

  private static func median(_ column: [Double], _ weights: [Double]?) -> Double {
    let kept = weights.map { weights in column.indices.filter { weights[$0] > 0 } }
    let sorted = (kept.map { $0.map { column[$0] } } ?? column).sorted()
    guard !sorted.isEmpty else { return column.first ?? 0 }
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    return low == high ? low : low / 2 + high / 2
  }
}

/// What an estimator depends on, except its bandwidths.
struct EstimatorKey: Hashable {
  let kernel: String
  let degree: Int
}
