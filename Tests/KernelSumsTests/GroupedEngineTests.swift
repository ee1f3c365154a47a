import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

/// Labels with the kernel and the inputs that they are tried beside.
struct LabelledSetting: CustomStringConvertible, Sendable {
  let kernel: Kernel
  let dimension: Int
  let labels: [LabelInput]
  let choice: EngineChoice

  var description: String {
    let labels = labels.map { "\($0.kernel.rawValue) \($0.levelCount ?? 0) \($0.bandwidth)" }
    return "\(choice.rawValue) \(kernel.name) \(dimension) \(labels)"
  }

  static let labels: [[LabelInput]] = [
    [LabelInput(kernel: .aitchisonAitken, levelCount: 3, bandwidth: 0.2)],
    [LabelInput(kernel: .liRacine, levelCount: 12, bandwidth: 0.3)],
    [LabelInput(kernel: .aitchisonAitken, levelCount: 9, bandwidth: 0)],
    [LabelInput(kernel: .liRacine, levelCount: 10, bandwidth: 1)],
    [
      LabelInput(kernel: .aitchisonAitken, levelCount: 20, bandwidth: 0.01),
      LabelInput(kernel: .liRacine, levelCount: 9, bandwidth: 0.7),
      LabelInput(kernel: .orderedLiRacine, levelCount: 4, bandwidth: 0.4),
      LabelInput(kernel: .wangVanRyzin, levelCount: 3, bandwidth: 0.5),
    ],
    [
      LabelInput(kernel: .liRacine, levelCount: 2, bandwidth: 0.5),
      LabelInput(kernel: .orderedLiRacine, levelCount: 5, bandwidth: 0),
    ],
    [LabelInput(kernel: .orderedLiRacine, levelCount: 6, bandwidth: 1e-60)],
  ]

  static let engines: [(kernel: Kernel, dimension: Int, choice: EngineChoice)] = [
    (.gaussian, 1, .direct), (.constant, 0, .automatic), (.gaussian, 1, .automatic),
    (.gaussian, 2, .automatic), (.laplacian, 1, .recursion), (.epanechnikov, 1, .piecewise),
    (.triangular, 2, .tree),
  ]

  /// Every choice of labels with two engines, every engine with two of them.
  static let all: [LabelledSetting] = labels.indices.flatMap { place in
    engines.indices.compactMap { engine in
      guard engine < 2 || place == 0 || place == 4 else { return nil }
      let (kernel, dimension, choice) = engines[engine]
      return LabelledSetting(
        kernel: kernel, dimension: dimension, labels: labels[place], choice: choice)
    }
  }

  /// Random data with these labels; every level occurs.
  func data(seed: UInt64, count: Int = 300, weighted: Bool = false) -> RegressionCase {
    RegressionCase.random(
      seed: seed, kernel: kernel, dimension: max(dimension, 1), count: count, queryCount: 60,
      bandwidth: 0.2, weighted: weighted
    ).labelled(seed: seed + 1, labels, keepingInputs: dimension > 0)
  }
}

@Suite struct GroupedEngineTests {
  func problem(_ data: RegressionCase) -> KernelSumProblem {
    KernelSumProblem(
      keys: data.keys, columns: [data.values], observationWeights: data.observationWeights,
      similarity: data.similarity)
  }

  func ratios(_ sums: AnchoredSums) -> [Double] {
    (0..<sums.count).map {
      sums[$0].weight > 0 ? (sums[$0].columns.first ?? .nan) / sums[$0].weight : .nan
    }
  }

  // What an engine promises, of values up to 3; label weights add some units in the last place of each,
  // and anchors of groups a hundred times 1e-16.
  func tolerance(_ setting: LabelledSetting) -> Double {
    setting.dimension == 2 && setting.kernel.name == "gaussian"
      ? Promise.severalInputs : Promise.oneInput
  }

