internal import KernelRegression
internal import RealModule

extension SplitMix {
  /// A number from (0, 1).
  mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// A standard normal number (Box and Muller).
  mutating func normal() -> Double {
    Double.sqrt(-2 * .log(uniform())) * .cos(2 * .pi * uniform())
  }

  /// 0 ..< count in random order (Fisher and Yates).
  mutating func permutation(_ count: Int) -> [Int] {
    var rows = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      rows.swapAt(last, Int(next().multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return rows
  }
}
