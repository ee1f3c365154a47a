import KernelSums
import SimilarityKernels
import Testing
import _TestSupport

/// Causal sums with what they are tried on.
struct CausalSetting: CustomStringConvertible, Sendable {
  let kernel: Kernel
  let dimension: Int
  var combination = InputCombination.product
  var choice = EngineChoice.automatic
  var bandwidth = 0.2
  var labels: [LabelInput] = []

  var description: String {
    "\(choice.rawValue) \(kernel.name) \(dimension) \(combination.rawValue) \(bandwidth) \(labels.count)"
  }

  static let all: [CausalSetting] =
    Kernel.all.flatMap { kernel in
      [1, 2].map { CausalSetting(kernel: kernel, dimension: $0) }
    } + [
      CausalSetting(kernel: .gaussian, dimension: 1, choice: .direct),
      CausalSetting(kernel: .gaussian, dimension: 1, choice: .tree),
      CausalSetting(kernel: .gaussian, dimension: 1, choice: .cells),
      CausalSetting(kernel: .gaussian, dimension: 1, bandwidth: 1e-3),
      CausalSetting(kernel: .gaussian, dimension: 2, bandwidth: 2e-2),
      CausalSetting(kernel: .gaussian, dimension: 3),
      CausalSetting(kernel: .laplacian, dimension: 1, choice: .recursion, bandwidth: 1e-3),
      CausalSetting(kernel: .epanechnikov, dimension: 1, choice: .piecewise, bandwidth: 1e-2),
      CausalSetting(kernel: .epanechnikov, dimension: 2, combination: .radial),
      CausalSetting(kernel: .cauchy, dimension: 2, combination: .radial),
      CausalSetting(
        kernel: .gaussian, dimension: 1,
        labels: [
          LabelInput(kernel: .liRacine, levelCount: 12, bandwidth: 0.3),
          LabelInput(kernel: .orderedLiRacine, levelCount: 3, bandwidth: 0.4),
        ]),
      CausalSetting(
        kernel: .triangular, dimension: 2,
        labels: [LabelInput(kernel: .aitchisonAitken, levelCount: 3, bandwidth: 0.2)]),
    ]

  /// More keys than a leaf has room for several times over; one in five is repeated.
  func data(seed: UInt64, weighted: Bool = false, count: Int = 1_000) -> RegressionCase {
    let data = RegressionCase.random(
      seed: seed, kernel: kernel, dimension: dimension, count: count, queryCount: 25,
      bandwidth: bandwidth, combination: combination, weighted: weighted)
    return labels.isEmpty ? data : data.labelled(seed: seed + 1, labels)
  }

  /// What an engine promises, of values up to 3.
  var tolerance: Double { dimension > 1 ? Promise.severalInputs : Promise.oneInput }
}

/// A case with the rows that are not later than a time.
func earlier(_ data: RegressionCase, upTo time: Double, without row: Int? = nil) -> RegressionCase {
  let rows = data.keys.indices.filter { data.keys[$0].first! <= time && $0 != row }
  var part = data
  part.keys = data.keys.selecting(rows)
  part.values = rows.map { data.values[$0] }
  part.observationWeights = data.observationWeights.map { weights in rows.map { weights[$0] } }
  return part
}

@Suite struct CausalEngineTests {
  func problem(_ data: RegressionCase) -> KernelSumProblem {
    KernelSumProblem(
      keys: data.keys, columns: [data.values], observationWeights: data.observationWeights,
      similarity: data.similarity, isCausal: true)
  }

  func ratios(_ sums: AnchoredSums) -> [Double] {
    (0..<sums.count).map {
      sums[$0].weight > 0 ? (sums[$0].columns.first ?? .nan) / sums[$0].weight : .nan
    }
  }

  /// The oracle's estimate at a query from the rows that are not later.
  func expected(_ data: RegressionCase, at query: ArraySlice<Double>, without row: Int? = nil)
    -> Double
  {
    var part = earlier(data, upTo: query.first!, without: row)
    part.queries = Points(rowMajor: Array(query), dimension: query.count)
    return part.keys.count == 0 ? .nan : Oracle(part).estimates()[0]
  }

