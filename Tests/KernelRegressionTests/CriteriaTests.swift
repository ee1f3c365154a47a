import Foundation
import Nadaraya
import Testing
import _TestSupport

/// The criteria against the hat matrix written out.
@Suite struct CriteriaTests {
  /// Rows without observation weights are tallied eight at a time, others one by one.
  @Test(arguments: [(0, 1), (1, 1), (2, 1), (3, 1), (1, 2), (2, 2)])
  func `weights of one change nothing but the way of adding up`(
    degree: Int, dimension: Int
  ) throws {
    var random = SplitMix64(seed: 3)
    let count = 9_001
    // The last keys lie by themselves, and some of them determine no polynomial.
    let keys = Points(
      rowMajor: (0..<count * dimension).map { place in
        random.uniform() + (place > (count - 5) * dimension ? Double(place) : 0)
      }, dimension: dimension)
    let columns = [keys.map { sin(9 * $0[$0.startIndex]) }, keys.map { _ in random.uniform() }]
    func report(_ weights: [Double]?) throws -> CriterionReport {
      try KernelSmoother(
        Sample(keys: keys, values: columns, weights: weights),
        Similarity(bandwidths: [0.02 * Double(dimension)]), degree: degree, emptyWindow: .nearest
      ).criteria()
    }
    let (plain, weighted) = (try report(nil), try report(keys.map { _ in 1 }))
    let accuracy = 4 * (degree > 0 ? Promise.polynomial : Promise.oneInput)
    #expect(plain.rowCount == weighted.rowCount)
    for (one, other) in [
      (plain.leaveOneOutMeanSquares[0], weighted.leaveOneOutMeanSquares[0]),
      (plain.leaveOneOutMeanSquares[1], weighted.leaveOneOutMeanSquares[1]),
      (plain.meanSquares[0], weighted.meanSquares[0]),
      (plain.residualFreedom, weighted.residualFreedom),
    ] {
      // Twice the accuracy of the estimates, beside values of 1 in squares of 1e-5.
      #expect(abs(one - other) <= accuracy * max(1, abs(other)))
    }
  }

  struct Smoother: Sendable, CustomStringConvertible {
    var data: RegressionCase
    var description: String {
      "\(data.similarity.kernel.name), \(data.keys.dimension) inputs, \(data.similarity.bandwidths)"
    }
  }

  static let smoothers: [Smoother] = Kernel.all.enumerated().flatMap { seed, kernel in
    [(1, 0.3), (2, 0.4), (1, 0.01)].map { dimension, bandwidth in
      Smoother(
        data: RegressionCase.random(
          seed: UInt64(seed + 60), kernel: kernel, dimension: dimension, count: 40,
          bandwidth: bandwidth, combination: seed.isMultiple(of: 2) ? .product : .radial,
          weighted: dimension == 1))
    }
  }

  /// MSE, n − tr(H) and the rows that stand alone, from the matrix whose row i is w(kᵢ, ·)/Σw.
  func written(_ data: RegressionCase) -> (meanSquare: Double, freedom: Double, alone: Int) {
    let weights = data.observationWeights ?? data.keys.indices.map { _ in 1 }
    var (squares, freedom, alone) = (0.0, 0.0, 0)
    for row in data.keys.indices {
      let similarities = data.keys.indices.map { key in
        weights[key] * data.similarity.weight(query: data.keys[row], key: data.keys[key])
      }
      let total = similarities.reduce(0, +)
      let estimate = zip(similarities, data.values).reduce(0) { $0 + $1.0 * $1.1 } / total
      let residual = data.values[row] - estimate
      squares += weights[row] * residual * residual
      let others = similarities.indices.reduce(0) { $1 == row ? $0 : $0 + similarities[$1] }
      freedom += others / total
      if others == 0 { alone += 1 }
    }
    return (squares / weights.reduce(0, +), freedom, alone)
  }

  func report(_ data: RegressionCase) throws -> CriterionReport {
    try KernelSmoother(
      Sample(keys: data.keys, values: [data.values], weights: data.observationWeights),
      Similarity(
        data.similarity.kernel, bandwidths: data.similarity.bandwidths,
        combination: data.similarity.combination)
    ).criteria()
  }

