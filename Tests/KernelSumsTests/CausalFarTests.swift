import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

/// Where every weight of a causal sum is tiny or rounds to 0, far from all keys in time, across it and in
/// both, several blocks of time have to be told apart.
@Suite struct CausalFarTests {
  /// A far query: how many bandwidths it lies behind the last key in time, and beside the others.
  struct Far: CustomStringConvertible, Sendable {
    let later: Double
    let beside: Double
    var description: String { "\(later) later, \(beside) beside" }
  }

  /// Gaussian weights leave the normal doubles at 37.6 bandwidths and round to 0 at 38.6.
  static let distances = [10, 30, 37.7, 38.45, 38.5, 38.55, 38.6, 50, 1_000]

  /// Keys in steady time with gaps in it, so that blocks lie apart, and beside it with a gap of their own.
  func data(_ setting: CausalSetting, seed: UInt64) -> RegressionCase {
    var random = SplitMix64(seed: seed)
    let h = setting.bandwidth
    let count = 1_300
    let rows = (0..<count).map { row -> [Double] in
      let time = 0.03 * Double(row) + [0, 13, 40, 40.2][row * 4 / count]
      return (0..<setting.dimension).map { input in
        h * (input == 0 ? time : (row.isMultiple(of: 3) ? 0 : 9) + random.uniform())
      }
    }
    var data = RegressionCase(
      keys: Points(rowMajor: rows.flatMap { $0 }, dimension: setting.dimension),
      values: rows.map { _ in 4 * random.uniform() - 1 }, queries: Points([]),
      similarity: Similarity(
        setting.kernel, bandwidths: [Double](repeating: h, count: setting.dimension),
        combination: setting.combination))
    let last = rows[count - 1][0]
    var queries: [[Double]] = []
    for distance in Self.distances {
      queries.append([last + distance * h] + rows[count / 2].dropFirst())
      guard setting.dimension > 1 else {
        // In the gap, too, and behind it.
        queries.append([rows[count / 2 - 1][0] + min(distance, 27) / 2 * h])
        continue
      }
      for time in [rows[count / 3][0], rows[3 * count / 4 + 7][0], last + 3 * h] {
        queries.append([time] + rows[0].dropFirst().map { $0 - distance * h })
      }
      queries.append(rows[count - 1].map { $0 + distance * h })
    }
    data.queries = Points(rowMajor: queries.flatMap { $0 }, dimension: setting.dimension)
    return setting.labels.isEmpty ? data : data.labelled(seed: seed, setting.labels)
  }

  static let settings: [CausalSetting] =
    Kernel.all.filter { $0.support == .infinity }.flatMap { kernel in
      [1, 2, 3].map { CausalSetting(kernel: kernel, dimension: $0) }
    } + Kernel.all.filter { $0.support < .infinity }.map { CausalSetting(kernel: $0, dimension: 1) }
    + [Kernel.gaussian, .logistic, .cauchy].flatMap { kernel in
      [1, 2].map { CausalSetting(kernel: kernel, dimension: $0, choice: .cells) }
    } + [
      CausalSetting(kernel: .gaussian, dimension: 1, choice: .tree),
      CausalSetting(kernel: .laplacian, dimension: 1, choice: .recursion),
      CausalSetting(kernel: .logistic, dimension: 2, combination: .radial),
      CausalSetting(
        kernel: .gaussian, dimension: 1, choice: .cells,
        labels: [LabelInput(kernel: .liRacine, levelCount: 2, bandwidth: 0.3)]),
      CausalSetting(
        kernel: .logistic, dimension: 2, choice: .cells,
        labels: [LabelInput(kernel: .liRacine, levelCount: 2, bandwidth: 1e-120)]),
    ]

  func ratios(_ sums: AnchoredSums, column: Int = 0) -> [Double] {
    (0..<sums.count).map {
      sums[$0].weight > 0 ? sums[$0].columns[column] / sums[$0].weight : .nan
    }
  }

  func expected(_ data: RegressionCase, _ points: Points, at index: Int, without row: Int? = nil)
    -> Double
  {
    let point = points[index]
    var part = earlier(data, upTo: point.first!, without: row)
    part.queries = Points(rowMajor: Array(point), dimension: point.count)
    return part.keys.count == 0 ? .nan : Oracle(part).estimates()[0]
  }

