import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

/// Sums over cells against those over all pairs.
///
/// The accuracy asked for bounds the error, and that of the direct engine beside it: bounds add up what cells
/// might do at worst, and leave room for it.
@Suite struct CellTransformTests {
  /// Keys in two clusters with a gap, one in five repeated; queries among them, in the gap, at keys
  /// and far outside.
  static func sample(
    _ kernel: Kernel, dimension: Int, bandwidth: Double, count: Int = 400, weighted: Bool = true,
    shift: Double = 0
  ) -> (problem: KernelSumProblem, queries: Points) {
    var random = SplitMix64(seed: 7 + UInt64(dimension))
    func place() -> Double {
      let u = random.uniform()
      return shift + (u < 0.5 ? u : u + 1)
    }
    var rows: [[Double]] = []
    for row in 0..<count {
      rows.append(row % 5 == 4 ? rows[row - 3] : (0..<dimension).map { _ in place() })
    }
    var queries = (0..<80).map { _ in
      (0..<dimension).map { _ in shift + 2.4 * random.uniform() - 0.2 }
    }
    queries += [rows[0], rows[9], rows[3].map { $0 + 3 * bandwidth }]
    queries += [1e2, -1e5, 1e12].map { far in rows[1].map { $0 + far * bandwidth } }
    let problem = KernelSumProblem(
      keys: Points(rowMajor: rows.flatMap { $0 }, dimension: dimension),
      columns: [
        rows.indices.map { _ in 2 * random.uniform() - 0.5 },
        rows.indices.map { _ in 1 + random.uniform() },
      ],
      observationWeights: weighted
        ? rows.indices.map { $0 % 6 == 0 ? 0 : random.uniform() * ($0 % 11 == 0 ? 1e-9 : 8) } : nil,
      similarity: Similarity(
        kernel, bandwidths: (0..<dimension).map { bandwidth * (1 + 0.25 * Double($0)) }))
    return (problem, Points(rowMajor: queries.flatMap { $0 }, dimension: dimension))
  }

  /// The largest error of a ratio of sums over what the accuracy is measured against; 1 where an
  /// empty window is not one, or the other way round.
  static func worstError(
    _ engine: some KernelSumEngine, _ problem: KernelSumProblem, at queries: Points,
    indices: [Int]? = nil, omission: Omission = .none, squares: Bool = true,
    execution: Execution = Execution()
  ) -> Double {
    let actual = engine.sums(
      at: queries, omission: omission, squares: squares, execution: execution)
    let magnitudes = KernelSumProblem(
      keys: problem.keys, columns: problem.columns + problem.columns.map { $0.map(abs) },
      observationWeights: problem.observationWeights, similarity: problem.similarity)
    let direct = DirectEngine(magnitudes)
    var worst = 0.0
    for index in indices ?? Array(queries.indices) {
      let expected = direct.sums(
        at: queries, in: index..<index + 1, omission: omission, squares: squares)[0]
      let sums = actual[index]
      guard expected.weight > 0, sums.weight > 0 else {
        if expected.weight > 0 || sums.weight > 0 { return 1 }
        continue
      }
      if squares {
        let size = expected.weight / expected.squaredWeight * expected.weight
        worst = max(worst, abs(sums.weight / sums.squaredWeight * sums.weight / size - 1))
      }
      for (column, values) in problem.columns.enumerated() {
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        let scale = max(
          expected.columns[problem.columns.count + column] / expected.weight,
          CellTable.floor * largest)
        guard scale > 0 else { continue }
        let error =
          sums.columns[column] / sums.weight - expected.columns[column] / expected.weight
        worst = max(worst, abs(error) / scale)
      }
    }
    return worst
  }

  static let kernels: [Kernel] = [.gaussian, .logistic, .cauchy]

  /// What the direct engine itself may err by: it promises 1.3e-13 in three inputs.
  static let direct = 2e-13

  @Test(.sweep, arguments: kernels, [1, 2, 3])
  func `ratios keep the accuracy asked for, whatever the bandwidth`(
    kernel: Kernel, dimension: Int
  ) throws {
    var served = 0
    let accuracies = [[1e-5, 1e-12], [1e-6, 1e-9], [1e-6]][dimension - 1]
    let bandwidths = [[1e-9, 0.01, 0.1, 0.4, 3, 1e9], [0.4, 1e9], [0.7, 1e9]][dimension - 1]
    for bandwidth in bandwidths {
      for accuracy in accuracies {
        let (problem, queries) = Self.sample(kernel, dimension: dimension, bandwidth: bandwidth)
        guard let engine = CellTransform(problem, accuracy: accuracy) else { continue }
        served += 1
        let plain = Self.worstError(engine, problem, at: queries)
        #expect(plain <= accuracy + Self.direct, "h \(bandwidth), ε \(accuracy)")
        let left = Self.worstError(
          engine, problem, at: problem.keys, indices: Array(stride(from: 0, to: 400, by: 31)),
          omission: .own)
        #expect(left <= accuracy + Self.direct, "h \(bandwidth), ε \(accuracy), own left out")
      }
    }
    #expect(served >= 2)
  }