  @Test(arguments: smoothers)
  func `one pass gives what the hat matrix and refits give`(smoother: Smoother) throws {
    let data = smoother.data
    let report = try report(data)
    let expected = written(data)
    // At bandwidth 0.01 a decaying kernel's similarities may all but vanish beside a row's own, which
    // the matrix written out cannot resolve. Else either side has some 1e-12 of forty elements up to 1 and of
    // squared residuals of some 10.
    #expect(abs(report.residualFreedom - expected.freedom) <= 1e-11 * 40)
    #expect(abs(report.meanSquares[0] - expected.meanSquare) <= 1e-11 * 10)
    if data.similarity.kernel.support < .infinity {
      #expect(report.unsupportedRows == expected.alone)
    }
    #expect(report.rowCount == 40)
    // Forty roundings of sums up to 40 are 2e-13, in either of the two.
    #expect(abs(report.trace + report.residualFreedom - 40) < 1e-12)
    let weights = data.observationWeights ?? data.keys.indices.map { _ in 1 }
    let refits = Oracle(data).leaveOneOut()
    let squares = data.keys.indices.map { row in
      weights[row] * (refits[row] - data.values[row]) * (refits[row] - data.values[row])
    }
    let leaveOneOut = squares.reduce(0, +) / weights.reduce(0, +)
    let criterion = report.criteria(.leaveOneOut)[0]
    if leaveOneOut.isNaN {
      #expect(criterion == .infinity && report.unsupportedRows > 0)
    } else {
      // The promise in several inputs, of values up to three times a residual, whose square counts.
      #expect(abs(criterion / leaveOneOut - 1) < 1e-8)
    }
  }

  @Test(arguments: smoothers)
  func `criteria are their formulas where they exist`(smoother: Smoother) throws {
    let report = try report(smoother.data)
    let (count, mean) = (40.0, report.meanSquares[0])
    let share = report.trace / count
    // Then 1 − tr(H)/n is more than 2e-8 and known to some 1e-14; its square counts.
    if report.residualFreedom > 1e-6 {
      let expected = mean / ((1 - share) * (1 - share))
      #expect(abs(report.criteria(.generalizedCrossValidation)[0] / expected - 1) < 1e-6)
    }
    let akaike = report.criteria(.correctedAkaike)[0]
    if report.trace + 2 < count {
      let expected = log(mean) + (1 + share) / (1 - (report.trace + 2) / count)
      // A row in five is repeated, so that the trace is at most 32 and the divisor at least 0.15: 1e-12 of the
      // trace is some 2e-12 of the criterion.
      #expect(abs(akaike - expected) <= 1e-10 * (1 + abs(expected)))
    } else {
      #expect(akaike == .infinity)
    }
  }

  @Test func `weights stand for repeated rows in the mean square and the trace`() throws {
    var data = RegressionCase.random(seed: 71, kernel: .tricube, count: 30, bandwidth: 0.2)
    let weights = data.keys.indices.map { Double(1 + $0 % 3) }
    let repeated = data.keys.indices.flatMap { [Int](repeating: $0, count: 1 + $0 % 3) }
    var long = data
    long.keys = Points(repeated.map { data.keys.coordinates[$0] })
    long.values = repeated.map { data.values[$0] }
    data.observationWeights = weights
    let (weighted, written) = (try report(data), try report(long))
    // Thirty terms or sixty.
    #expect(abs(weighted.meanSquares[0] / written.meanSquares[0] - 1) < Rounding.hundreds)
    // The copies of a row share its diagonal element. Left out, though, a copy leaves others behind.
    #expect(abs(weighted.trace - written.trace) < 10 * Rounding.hundreds)
    #expect(weighted.rowCount == 30 && written.rowCount == repeated.count)
    data.observationWeights = weights.map { $0 * 0x1p900 }
    let scaled = try report(data)
    #expect(scaled.leaveOneOutMeanSquares == weighted.leaveOneOutMeanSquares)
    // The anchor of such weights is ln 2⁹⁰⁰ = 624, whose rounding its exponential multiplies.
    #expect(abs(scaled.residualFreedom / weighted.residualFreedom - 1) < 624 * 0x1p-52)
  }

  @Test func `a policy that predicts makes leave-one-out feasible`() throws {
    let policies: [EmptyWindowPolicy] = [.notANumber, .nearest, .mean]
    // Rows 0 and 1 have each other; 5 is nearest to 1, and the mean of the others is 2.
    let criteria: [Double] = [.infinity, 72.0 / 3, 89.0 / 3]
    for (policy, expected) in zip(policies, criteria) {
      let report = try KernelSmoother(
        Sample([0, 1, 5], [1, 3, 11]), Similarity(.boxcar, bandwidths: [2]), emptyWindow: policy
      ).criteria()
      #expect(report.unsupportedRows == 1)
      #expect(abs(report.trace - 2) < Rounding.few)
      let criterion = report.criteria(.leaveOneOut)[0]
      // Few roundings of numbers up to 90.
      #expect(criterion == expected || abs(criterion - expected) < 1e-13)
      // The row alone fits itself; the others lie halfway between.
      #expect(abs(report.meanSquares[0] - 2.0 / 3) < Rounding.few)
    }
  }
}
