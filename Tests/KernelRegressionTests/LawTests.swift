import Foundation
import Nadaraya
import Testing
import _TestSupport

@Suite struct LawTests {
  func estimate(_ data: RegressionCase) throws -> [Double] {
    try estimator(data).predict(at: .points(data.queries)).values
  }

  func estimator(_ data: RegressionCase) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: data.keys, values: [data.values], weights: data.observationWeights),
      Similarity(
        data.similarity.kernel, bandwidths: data.similarity.bandwidths,
        combination: data.similarity.combination))
  }

  /// Sums of fifty terms in another order, and differences rounded once: a few units in the last
  /// place, amplified by log-weights down to the −230 from which sums are anchored.
  let rounding = Rounding.hundreds

  @Test(arguments: Kernel.all, [1, 3])
  func `nothing but the similarities decides`(kernel: Kernel, dimension: Int) throws {
    for combination in InputCombination.allCases {
      let data = RegressionCase.random(
        seed: 41, kernel: kernel, dimension: dimension, bandwidth: 0.4, combination: combination)
      #expect(try Laws.permutation(data, estimate) < rounding)
      #expect(try Laws.duplication(data, estimate) < rounding)
      #expect(try Laws.shift(data, by: 4096, estimate) == 0)
      #expect(try Laws.scale(data, by: 0x1p40, estimate) == 0)
      #expect(try Laws.scale(data, by: 0x1p-900, estimate) == 0)
      #expect(try Laws.scale(data, by: 2.54, estimate) < rounding)
      #expect(try Laws.range(data, estimate) <= rounding)
      #expect(try Laws.zeroWeight(data, estimate) < rounding)
    }
  }

  @Test func `the constant kernel gives the mean`() throws {
    let data = RegressionCase.random(seed: 1, kernel: .constant)
    let mean = data.values.reduce(0, +) / Double(data.values.count)
    // Rounding of fifty partial sums up to 60 comes to some 3e-16 of the mean, as a random walk.
    for estimate in try estimate(data) { #expect(abs(estimate - mean) < 1e-15) }
  }

  @Test(arguments: Kernel.all)
  func `every column of attention sums to 1`(kernel: Kernel) throws {
    let data = RegressionCase.random(seed: 13, kernel: kernel, dimension: 2, weighted: true)
    let weights = try estimator(data).attentionMatrix(at: .points(data.queries))
    for query in 0..<weights.queryCount where !weights.emptyWindows.contains(query) {
      // Fifty shares.
      #expect(abs(weights.column(query).reduce(0, +) - 1) < Rounding.tens)
      #expect(weights.column(query).allSatisfy { $0 >= 0 })
    }
    #expect(weights.emptyWindows.allSatisfy { weights.column($0).allSatisfy(\.isNaN) })
  }

  @Test func `gaussian attention is the softmax of −d²/2h²`() throws {
    let data = RegressionCase.random(seed: 2, kernel: .gaussian, dimension: 3)
    let weights = try estimator(data).attentionMatrix(at: .points(data.queries))
    for query in data.queries.indices {
      let scores = data.keys.indices.map { key in
        -zip(zip(data.queries[query], data.keys[key]), data.similarity.bandwidths)
          .reduce(0.0) {
            let u = ($1.0.0 - $1.0.1) / $1.1
            return $0 + u * u
          } / 2
      }
      let largest = scores.max()!
      // Beyond a score of −1000 the textbook's own softmax has lost the digits compared here.
      guard largest > -1000 else { continue }
      let terms = scores.map { exp($0 - largest) }
      let sum = terms.reduce(0, +)
      for key in data.keys.indices {
        // Scores down to −1000 in three inputs carry 5e-13 each.
        #expect(abs(weights[key, query] - terms[key] / sum) < 1e-12)
      }
    }
  }

  @Test(arguments: Kernel.all)
  func `leaving a row out equals refitting without it`(kernel: Kernel) throws {
    for policy in [EmptyWindowPolicy.notANumber, .nearest, .mean] {
      let data = RegressionCase.random(
        seed: 17, kernel: kernel, count: 25, bandwidth: 0.02, weighted: true)
      let weights = try #require(data.observationWeights)
      let whole = try KernelSmoother(
        Sample(keys: data.keys, values: [data.values], weights: weights),
        Similarity(kernel, bandwidths: [0.02]), emptyWindow: policy
      ).predict(at: .leaveOneOut)
      let attention = try KernelSmoother(
        Sample(keys: data.keys, values: [data.values], weights: weights),
        Similarity(kernel, bandwidths: [0.02]), emptyWindow: policy
      ).attentionMatrix(at: .leaveOneOut)
      let refitted = try data.keys.indices.map { row in
        let others = data.keys.indices.filter { $0 != row }
        return try KernelSmoother(
          Sample(
            others.map { data.keys.coordinates[$0] }, others.map { data.values[$0] },
            weights: others.map { weights[$0] }), Similarity(kernel, bandwidths: [0.02]),
          emptyWindow: policy
        ).predict(at: .points(data.keys.selecting(row..<row + 1))).values[0]
      }
      // The same terms, at most 24 of them, in other lanes.
      #expect(Laws.deviation(whole.values, refitted, relativeTo: 3) < Rounding.tens)
      let pooled = data.keys.indices.map { query in
        zip(attention.column(query), data.values).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(Laws.deviation(pooled, refitted, relativeTo: 3) < Rounding.tens)
      #expect(data.keys.indices.allSatisfy { !(attention[$0, $0] > 0) })
    }
  }

  @Test func `leaving out reaches rows beyond the first tile of keys`() throws {
    let data = RegressionCase.random(seed: 43, kernel: .triangular, count: 2100, bandwidth: 0.01)
    let leftOut = try estimator(data).predict(at: .leaveOneOut).values
    let attention = try estimator(data).attentionMatrix(at: .leaveOneOut, range: 1020..<1030)
    for row in [0, 1023, 1024, 1025, 2099] {
      let others = data.keys.indices.filter { $0 != row }
      var rest = data
      rest.keys = Points(others.map { data.keys.coordinates[$0] })
      rest.values = others.map { data.values[$0] }
      rest.queries = data.keys.selecting(row..<row + 1)
      // Some forty keys are in reach.
      #expect(
        Laws.deviation([leftOut[row]], try estimate(rest), relativeTo: 3) < Rounding.tens)
    }
    for (index, row) in (1020..<1030).enumerated() { #expect(attention[row, index] == 0) }
  }

  @Test func `values near the ends of the range of doubles neither overflow nor vanish`() throws {
    for scale in [0x1p1020, 0x1p-1060] {
      let data = RegressionCase.random(seed: 6, kernel: .gaussian, count: 4000)
      let plain = try estimate(data)
      var extreme = data
      extreme.values = data.values.map { $0 * scale }
      let scaled = try estimate(extreme).map { $0 / scale }
      // Subnormal values themselves keep 14 bits; above them powers of two round nothing.
      #expect(
        Laws.deviation(plain, scaled, relativeTo: 1) < (scale < 1 ? 0x1p-11 : Rounding.tens))
    }
  }

  @Test func `several value columns are estimated as each alone`() throws {
    let data = RegressionCase.random(seed: 9, kernel: .tricube, dimension: 2)
    let other = data.values.map { 100 - $0 * $0 }
    let both = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values, other]),
      Similarity(.tricube, bandwidths: data.similarity.bandwidths)
    ).predict(at: .points(data.queries))
    var second = data
    second.values = other
    #expect(Laws.deviation(both.estimates[0], try estimate(data), relativeTo: 1) == 0)
    #expect(Laws.deviation(both.estimates[1], try estimate(second), relativeTo: 1) == 0)
  }
}
