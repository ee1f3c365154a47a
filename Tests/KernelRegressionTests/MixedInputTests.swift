import Nadaraya
import Testing
import _TestSupport

/// What R np makes of a table with a factor and an ordered input.
struct MixedFixture: Decodable {
  let warpbreaks: Warpbreaks
  let neighbors: Neighbors

  struct Warpbreaks: Decodable {
    let breaks: [Double]
    let wool: [Double]
    let tension: [Double]
    let rows: [Int]
    let fits: [Fit]
  }

  struct Fit: Decodable {
    let ordered: String
    let bandwidths: [Double]
    let criterion: Double
    let estimates: [Double]
  }

  struct Neighbors: Decodable {
    let count: Int
    let queries: [Double]
    let generalized: [Double]
    let adaptive: [Double]
  }
}

@Suite struct MixedInputTests {
  @Test func `a factor and an ordered input give the fits of R np`() throws {
    let fixture: MixedFixture = try _TestSupport.fixture("mixed.json")
    let data = fixture.warpbreaks
    for fit in data.fits {
      let estimator = try KernelSmoother(
        Sample(keys: Points(columns: [data.wool, data.tension]), values: [data.breaks]),
        Similarity(
          bandwidths: fit.bandwidths,
          labels: [.aitchisonAitken, #require(LabelKernel(rawValue: fit.ordered))]))
      let estimates = try estimator.predict(at: .points(estimator.keys)).values
      // R prints twelve digits, of λ too, to which estimates of 40 have slopes of some 30.
      for (row, estimate) in zip(data.rows, fit.estimates) {
        #expect(abs(estimates[row] - estimate) < 1e-9)
      }
      // At a minimum rounding λ moves the criterion by its square.
      let criterion = try estimator.criteria().criteria(.leaveOneOut)[0]
      #expect(abs(criterion / fit.criterion - 1) < 1e-11)
    }
  }

  /// A hundred rows in one input with a factor and an ordered label.
  func table(_ labels: [LabelInput]) -> RegressionCase {
    RegressionCase.random(seed: 4, kernel: .gaussian, count: 100).labelled(seed: 5, labels)
  }

  static let factor = LabelInput(kernel: .liRacine, levelCount: 3, bandwidth: 0.2)
  static let ordered = LabelInput(kernel: .orderedLiRacine, levelCount: 4, bandwidth: 0.6)

  func estimator(
    _ data: RegressionCase, _ bandwidths: [Double]? = nil, kernel: Kernel = .gaussian,
    labels: [LabelKernel]? = nil, emptyWindow: EmptyWindowPolicy = .notANumber
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: data.keys, values: [data.values], weights: data.observationWeights),
      Similarity(
        kernel, bandwidths: bandwidths ?? data.similarity.inputBandwidths,
        labels: labels ?? data.similarity.labels.map(\.kernel)), emptyWindow: emptyWindow)
  }

  @Test(arguments: LabelKernel.allCases)
  func `a bandwidth of 0 splits the table`(kernel: LabelKernel) throws {
    let data = table([LabelInput(kernel: kernel, levelCount: 4, bandwidth: 0)])
    let together = try estimator(data).predict(at: .points(data.keys)).values
    let columns = (data.keys.column(0), data.keys.column(1))
    for level in 0..<4 {
      let rows = data.keys.indices.filter { columns.1[$0] == Double(level) }
      let inputs = rows.map { columns.0[$0] }
      let alone = try KernelSmoother(
        Sample(inputs, rows.map { data.values[$0] }), Similarity(bandwidths: [0.3]))
      // Both are within the promise, of values up to 3.
      #expect(
        Laws.deviation(rows.map { together[$0] }, try alone.predict(inputs), relativeTo: 3)
          < 2 * Promise.oneInput)
    }
  }

  @Test(arguments: [
    (LabelKernel.liRacine, 1.0), (.orderedLiRacine, 1), (.aitchisonAitken, 0.75),
  ])
  func `the largest bandwidth drops the label`(kernel: LabelKernel, bandwidth: Double) throws {
    let data = table([LabelInput(kernel: kernel, levelCount: 4, bandwidth: bandwidth)])
    let dropped = try KernelSmoother(
      Sample(data.keys.column(0), data.values), Similarity(bandwidths: [0.3]))
    let actual = try estimator(data).predict(at: .points(data.queries)).values
    let expected = try dropped.predict(data.queries.column(0))
    #expect(Laws.deviation(actual, expected, relativeTo: 3) < 2 * Promise.oneInput)
  }

  @Test func `leaving a row out equals a refit without it`() throws {
    let data = table([Self.factor, Self.ordered])
    let all = try estimator(data).predict(at: .leaveOneOut).values
    for row in [0, 17, 55, 99] {
      var rest = data
      let rows = data.keys.indices.filter { $0 != row }
      rest.keys = Points(rowMajor: rows.flatMap { data.keys[$0] }, dimension: 3)
      rest.values = rows.map { data.values[$0] }
      let refit = try estimator(rest).predict(at: .points(data.keys.selecting(row..<row + 1)))
        .values
      #expect(Laws.deviation([all[row]], refit, relativeTo: 3) < 2 * Promise.oneInput)
    }
  }

