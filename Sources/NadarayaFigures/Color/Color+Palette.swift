extension Color {
  // MARK: - Roles

  /// A fitted curve: a strong blue, the blue of Okabe and Ito, brighter on dark paper.
  package static let fit = Color(hex: 0x00_72B2, onDark: 0x5E_8CFF)

  /// The truth behind simulated data: magenta, always drawn dashed as well.
  package static let truth = Color(hex: 0xD1_1C8F, onDark: 0xE5_74AA)

  /// Observations: a dark slate, pale on dark paper, drawn half transparent.
  package static let points = Color(hex: 0x2B_2F38, onDark: 0xD8_DCE3)

  /// A chosen or critical value, such as a selected bandwidth: vermilion.
  package static let highlight = Color(hex: 0xD5_5E00, onDark: 0xF5_5B24)

  /// A cell of a heatmap without a finite value: a grey that is not in the ramp of reds.
  package static let missing = Color(hex: 0xB4_BAC2, onDark: 0x6B_727C)

  // MARK: - Series

  /// Seven colours that people with any common colour vision can distinguish.
  ///
  /// On dark paper each is a brighter colour of about the same hue, and black becomes white. They were
  /// chosen by a search: in OKLab, the smallest distance of any two is at least that on light paper,
  /// for normal vision as well as for protanopes, deuteranopes and tritanopes.
  ///
  /// ## Source
  /// M. Okabe and K. Ito, *Color Universal Design*, 2008; the yellow is left out because it
  /// vanishes on white, and the order puts the strongest contrasts first. G. Machado, M. Oliveira and
  /// L. Fernandes, *A physiologically-based model for simulation of color vision deficiency*, 2009,
  /// doi:10.1109/TVCG.2009.113.
  package static let series: [Color] = [
    Color(hex: 0x00_72B2, onDark: 0x5E_8CFF), Color(hex: 0xD5_5E00, onDark: 0xF5_5B24),
    Color(hex: 0x00_9E73, onDark: 0x29_D591), Color(hex: 0xCC_79A7, onDark: 0xBE_99E7),
    Color(hex: 0x56_B4E9, onDark: 0xBD_CFF9), Color(hex: 0xE6_9F00, onDark: 0xF8_D937),
    Color(hex: 0x00_0000, onDark: 0xF5_F7FA),
  ]

  // MARK: - Furniture

  // On dark paper lines have a contrast of at least 3 to it and words of at least 4.5, as WCAG 2
  // requires in 1.4.3 and 1.4.11; the grid is as faint as on light paper.

  /// The background of everything.
  package static let paper = Color(hex: 0xFF_FFFF, onDark: 0x1D_2025)

  static let title = Color(hex: 0x1F_2328, onDark: 0xF0_F2F5)
  static let text = Color(hex: 0x3B_4048, onDark: 0xC9_CED6)
  static let quietText = Color(hex: 0x5F_6670, onDark: 0xA3_AAB5)
  static let spine = Color(hex: 0x7C_838D, onDark: 0x86_8D97)
  static let grid = Color(hex: 0xE7_E9ED, onDark: 0x30_343B)
  static let minorGrid = Color(hex: 0xF2_F3F6, onDark: 0x27_2A30)
}

/// The sequential ramp from near paper to dark red, or to pale orange on dark paper, in 256 levels.
///
/// Perceptual lightness (L of OKLab) falls linearly from 0.975 to 0.37, so equal steps of the value
/// look equally large and a print in grey keeps the order. The first level is a little darker than
/// paper: a weight of zero is a colour, not a hole. Chroma is the largest in sRGB, up to 0.198, and the
/// hue turns from 45° to 25°.
///
/// On dark paper the ramp runs the other way: lightness rises from 0.285, a little lighter than paper,
/// to 0.95, chroma from 0.025 by 0.5 t to the same bounds, and the hue turns from 20° by 55° t^1.5, t
/// from 0 to 1. On either paper the larger value stands out more.
///
/// The 17 anchors below are those curves; between them the ramps are linear in sRGB.
///
/// ## Source
/// B. Ottosson, *A perceptual color space for image processing*, 2020 (OKLab).
enum SequentialReds {
  /// The number of colours of the ramp.
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
