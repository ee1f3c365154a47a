import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

/// Sums over pairs in nearby cells against those over all pairs.
@Suite struct BucketEngineTests {
  /// The bound of the accuracy asked for, and what the direct engine itself may err by.
  private static let direct = CellTransformTests.direct

  @Test(.sweep, arguments: [2, 3], [false, true])
  func `ratios keep the accuracy asked for, whatever the bandwidth`(
    dimension: Int, weighted: Bool
  ) throws {
    for bandwidth in [1e-9, 0.004, 0.03, 0.2, 2, 1e9] {
      for accuracy in [1e-6, 1e-9, 1e-12] {
        let (problem, queries) = CellTransformTests.sample(
          .gaussian, dimension: dimension, bandwidth: bandwidth, count: 1_000, weighted: weighted)
        let engine = try #require(BucketEngine(problem, accuracy: accuracy))
        let plain = CellTransformTests.worstError(engine, problem, at: queries)
        #expect(plain <= accuracy + Self.direct, "h \(bandwidth), ε \(accuracy)")
        let left = CellTransformTests.worstError(
          engine, problem, at: problem.keys, indices: Array(stride(from: 0, to: 1_000, by: 31)),
          omission: .own)
        #expect(left <= accuracy + Self.direct, "h \(bandwidth), ε \(accuracy), own left out")
      }
    }
  }

  @Test(arguments: InstructionSet.available, [1, 3])
  func `instruction sets and threads agree`(instructions: InstructionSet, threads: Int) throws {
    let accuracy = 1e-9
    let execution = Execution(threads: threads, instructions: instructions)
    for dimension in 2...3 {
      for columns in 0...3 {
        let (sample, queries) = CellTransformTests.sample(
          .gaussian, dimension: dimension, bandwidth: 0.05, count: 1_000)
        let problem = KernelSumProblem(
          keys: sample.keys, columns: (0..<columns).map { sample.columns[$0 % 2] },
          observationWeights: sample.observationWeights, similarity: sample.similarity)
        let engine = try #require(BucketEngine(problem, accuracy: accuracy, execution: execution))
        let error = CellTransformTests.worstError(
          engine, problem, at: queries, execution: execution)
        #expect(error <= accuracy + Self.direct, "\(columns) columns")
      }
    }
  }

