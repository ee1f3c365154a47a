extension SVGWriter {
  /// The attributes that place a rectangle.
  static func place(_ rectangle: Rectangle) -> String {
    let x = SVGNumber.text(rectangle.minX)
    let y = SVGNumber.text(rectangle.minY)
    let width = SVGNumber.text(rectangle.width)
    let height = SVGNumber.text(rectangle.height)
    return " x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\""
  }

  /// The attributes that fill and outline.
  ///
  /// - Parameter hasCaps: Whether the ends of a solid line are described here.
  func paint(_ fill: Fill?, _ stroke: Stroke?, hasCaps: Bool = true) -> String {
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

  /// Lengths in units of the width, so that thick and thin lines keep their rhythm.
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