  @Test(.sweep, arguments: CausalSetting.all)
  func `ratios equal the oracle's of the keys that are not later`(setting: CausalSetting) throws {
    let data = setting.data(seed: 5, weighted: setting.dimension == 1)
    let engine = try setting.choice.engine(for: problem(data)).engine
    let actual = ratios(engine.sums(at: data.queries))
    let expected = data.queries.indices.map { self.expected(data, at: data.queries[$0]) }
    #expect(Laws.deviation(actual, expected, relativeTo: 3) < setting.tolerance)
  }

  @Test(.sweep, arguments: CausalSetting.all)
  func `leaving out the own key equals the oracle's`(setting: CausalSetting) throws {
    let data = setting.data(seed: 6)
    let engine = try setting.choice.engine(for: problem(data)).engine
    let actual = ratios(
      engine.sums(
        at: data.keys, in: 200..<900, omission: .own, squares: false, execution: Execution()))
    let some = Array(stride(from: 0, to: 700, by: 35))
    let expected = some.map { self.expected(data, at: data.keys[200 + $0], without: 200 + $0) }
    #expect(Laws.deviation(some.map { actual[$0] }, expected, relativeTo: 3) < setting.tolerance)
  }

  @Test(.sweep, arguments: CausalSetting.all)
  func `the sum of squared weights equals the oracle's`(setting: CausalSetting) throws {
    let data = setting.data(seed: 7, weighted: true)
    let engine = try setting.choice.engine(for: problem(data)).engine
    let sums = engine.sums(at: data.queries, squares: true)
    for query in stride(from: 0, to: data.queries.count, by: 3) {
      var part = earlier(data, upTo: data.queries[query].first!)
      part.queries = data.queries.selecting(query..<query + 1)
      let size = part.keys.count == 0 ? 0 : Oracle(part).effectiveSampleSizes()[0]
      let entry = sums[query]
      let actual = entry.weight > 0 ? entry.weight / entry.squaredWeight * entry.weight : 0
      // Engines promise Σw² to ten times the error of Σw.
      #expect(abs(actual - size) <= 10 * setting.tolerance * size)
    }
  }

