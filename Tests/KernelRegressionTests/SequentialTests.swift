import Nadaraya
import Testing
import _TestSupport

@testable import KernelRegression

/// Choices and estimates as mpmath finds them in 60 digits, anew at each time from the rows up to then.
struct SequentialFixture: Decodable {
  let cases: [Case]

  struct Case: Decodable, Sendable, CustomStringConvertible {
    let kernel: String
    let degree: Int
    let keys: [Double]
    let values: [Double]
    /// Time, bandwidth, criterion.
    let choices: [[Double]]
    /// Query, estimate.
    let estimates: [[Double?]]

    var description: String { "\(kernel), degree \(degree)" }
  }
}

@Suite struct SequentialTests {
  static let cases: [SequentialFixture.Case] =
    (try? _TestSupport.fixture("sequential.json", as: SequentialFixture.self))?.cases ?? []

  @Test func `the fixture is there`() { #expect(Self.cases.count == 4) }

  @Test(arguments: cases)
  func `choices and estimates are those of each prefix by itself`(
    known: SequentialFixture.Case
  ) throws {
    let filter = try SequentialPolynomial(
      Sample(known.keys, known.values), Similarity(try #require(Kernel(named: known.kernel))),
      degree: known.degree)
    for choice in known.choices {
      let place = filter.bandwidths.place(at: choice[0])
      // A power of 2^(1/8), rounded once or twice.
      #expect(
        abs(filter.bandwidths.bandwidths[place] / choice[1] - 1) < Rounding.few, "at \(choice[0])")
    }
    // Sums of 50 squared residuals, each right to 1e-13 of the values.
    let last = try #require(known.choices.last)
    #expect(abs(filter.bandwidths.criterion / last[2] - 1) < 1e-12)
    let queries = known.estimates.compactMap { $0[0] }
    let estimates = try filter.predict(at: .points(queries)).values
    for (estimate, pair) in zip(estimates, known.estimates) {
      guard let expected = pair[1] else {
        #expect(estimate.isNaN)
        continue
      }
      // Values are up to 3.
      #expect(
        abs(estimate - expected)
          < (known.degree == 0 ? Promise.oneInput : Promise.polynomial) * 3)
    }
  }

  /// Times in no order, several rows at some of them.
  private func series(_ count: Int) -> (times: [Double], values: [Double], weights: [Double]) {
    let data = RegressionCase.random(seed: 61, kernel: .gaussian, count: count, weighted: true)
    let times = data.keys.coordinates.map { ($0 * 200).rounded() / 10 }
    let values = zip(times, data.values).map {
      ($0 < 10 ? $0 : 8 * $0.remainder(dividingBy: 2)) + $1
    }
    return (times, values, data.observationWeights ?? [])
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov, .laplacian], [0, 1])
  func `later rows change no bit of an earlier estimate`(kernel: Kernel, degree: Int) throws {
    let all = series(60)
    for end in [11.0] {
      let rows = all.times.indices.filter { all.times[$0] <= end }
      func some(_ column: [Double]) -> [Double] { rows.map { column[$0] } }
      let early = try SequentialPolynomial(
        Sample(some(all.times), some(all.values), weights: some(all.weights)), Similarity(kernel),
        degree: degree)
      let late = try SequentialPolynomial(
        Sample(all.times, all.values, weights: all.weights), Similarity(kernel), degree: degree)
      let queries = Points((-3...Int(end * 7)).map { Double($0) / 7 })
      let before = try early.predict(at: .points(queries), diagnostics: true)
      let after = try late.predict(at: .points(queries), diagnostics: true)
      #expect(before.values.map(\.bitPattern) == after.values.map(\.bitPattern))
      #expect(before.effectiveSampleSizes == after.effectiveSampleSizes)
      for query in queries.coordinates {
        #expect(
          early.bandwidths.bandwidths[early.bandwidths.place(at: query)]
            == late.bandwidths.bandwidths[late.bandwidths.place(at: query)])
      }
    }
  }

  @Test func `the choice from all rows is another one, and repaints`() throws {
    let all = series(150)
    let rows = all.times.indices.filter { all.times[$0] <= 9 }
    let early = try Bandwidths.select(
      .leaveOneOut, for: Sample(rows.map { all.times[$0] }, rows.map { all.values[$0] }),
      isCausal: true)
    let late = try Bandwidths.select(
      .leaveOneOut, for: Sample(all.times, all.values), isCausal: true)
    // Otherwise the test above would show nothing.
    #expect(abs(early.bandwidths[0] / late.bandwidths[0] - 1) > 0.1)
  }

  @Test func `large tables choose as small ones do`() throws {
    let all = series(150)
    // Every row many times, so that blocks of time serve.
    let times = all.times.indices.map { Double($0) / 4 }
    let copies = 14
    let rows = (0..<copies * times.count).map { $0 / copies }
    let many = try Bandwidths.selectSequentially(
      for: Sample(
        rows.enumerated().map { times[$1] + Double($0 % copies) / 256 }, rows.map { all.values[$0] }
      ))
    let direct = try Bandwidths.selectSequentially(
      for: Sample(
        rows.enumerated().map { times[$1] + Double($0 % copies) / 256 }, rows.map { all.values[$0] }
      ), computation: Computation(engine: .direct))
    #expect(many.times == direct.times && many.bandwidths == direct.bandwidths)
  }

  @Test func `few rows, ties and constant values have a choice`() throws {
    func bandwidths(
      _ times: [Double], _ values: [Double], _ weights: [Double]? = nil
    ) throws -> SequentialBandwidths {
      try Bandwidths.selectSequentially(for: Sample(times, values, weights: weights))
    }
    // All at one time: any bandwidth gives the mean.
    let tied = try SequentialPolynomial(Sample([3, 3, 3], [1, 2, 6]))
    #expect(tied.bandwidths.times == [3])
    #expect(try tied.predict(at: .points([2, 3, 1e9])).values.suffix(2) == [3, 3])
    // Nothing tells bandwidths apart: the widest, eight times the range.
    let flat = try bandwidths([0, 1, 2, 4], [7, 7, 7, 7])
    #expect(flat.bandwidths.last == 32 && flat.criterion == 0)
    // Rows without weight are no one's past.
    let weighted = try bandwidths([0, 1, 2, 3, 4], [9, 1, 2, 1, 2], [0, 1, 1, 1, 1])
    #expect(weighted.criterion.isFinite)
    let single = #expect(throws: KernelRegressionError.self) { try bandwidths([1], [1]) }
    #expect(single?.code == .tooFewKeys)
    let error = #expect(throws: KernelRegressionError.self) {
      try Bandwidths.selectSequentially(
        for: Sample(keys: Points(columns: [[1, 2], [1, 2]]), values: [[1, 2]]))
    }
    #expect(error?.code == .unsuitableMethod)
  }

  @Test func `the median of gaps follows them one by one`() {
    var random = SplitMix(seed: 5)
    var gaps = GapMedian()
    var all: [Int] = []
    #expect(gaps.median == nil)
    for _ in 0..<500 {
      let gap = Int(random.next() % 200) - 100
      gaps.add(gap)
      all.append(gap)
      #expect(gaps.median == all.sorted()[all.count / 2])
    }
  }
}
