import Nadaraya

/// One problem of the suite: a kernel over random keys with one value column, and queries.
///
/// Keys, queries and values are uniform on [0, 1)ᵈ and [0, 1), from seeds 1, 2 and 3. The bandwidth
/// 0.3·√d grows like the distance between two such points, so that a compact kernel sees a fair
/// share of the pairs in any number of inputs.
struct Workload {
  let kernel: Kernel
  let dimension: Int
  let combination: InputCombination
  let keyCount: Int
  let queries: Points
  private let sample: Sample

  init(
    kernel: Kernel, dimension: Int, combination: InputCombination, keyCount: Int, queryCount: Int
  ) throws(KernelRegressionError) {
    self.kernel = kernel
    self.dimension = dimension
    self.combination = combination
    self.keyCount = keyCount
    queries = Self.points(count: queryCount, dimension: dimension, seed: 2)
    var values = UniformNumbers(seed: 3)
    sample = try Sample(
      keys: Self.points(count: keyCount, dimension: dimension, seed: 1),
      values: [values.array(count: keyCount)])
  }

  /// The direct engine's estimator.
  func smoother(
    instructions: InstructionSet, threads: Int
  ) throws(KernelRegressionError) -> KernelSmoother {
    let bandwidth = 0.3 * Double(dimension).squareRoot()
    return try KernelSmoother(
      sample,
      Similarity(
        kernel, bandwidths: Array(repeating: bandwidth, count: dimension),
        combination: combination),
      computation: Computation(engine: .direct, threads: threads, instructions: instructions))
  }

  var pairCount: Int { keyCount * queries.count }

  /// One pass over all pairs.
  func estimates(_ smoother: KernelSmoother) throws(KernelRegressionError) -> [Double] {
    try smoother.predict(at: .points(queries)).values
  }

  private static func points(count: Int, dimension: Int, seed: UInt64) -> Points {
    var numbers = UniformNumbers(seed: seed)
    return Points(rowMajor: numbers.array(count: count * dimension), dimension: dimension)
  }
}
