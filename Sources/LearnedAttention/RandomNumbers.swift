internal import RealModule

/// A reproducible sequence of random numbers.
///
/// ## Source
/// G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014,
/// doi:10.1145/2660193.2660195.
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

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
