/// Keys or queries in one or more inputs: a collection of n points with d coordinates each.
///
/// Shape `[n, d]`, row-major: input j of point i is at `coordinates[i·d + j]`. An element is a slice of
/// the coordinates, whose indices continue from point to point: `points[i].first`, or
/// `points.column(j)[i]`.
public struct Points: Sendable, Equatable, RandomAccessCollection {
  /// The numbers, point after point.
  public let coordinates: [Double]

  /// The number of inputs, d ≥ 1.
  public let dimension: Int

  /// 0.
  public var startIndex: Int { 0 }

  /// The number of points, n.
  public var endIndex: Int { coordinates.count / dimension }

  /// Points in one input.
  public init(_ coordinates: [Double]) {
    self.coordinates = coordinates
    dimension = 1
  }

  /// Points from row-major coordinates.
  ///
  /// - Precondition: `dimension ≥ 1` divides the number of coordinates.
  public init(rowMajor coordinates: [Double], dimension: Int) {
    precondition(dimension >= 1, "points must have at least one input")
    precondition(
      coordinates.count.isMultiple(of: dimension),
      "\(coordinates.count) coordinates do not divide into points of dimension \(dimension)")
    self.coordinates = coordinates
    self.dimension = dimension
  }

  /// Points from one array for each input.
  ///
  /// - Precondition: there is at least one input, and all have the same length.
  public init(columns: [[Double]]) {
    precondition(!columns.isEmpty, "points must have at least one input")
    precondition(
      columns.allSatisfy { $0.count == columns[0].count }, "all inputs must have the same length")
    self.init(rowMajor: Self.interleaved(columns), dimension: columns.count)
  }

  private static func interleaved(_ columns: [[Double]]) -> [Double] {
    guard columns.count > 1 else { return columns[0] }
    let size = columns.count * columns[0].count
    return [Double](unsafeUninitializedCapacity: size) { buffer, used in
      for (input, column) in columns.enumerated() {
        for (point, coordinate) in column.enumerated() {
          buffer.initializeElement(at: point * columns.count + input, to: coordinate)
        }
      }
      used = size
    }
  }

  /// The coordinates of one point.
  public subscript(index: Int) -> ArraySlice<Double> {
    coordinates[index * dimension..<(index + 1) * dimension]
  }

  /// The points of the given rows, in their order.
  ///
  /// - Complexity: O(d) for each point.
  public func selecting(_ rows: some Collection<Int>) -> Points {
    var chosen: [Double] = []
    chosen.reserveCapacity(rows.count * dimension)
    for row in rows { chosen += self[row] }
    return Points(rowMajor: chosen, dimension: dimension)
  }

  /// The points of a range of rows.
  package func selecting(_ rows: Range<Int>) -> Points {
    let places = rows.lowerBound * dimension..<rows.upperBound * dimension
    return Points(rowMajor: Array(coordinates[places]), dimension: dimension)
  }

  /// One input of all points.
  ///
  /// - Complexity: O(n).
  public func column(_ input: Int) -> [Double] {
    precondition((0..<dimension).contains(input), "there is no input \(input)")
    guard dimension > 1 else { return coordinates }
    return stride(from: input, to: coordinates.count, by: dimension).map { coordinates[$0] }
  }
}

extension Points {
  /// Evenly spaced positions over the range of each input, ends included, in every combination.
  ///
  /// - Parameter count: the number of positions along each input.
  /// - Precondition: `count` is at least 2, there is a point, and countᵈ fits an `Int`.
  /// - Returns: countᵈ points, the last input changing fastest.
  /// - Complexity: O(n·d + d·countᵈ).
  public func grid(_ count: Int) -> Points {
    precondition(
      count >= 2 && !coordinates.isEmpty, "a grid needs at least two places and at least one point")
    let axes = (0..<dimension).map { input in
      let column = column(input)
      let (least, greatest) = (column.min() ?? 0, column.max() ?? 0)
      return (0..<count).map { step in
        let fraction = Double(step) / Double(count - 1)
        guard step < count - 1 else { return greatest }
        let span = greatest - least
        return span.isFinite
          ? least + fraction * span : (1 - fraction) * least + fraction * greatest
      }
    }
    let total = axes.reduce(1) { $0 * $1.count }
    var repetitions = total
    let columns = axes.map { axis in
      repetitions /= count
      let repetitions = repetitions
      return (0..<total).map { axis[$0 / repetitions % count] }
    }
    return Points(columns: columns)
  }
}
