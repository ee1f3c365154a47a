/// The sequential ramp from near paper to dark red, or to pale orange on dark paper, in 256 levels.
///
/// Perceptual lightness (L of OKLab) falls linearly from 0.975 to 0.37, so equal steps of the value
/// look equally large and a print in grey keeps the order. The first level is a little darker than
/// paper: a weight of zero is a colour, not a hole. Chroma is the largest that sRGB holds up to
/// 0.198, and the hue turns from 45° to 25°.
///
/// On dark paper the ramp runs the other way: lightness rises from 0.285, a little lighter than paper, to
/// 0.95, chroma from 0.025 by 0.5 t to the same bounds, and the hue turns from 20° by 55° t^1.5, t from 0
/// to 1. Either way it is the larger value that stands out from the paper.
///
/// The 17 anchors below are those curves; between them the ramps are linear in sRGB.
///
/// ## Source
/// B. Ottosson, *A perceptual color space for image processing*, 2020 (OKLab).
enum SequentialReds {
  /// The number of colours that a value can be drawn in.
  static let levels = 256

  /// Evenly spaced colours from the lowest value to the highest.
  static let anchors: [Color] = [
    Color(hex: 0xFE_F4F0, onDark: 0x36_2525), Color(hex: 0xFF_E4D9, onDark: 0x4E_2828),
    Color(hex: 0xFF_D3C2, onDark: 0x66_2929), Color(hex: 0xFF_C1AB, onDark: 0x7E_2928),
    Color(hex: 0xFF_AF94, onDark: 0x97_2623), Color(hex: 0xFF_9B7D, onDark: 0xB1_2015),
    Color(hex: 0xFF_8666, onDark: 0xC6_2602), Color(hex: 0xFF_6E4C, onDark: 0xD4_3A00),
    Color(hex: 0xF7_5A3C, onDark: 0xE1_4C00), Color(hex: 0xEA_4C34, onDark: 0xEE_5E00),
    Color(hex: 0xDC_3E2D, onDark: 0xFA_6F00), Color(hex: 0xCF_2E26, onDark: 0xFF_862E),
    Color(hex: 0xC1_1C1F, onDark: 0xFF_9D53), Color(hex: 0xB4_0019, onDark: 0xFF_B372),
    Color(hex: 0xA0_0117, onDark: 0xFF_C790), Color(hex: 0x8D_0816, onDark: 0xFF_DAB0),
    Color(hex: 0x78_0E15, onDark: 0xFF_EBD1),
  ]

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
