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
  static func paint(_ fill: Fill?, _ stroke: Stroke?, hasCaps: Bool = true) -> String {
    var attributes = " fill=\"\(fill?.color.svg ?? "none")\""
    if let fill, fill.opacity < 1 {
      attributes += " fill-opacity=\"\(SVGNumber.text(fill.opacity))\""
    }
    guard let stroke else { return attributes }
    attributes += " stroke=\"\(stroke.color.svg)\""
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
    case .dashed: attributes += dashes([3.4, 2], of: stroke)
    case .dashDotted: attributes += dashes([4.5, 1.8, 1.2, 1.8], of: stroke)
    case .dotted: attributes += dashes([1.2, 1.6], of: stroke)
    }
    return attributes
  }

  /// Lengths in units of the width, so that thick and thin lines keep their rhythm.
  private static func dashes(_ lengths: [Double], of stroke: Stroke) -> String {
    let pixels = lengths.map { SVGNumber.text($0 * stroke.width) }.joined(separator: " ")
    return " stroke-dasharray=\"\(pixels)\" stroke-linejoin=\"round\""
  }
}

extension Color {
  /// The colour as `#rrggbb`, or `#rgb` where that is the same.
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
