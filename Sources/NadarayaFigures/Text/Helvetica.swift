/// The widths of the letters of Helvetica, in thousandths of the font's size.
///
/// SVG cannot measure words, so the room for them is computed from the widths that Helvetica, Arial and
/// their free equivalents share. If a reader's machine has none of these fonts, words are about 10 %
/// wider; the layout leaves that much slack where words could touch.
///
/// ## Source
/// Adobe, *Font metrics for PDF core 14 fonts* (Helvetica.afm, Helvetica-Bold.afm).
enum Helvetica {
  /// From the space, U+0020, to the tilde, U+007E.
  private static let regular: [UInt16] = [
    278, 278, 355, 556, 556, 889, 667, 222, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    222, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]

  private static let bold: [UInt16] = [
    278, 333, 474, 556, 556, 889, 722, 278, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    278, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
  ]

  /// The advance of one scalar; generous for scripts that are not in the table.
  static func advance(of scalar: Unicode.Scalar, isBold: Bool) -> Double {
    switch scalar.value {
    case 0x20...0x7E: Double((isBold ? bold : regular)[Int(scalar.value) - 0x20])
    case 0x300...0x36F, 0xFE00...0xFE0F, 0x200B...0x200D: 0
    case 0xB2, 0xB3, 0xB9, 0x2070...0x209F: superscriptScale * 600
    case 0x2212, 0xD7, 0xB1: 584
    case 0x2013: 556
    case 0x2018, 0x2019: 278
    case 0x201C, 0x201D: 500
    case 0xA0: 278
    case 0x2014, 0x2026, 0x1100...0x11FF, 0x2E80...0xFFEF, 0x1F000...0x3FFFF: 1000
    default: 667
    }
  }

  /// The size of superscript digits relative to other digits.
  static let superscriptScale = 0.72
}
