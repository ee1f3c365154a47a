extension Figure {
  /// The paper that a figure is drawn on, and with it every role's colour.
  ///
  /// On either paper people with any common colour vision tell series apart. Colours of one's own look the
  /// same on both unless they are made with ``Color/init(hex:onDark:)``.
  package enum Theme: Hashable, Sendable, CaseIterable {
    /// White paper.
    case light

    /// Paper of the colour `#1d2025`: lines have a contrast of 3 to it or more, words one of 4.5.
    case dark
  }
}