  @Test(arguments: CausalSetting.all)
  func `weights over their sum are those of the earlier keys and 0 for the others`(
    setting: CausalSetting
  ) {
    let data = setting.data(seed: 9, count: 60)
    let weights = problem(data).keyWeights.normalizedWeights(
      at: data.queries, range: 3..<20, omission: .none, execution: Execution())
    for query in 3..<20 {
      let time = data.queries[query].first!
      let part = earlier(data, upTo: time)
      let shares =
        part.keys.count == 0 ? [] : Oracle(part).attentionWeights(at: data.queries[query])
      var next = shares.makeIterator()
      let expected = data.keys.indices.map { key in
        data.keys[key].first! <= time ? next.next() ?? .nan : 0
      }
      let actual = Array(weights[(query - 3) * 60..<(query - 2) * 60])
      // Where no key supports a query the oracle divides 0 by 0.
      guard !expected.contains(where: \.isNaN) else {
        #expect(actual.allSatisfy { $0 == 0 })
        continue
      }
      #expect(Laws.deviation(actual, expected, relativeTo: 1) < Promise.weight)
    }
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov, .laplacian])
  func `sparse weights are those of all keys`(kernel: Kernel) {
    // The search for keys that can matter leaves out none that does, nor lets a later one in.
    let data = CausalSetting(kernel: kernel, dimension: 2, bandwidth: 0.02).data(seed: 3)
    let problem = problem(data)
    for omission in [Omission.none, .own] {
      let queries = omission == .own ? data.keys.selecting(0..<1_000) : data.queries
      let indices = Array(stride(from: 0, to: queries.count, by: omission == .own ? 25 : 1))
      let box = Rows(count: indices.count)
      problem.keyWeights.forEachQuery(
        indices, of: queries, omission: omission, execution: Execution()
      ) { box[$0] = $1 }
      for (place, index) in indices.enumerated() {
        let dense = problem.keyWeights.normalizedWeights(
          at: queries, range: index..<index + 1, omission: omission, execution: Execution())
        var sparse = [Double](repeating: 0, count: dense.count)
        for entry in box[place] { sparse[entry.key] = entry.weight }
        // A share has the roundings of the sum below it; where these are many, shares are small.
        #expect(Laws.deviation(sparse, dense, relativeTo: 1) < Rounding.tens)
      }
    }
  }

  @Test(.sweep, arguments: [Kernel.gaussian, .epanechnikov, .constant, .laplacian])
  func `many keys of few times are left to engines too`(kernel: Kernel) throws {
    var data = CausalSetting(kernel: kernel, dimension: 2, bandwidth: 0.4).data(seed: 8)
    func cut(_ points: Points) -> Points {
      Points(columns: [points.column(0).map { ($0 * 4).rounded(.down) / 4 }, points.column(1)])
    }
    data.keys = cut(data.keys)
    data.queries = cut(data.queries)
    for choice in [EngineChoice.automatic, .tree] {
      let engine = try choice.engine(for: problem(data)).engine
      let actual = ratios(engine.sums(at: data.queries))
      let expected = data.queries.indices.map { self.expected(data, at: data.queries[$0]) }
      #expect(Laws.deviation(actual, expected, relativeTo: 3) < Promise.severalInputs)
      let left = ratios(engine.sums(at: data.keys, omission: .own))
      for row in stride(from: 0, to: 1_000, by: 100) {
        let estimate = self.expected(data, at: data.keys[row], without: row)
        #expect(Laws.deviation([left[row]], [estimate], relativeTo: 3) < Promise.severalInputs)
      }
    }
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov])
  func `moving time by that of today changes nothing`(kernel: Kernel) throws {
    // 1.6·10⁹ s are 2³⁰·⁶, and keys on multiples of 2⁻²⁰ keep all their bits there.
    let data = CausalSetting(kernel: kernel, dimension: 1, bandwidth: 0.05).data(seed: 4)
    let deviation = try Laws.shift(data, by: 1.6e9) { data in
      let engine = try EngineChoice.automatic.engine(for: problem(data)).engine
      return ratios(engine.sums(at: data.queries))
    }
    // Blocks and cells may lie otherwise there, each within the promise.
    #expect(deviation < Promise.oneInput)
  }

  @Test func `nearest keys are the nearest that are not later`() {
    let data = CausalSetting(kernel: .gaussian, dimension: 2, bandwidth: 0.1).data(
      seed: 2, count: 30_000)
    let problem = problem(data)
    let queries = data.queries.selecting(0..<25)
    for (query, found) in problem.keyWeights.nearestKeys(
      to: queries, excluding: nil, execution: Execution()
    ).enumerated() {
      let time = queries[query].first!
      let squares = data.keys.indices.map { key in
        data.keys[key].first! > time
          ? Double.infinity
          : zip(zip(queries[query], data.keys[key]), data.similarity.bandwidths).reduce(0) {
            $0 + ($1.0.0 - $1.0.1) / $1.1 * ($1.0.0 - $1.0.1) / $1.1
          }
      }
      let least = squares.min()!
      // Quotients by bandwidths may be products by their inverses, here and there a rounding more.
      #expect(abs(found.distance - least.squareRoot()) <= Rounding.tens * found.distance)
      #expect(found.keys.allSatisfy { squares[$0] <= least * (1 + Rounding.tens) })
    }
  }

  @Test func `threads and instruction sets change nothing beyond the last bits`() throws {
    let data = CausalSetting(kernel: .gaussian, dimension: 1, bandwidth: 0.02).data(seed: 12)
    let engine = try EngineChoice.automatic.engine(for: problem(data)).engine
    let one = ratios(engine.sums(at: data.queries, execution: Execution(threads: 1)))
    for instructions in InstructionSet.available {
      let many = ratios(
        engine.sums(
          at: data.queries, execution: Execution(threads: 3, instructions: instructions)))
      // The same terms in lanes of another width.
      #expect(Laws.deviation(one, many, relativeTo: 3) < Rounding.hundreds)
    }
  }
}

/// A place for each row, written from several threads.
private final class Rows: @unchecked Sendable {
  private let base: UnsafeMutablePointer<[(key: Int, weight: Double)]>
  private let count: Int

  init(count: Int) {
    base = .allocate(capacity: count)
    base.initialize(repeating: [], count: count)
    self.count = count
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  subscript(place: Int) -> [(key: Int, weight: Double)] {
    get { base[place] }
    set { base[place] = newValue }
  }
}
