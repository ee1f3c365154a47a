import Nadaraya
import Testing
import _TestSupport

@Suite struct ExplanationTests {
  let data = RegressionCase.random(seed: 6, kernel: .gaussian, count: 60, weighted: true)

  func estimator(
    degree: Int, kernel: Kernel = .gaussian, bandwidth: Double = 0.2,
    emptyWindow: EmptyWindowPolicy = .notANumber
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(
        keys: data.keys, values: [data.values, data.values.map { 3 - $0 }],
        weights: data.observationWeights), Similarity(kernel, bandwidths: [bandwidth]),
      degree: degree, emptyWindow: emptyWindow)
  }

  /// Contributions add up to the estimate, influences to 1, and listed keys lead.
  ///
  /// - Parameter size: Σ|ℓ|, against which sums are exact: far from the keys a polynomial's influences
  ///   are large, of both signs.
  func check(
    _ explanation: EstimateExplanation, _ estimates: [Double], count: Int, size: Double = 1,
    _ name: String
  ) {
    #expect(explanation.terms.count <= count)
    #expect(
      zip(explanation.terms, explanation.terms.dropFirst()).allSatisfy {
        $0.influence.magnitude >= $1.influence.magnitude
      })
    let influence = explanation.terms.reduce(explanation.others.influence) { $0 + $1.influence }
    #expect(abs(influence - 1) < Promise.polynomial * size, "\(name)")
    for (column, estimate) in estimates.enumerated() {
      let sum = explanation.terms.reduce(explanation.others.contributions[column]) {
        $0 + $1.contributions[column]
      }
      // The same contributions, at most sixty of values up to 4, in another order.
      #expect(
        abs(sum - explanation.estimates[column]) < 10 * Rounding.hundreds * size, "\(name)")
      // What is promised of local polynomials, of values up to 4.
      #expect(
        abs(sum - estimate) < 4 * Promise.polynomial * size,
        "\(name): \(sum) and not \(estimate)")
    }
  }

  @Test(arguments: 0...3)
  func `contributions add up to the estimate`(degree: Int) throws {
    let estimator = try estimator(degree: degree)
    let predictions = try estimator.predict(at: .points(data.queries))
    let leftOut = try estimator.predict(at: .leaveOneOut)
    for query in data.queries.indices {
      let explanation = try estimator.explanation(
        ofQuery: query, at: .points(data.queries), listing: 7)
      let whole = try estimator.explanation(ofQuery: query, at: .points(data.queries), listing: 60)
      check(
        explanation, predictions.estimates.map { $0[query] }, count: 7,
        size: whole.terms.reduce(0) { $0 + $1.influence.magnitude }, "degree \(degree), \(query)")
    }
    for row in 0..<10 {
      let explanation = try estimator.explanation(ofQuery: row, at: .leaveOneOut, listing: 100)
      check(
        explanation, leftOut.estimates.map { $0[row] }, count: 100, "degree \(degree), row \(row)")
      #expect(explanation.terms.allSatisfy { $0.key != row })
      #expect(explanation.others.count == 0)
    }
  }

  @Test func `for degree 0 the influence is the attention`() throws {
    let explanation = try estimator(degree: 0).explanation(
      ofQuery: 2, at: .points(data.queries), listing: 5)
    #expect(explanation.terms.allSatisfy { $0.influence == $0.attention })
    #expect(explanation.others.influence == explanation.others.attention)
    let row = try estimator(degree: 0).weights(
      at: .points(data.queries), range: 2..<3, listing: .largest(5))
    #expect(explanation.terms.map(\.key) == row.keys)
    // Up to ln 60, of sixty terms.
    #expect(abs(explanation.entropy - row.entropies[0]) < 10 * Rounding.hundreds)
  }

  @Test func `a local line subtracts keys`() throws {
    // At the left end of the data, keys far inside pull the line's value there the other way.
    let estimator = try estimator(degree: 1)
    let left = Points([data.keys.column(0).min() ?? 0])
    let explanation = try estimator.explanation(ofQuery: 0, at: .points(left), listing: 60)
    // By more than rounding makes of a 0.
    #expect(explanation.terms.contains { $0.influence < -1e-6 })
    #expect(explanation.degree == 1)
  }

  @Test func `without support there is nothing to explain unless the policy has weights`() throws {
    let far = Points([50])
    for degree in [0, 1] {
      let none = try estimator(degree: degree, kernel: .boxcar).explanation(
        ofQuery: 0, at: .points(far), listing: 3)
      #expect(none.estimates.allSatisfy(\.isNaN) && none.terms.isEmpty)
      #expect(none.effectiveSampleSize == 0 && none.entropy.isNaN)
      let nearest = try estimator(degree: degree, kernel: .boxcar, emptyWindow: .nearest)
      let explanation = try nearest.explanation(ofQuery: 0, at: .points(far), listing: 3)
      #expect(explanation.degree == 0)
      check(
        explanation, try nearest.predict(at: .points(far)).estimates.map { $0[0] }, count: 3,
        "nearest")
    }
  }
}
