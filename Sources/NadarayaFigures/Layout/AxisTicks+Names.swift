extension AxisTicks {
  /// A tick for each name, at its number.
  ///
  /// Along a horizontal axis each name has its own slot and is broken into at most three lines that fit
  /// it. If one does not fit, all run upwards on one line each, truncated if necessary. Names of a
  /// vertical axis are unchanged.
  ///
  /// - Parameters:
  ///   - names: One for each tick.
  ///   - length: The room for the axis in pixels.
  ///   - orientation: Of the axis.
  init(naming names: [String], length: Double, orientation: Orientation) {
    guard orientation == .horizontal else {
      self.init(major: names.enumerated().map { Tick(value: Double($0), label: $1) })
      return
    }
    let slot = length / Double(max(names.count, 1))
    // The spacing that areApart requires of neighbours of this width, and the slack of broken lines.
    let width = (slot - Self.nameGap) / 1.1 / 0.95
    let broken = names.map { TextStyle.tick.lines(of: $0, width: width) }
    let fit = zip(names, broken).allSatisfy { name, lines in
      lines.count <= 3
        && Self.words(of: name).allSatisfy { TextStyle.tick.width(of: $0) <= width * 0.95 }
    }
    let labels = fit ? broken.map { $0.joined(separator: "\n") } : names.map(Self.shortened)
    self.init(major: labels.enumerated().map { Tick(value: Double($0), label: $1) })
    areRotated = !fit
  }

  /// The gap between adjacent names, which cannot be read as one number.
  static let nameGap = 5.0

  private static func words(of name: String) -> [String] {
    name.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// The largest length of a name that runs upwards, in pixels.
  private static let longestName = 130.0

  private static func shortened(_ name: String) -> String {
    let style = TextStyle.tick
    let words = words(of: name).joined(separator: " ")
    guard style.width(of: words) > longestName else { return words }
    var kept = Substring(words)
    while !kept.isEmpty, style.width(of: kept + "…") > longestName { kept.removeLast() }
    return kept + "…"
  }
}
