extension Color {
  // MARK: - Roles

  /// A fitted curve: a strong blue, the blue of Okabe and Ito.
  public static let fit = Color(hex: 0x00_72B2)

  /// The truth behind simulated data: magenta, always drawn dashed as well.
  public static let truth = Color(hex: 0xD1_1C8F)

  /// Observations: a dark slate, drawn half transparent.
  public static let points = Color(hex: 0x2B_2F38)

  /// A chosen or critical value, such as a selected bandwidth: vermilion.
  public static let highlight = Color(hex: 0xD5_5E00)

  /// A cell of a heatmap without a finite value: a grey that the ramp of reds never meets.
  public static let missing = Color(hex: 0xB4_BAC2)

  // MARK: - Series

  /// Seven colours that people with any common colour vision tell apart.
  ///
  /// ## Source
  /// M. Okabe and K. Ito, *Color Universal Design*, 2008; the yellow is left out because it
  /// vanishes on white, and the order puts the strongest contrasts first.
  public static let series: [Color] = [
    Color(hex: 0x00_72B2), Color(hex: 0xD5_5E00), Color(hex: 0x00_9E73), Color(hex: 0xCC_79A7),
    Color(hex: 0x56_B4E9), Color(hex: 0xE6_9F00), Color(hex: 0x00_0000),
  ]

  // MARK: - Furniture

  static let paper = Color(hex: 0xFF_FFFF)
  static let title = Color(hex: 0x1F_2328)
  static let text = Color(hex: 0x3B_4048)
  static let quietText = Color(hex: 0x5F_6670)
  static let spine = Color(hex: 0x7C_838D)
  static let grid = Color(hex: 0xE7_E9ED)
  static let minorGrid = Color(hex: 0xF2_F3F6)
}
