/// The sequential ramp from near white to dark red, in 256 levels.
///
/// Perceptual lightness (L of OKLab) falls linearly from 0.975 to 0.37, so equal steps of the value
/// look equally large and a print in grey keeps the order. The first level is a little darker than
/// paper: a weight of zero is a colour, not a hole. Chroma is the largest that sRGB holds up to
/// 0.198, and the hue turns from 45° to 25°. The 17 anchors below are that curve; between them the
/// ramp is linear in sRGB.
///
/// ## Source
/// B. Ottosson, *A perceptual color space for image processing*, 2020 (OKLab).
enum SequentialReds {
  /// The number of colours that a value can be drawn in.
  static let levels = 256

  /// Evenly spaced colours from the lowest value to the highest.
  static let anchors: [Color] = [
    0xFE_F4F0, 0xFF_E4D9, 0xFF_D3C2, 0xFF_C1AB, 0xFF_AF94, 0xFF_9B7D, 0xFF_8666, 0xFF_6E4C,
    0xF7_5A3C, 0xEA_4C34, 0xDC_3E2D, 0xCF_2E26, 0xC1_1C1F, 0xB4_0019, 0xA0_0117, 0x8D_0816,
    0x78_0E15,
  ].map(Color.init(hex:))

  /// The colour of a level.
  ///
  /// - Parameter level: 0 to 255.
  static func color(level: Int) -> Color {
    let position = Double(level * (anchors.count - 1)) / Double(levels - 1)
    let index = min(Int(position), anchors.count - 2)
    return anchors[index].mixed(
      with: anchors[index + 1], fraction: position - Double(index))
  }
}
