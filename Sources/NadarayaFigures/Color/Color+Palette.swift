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

  /// A cell of a heatmap without a finite value: a grey that the ramp of reds never meets.
  package static let missing = Color(hex: 0xB4_BAC2, onDark: 0x6B_727C)

  // MARK: - Series

  /// Seven colours that people with any common colour vision tell apart.
  ///
  /// On dark paper each is a brighter one of about its hue, and black is white. They were searched for such
  /// that, in OKLab, the least distance of any two is that on light paper or more, to normal vision as well
  /// as to protanopes, deuteranopes and tritanopes.
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

  // On dark paper lines have a contrast of 3 to it or more and words one of 4.5, as WCAG 2 asks in 1.4.3
  // and 1.4.11; the grid stays as faint as it is on light paper.

  /// What everything is drawn on.
  package static let paper = Color(hex: 0xFF_FFFF, onDark: 0x1D_2025)

  static let title = Color(hex: 0x1F_2328, onDark: 0xF0_F2F5)
  static let text = Color(hex: 0x3B_4048, onDark: 0xC9_CED6)
  static let quietText = Color(hex: 0x5F_6670, onDark: 0xA3_AAB5)
  static let spine = Color(hex: 0x7C_838D, onDark: 0x86_8D97)
  static let grid = Color(hex: 0xE7_E9ED, onDark: 0x30_343B)
  static let minorGrid = Color(hex: 0xF2_F3F6, onDark: 0x27_2A30)
}
