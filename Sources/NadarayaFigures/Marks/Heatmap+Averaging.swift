extension Heatmap {
  /// How many rows and columns are averaged into one cell.
  struct Reduction {
    var rows: Int
    var columns: Int
  }

  /// The groups that are about a pixel wide; nil where no cell is smaller than half a pixel.
  func reduction(in plot: Plot) -> Reduction? {
    func group(_ centers: [Double], along axis: Projection) -> Int {
      let edges = Self.edges(around: centers, on: axis.scale)
      guard let first = edges.first.flatMap({ axis($0) }),
        let last = edges.last.flatMap({ axis($0) })
      else { return 1 }
      let cell = (last - first).magnitude / Double(centers.count)
      return cell < 0.5 && cell > 0 ? min(centers.count, Int((1 / cell).rounded(.up))) : 1
    }
    let reduction = Reduction(
      rows: group(rowCenters, along: plot.y), columns: group(columnCenters, along: plot.x))
    return reduction.rows == 1 && reduction.columns == 1 ? nil : reduction
  }

  /// The mean of the finite values in each group, NaN for a group without any.
  func averaged(_ reduction: Reduction) -> [Double] {
    let shownColumns = groups(columns, of: reduction.columns)
    let count = groups(rows, of: reduction.rows) * shownColumns
    var means = Array(repeating: 0.0, count: count)
    var members = Array(repeating: 0.0, count: count)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = values[row * columns + column]
        guard value.isFinite else { continue }
        let group = row / reduction.rows * shownColumns + column / reduction.columns
        members[group] += 1
        // A running mean, because a sum of finite values may overflow.
        means[group] += value / members[group] - means[group] / members[group]
      }
    }
    return zip(means, members).map { $1 > 0 ? $0 : .nan }
  }

  func groups(_ count: Int, of size: Int) -> Int { (count + size - 1) / size }
}
