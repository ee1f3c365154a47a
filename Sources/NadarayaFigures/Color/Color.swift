/// An opaque sRGB colour with eight bits per channel, and its counterpart on dark paper.
///
/// Marks name a role, such as ``fit``; a role has one colour on light paper and another on dark paper,
/// and ``Figure/Theme`` selects one.
package struct Color: Hashable, Sendable {
  /// The red channel, 0 to 255.
  package var red: UInt8

  /// The green channel, 0 to 255.
  package var green: UInt8

  /// The blue channel, 0 to 255.
  package var blue: UInt8

  /// The colour on dark paper, `0xRRGGBB`; nil if it is the same.
  package var onDark: UInt32?

  /// Creates a colour from its three channels, which is the same on dark paper.
  ///
  /// - Parameters:
  ///   - red: 0 to 255, sRGB.
  ///   - green: 0 to 255, sRGB.
  ///   - blue: 0 to 255, sRGB.
  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Creates a colour from its usual hexadecimal number, `0xRRGGBB`.
  ///
  /// - Parameters:
  ///   - hex: The colour; bits above the lowest 24 are ignored.
  ///   - onDark: The colour on dark paper, in the same form; nil if it is the same.
  package init(hex: UInt32, onDark: UInt32? = nil) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
    self.onDark = onDark.map { $0 & 0xFF_FFFF }
  }

  /// The colour as it is drawn on the paper of a theme.
  func look(in theme: Figure.Theme) -> Color {
    switch theme {
    case .light: Color(red: red, green: green, blue: blue)
    case .dark: onDark.map { Color(hex: $0) } ?? self
    }
  }

  /// The usual hexadecimal number, `0xRRGGBB`.
  private var hex: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

  /// The colour a fraction of the way to another, linearly in sRGB, on either paper.
  ///
  /// - Parameters:
  ///   - other: The colour at fraction 1.
  ///   - fraction: 0 to 1.
  func mixed(with other: Color, fraction: Double) -> Color {
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8((Double(from) + (Double(to) - Double(from)) * fraction).rounded())
    }
    var mixed = Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    if onDark != nil || other.onDark != nil {
      mixed.onDark =
        look(in: .dark).mixed(with: other.look(in: .dark), fraction: fraction).hex
    }
    return mixed
  }
}
