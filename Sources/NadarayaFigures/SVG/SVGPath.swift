/// Path data.
enum SVGPath {
  /// Lines as relative moves in hundredths of a pixel.
  static func data(_ path: Path) -> String {
    var data = ""
    for piece in path.pieces {
      var last = (x: 0, y: 0)
      var written = 0
      for point in piece.points {
        let here = (x: SVGNumber.hundredths(point.x), y: SVGNumber.hundredths(point.y))
        if written > 0, here == last { continue }
        switch written {
        case 0: data += "M"
        case 1: data += "l"
        default: break
        }
        written += 1
        data.appendPathNumber(SVGNumber.text(hundredths: here.x - last.x))
        data.appendPathNumber(SVGNumber.text(hundredths: here.y - last.y))
        last = here
      }
      // Round caps turn it into a dot.
      if written == 1 { data += "h0" }
      if piece.isClosed { data += "z" }
    }
    return data
  }

  /// Places on a grid, in units of the grid.
  ///
  /// - Parameters:
  ///   - cells: In reading order.
  ///   - joinsNeighbors: Whether adjacent cells in a row become one line, which looks the same if whole
  ///     cells are drawn.
  static func dots(_ cells: [PointGrid.Cell], joinsNeighbors: Bool) -> String {
    var data = ""
    var last = PointGrid.Cell(column: 0, row: 0)
    var index = 0
    while index < cells.count {
      let first = cells[index]
      var length = 0
      while joinsNeighbors, index + 1 < cells.count,
        cells[index + 1] == PointGrid.Cell(column: first.column + length + 1, row: first.row)
      {
        length += 1
        index += 1
      }
      data += data.isEmpty ? "M" : "m"
      data.appendPathNumber("\(first.column - last.column)")
      data.appendPathNumber("\(first.row - last.row)")
      data += "h\(length)"
      last = cells[index]
      index += 1
    }
    return data
  }

  /// Runs of cells in units of cells, each a closed rectangle one unit high.
  static func runs(_ runs: [CellLayer.Run]) -> String {
    var data = ""
    var last = (column: 0, row: 0)
    for run in runs {
      // A closed outline ends where it began, so the next one starts relative to that.
      data += data.isEmpty ? "M" : "m"
      data.appendPathNumber("\(run.columns.lowerBound - last.column)")
      data.appendPathNumber("\(run.row - last.row)")
      data += "h\(run.columns.count)v1h-\(run.columns.count)z"
      last = (run.columns.lowerBound, run.row)
    }
    return data
  }

  /// Runs of cells in hundredths of a pixel, for cells of unequal size.
  static func runs(
    _ runs: [CellLayer.Run], rowPixels: [Double], columnPixels: [Double]
  ) -> String {
    var data = ""
    for run in runs {
      let left = SVGNumber.hundredths(columnPixels[run.columns.lowerBound])
      let width = SVGNumber.hundredths(columnPixels[run.columns.upperBound]) - left
      let top = SVGNumber.hundredths(rowPixels[run.row])
      let height = SVGNumber.hundredths(rowPixels[run.row + 1]) - top
      data += "M"
      data.appendPathNumber(SVGNumber.text(hundredths: left))
      data.appendPathNumber(SVGNumber.text(hundredths: top))
      data += "h\(SVGNumber.text(hundredths: width))v\(SVGNumber.text(hundredths: height))"
      data += "h\(SVGNumber.text(hundredths: -width))z"
    }
    return data
  }
}

/// Coordinates in SVG: hundredths of a pixel, without redundant characters.
enum SVGNumber {
  /// A coordinate in hundredths, whose differences never drift, however many are summed.
  static func hundredths(_ value: Double) -> Int { Int((value * 100).rounded()) }

  /// A number of hundredths, such as "12.5", "-.75" or "3".
  static func text(hundredths: Int) -> String {
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    guard rest != 0 else { return "\(sign)\(whole)" }
    let leading = whole == 0 ? "" : String(whole)
    let fraction =
      rest.isMultiple(of: 10) ? "\(rest / 10)" : (rest < 10 ? "0\(rest)" : "\(rest)")
    return "\(sign)\(leading).\(fraction)"
  }

  /// A number rounded to hundredths.
  static func text(_ value: Double) -> String { text(hundredths: hundredths(value)) }
}

extension String {
  /// Adds a number of path data, with a space only if the previous number would run into it.
  fileprivate mutating func appendPathNumber(_ number: String) {
    if let last = utf8.last, last >= UInt8(ascii: "0"), last <= UInt8(ascii: "9"),
      number.utf8.first != UInt8(ascii: "-")
    {
      append(" ")
    }
    append(number)
  }
}
