/// An opaque sRGB colour with eight bits a channel.
public struct Color: Hashable, Sendable {
  /// The red channel, 0 to 255.
  public var red: UInt8

  /// The green channel, 0 to 255.
  public var green: UInt8

  /// The blue channel, 0 to 255.
  public var blue: UInt8

  /// Creates a colour from its three channels.
  ///
  /// - Parameters:
  ///   - red: 0 to 255, sRGB.
  ///   - green: 0 to 255, sRGB.
  ///   - blue: 0 to 255, sRGB.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Creates a colour from its usual hexadecimal number, `0xRRGGBB`.
  ///
  /// - Parameter hex: The colour; bits above the lowest 24 are ignored.
  public init(hex: UInt32) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
  }

  /// The colour a fraction of the way to another, linearly in sRGB.
  ///
  /// - Parameters:
  ///   - other: The colour at fraction 1.
  ///   - fraction: 0 to 1.
  func mixed(with other: Color, fraction: Double) -> Color {
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8((Double(from) + (Double(to) - Double(from)) * fraction).rounded())
    }
    return Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }
}
