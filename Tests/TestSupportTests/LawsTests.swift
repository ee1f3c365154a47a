import SimilarityKernels
import Testing
import _TestSupport

/// A law that cannot be broken tests nothing: the oracle obeys each, and an estimator with one
/// fault breaks the law that looks for it.
@Suite struct LawsTests {
  let data = RegressionCase.random(seed: 1, kernel: .triangular, weighted: true)

  func oracle(_ data: RegressionCase) throws -> [Double] { Oracle(data).estimates() }

  @Test func `the oracle obeys every law`() throws {
    // Its sums are longer than a double, to which the quotient is rounded.
    #expect(try Laws.permutation(data, oracle) < Rounding.few)
    #expect(try Laws.duplication(data, oracle) < Rounding.few)
    #expect(try Laws.shift(data, by: 1024, oracle) == 0)
    #expect(try Laws.scale(data, by: 8, oracle) == 0)
    #expect(try Laws.range(data, oracle) <= 0)
    #expect(try Laws.zeroWeight(data, oracle) < Rounding.few)
  }

  @Test func `an estimator that prefers the first row breaks permutation and zero weight`() throws {
    let faulty: Laws.Estimator = { data in
      try oracle(data).map { $0 + 0.01 * data.values[0] + (data.observationWeights?[1] ?? 1) }
    }
    // The fault is a hundredth of a value and more, relative to 3: far more than tests allow for rounding.
    #expect(try Laws.permutation(data, faulty) > 1e-6)
    #expect(try Laws.zeroWeight(data, faulty) > 1e-6)
  }

  @Test func `an estimator that counts rows breaks duplication`() throws {
    let faulty: Laws.Estimator = { data in
      try oracle(data).map { $0 + 1 / Double(data.keys.count) }
    }
    // 1/50 less 1/100, relative to 3.
    #expect(try Laws.duplication(data, faulty) > 1e-3)
  }

  @Test func `an estimator that looks at absolute places breaks shift and scale`() throws {
    let faulty: Laws.Estimator = { data in
      zip(try oracle(data), data.queries.coordinates).map { $0 + 1e-9 * $1 }
    }
    // A billionth of the shift and of seven times the places, relative to 3.
    #expect(try Laws.shift(data, by: 1024, faulty) > 1e-8)
    #expect(try Laws.scale(data, by: 8, faulty) > 1e-10)
  }

  @Test func `an estimator that overshoots breaks range`() throws {
    let faulty: Laws.Estimator = { try oracle($0).map { 9 * $0 } }
    // Means of some 1 become 9, above values up to 3.
    #expect(try Laws.range(data, faulty) > 0.1)
  }

  @Test func `a deviation sees NaN against a number and lists of unlike length`() {
    #expect(Laws.deviation([.nan], [.nan], relativeTo: 1) == 0)
    #expect(Laws.deviation([.nan], [1], relativeTo: 1) == .infinity)
    #expect(Laws.deviation([1], [1, 2], relativeTo: 1) == .infinity)
    #expect(Laws.deviation([1], [3], relativeTo: 4) == 0.5)
  }
}
