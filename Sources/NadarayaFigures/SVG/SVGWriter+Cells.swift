extension SVGWriter {
  /// Writes a heatmap as one path for each colour.
  ///
  /// Equal cells are written in whole units under a transform; that keeps a matrix of thousands of
  /// cells at some tens of kilobytes, and no rounding can open a gap between neighbours.
  mutating func write(_ layer: CellLayer) {
    guard let left = layer.columnPixels.first, let right = layer.columnPixels.last,
      let top = layer.rowPixels.first, let bottom = layer.rowPixels.last
    else { return }
    let isEven = Self.isEven(layer.columnPixels) && Self.isEven(layer.rowPixels)
    text += "<g shape-rendering=\"crispEdges\""
    if isEven {
      let columnWidth = (right - left) / Double(layer.columnPixels.count - 1)
      let rowHeight = (bottom - top) / Double(layer.rowPixels.count - 1)
      text += " transform=\"translate(\(SVGNumber.text(left)) \(SVGNumber.text(top))) "
      text += "scale(\(Self.factor(columnWidth)) \(Self.factor(rowHeight)))\""
    }
    text += ">\n"
    for group in layer.groups {
      let data =
        isEven
        ? SVGPath.runs(group.runs)
        : SVGPath.runs(
          group.runs, rowPixels: layer.rowPixels, columnPixels: layer.columnPixels)
      text += "<path fill=\"\(svg(group.color))\" d=\"\(data)\"/>\n"
    }
    text += "</g>\n"
  }

  /// Whether boundaries are evenly spaced to a hundredth of a pixel.
  private static func isEven(_ boundaries: [Double]) -> Bool {
    let first = boundaries[0]
    let step = (boundaries[boundaries.count - 1] - first) / Double(boundaries.count - 1)
    return boundaries.enumerated().allSatisfy { index, boundary in
      (boundary - first - Double(index) * step).magnitude < 0.005
    }
  }

  /// A scale factor with six decimals: a thousand cells end within a thousandth of a pixel.
  private static func factor(_ value: Double) -> String {
    let (coefficients, exponent) = DecimalNumber.reduced(
      coefficients: [Int((value * 1e6).rounded())], exponent: -6)
    return DecimalNumber(coefficient: coefficients[0], exponent: exponent).plain
  }
}