  /// Moments may err by 1e-12 of what `CellTable+Certificates` measures them by, and by the rounding of
  /// the direct engine's sums of some thousand terms.
  @Test(.sweep, arguments: [2, 3], [0.004, 0.03, 0.3])
  func `moments equal the direct engine's`(dimension: Int, bandwidth: Double) throws {
    let (sample, queries) = CellTransformTests.sample(
      .gaussian, dimension: dimension, bandwidth: bandwidth, count: 3_000,
      weighted: bandwidth < 0.1, shift: 1e3)
    let problem = sample.ofDegree(1)
    let masses = DirectEngine(
      KernelSumProblem(
        keys: problem.keys, columns: problem.columns.map { $0.map(\.magnitude) },
        observationWeights: problem.observationWeights, similarity: problem.similarity))
    let direct = DirectEngine(problem)
    let moments = (dimension + 1) * (dimension + 2) / 2 - 1
    for instructions in InstructionSet.available {
      let execution = Execution(instructions: instructions)
      let engine = try #require(BucketEngine(problem, accuracy: 1e-9, execution: execution))
      for omission in [Omission.none, .own] {
        let points = omission == .own ? problem.keys : queries
        // The queries after these are up to 10¹² bandwidths away, where moments are not promised.
        let range = omission == .own ? 600..<680 : 0..<83
        let actual = engine.sums(
          at: points, in: range, omission: omission, squares: true, execution: execution)
        let expected = direct.sums(at: points, in: range, omission: omission, squares: true)
        let sizes = masses.sums(at: points, in: range, omission: omission)
        for slot in 0..<range.count where expected[slot].logAnchor > -700 {
          let (found, exact) = (actual[slot], expected[slot])
          // Where weights are tiny, moments are not promised.
          guard exact.weight * .exp(exact.logAnchor) > 1e-95 else { continue }
          let scale = Double.exp(found.logAnchor - exact.logAnchor)
          let tolerance = 2e-12
          #expect((found.weight * scale - exact.weight).magnitude <= tolerance * exact.weight)
          #expect(
            (found.squaredWeight * scale * scale - exact.squaredWeight).magnitude
              <= 2 * tolerance * exact.squaredWeight)
          for (place, sum) in exact.columns.enumerated() {
            let column = place < moments ? nil : (place - moments) / (dimension + 1)
            let size = max(
              sum.magnitude, column.map { sizes[slot].columns[$0] } ?? exact.weight)
            #expect(
              (found.columns[place] * scale - sum).magnitude <= tolerance * size,
              "\(omission), query \(slot), sum \(place)")
          }
        }
      }
    }
  }

  @Test func `one key, equal keys, a line of keys and keys without weight`() throws {
    let queries = Points(rowMajor: [3, 4, 3.1, 4.1, 20, 4, -1e9, 1e9], dimension: 2)
    func problem(_ keys: [Double], weights: [Double]? = nil) -> KernelSumProblem {
      KernelSumProblem(
        keys: Points(rowMajor: keys, dimension: 2),
        columns: [(0..<keys.count / 2).map { Double($0 % 3) + 1 }], observationWeights: weights,
        similarity: Similarity(.gaussian, bandwidths: [0.1, 0.2]))
    }
    let accuracy = 1e-12
    let one = problem([3, 4])
    let single = try #require(BucketEngine(one, accuracy: accuracy))
    #expect(CellTransformTests.worstError(single, one, at: queries) <= accuracy)
    #expect(single.sums(at: one.keys, omission: .own)[0].weight == 0)
    let equal = problem((0..<4_000).map { $0 % 2 == 0 ? 3 : 4 })
    let line = problem((0..<4_000).map { $0 % 2 == 0 ? 3 : Double($0) / 1_000 })
    for tied in [equal, line] {
      let engine = try #require(BucketEngine(tied, accuracy: accuracy))
      #expect(CellTransformTests.worstError(engine, tied, at: queries) <= accuracy + Self.direct)
    }
    let weightless = problem([1, 2, 3, 4], weights: [0, 0])
    let empty = try #require(BucketEngine(weightless, accuracy: accuracy))
    #expect(empty.sums(at: queries)[0].weight == 0)
    #expect(empty.sums(at: Points(rowMajor: [], dimension: 2)).count == 0)
  }

  @Test func `long tails and extreme units keep the accuracy`() throws {
    var random = SplitMix64(seed: 5)
    let count = 20_000
    for unit in [1, 0x1p-700, 0x1p700] {
      let keys = (0..<2 * count).map { _ in unit * .tan(.pi * (random.uniform() - 0.5)) }
      let problem = KernelSumProblem(
        keys: Points(rowMajor: keys, dimension: 2),
        columns: [(0..<count).map { 2 + .sin(keys[2 * $0] / unit) }],
        similarity: Similarity(.gaussian, bandwidths: [0.02 * unit, 0.03 * unit]))
      let accuracy = 1e-9
      let engine = try #require(BucketEngine(problem, accuracy: accuracy))
      let farthest = (0..<count).sorted { abs(keys[2 * $0]) > abs(keys[2 * $1]) }.prefix(10)
      let indices = farthest + (0..<30)
      for omission in [Omission.none, .own] {
        let error = CellTransformTests.worstError(
          engine, problem, at: problem.keys, indices: Array(indices), omission: omission)
        #expect(error <= accuracy + Self.direct, "unit \(unit), \(omission)")
      }
    }
  }

  @Test func `narrow windows in several inputs are summed pair by pair`() throws {
    var random = SplitMix64(seed: 2)
    let keys = Points(rowMajor: (0..<20_000).map { _ in random.uniform() }, dimension: 2)
    func engine(_ bandwidth: Double, _ choice: EngineChoice) throws -> PlannedEngine {
      try choice.engine(
        for: KernelSumProblem(
          keys: keys, columns: [keys.map { $0.first! }],
          similarity: Similarity(.gaussian, bandwidths: [bandwidth, bandwidth])))
    }
    for choice in [EngineChoice.automatic, .cells] {
      #expect(try engine(0.004, choice).engine is BucketEngine)
      #expect(try engine(0.2, choice).engine is CellTransform)
    }
    #expect(try engine(0.004, .automatic).name == EngineChoice.cells.rawValue)
  }

  @Test func `cancellation ends the work`() throws {
    let (problem, _) = CellTransformTests.sample(.gaussian, dimension: 2, bandwidth: 0.02)
    let engine = try #require(BucketEngine(problem, accuracy: 1e-9))
    let execution = Execution(threads: 1, isCancelled: { true })
    let sums = engine.sums(
      at: problem.keys, in: problem.keys.indices, omission: .own, squares: false,
      execution: execution)
    #expect(sums.count == problem.keys.count)
  }

  @Test func `other kernels, one input, many inputs and accuracy beyond doubles are declined`() {
    func engine(_ kernel: Kernel, _ dimension: Int, _ accuracy: Double) -> BucketEngine? {
      BucketEngine(
        CellTransformTests.sample(kernel, dimension: dimension, bandwidth: 0.3).problem,
        accuracy: accuracy)
    }
    #expect(engine(.gaussian, 1, 1e-9) == nil)
    #expect(engine(.gaussian, 4, 1e-9) == nil)
    #expect(engine(.logistic, 2, 1e-9) == nil)
    #expect(engine(.gaussian, 2, 1e-15) == nil)
  }
}
