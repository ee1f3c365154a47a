/// The different texts of a column of labels while its rows are read.
struct LabelLevels {
  /// In the order of their first appearance.
  private(set) var texts: [String] = []
  private var numbers: [String: Int] = [:]

  /// The number of a text that has been met, if it has.
  func number(of text: String) -> Int? { numbers[text] }

  /// The number of a text, counted in the order of first appearance.
  mutating func add(_ text: String) -> Int {
    if let number = numbers[text] { return number }
    let number = texts.count
    numbers[text] = number
    texts.append(text)
    return number
  }
}

extension LabelColumn {
  /// A column from numbers that were given in the order of first appearance.
  ///
  /// - Complexity: O(n + c log c) for c levels.
  init(name: String, met levels: LabelLevels, numbers: [Double], decimalMark: UInt8) {
    // A level may have been met in rows that were left out afterwards.
    var occurs = levels.texts.map { _ in false }
    for number in numbers { occurs[Int(number)] = true }
    let kept = levels.texts.indices.filter { occurs[$0] }
    let values = levels.texts.map { Self.number($0, decimalMark) }
    let areNumbers = kept.allSatisfy { values[$0] != nil }
    let sorted =
      areNumbers
      ? kept.sorted { left, right in
        let pair = (values[left] ?? 0, values[right] ?? 0)
        return pair.0 == pair.1 ? levels.texts[left] < levels.texts[right] : pair.0 < pair.1
      } : kept
    var ranks = levels.texts.map { _ in 0.0 }
    for (rank, level) in sorted.enumerated() { ranks[level] = Double(rank) }
    self.init(
      name: name, levels: sorted.map { levels.texts[$0] }, numbers: numbers.map { ranks[Int($0)] })
  }

  private static func number(_ text: String, _ decimalMark: UInt8) -> Double? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { bytes in
      let view = ByteView(bytes)
      guard case .number(let number) = NumberField(view, 0..<view.count, decimalMark: decimalMark)
      else { return nil }
      return number
    }
  }
}