  @Test(arguments: kernels, [1, 2])
  func `without observation weights every weight is one`(kernel: Kernel, dimension: Int) throws {
    let (problem, queries) = Self.sample(
      kernel, dimension: dimension, bandwidth: 0.1, weighted: false)
    let accuracy = 1e-9
    let engine = try #require(CellTransform(problem, accuracy: accuracy))
    #expect(Self.worstError(engine, problem, at: queries) <= accuracy)
    #expect(
      Self.worstError(
        engine, problem, at: problem.keys, indices: Array(0..<40), omission: .own) <= accuracy)
  }

  @Test(arguments: InstructionSet.available, [1, 3])
  func `instruction sets and threads agree`(instructions: InstructionSet, threads: Int) throws {
    let accuracy = 1e-6
    for dimension in 1...3 {
      let (problem, queries) = Self.sample(.gaussian, dimension: dimension, bandwidth: 0.2)
      let execution = Execution(threads: threads, instructions: instructions)
      let engine = try #require(CellTransform(problem, accuracy: accuracy, execution: execution))
      #expect(Self.worstError(engine, problem, at: queries, execution: execution) <= accuracy)
    }
  }

  /// Points of one cell that follow each other go through the lanes together, from sixteen on.
  @Test(arguments: InstructionSet.available, [false, true])
  func `keys and queries in order keep the accuracy too`(
    instructions: InstructionSet, weighted: Bool
  ) throws {
    let execution = Execution(instructions: instructions)
    for accuracy in [1e-5, 1e-12] {
      let (random, _) = Self.sample(
        .gaussian, dimension: 1, bandwidth: 0.3, count: 1_200, weighted: weighted)
      let order = random.keys.coordinates.ascendingPlaces(execution: execution)
      let problem = KernelSumProblem(
        keys: random.keys.selecting(order),
        columns: random.columns.map { column in order.map { column[$0] } },
        observationWeights: random.observationWeights.map { weights in order.map { weights[$0] } },
        similarity: random.similarity)
      #expect(zip(problem.keys, problem.keys.dropFirst()).allSatisfy { $0.first! <= $1.first! })
      let engine = try #require(CellTransform(problem, accuracy: accuracy, execution: execution))
      for omission in [Omission.none, .own] {
        let error = Self.worstError(
          engine, problem, at: problem.keys, indices: Array(stride(from: 0, to: 1_200, by: 7)),
          omission: omission, execution: execution)
        #expect(error <= accuracy + Self.direct, "ε \(accuracy), \(omission)")
      }
    }
  }

  @Test(arguments: [0, 1e9, 1.6e9, -3e12])
  func `where the numbers start makes no difference`(shift: Double) throws {
    let (problem, queries) = Self.sample(.gaussian, dimension: 1, bandwidth: 0.05, shift: shift)
    let accuracy = 1e-12
    // At 3·10¹² a double has steps of 1/2048, too coarse for cells of this width.
    guard let engine = CellTransform(problem, accuracy: accuracy) else {
      #expect(shift < -1e12)
      return
    }
    #expect(Self.worstError(engine, problem, at: queries) <= accuracy)
  }

  @Test func `one key, equal keys and keys without weight`() throws {
    let accuracy = 1e-12
    let one = KernelSumProblem(
      keys: Points([3]), columns: [[5]], similarity: Similarity(.gaussian, bandwidths: [1]))
    let queries = Points([3, 4, 20, -1e9])
    let single = try #require(CellTransform(one, accuracy: accuracy))
    #expect(Self.worstError(single, one, at: queries) <= accuracy)
    #expect(single.sums(at: Points([3]), omission: .own)[0].weight == 0)
    let equal = KernelSumProblem(
      keys: Points([Double](repeating: 3, count: 5000)),
      columns: [(0..<5000).map { Double($0 % 3) }],
      similarity: Similarity(.gaussian, bandwidths: [0.1]))
    let tied = try #require(CellTransform(equal, accuracy: accuracy))
    #expect(Self.worstError(tied, equal, at: queries) <= accuracy)
    let weightless = KernelSumProblem(
      keys: Points([1, 2, 3]), columns: [[1, 2, 3]], observationWeights: [0, 0, 0],
      similarity: Similarity(.gaussian, bandwidths: [1]))
    let empty = try #require(CellTransform(weightless, accuracy: accuracy))
    #expect(empty.sums(at: queries)[0].weight == 0)
    #expect(empty.sums(at: Points([])).count == 0)
  }

  @Test(.sweep) func `a million equal values have their own mean`() throws {
    // Plain sums of so many tenths are off by 10⁻¹¹.
    let count = 1 << 20
    var random = SplitMix64(seed: 3)
    let problem = KernelSumProblem(
      keys: Points((0..<count).map { _ in random.uniform() < 0.9 ? 0.5 : random.uniform() }),
      columns: [[Double](repeating: 0.1, count: count)],
      similarity: Similarity(.gaussian, bandwidths: [0.05]))
    let engine = try #require(CellTransform(problem, accuracy: 1e-12))
    let sums = engine.sums(at: Points([0.1, 0.5, 0.52, 0.9]))
    for index in 0..<4 {
      // Cells hold their sums to all digits. What is left are the products of some hundred cells, in either sum.
      #expect(abs(sums[index].columns[0] / sums[index].weight / 0.1 - 1) < 2 * Rounding.hundreds)
    }
  }

  @Test(arguments: [false, true])
  func `many queries in and around a gap keep their digits`(weighted: Bool) throws {
    var (problem, _) = Self.sample(
      .gaussian, dimension: 1, bandwidth: 0.02, count: 20_000, weighted: weighted)
    // Values of one sign, whose ratios are then relative to themselves.
    problem = KernelSumProblem(
      keys: problem.keys, columns: [problem.columns[1]],
      observationWeights: problem.observationWeights, similarity: problem.similarity)
    let queries = Points((0..<2000).map { -1 + 4 * Double($0) / 2000 })
    let accuracy = 1e-12
    let engine = try #require(CellTransform(problem, accuracy: accuracy))
    #expect(
      Self.worstError(
        engine, problem, at: queries, indices: Array(stride(from: 0, to: 2000, by: 13)))
        <= accuracy)
  }

  @Test func `long tails are served without a cell for every bandwidth of their range`() throws {
    var random = SplitMix64(seed: 5)
    let count = 60_000
    let keys = (0..<count).map { _ in Double.tan(.pi * (random.uniform() - 0.5)) }
    let problem = KernelSumProblem(
      keys: Points(keys), columns: [keys.map { 2 + .sin($0) }],
      similarity: Similarity(.gaussian, bandwidths: [0.01]))
    let accuracy = 1e-12
    let engine = try #require(CellTransform(problem, accuracy: accuracy))
    let indices = (0..<count).sorted { abs(keys[$0]) > abs(keys[$1]) }.prefix(20) + (0..<40)
    #expect(
      Self.worstError(engine, problem, at: problem.keys, indices: Array(indices)) <= accuracy)
    #expect(
      Self.worstError(
        engine, problem, at: problem.keys, indices: Array(indices), omission: .own) <= accuracy)
  }

  @Test func `a large value elsewhere does not spoil small ones`() throws {
    let count = 3000
    let keys = (0..<count).map { Double($0) / Double(count) }
    let problem = KernelSumProblem(
      keys: Points(keys), columns: [(0..<count).map { $0 == 10 ? 1e6 : 1 }],
      similarity: Similarity(.gaussian, bandwidths: [0.01]))
    let accuracy = 1e-10
    let engine = try #require(CellTransform(problem, accuracy: accuracy))
    #expect(
      Self.worstError(
        engine, problem, at: problem.keys, indices: Array(stride(from: 0, to: count, by: 29)))
        <= accuracy)
  }

  @Test func `other kernels, more inputs and accuracy beyond doubles are declined`() {
    func engine(_ kernel: Kernel, _ dimension: Int, _ accuracy: Double) -> CellTransform? {
      CellTransform(
        Self.sample(kernel, dimension: dimension, bandwidth: 0.3).problem, accuracy: accuracy)
    }
    #expect(engine(.gaussian, 4, 1e-6) == nil)
    #expect(engine(.epanechnikov, 1, 1e-6) == nil)
    #expect(engine(.laplacian, 1, 1e-6) == nil)
    #expect(engine(.gaussian, 1, 1e-15) == nil)
  }
}
