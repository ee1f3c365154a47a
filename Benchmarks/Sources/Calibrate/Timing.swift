import Nadaraya

/// A problem of uniform keys on [0, 1)ᵈ, and how long engines take for it.
struct Timing {
  let kernel: Kernel
  let dimension: Int
  let bandwidth: Double
  let valueCount: Int
  let degree: Int
  let sample: Sample
  let queries: Points

  init(
    _ kernel: Kernel, dimension: Int, bandwidth: Double, keys: Int, queries: Int,
    valueCount: Int = 1, degree: Int = 0
  ) throws {
    var random = UniformNumbers(seed: 1)
    self.kernel = kernel
    self.dimension = dimension
    self.bandwidth = bandwidth
    self.valueCount = valueCount
    self.degree = degree
    sample = try Sample(
      keys: Points(rowMajor: random.array(count: keys * dimension), dimension: dimension),
      values: (0..<valueCount).map { _ in random.array(count: keys) })
    self.queries = Points(rowMajor: random.array(count: queries * dimension), dimension: dimension)
  }

  /// Seconds from arrays to estimates, the least of some runs, and the engine that computed.
  func seconds(
    _ engine: EngineChoice, _ instructions: InstructionSet, threads: Int, rounds: Int = 3,
    isLeaveOneOut: Bool = false
  ) throws -> (seconds: Double, engine: String, reason: String) {
    var least = Double.infinity
    var chosen = (name: "", reason: "")
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      let smoother = try KernelSmoother(
        sample,
        Similarity(kernel, bandwidths: [Double](repeating: bandwidth, count: dimension)),
        degree: degree,
        computation: Computation(
          engine: engine, queryCount: queries.count, threads: threads, instructions: instructions))
      _ = try smoother.predict(at: isLeaveOneOut ? .leaveOneOut : .points(queries))
      least = min(least, (ContinuousClock.now - start) / .seconds(1))
      chosen = (smoother.engineChoice.name, smoother.engineChoice.reason)
    }
    return (least, chosen.name, chosen.reason)
  }
}

/// Vigna's splitmix64: the same numbers everywhere.
struct UniformNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func array(count: Int) -> [Double] {
    (0..<count).map { _ in
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = state
      word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
      return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
    }
  }
}