  @Test func `attention weights pool the values to the estimates`() throws {
    let data = table([Self.factor, Self.ordered])
    let estimator = try estimator(data)
    let weights = try estimator.attentionMatrix(at: .points(data.queries))
    let estimates = try estimator.predict(at: .points(data.queries)).values
    for query in data.queries.indices {
      let pooled = zip(weights.column(query), data.values).reduce(0) { $0 + $1.0 * $1.1 }
      // Weights and estimates within 1e-12, of values up to 3, and a hundred terms.
      #expect(abs(pooled - estimates[query]) < 1e-11)
    }
    let others = try estimator.attentionMatrix(at: .leaveOneOut)
    let leftOut = try estimator.predict(at: .leaveOneOut).values
    for row in data.keys.indices {
      #expect(others[row, row] == 0)
      let pooled = zip(others.column(row), data.values).reduce(0) { $0 + $1.0 * $1.1 }
      // As above.
      #expect(abs(pooled - leftOut[row]) < 1e-11)
    }
  }

  @Test func `other bandwidths are those of a new estimator`() throws {
    let data = table([Self.factor, Self.ordered])
    let changed = try estimator(data).withBandwidths([0.1, 0, 0.9])
    let made = try estimator(data, [0.1, 0, 0.9])
    #expect(changed.similarity.inputBandwidths == [0.1, 0, 0.9])
    #expect(
      try changed.predict(at: .points(data.queries)).values
        == made.predict(at: .points(data.queries)).values)
  }

  @Test func `diagnostics count the keys whose labels have a weight`() throws {
    // Two keys of level 0 at 0 and 1, one of level 1 at 5.
    let estimator = try KernelSmoother(
      Sample(keys: Points(columns: [[0, 1, 5], [0, 0, 1]]), values: [[1, 2, 3]]),
      Similarity(.boxcar, bandwidths: [2, 0], labels: [.liRacine]))
    let predictions = try estimator.predict(
      at: .points(Points(columns: [[0.5, 5], [0, 0]])), diagnostics: true)
    #expect(predictions.values[0] == 1.5)
    #expect(predictions.values[1].isNaN)
    #expect(predictions.emptyWindows == [1])
    #expect(predictions.effectiveSampleSizes == [2, 0])
    #expect(predictions.nearestDistances == [0.25, 2])
  }

  @Test func `empty windows see the labels that the policy asks for`() throws {
    func estimate(_ policy: EmptyWindowPolicy) throws -> Double {
      try KernelSmoother(
        Sample(keys: Points(columns: [[0, 1, 5], [0, 0, 1]]), values: [[1, 2, 6]]),
        Similarity(.boxcar, bandwidths: [2, 0], labels: [.liRacine]), emptyWindow: policy
      ).predict(at: .points(Points(columns: [[5], [0]]))).values[0]
    }
    #expect(try estimate(.nearest) == 2)
    #expect(try estimate(.mean) == 3)
    #expect(throws: KernelRegressionError.self) { try estimate(.fail) }
  }

  @Test func `keys that tie share by their labels' weights`() throws {
    let estimator = try KernelSmoother(
      Sample(keys: Points(columns: [[0, 0], [0, 1]]), values: [[0, 3]]),
      Similarity(.boxcar, bandwidths: [1, 0.5], labels: [.liRacine]), emptyWindow: .nearest)
    #expect(try estimator.predict(at: .points(Points(columns: [[9], [0]]))).values == [1])
  }

  @Test func `what is no label or out of range is refused`() throws {
    func code(_ body: () throws -> Void) -> KernelRegressionError.Code? {
      do { try body() } catch { return (error as? KernelRegressionError)?.code }
      return nil
    }
    func make(_ levels: [Double], _ bandwidths: [Double], _ kernel: LabelKernel) throws {
      _ = try KernelSmoother(
        Sample(keys: Points(columns: [[0, 1, 2], levels]), values: [[1, 2, 3]]),
        Similarity(bandwidths: bandwidths, labels: [kernel]))
    }
    #expect(code { try make([0, 1, 0.5], [1, 0.1], .liRacine) } == .invalidLevel)
    #expect(code { try make([0, 1, -1], [1, 0.1], .liRacine) } == .invalidLevel)
    #expect(code { try make([0, 1, 2], [1, 0.7], .aitchisonAitken) } == .invalidBandwidth)
    #expect(code { try make([0, 1, 2], [1, 2.0 / 3], .aitchisonAitken) } == nil)
    #expect(code { try make([0, 1, 2], [1, 1.1], .wangVanRyzin) } == .invalidBandwidth)
    #expect(code { try make([0, 1, 2], [1, -0.1], .orderedLiRacine) } == .invalidBandwidth)
    #expect(code { try make([0, 1, 2], [1, .nan], .orderedLiRacine) } == .invalidBandwidth)
    #expect(code { try make([0, 1, 2], [0, 0.1], .orderedLiRacine) } == .invalidBandwidth)
    #expect(code { try make([0, 1, 2], [1], .liRacine) } == .dimensionMismatch)
    let data = table([Self.factor])
    #expect(
      code { _ = try estimator(data).predict(at: .points(Points(columns: [[0], [3]]))) }
        == .invalidLevel)
  }
}
