import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

/// The instruction set, kernel, combination and number of inputs of a case.
struct Setting: CustomStringConvertible, Sendable {
  let instructions: InstructionSet
  let kernel: Kernel
  let combination: InputCombination
  let dimension: Int

  var description: String {
    "\(instructions.name) \(kernel.name) \(combination.rawValue) \(dimension)"
  }

  static let all: [Setting] = InstructionSet.available.flatMap { instructions in
    Kernel.all.flatMap { kernel in
      [(1, .product), (2, .product), (2, .radial), (5, .product), (5, .radial)].map {
        Setting(instructions: instructions, kernel: kernel, combination: $1, dimension: $0)
      }
    }
  }
}

@Suite struct DirectEngineTests {
  func ratios(_ data: RegressionCase, _ execution: Execution = Execution()) -> [Double] {
    let engine = DirectEngine(
      KernelSumProblem(
        keys: data.keys, columns: [data.values], observationWeights: data.observationWeights,
        similarity: data.similarity))
    let sums = engine.sums(at: data.queries, execution: execution)
    return data.queries.indices.map {
      sums[$0].weight > 0 ? (sums[$0].columns.first ?? .nan) / sums[$0].weight : .nan
    }
  }

  @Test(.sweep, arguments: Setting.all)
  func `ratios equal the oracle's`(setting: Setting) {
    let data = RegressionCase.random(
      seed: 11, kernel: setting.kernel, dimension: setting.dimension, count: 1100, queryCount: 8,
      bandwidth: setting.dimension == 5 ? 0.9 : 0.3, combination: setting.combination,
      weighted: setting.dimension == 2)
    let oracle = Oracle(data).estimates()
    let actual = ratios(data, Execution(instructions: setting.instructions))
    // Values are up to 3; the oracle's own error, of log-weights up to 6·10⁵ with 64 bits, adds 3e-14.
    #expect(
      Laws.deviation(actual, oracle, relativeTo: 3)
        < Promise.direct(inputs: setting.dimension))
  }

  @Test(arguments: [Kernel.gaussian, .laplacian, .logistic, .cauchy])
  func `sums keep their meaning under the anchor`(kernel: Kernel) throws {
    let data = RegressionCase.random(seed: 3, kernel: kernel, weighted: true)
    let observationWeights = try #require(data.observationWeights).map { $0 * 1e10 }
    let engine = DirectEngine(
      KernelSumProblem(
        keys: data.keys, columns: [data.values], observationWeights: observationWeights,
        similarity: data.similarity))
    let queries = Points([0.4, -300])
    let sums = engine.sums(at: queries, squares: true)
    for index in queries.indices {
      let logs = try zip(data.keys.coordinates, observationWeights).map { key, weight in
        let u = (queries.coordinates[index] - key) / data.similarity.bandwidths[0]
        return try #require(kernel.logProfile(u)) + .log(weight)
      }
      let largest = try #require(logs.max())
      let logSum = largest + .log(logs.reduce(0) { $0 + .exp($1 - largest) })
      let logSquares = 2 * largest + .log(logs.reduce(0) { $0 + .exp(2 * ($1 - largest)) })
      let entry = sums[index]
      // The logarithms themselves are known to a unit in the last place of the largest.
      let tolerance = 1e-14 * max(1, abs(largest))
      #expect(abs(entry.logAnchor + .log(entry.weight) - logSum) < tolerance)
      #expect(abs(2 * entry.logAnchor + .log(entry.squaredWeight) - logSquares) < 2 * tolerance)
    }
  }

  @Test func `results do not depend on the number of threads`() {
    for kernel in [Kernel.gaussian, .boxcar] {
      let data = RegressionCase.random(seed: 8, kernel: kernel, count: 3000, queryCount: 333)
      let one = ratios(data, Execution(threads: 1))
      for threads in [2, 3, 7] {
        let several = ratios(data, Execution(threads: threads))
        #expect(Laws.deviation(one, several, relativeTo: 1) == 0)
      }
    }
  }

  @Test func `an engine without queries or with one key has nothing to fail on`() {
    let engine = DirectEngine(
      KernelSumProblem(
        keys: Points([2]), columns: [[7]],
        similarity: Similarity(.gaussian, bandwidths: [1])))
    #expect(engine.sums(at: Points([])).count == 0)
    let far = engine.sums(at: Points([1e200]))[0]
    #expect(far.columns.first == 7 * far.weight)
    #expect(engine.sums(at: Points([2]), omission: .own)[0].weight == 0)
  }

  @Test func `a closure is summed as the kernel it copies`() {
    let data = RegressionCase.random(seed: 21, kernel: .gaussian, dimension: 2, weighted: true)
    var copied = data
    copied.similarity = Similarity(
      Kernel(
        name: "copy", logProfile: { Kernel.gaussian.logProfile($0) ?? .nan },
        profile: { Kernel.gaussian.profile($0) }), bandwidths: data.similarity.bandwidths)
    // Far queries of a closure rest on logarithms in double precision: at 1000 bandwidths the
    // log-weight 5·10⁵ has an absolute error near 1e-10.
    #expect(Laws.deviation(ratios(data), ratios(copied), relativeTo: 3) < 1e-9)
  }

  @Test func `progress rises to 1`() {
    let reports = Reports()
    let data = RegressionCase.random(seed: 8, kernel: .boxcar, count: 100, queryCount: 500)
    _ = ratios(data, Execution(threads: 2) { reports.add($0) })
    #expect(reports.all.max() == 1)
    #expect(reports.all.count > 1)
  }

  @Test func `the nearest key is found however far, and exact ties are all named`() {
    let engine = DirectEngine(
      KernelSumProblem(
        keys: Points(columns: [[0, 2, 2, 5], [0, 1, 1, 5]]), columns: [],
        observationWeights: [1, 1, 2, 0],
        similarity: Similarity(.epanechnikov, bandwidths: [1, 0.5])))
    let nearest = engine.nearestKeys(to: Points(columns: [[2, 1e180, 5, 1], [2, 0, 5, 0.5]]))
    #expect(nearest.map(\.keys) == [[1, 2], [1, 2], [1, 2], [0, 1, 2]])
    #expect(nearest[0].distance == 2)
    #expect(abs(nearest[1].distance / 1e180 - 1) < Rounding.few)
    #expect(nearest[3].distance == (2.0).squareRoot())
    #expect(engine.nearestKeys(to: Points(columns: [[2], [1]]), excluding: [1])[0].keys == [2])
  }
}
