/// Uniform random numbers on [0, 1) that any language makes again from the same seed, so that a
/// peer measures the same data.
///
/// Number i is the mix of seed + (i + 1)·γ, its upper 53 bits over 2⁵³.
///
/// ## Source
/// G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA
/// 2014, doi:10.1145/2660193.2660195.
struct UniformNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    mixed ^= mixed >> 31
    return Double(mixed >> 11) * 0x1p-53
  }

  mutating func array(count: Int) -> [Double] { (0..<count).map { _ in next() } }
}
