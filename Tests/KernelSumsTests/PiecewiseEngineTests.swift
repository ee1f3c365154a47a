import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@Suite struct PiecewiseEngineTests {
  static let kernels: [Kernel] = [
    .boxcar, .triangular, .epanechnikov, .biweight, .triweight, .tricube, .constant,
  ]

  /// From far below the smallest gap to far above the range.
  static let bandwidths = [1e-9, 1e-4, 0.013, 0.1, 0.27, 0.9, 3, 1e7]

  /// What the engine promises of Σw and Σwc, and ten times that of Σw²; the oracle adds some 1e-19 for each
  /// key.
  static let tolerance = Promise.oneInput
  static let toleranceOfSquares = 10 * Promise.oneInput

  @Test(.sweep, arguments: kernels, SortedCase.Layout.allCases)
  func `sums equal the oracle's`(kernel: Kernel, layout: SortedCase.Layout) {
    for bandwidth in Self.bandwidths {
      let data = SortedCase(layout, count: 700, weighted: bandwidth > 0.1)
      let engine = PiecewiseEngine(data.problem(kernel, bandwidth))
      let queries = data.queries(40, bandwidth: bandwidth)
      for instructions in InstructionSet.available {
        let worst = data.deviation(
          engine, kernel, bandwidth, at: queries,
          execution: Execution(instructions: instructions))
        #expect(worst.sums < Self.tolerance, "\(bandwidth) \(instructions.name)")
        #expect(worst.squares < Self.toleranceOfSquares, "\(bandwidth) \(instructions.name)")
      }
    }
  }

  @Test(.slow, arguments: kernels, SortedCase.Layout.allCases)
  func `leave-one-out equals the oracle without the row`(
    kernel: Kernel, layout: SortedCase.Layout
  ) {
    for bandwidth in [1e-9, 2e-3, 0.07, 0.4, 20] {
      let data = SortedCase(layout, count: 500, weighted: bandwidth > 0.1)
      let worst = data.deviation(
        PiecewiseEngine(data.problem(kernel, bandwidth)), kernel, bandwidth, at: data.keys,
        omission: .own)
      #expect(worst.sums < Self.tolerance, "\(bandwidth)")
      #expect(worst.squares < Self.toleranceOfSquares, "\(bandwidth)")
    }
  }

  @Test(arguments: kernels)
  func `leaving out a row that outweighs all others keeps the digits of the rest`(kernel: Kernel) {
    var data = SortedCase(.uniform, count: 400, weighted: true)
    data.observationWeights?[5] = 1e15
    data.columns[0][9] = 1e18
    data.columns[1][11] = 1e18
    let worst = data.deviation(
      PiecewiseEngine(data.problem(kernel, 0.6)), kernel, 0.6, at: data.keys, omission: .own)
    #expect(worst.sums < Self.tolerance)
  }

  @Test(arguments: kernels)
  func `keys crowded at the edges of a window keep full accuracy`(kernel: Kernel) {
    var random = SplitMix64(seed: 4)
    for gap in [1e-2, 1e-6, 1e-11] {
      // h is 1 and the query 0; a lone key near the middle has little or no weight of its own.
      for lone in [0, 1e-12] {
        let keys =
          [0.25]
          + (0..<3000).map { index in
            (1 - gap * random.uniform()) * (index % 2 == 0 ? 1 : -1)
          }
        let data = SortedCase(
          keys: keys, columns: [keys.map { _ in 2 * random.uniform() - 1 }],
          observationWeights: [lone] + [Double](repeating: 1, count: 3000))
        let worst = data.deviation(
          PiecewiseEngine(data.problem(kernel, 1)), kernel, 1, at: [0, 1e-13, -1e-13])
        #expect(worst.sums < Self.tolerance, "\(gap) \(lone)")
      }
    }
  }

  @Test(arguments: kernels)
  func `where all weights round to 0 the sums are the direct engine's`(kernel: Kernel) {
    // Keys lie within 10⁻⁶⁰ of the edge of a window of width 1 around 0.
    let keys = (0..<90).map { $0 % 2 == 0 ? 1.0 : -1 } + [2, -3]
    let queries = [1e-60, -3e-60, 1e-40, 0]
    let data = SortedCase(
      keys: keys, columns: [keys.indices.map { Double($0) - 20 }],
      observationWeights: keys.indices.map { $0 % 3 == 0 ? 1e-200 : 1e-190 })
    let problem = data.problem(kernel, 1)
    let expected = DirectEngine(problem).sums(at: Points(queries), squares: true)
    let actual = PiecewiseEngine(problem).sums(at: Points(queries), squares: true)
    for index in queries.indices {
      #expect((actual[index].weight == 0) == (expected[index].weight == 0))
      guard expected[index].weight > 0 else { continue }
      // Logarithms down to −900 are rounded to 6e-14.
      #expect(
        abs(
          (actual[index].logAnchor - expected[index].logAnchor)
            + .log(actual[index].weight / expected[index].weight)) < 1e-13)
      // Values are at most 71 in magnitude, and weights that are powers of gaps have a few such roundings.
      #expect(
        abs(
          actual[index].columns[0] / actual[index].weight
            - expected[index].columns[0] / expected[index].weight) < 90 * Promise.oneInput)
    }
  }

  @Test(arguments: kernels, [1e9, -1.6e9])
  func `moving all inputs changes nothing`(kernel: Kernel, distance: Double) {
    var near = SortedCase(.uniform, count: 3000, weighted: true)
    // Multiples of 2⁻²⁰ move without rounding.
    near.keys = near.keys.map { ($0 * 0x1p20).rounded() * 0x1p-20 }
    var far = near
    far.keys = near.keys.map { $0 + distance }
    for bandwidth in [1e-3, 0.05, 0.4] {
      let queries = near.queries(200, bandwidth: bandwidth).map {
        ($0 * 0x1p20).rounded() * 0x1p-20
      }
      let left = PiecewiseEngine(near.problem(kernel, bandwidth)).sums(at: Points(queries))
      let right = PiecewiseEngine(far.problem(kernel, bandwidth)).sums(
        at: Points(queries.map { $0 + distance }))
      // Every difference of inputs is the same number.
      for index in queries.indices {
        #expect(left[index].weight == right[index].weight)
        #expect(left[index].columns == right[index].columns)
      }
    }
  }

  @Test(arguments: kernels)
  func `threads and the cut into runs change no bit`(kernel: Kernel) {
    let data = SortedCase(.clusters, count: 20_000, weighted: false)
    let problem = data.problem(kernel, 0.02)
    let queries = Points(data.queries(9000, bandwidth: 0.02))
    let one = PiecewiseEngine(problem, execution: Execution(threads: 1)).sums(
      at: queries, execution: Execution(threads: 1))
    let engine = PiecewiseEngine(problem, execution: Execution(threads: 3))
    for run in [0..<9000, 1000..<8777, 42..<43] {
      let several = engine.sums(
        at: queries, in: run, omission: .none, squares: false, execution: Execution(threads: 5))
      #expect(
        run.allSatisfy {
          one[$0].weight == several[$0 - run.lowerBound].weight
            && one[$0].columns == several[$0 - run.lowerBound].columns
        })
    }
  }

  @Test(arguments: kernels)
  func `no keys, one key, and keys out of reach are answered`(kernel: Kernel) {
    let lone = PiecewiseEngine(SortedCase(keys: [2], columns: [[7]]).problem(kernel, 1))
    #expect(lone.sums(at: Points([])).count == 0)
    let entry = lone.sums(at: Points([2, 40]), squares: true)
    #expect(entry[0].weight == 1 && entry[0].columns == [7] && entry[0].squaredWeight == 1)
    #expect(entry[1].weight == (kernel.name == "constant" ? 1 : 0))
    let without = lone.sums(at: Points([2]), omission: .own)[0]
    #expect(without.weight == 0 && without.logAnchor == -.infinity && without.columns == [0])
    let none = PiecewiseEngine(
      SortedCase(keys: [1, 2], columns: [[1, 2]], observationWeights: [0, 0]).problem(kernel, 1))
    #expect(none.sums(at: Points([1.5]))[0].weight == 0)
    #expect(none.sums(at: Points([1, 2]), omission: .own)[1].weight == 0)
  }

  @Test(arguments: kernels)
  func `extreme inputs and bandwidths end in finite sums`(kernel: Kernel) {
    let extremes: [Double] = [
      1.7e308, -1.7e308, 1e300, -1e300, 1e-300, 0, -0.0, .leastNonzeroMagnitude,
    ]
    let data = SortedCase(
      keys: (0..<400).map { extremes[$0 % extremes.count] }, columns: [(0..<400).map(Double.init)])
    for bandwidth in [2.3e-308, 1e-200, 1, 1e300, 1.79e308] {
      let problem = data.problem(kernel, bandwidth)
      let expected = DirectEngine(problem).sums(at: Points(extremes))
      let actual = PiecewiseEngine(problem).sums(at: Points(extremes))
      for index in extremes.indices {
        let tolerance = Self.tolerance * expected[index].weight
        #expect(abs(actual[index].weight - expected[index].weight) <= tolerance)
        // Columns are below 400.
        #expect(abs(actual[index].columns[0] - expected[index].columns[0]) <= 400 * tolerance)
      }
    }
  }

  @Test(.sweep, arguments: kernels)
  func `the mean of a million equal values is that value`(kernel: Kernel) {
    var random = SplitMix64(seed: 1)
    let data = SortedCase(
      keys: (0..<1_000_000).map { _ in random.uniform() },
      columns: [[Double](repeating: 0.1, count: 1_000_000)])
    for bandwidth in [1e-3, 0.3] {
      let sums = PiecewiseEngine(data.problem(kernel, bandwidth)).sums(
        at: Points((0...50).map { Double($0) / 50 }))
      for index in 0...50 {
        // Both sums are made from the same roundings but for those of the products by 0.1.
        #expect(
          abs(sums[index].columns[0] / sums[index].weight - 0.1) < 0.1 * Rounding.hundreds)
      }
    }
  }

  @Test func `only polynomials in one input are served`() {
    let data = SortedCase(.uniform, count: 10, weighted: false)
    for kernel in Kernel.all {
      #expect(
        PiecewiseEngine.serves(data.problem(kernel, 1))
          == Self.kernels.contains { $0.name == kernel.name })
    }
    #expect(
      !PiecewiseEngine.serves(
        KernelSumProblem(
          keys: Points(columns: [[1], [2]]), columns: [],
          similarity: Similarity(.boxcar, bandwidths: [1, 1]))))
  }
}