  @Test(.sweep, arguments: LabelledSetting.all)
  func `ratios equal the oracle's`(setting: LabelledSetting) throws {
    let data = setting.data(seed: 5, weighted: setting.dimension == 1)
    let engine = try setting.choice.engine(for: problem(data)).engine
    let actual = ratios(engine.sums(at: data.queries))
    #expect(
      Laws.deviation(actual, Oracle(data).estimates(), relativeTo: 3) < tolerance(setting))
  }

  @Test(.sweep, arguments: LabelledSetting.all)
  func `leaving out the own key equals the oracle's`(setting: LabelledSetting) throws {
    let data = setting.data(seed: 6, count: 200)
    let engine = try setting.choice.engine(for: problem(data)).engine
    let actual = ratios(engine.sums(at: data.keys, omission: .own))
    #expect(
      Laws.deviation(actual, Oracle(data).leaveOneOut(), relativeTo: 3)
        < tolerance(setting))
  }

  @Test(.sweep, arguments: LabelledSetting.all)
  func `the sum of squared weights equals the oracle's`(setting: LabelledSetting) throws {
    let data = setting.data(seed: 7, weighted: true)
    let engine = try setting.choice.engine(for: problem(data)).engine
    let sums = engine.sums(at: data.queries, squares: true)
    let expected = Oracle(data).effectiveSampleSizes()
    for (query, size) in expected.enumerated() {
      let entry = sums[query]
      let actual = entry.weight > 0 ? entry.weight / entry.squaredWeight * entry.weight : 0
      // Engines promise Σw² to ten times the error of Σw.
      #expect(abs(actual - size) <= 10 * tolerance(setting) * size)
    }
  }

  @Test(arguments: LabelledSetting.all)
  func `asking about some queries gives the sums of all`(setting: LabelledSetting) throws {
    let data = setting.data(seed: 8, count: 200)
    let engine = try setting.choice.engine(for: problem(data)).engine
    let all = ratios(engine.sums(at: data.keys, omission: .own))
    let some = ratios(
      engine.sums(
        at: data.keys, in: 50..<120, omission: .own, squares: false,
        execution: Execution(threads: 2)))
    #expect(Laws.deviation(some, Array(all[50..<120]), relativeTo: 3) < tolerance(setting))
  }

  @Test(.sweep, arguments: LabelledSetting.all)
  func `weights over their sum equal the oracle's`(setting: LabelledSetting) {
    let data = setting.data(seed: 9, count: 60)
    let weights = problem(data).keyWeights.normalizedWeights(
      at: data.queries, range: 3..<40, omission: .none, execution: Execution())
    for query in 3..<40 {
      let expected = Oracle(data).attentionWeights(at: data.queries[query])
      let actual = Array(weights[(query - 3) * 60..<(query - 2) * 60])
      // Where no key supports a query the oracle divides 0 by 0.
      guard !expected[0].isNaN else {
        #expect(actual.allSatisfy { $0 == 0 })
        continue
      }
      #expect(Laws.deviation(actual, expected, relativeTo: 1) < Promise.weight)
    }
  }

  @Test func `groups far from a query share it by the nearest of their keys`() throws {
    // 10⁶ bandwidths away log-weights are near 5·10¹¹, whose last place is 1e-4: the difference of
    // two groups' anchors says nothing of the twelve digits asked for.
    let similarity = Similarity(
      kernel: .gaussian, bandwidths: [1],
      labelInputs: [LabelInput(kernel: .liRacine, levelCount: 2, bandwidth: 0.5)])
    let problem = KernelSumProblem(
      keys: Points(columns: [[0, 0x1p-22], [0, 1]]), columns: [[1, 2]], similarity: similarity)
    let query = 0x1p20
    let sums = try EngineChoice.automatic.engine(for: problem).engine.sums(
      at: Points(columns: [[query], [0]]))
    // Half the difference of the squares, (q − 0)² − (q − δ)² = 2qδ − δ², is 2⁻² − 2⁻⁴⁵.
    let second = 0.5 * Double(Extended.exp(0x1p-2 - 0x1p-45))
    #expect(abs(ratios(sums)[0] - (1 + 2 * second) / (1 + second)) < Promise.oneInput)
  }

  @Test(arguments: [LabelKernel.aitchisonAitken, .liRacine])
  func `as many levels as keys give the oracle's ratios`(kernel: LabelKernel) throws {
    let count = 2_000
    let data = RegressionCase.random(
      seed: 1, kernel: .gaussian, count: count, queryCount: 30
    ).labelled(seed: 2, [LabelInput(kernel: kernel, levelCount: count, bandwidth: 0.3)])
    let engine = try EngineChoice.automatic.engine(for: problem(data), queryCount: 30).engine
    let actual = ratios(engine.sums(at: data.queries))
    #expect(
      Laws.deviation(actual, Oracle(data).estimates(), relativeTo: 3) < Promise.oneInput)
  }
}