  @Test(.slow, arguments: settings)
  func `far sums are those of all keys that are not later`(setting: CausalSetting) throws {
    let data = data(setting, seed: 31)
    let problem = KernelSumProblem(
      keys: data.keys, columns: [data.values], similarity: data.similarity, isCausal: true)
    // So many queries are expected that blocks are worth an engine of their own.
    let engine = try setting.choice.engine(for: problem, queryCount: 10_000_000).engine
    let sums = engine.sums(at: data.queries, squares: true)
    let actual = ratios(sums)
    for query in data.queries.indices {
      let expected = expected(data, data.queries, at: query)
      // Values are up to 3 in magnitude and estimates no average of few of them: 3 is the scale.
      #expect(
        Laws.deviation([actual[query]], [expected], relativeTo: 3) < setting.tolerance,
        "query \(Array(data.queries[query]))")
    }
  }

  @Test(arguments: settings.filter { $0.labels.isEmpty })
  func `far rows left out come from all others that are not later`(setting: CausalSetting) throws {
    // Two keys stand far from all others, one of them beside them in time.
    var data = data(setting, seed: 32)
    let h = setting.bandwidth
    let last = data.keys[data.keys.count - 1]
    let far = [38.5, 50, 900].flatMap { distance in
      [last.map { $0 + distance * h }]
    }
    data.keys = Points(
      rowMajor: data.keys.coordinates + far.flatMap { $0 }, dimension: setting.dimension)
    data.values += [1, 2, 3]
    let problem = KernelSumProblem(
      keys: data.keys, columns: [data.values], similarity: data.similarity, isCausal: true)
    let engine = try setting.choice.engine(for: problem, queryCount: 10_000_000).engine
    let actual = ratios(engine.sums(at: data.keys, omission: .own))
    for row in [300, 700, 1_299, 1_300, 1_301, 1_302] {
      let expected = expected(data, data.keys, at: row, without: row)
      #expect(Laws.deviation([actual[row]], [expected], relativeTo: 3) < setting.tolerance)
    }
  }

  /// Observation weights of 1e-150 on the late keys bring their sums far below those of the early.
  @Test(arguments: [Kernel.gaussian, .logistic, .laplacian, .cauchy])
  func `blocks of very different weight are compared by what they come to`(kernel: Kernel) throws {
    for (choice, dimension) in [(EngineChoice.automatic, 1), (.cells, 1), (.cells, 2)]
    where choice != .cells || kernel.name != Kernel.laplacian.name {
      let setting = CausalSetting(kernel: kernel, dimension: dimension, choice: choice)
      var data = data(setting, seed: 33)
      data.observationWeights = data.keys.indices.map { $0 > 650 ? 1e-150 : 1 }
      let problem = KernelSumProblem(
        keys: data.keys, columns: [data.values], observationWeights: data.observationWeights,
        similarity: data.similarity, isCausal: true)
      let engine = try choice.engine(for: problem, queryCount: 10_000_000).engine
      let actual = ratios(engine.sums(at: data.queries))
      for query in data.queries.indices {
        let expected = expected(data, data.queries, at: query)
        #expect(Laws.deviation([actual[query]], [expected], relativeTo: 3) < setting.tolerance)
      }
    }
  }

  @Test func `values that are nearly all 0 nearby keep those far away`() throws {
    // The keys nearby leave Σwv to those of an earlier block, which Σw alone would call nothing.
    let keys = (0..<2_000).map { 0.01 * Double($0) }
    let values = keys.map { $0 < 10 ? 1e9 * (1 + $0) : 1e-9 }
    let problem = KernelSumProblem(
      keys: Points(keys), columns: [values],
      similarity: Similarity(.gaussian, bandwidths: [1]), isCausal: true)
    let queries = stride(from: 15, to: 24.0, by: 0.37).map { $0 }
    for choice in [EngineChoice.cells, .tree, .automatic] {
      let engine = try choice.engine(for: problem, queryCount: 10_000_000).engine
      let actual = ratios(engine.sums(at: Points(queries)))
      for (query, estimate) in zip(queries, actual) {
        let data = RegressionCase(
          keys: Points(keys), values: values, queries: Points([query]),
          similarity: problem.similarity)
        let expected = Oracle(earlier(data, upTo: query)).estimates()[0]
        // ε times the largest of the estimate and 10⁻⁹ of the largest value.
        let scale = max(expected, 1e-9 * 1.1e10)
        #expect(
          abs(estimate - expected) <= Promise.oneInput * scale, "\(choice) at \(query)")
      }
    }
  }

  @Test(arguments: [EngineChoice.cells, .tree, .automatic])
  func `moments of far queries are those of all keys that are not later`(
    choice: EngineChoice
  ) throws {
    let setting = CausalSetting(kernel: .gaussian, dimension: 1, choice: choice)
    let data = data(setting, seed: 34)
    let problem = KernelSumProblem(
      keys: data.keys, columns: [data.values], similarity: data.similarity, degree: 1,
      isCausal: true)
    let engine = try choice.engine(for: problem, queryCount: 10_000_000).engine
    let sums = engine.sums(at: data.queries)
    for query in data.queries.indices {
      let place = data.queries[query].first!
      let known = earlier(data, upTo: place)
      guard known.keys.count > 0, sums[query].weight > 0 else { continue }
      // Σwuv and Σwv over Σw: the oracle's estimate of u and uv in place of v.
      let u = known.keys.indices.map { (known.keys[$0].first! - place) / setting.bandwidth }
      for (column, values) in [
        (0, u), (1, u.map { $0 * $0 }), (2, known.values), (3, zip(u, known.values).map(*)),
      ] {
        var part = known
        part.values = values
        part.queries = Points([place])
        let expected = Oracle(part).estimates()[0]
        let actual = ratios(sums, column: column)[query]
        // Deep anchored sums have no moments: their polynomial is fitted over the keys.
        guard !actual.isNaN else { continue }
        // Moments are promised to ε of the like of their magnitudes.
        let scale = max(1, values.reduce(0) { max($0, $1.magnitude) })
        #expect(
          abs(actual - expected) <= Promise.oneInput * scale, "column \(column) at \(place)")
      }
    }
  }
}
