/// Writes shapes as SVG.
struct SVGWriter {
  /// The start of every id.
  let idPrefix: String

  /// The theme, which determines the look of every colour.
  let theme: Figure.Theme

  /// What has been written.
  var text = ""

  /// The clipping rectangles so far; equal ones share an id.
  private var clips: [Rectangle] = []
  private var hasRamp = false

  init(idPrefix: String, theme: Figure.Theme) {
    self.idPrefix = idPrefix
    self.theme = theme
  }

  /// Opens the document on paper.
  mutating func begin(width: Double, height: Double, title: String, description: String) {
    let size = "\(SVGNumber.text(width)) \(SVGNumber.text(height))"
    text += """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(SVGNumber.text(width))" \
      height="\(SVGNumber.text(height))" viewBox="0 0 \(size)" role="img" \
      aria-labelledby="\(idPrefix)-title \(idPrefix)-desc" \
      font-family="Helvetica, Arial, sans-serif">
      <title id="\(idPrefix)-title">\(title.escapedForXML)</title>
      <desc id="\(idPrefix)-desc">\(description.escapedForXML)</desc>

      """
    write(
      .rectangle(
        Rectangle(minX: 0, minY: 0, width: width, height: height), fill: Fill(.paper), stroke: nil))
  }

  /// Closes the document.
  mutating func end() { text += "</svg>\n" }

  /// Writes a shape, or nothing for an empty one.
  mutating func write(_ shape: Shape) {
    switch shape {
    case .path(let path, let fill, let stroke):
      text += "<path d=\"\(SVGPath.data(path))\"\(paint(fill, stroke))/>\n"
    case .rectangle(let rectangle, let fill, let stroke):
      text += "<rect\(Self.place(rectangle))\(paint(fill, stroke))/>\n"
    case .circles(let centers, let radius, let color, let opacity):
      guard !centers.isEmpty else { return }
      text += "<g\(paint(Fill(color, opacity: opacity), nil))>\n"
      for center in centers {
        text += "<circle cx=\"\(SVGNumber.text(center.x))\" cy=\"\(SVGNumber.text(center.y))\""
        text += " r=\"\(SVGNumber.text(radius))\"/>\n"
      }
      text += "</g>\n"
    case .dots(let cells, let pitch, let radius, let color, let opacity):
      guard !cells.isEmpty else { return }
      let data = SVGPath.dots(cells, joinsNeighbors: radius == nil)
      // A line of zero length is drawn if it has caps: SVG 1.1, section 11.4.
      let stroke = Stroke(color, width: radius.map { 2 * $0 / pitch } ?? 1, opacity: opacity)
      text += "<path transform=\"scale(\(SVGNumber.text(pitch)))\""
      text += " stroke-linecap=\"\(radius == nil ? "square" : "round")\""
      text += " d=\"\(data)\"\(paint(nil, stroke, hasCaps: false))/>\n"
    case .cells(let layer): write(layer)
    case .ramp(let rectangle): writeRamp(rectangle)
    case .text(let line): write(line)
    case .clipped(let rectangle, let shapes):
      text += "<g clip-path=\"url(#\(clipID(rectangle)))\">\n"
      for shape in shapes { write(shape) }
      text += "</g>\n"
    }
  }

  // MARK: - Definitions

  private mutating func clipID(_ rectangle: Rectangle) -> String {
    if let index = clips.firstIndex(of: rectangle) { return "\(idPrefix)-clip\(index)" }
    let id = "\(idPrefix)-clip\(clips.count)"
    clips.append(rectangle)
    text += "<clipPath id=\"\(id)\"><rect\(Self.place(rectangle))/></clipPath>\n"
    return id
  }

  private mutating func writeRamp(_ rectangle: Rectangle) {
    let id = "\(idPrefix)-ramp"
    if !hasRamp {
      hasRamp = true
      text += "<linearGradient id=\"\(id)\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">"
      let anchors = SequentialReds.anchors
      for (index, color) in anchors.enumerated() {
        let offset = Double(index) / Double(anchors.count - 1)
        // Four decimals: an offset of hundredths would bend the ramp visibly.
        let digits = Int((offset * 10_000).rounded())
        text += "<stop offset=\"\(DecimalNumber(coefficient: digits, exponent: -4).plain)\""
        text += " stop-color=\"\(svg(color))\"/>"
      }
      text += "</linearGradient>\n"
    }
    text += "<rect\(Self.place(rectangle)) fill=\"url(#\(id))\"/>\n"
  }
}

extension SVGWriter {
  /// Writes a heatmap as one path for each colour.
  ///
  /// Equal cells are written in whole units under a transform. This keeps a matrix of thousands of
  /// cells at tens of kilobytes, and rounding cannot open a gap between adjacent cells.
  private mutating func write(_ layer: CellLayer) {
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

  /// The attributes that place a rectangle.
  private static func place(_ rectangle: Rectangle) -> String {
    let x = SVGNumber.text(rectangle.minX)
    let y = SVGNumber.text(rectangle.minY)
    let width = SVGNumber.text(rectangle.width)
    let height = SVGNumber.text(rectangle.height)
    return " x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\""
  }

  /// The attributes that fill and outline.
  ///
  /// - Parameter hasCaps: Whether the ends of a solid line are described here.
  private func paint(_ fill: Fill?, _ stroke: Stroke?, hasCaps: Bool = true) -> String {
    var attributes = " fill=\"\(fill.map { svg($0.color) } ?? "none")\""
    if let fill, fill.opacity < 1 {
      attributes += " fill-opacity=\"\(SVGNumber.text(fill.opacity))\""
    }
    guard let stroke else { return attributes }
    attributes += " stroke=\"\(svg(stroke.color))\""
    if stroke.width != 1 { attributes += " stroke-width=\"\(SVGNumber.text(stroke.width))\"" }
    if stroke.opacity < 1 {
      attributes += " stroke-opacity=\"\(SVGNumber.text(stroke.opacity))\""
    }
    switch stroke.dash {
    case .solid:
      // Hairlines keep flat ends, which stay crisp.
      if hasCaps, stroke.width > 1.2 {
        attributes += " stroke-linecap=\"round\" stroke-linejoin=\"round\""
      }
    case .dashed: attributes += Self.dashes([3.4, 2], of: stroke)
    case .dashDotted: attributes += Self.dashes([4.5, 1.8, 1.2, 1.8], of: stroke)
    case .dotted: attributes += Self.dashes([1.2, 1.6], of: stroke)
    }
    return attributes
  }

  /// A colour as it looks on the paper of the theme.
  func svg(_ color: Color) -> String { color.look(in: theme).svg }

  /// Lengths in units of the width, so that thick and thin lines have the same pattern.
  private static func dashes(_ lengths: [Double], of stroke: Stroke) -> String {
    let pixels = lengths.map { SVGNumber.text($0 * stroke.width) }.joined(separator: " ")
    return " stroke-dasharray=\"\(pixels)\" stroke-linejoin=\"round\""
  }
}

extension Color {
  /// The colour on light paper as `#rrggbb`, or `#rgb` where that is the same.
  var svg: String {
    func pair(_ channel: UInt8) -> String {
      let digits = String(channel, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    let pairs = [pair(red), pair(green), pair(blue)]
    let isShort = pairs.allSatisfy { $0.first == $0.last }
    return "#" + (isShort ? pairs.map { String($0.prefix(1)) } : pairs).joined()
  }
}
