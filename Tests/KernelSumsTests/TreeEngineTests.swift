import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

@Suite struct TreeEngineTests {
  typealias Setting = (dimension: Int, combination: InputCombination, bandwidth: Double)

  static let settings: [Setting] = [
    (1, .product, 1e-7), (1, .radial, 0.2), (1, .product, 1e6), (2, .product, 0.3),
    (2, .product, 20), (2, .radial, 0.05), (2, .radial, 2.5), (2, .radial, 1e8), (3, .product, 0.8),
    (3, .product, 9), (3, .radial, 0.4), (3, .radial, 5), (4, .product, 4), (4, .radial, 6),
    (6, .radial, 3), (8, .product, 5), (8, .radial, 7),
  ]

  /// What the engine promises; the direct engine, whose sums are in other lanes, errs by a tenth of it.
  static let tolerance = Promise.oneInput

  /// Sums against the direct engine's, relative to Σw, Σw² and Σw·abs(c).
  func worstDeviation(
    _ problem: KernelSumProblem, _ queries: Points, omission: Omission = .none,
    squares: Bool = false, execution: Execution = Execution()
  ) -> Double {
    let expected = DirectEngine(problem).sums(at: queries, omission: omission, squares: squares)
    let magnitudes = DirectEngine(
      KernelSumProblem(
        keys: problem.keys, columns: problem.columns.map { $0.map(abs) },
        observationWeights: problem.observationWeights, similarity: problem.similarity)
    ).sums(at: queries, omission: omission)
    let actual = TreeEngine(problem, execution: execution).sums(
      at: queries, omission: omission, squares: squares, execution: execution)
    return queries.indices.reduce(0) {
      max($0, actual[$1].deviation(from: expected[$1], magnitudes: magnitudes[$1].columns))
    }
  }

  @Test(arguments: Kernel.all, settings)
  func `sums equal the direct engine's`(kernel: Kernel, setting: Setting) {
    let (problem, queries) = NearbyDirectTests.sample(
      dimension: setting.dimension, kernel: kernel, combination: setting.combination,
      bandwidth: setting.bandwidth)
    #expect(worstDeviation(problem, queries) < Self.tolerance)
    #expect(worstDeviation(problem, queries, squares: true) < Self.tolerance)
  }

  @Test(arguments: Kernel.all, settings)
  func `leaving the own key out equals the direct engine's`(kernel: Kernel, setting: Setting) {
    let (problem, _) = NearbyDirectTests.sample(
      dimension: setting.dimension, kernel: kernel, combination: setting.combination,
      bandwidth: setting.bandwidth, weighted: setting.dimension != 3, count: 300)
    #expect(worstDeviation(problem, problem.keys, omission: .own) < Self.tolerance)
  }

  @Test(arguments: InstructionSet.available)
  func `instruction sets and threads agree`(instructions: InstructionSet) {
    for kernel in Kernel.all where kernel.support == 1 {
      let (problem, queries) = NearbyDirectTests.sample(
        dimension: 3, kernel: kernel, combination: .product, bandwidth: 1.5)
      let one = Execution(threads: 1, instructions: instructions)
      let three = Execution(threads: 3, instructions: instructions)
      #expect(worstDeviation(problem, queries, execution: one) < Self.tolerance)
      let left = TreeEngine(problem, execution: one).sums(at: queries, execution: one)
      let right = TreeEngine(problem, execution: three).sums(at: queries, execution: three)
      #expect(queries.indices.allSatisfy { left[$0].weight == right[$0].weight })
      #expect(queries.indices.allSatisfy { left[$0].columns == right[$0].columns })
    }
  }

