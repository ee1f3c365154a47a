/// Writes shapes as SVG.
struct SVGWriter {
  /// Starts every id.
  let idPrefix: String

  /// Picks the look of every colour.
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
      // A line of no length is drawn where it has caps: SVG 1.1, section 11.4.
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