  @Test(.sweep, arguments: Kernel.all)
  func `ratios equal the oracle's`(kernel: Kernel) {
    for (dimension, combination) in [(2, InputCombination.radial), (3, .product), (5, .radial)] {
      for bandwidth in [0.15, 0.6, 3] {
        let data = RegressionCase.random(
          seed: 11, kernel: kernel, dimension: dimension, count: 600, queryCount: 12,
          bandwidth: bandwidth, combination: combination, weighted: dimension == 3)
        let sums = TreeEngine(
          KernelSumProblem(
            keys: data.keys, columns: [data.values], observationWeights: data.observationWeights,
            similarity: data.similarity)
        ).sums(at: data.queries)
        let ratios = data.queries.indices.map { index in
          sums[index].weight > 0 ? sums[index].columns[0] / sums[index].weight : .nan
        }
        // Two sums, of values up to 3.
        #expect(
          Laws.deviation(ratios, Oracle(data).estimates(), relativeTo: 3) < 2 * Self.tolerance)
      }
    }
  }

  @Test(arguments: [Kernel.boxcar, .triangular, .epanechnikov, .biweight, .triweight, .tricube])
  func `keys far from the origin cost no digits`(kernel: Kernel) {
    for (dimension, combination, bandwidth) in Self.settings where bandwidth > 0.1 {
      let (problem, queries) = NearbyDirectTests.sample(
        dimension: dimension, kernel: kernel, combination: combination, bandwidth: bandwidth,
        shift: 1.6e9)
      #expect(worstDeviation(problem, queries) < Self.tolerance)
    }
  }

  @Test func `keys at the edge of a window keep their digits`() {
    // All keys of a cluster lie within 10⁻³ … 10⁻¹² bandwidths of the edge.
    var random = SplitMix64(seed: 4)
    for gap in [1e-1, 1e-2, 1e-3, 1e-6, 1e-12] {
      let keys = Points(
        rowMajor: (0..<400).flatMap { _ in [gap * random.uniform(), gap * random.uniform()] },
        dimension: 2)
      let queries = Points(
        rowMajor: (0..<20).flatMap { _ in [1 - gap * random.uniform(), gap * random.uniform()] },
        dimension: 2)
      for kernel in Kernel.all where kernel.support == 1 {
        for combination in InputCombination.allCases {
          let problem = KernelSumProblem(
            keys: keys, columns: [keys.indices.map { Double($0 % 17) - 8 }],
            similarity: Similarity(kernel, bandwidths: [1, 1], combination: combination))
          #expect(
            worstDeviation(problem, queries) < Self.tolerance,
            "\(kernel.name) \(combination) \(gap)")
        }
      }
    }
  }

  @Test func `equal keys, one key and no key in reach`() {
    for kernel in Kernel.all {
      for keys in [
        Points(rowMajor: [Double](repeating: 0.1, count: 2000), dimension: 2),
        Points(rowMajor: [3, 4], dimension: 2),
      ] {
        let problem = KernelSumProblem(
          keys: keys, columns: [keys.indices.map { Double($0) - 3 }],
          similarity: Similarity(kernel, bandwidths: [0.5, 2], combination: .radial))
        let queries = Points(rowMajor: [0.1, 0.1, 0.6, 0.1, 3, 4, 1e9, -1e9], dimension: 2)
        #expect(worstDeviation(problem, queries, squares: true) < Self.tolerance)
        #expect(worstDeviation(problem, keys, omission: .own) < Self.tolerance)
      }
    }
  }

  @Test func `a part of the queries has its sums in their order`() {
    let (problem, queries) = NearbyDirectTests.sample(
      dimension: 2, kernel: .epanechnikov, combination: .radial, bandwidth: 0.5)
    let engine = TreeEngine(problem)
    let all = engine.sums(at: queries)
    let part = engine.sums(at: queries, in: 17..<42)
    #expect(part.count == 25)
    for slot in 0..<25 {
      #expect(part[slot].deviation(from: all[17 + slot], magnitudes: [1, 1, 1]) < Self.tolerance)
    }
    #expect(engine.sums(at: queries, in: 5..<5).count == 0)
  }

  @Test func `many moments sum to what their keys do`() {
    // Enough keys for nodes on several levels to be taken whole.
    var random = SplitMix64(seed: 9)
    for dimension in [2, 3] {
      let keys = Points(
        rowMajor: (0..<6000 * dimension).map { _ in random.uniform() }, dimension: dimension)
      let queries = Points(
        rowMajor: (0..<30 * dimension).map { _ in random.uniform() }, dimension: dimension)
      for kernel in [Kernel.boxcar, .triangular, .epanechnikov, .biweight, .triweight, .constant] {
        for combination in InputCombination.allCases {
          for bandwidth in [0.3, 0.9, 2] {
            let problem = KernelSumProblem(
              keys: keys, columns: [keys.indices.map { _ in random.uniform() - 0.5 }],
              similarity: Similarity(
                kernel, bandwidths: (0..<dimension).map { bandwidth / (1 + 0.2 * Double($0)) },
                combination: combination))
            // Moments of nodes stand for most keys, and the direct engine sums in lanes and tiles.
            #expect(
              worstDeviation(problem, queries) < Rounding.hundreds,
              "\(kernel.name) \(combination) \(bandwidth)")
          }
        }
      }
    }
  }
}
