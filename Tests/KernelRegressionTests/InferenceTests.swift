import Nadaraya
import RealModule
import Testing
import _TestSupport

@testable import KernelRegression

/// Corrected estimates of nprobust; Scripts/fixtures/inference.py says how they are made.
struct InferenceFixture: Decodable {
  let data: [String: Data]
  let cases: [Case]

  struct Data: Decodable {
    let keys: [Double]
    let values: [Double]
    let points: [Double]
  }

  struct Case: Decodable {
    let data: String
    let kernel: String
    let degree: Int
    let bandwidth: Double
    let biasBandwidth: Double
    let corrected: [Double]

    enum CodingKeys: String, CodingKey {
      case data
      case kernel
      case degree
      case bandwidth
      case biasBandwidth = "bias_bandwidth"
      case corrected
    }
  }
}

@Suite struct InferenceTests {
  /// mpmath's quantiles, and the identities t₁ = cot(π p) and t₂ = (1 − 2p)/√(2p(1 − p)).
  ///
  /// Newton's steps end at some units in the last place, and erfc has a few. Student's tail has those of ln Γ,
  /// which is 2,600 at half of 1000 degrees of freedom: 1e-12 of the tail, a fifth of that in the quantile.
  @Test func `quantiles are those of the tables`() {
    #expect(abs(normalQuantile(0.975) - 1.959963984540054) < 1e-14)
    #expect(abs(normalQuantile(0.025) + 1.959963984540054) < 1e-14)
    #expect(abs(normalQuantile(complement: 1e-20) - 9.262340089798408) < 1e-13)
    #expect(normalQuantile(0.5) == 0)
    for (freedom, quantile) in [
      (3.0, 3.182446305283710), (5, 2.570581835636315), (10, 2.228138851986275),
      (30, 2.042272456301238), (1000, 1.962339080826408),
    ] {
      let t = studentQuantile(complement: 0.025, degreesOfFreedom: freedom)
      #expect(abs(t - quantile) < Rounding.thousands * quantile, "\(freedom)")
    }
    // Beyond some thousand degrees of freedom an expansion gives all digits.
    for (tail, freedom, quantile) in [
      (0.025, 1700.0, 1.9613604153684675), (0.025, 2000, 1.961150826099438),
      (0.0001, 20_000, 3.719706062884869), (0.4, 700, 0.2534434135244239),
    ] {
      let t = studentQuantile(complement: tail, degreesOfFreedom: freedom)
      let error = freedom == 1700 ? Rounding.thousands : Rounding.tens
      #expect(abs(t - quantile) < error * quantile, "\(freedom)")
    }
    for tail in [0.4, 0.1, 0.005, 1e-6] {
      let one = studentQuantile(complement: tail, degreesOfFreedom: 1)
      #expect(abs(one * .tan(.pi * tail) - 1) < Rounding.thousands, "\(tail)")
      let two = studentQuantile(complement: tail, degreesOfFreedom: 2)
      let ratio = two * .sqrt(2 * tail * (1 - tail)) / (1 - 2 * tail)
      #expect(abs(ratio - 1) < Rounding.thousands, "\(tail)")
    }
  }

  /// With equal bandwidths the corrected estimate of an odd degree is the next degree's, and so ours.
  @Test func `odd degrees are corrected as nprobust does`() throws {
    let fixture: InferenceFixture = try _TestSupport.fixture("inference.json")
    var compared = 0
    for item in fixture.cases
    where item.degree == 1 && item.bandwidth == item.biasBandwidth {
      let data = try #require(fixture.data[item.data])
      let estimator = try KernelSmoother(
        Sample(data.keys, data.values),
        Similarity(try #require(Kernel(named: item.kernel)), bandwidths: [item.bandwidth]),
        degree: item.degree)
      let intervals = try estimator.confidenceIntervals(at: .points(data.points), level: 0.95)
      // nprobust inverts matrices of raw powers, to nine digits of the largest estimate.
      let size = item.corrected.reduce(0) { max($0, abs($1)) }
      for (estimate, corrected) in zip(intervals.estimates[0], item.corrected) {
        #expect(abs(estimate - corrected) <= Promise.polynomial * size)
      }
      compared += 1
    }
    #expect(compared > 4)
  }

  /// A row of the smoother holds the weights of all values: of the unit vectors, those themselves.
  @Test(arguments: [Kernel.gaussian, .epanechnikov, .laplacian], [0, 1, 2])
  func `smoother rows are the weights of the values`(kernel: Kernel, degree: Int) throws {
    for setting in LocalPolynomialTests.settings where setting.dimension + degree < 5 {
      let data = LocalPolynomialTests.sample(kernel, setting, count: 30)
      let units = data.keys.indices.map { row in data.keys.indices.map { $0 == row ? 1.0 : 0 } }
      let estimator = try LocalPolynomialTests.estimator(data, values: units, degree: degree)
      let estimates = try estimator.predict(at: .points(data.queries)).estimates
      var rows = [[Double]](
        repeating: [Double](repeating: 0, count: data.keys.count), count: data.queries.count)
      nonisolated(unsafe) var supported = [Bool](repeating: false, count: data.queries.count)
      var execution = Execution(threads: 1)
      execution.progress = nil
      nonisolated(unsafe) var found = rows
      estimator.forEachSmootherRow(at: data.queries, execution: execution) { query, row in
        for (key, weight) in row { found[query][key] = weight }
        supported[query] = !row.isEmpty
      }
      rows = found
      for query in data.queries.indices where supported[query] {
        for key in data.keys.indices {
          #expect(
            abs(rows[query][key] - estimates[key][query]) <= Promise.polynomial,
            "\(kernel.name) \(setting) degree \(degree), query \(query)")
        }
        // That a row sums to 1 is one of the equations that it solves: rounding, times Σ|ℓ|, is left.
        #expect(abs(rows[query].reduce(0, +) - 1) <= 1e-10)
      }
    }
  }

  /// For the constant kernel the corrected fit is one least-squares parabola, whose variances by HC2
  /// and degrees of freedom are formed here from its hat matrix, and the bias that is left from the cubic.
  @Test func `intervals of a parabola are those of least squares`() throws {
    let keys = (0..<12).map { Double($0) / 3 }
    let values = keys.map { 1 + $0 - 0.3 * $0 * $0 + 0.2 * .sin(17 * $0) }
    let estimator = try KernelSmoother(
      Sample(keys, values), Similarity(.constant, bandwidths: [1]), degree: 1)
    let intervals = try estimator.confidenceIntervals(at: .points([1.1]), level: 0.9)
    // An orthogonal basis of the parabolas over the keys.
    func basis(_ x: Double) -> [Double] {
      let t = x - 5.5 / 3
      let spread = keys.reduce(0) { $0 + ($1 - 5.5 / 3) * ($1 - 5.5 / 3) } / 12
      let (squares, fourths) = keys.reduce((0, 0)) { sums, key in
        let square = (key - 5.5 / 3) * (key - 5.5 / 3)
        return (sums.0 + square, sums.1 + square * square)
      }
      return [1, t, t * t - spread, t * t * t - fourths / squares * t]
    }
    let lengths = (0..<4).map { place in
      keys.reduce(0) { $0 + basis($1)[place] * basis($1)[place] }
    }
    func weight(_ query: Double, _ key: Double) -> Double {
      (0..<3).reduce(0) { $0 + basis(query)[$1] * basis(key)[$1] / lengths[$1] }
    }
    let residuals = keys.indices.map { row in
      values[row] - keys.indices.reduce(0) { $0 + weight(keys[row], keys[$1]) * values[$1] }
    }
    let row = keys.map { weight(1.1, $0) }
    let variance = keys.indices.reduce(0) {
      $0 + row[$1] * row[$1] * residuals[$1] * residuals[$1]
        / (1 - weight(keys[$1], keys[$1]))
    }
    let squares = row.reduce(0) { $0 + $1 * $1 }
    let fourths = row.reduce(0) { $0 + $1 * $1 * $1 * $1 }
    let t = studentQuantile(complement: 0.05, degreesOfFreedom: squares * squares / fourths)
    // Moments lose up to three digits of sums of twelve terms up to 1, and both ends twice t of that.
    #expect(abs(try #require(intervals.standardErrors)[0][0] - .sqrt(variance)) < 1e-12)
    let step = keys.map { basis(1.1)[3] * basis($0)[3] / lengths[3] }
    let bias = keys.indices.reduce(0) { $0 + step[$1] * values[$1] }
    let spread = keys.indices.reduce(0) {
      $0 + step[$1] * step[$1] * residuals[$1] * residuals[$1] / (1 - weight(keys[$1], keys[$1]))
    }
    let deviation = Double.sqrt(variance + max(0, bias * bias - spread))
    #expect(abs(intervals.upper[0][0] - intervals.lower[0][0] - 2 * t * deviation) < 1e-11)
  }

  /// The level of a band is that of the largest of the standardised errors, found here by drawing the
  /// noise 4,000 times: its quantile has a standard error near 0.02, three of which are allowed, and
  /// 0.01 for the formula, an approximation.
  @Test(.slow) func `a band is as wide as the largest of its errors asks for`() throws {
    let keys = (0..<80).map { Double($0) / 79 }
    let queries = (0..<160).map { Double($0) / 159 }
    let estimator = try KernelSmoother(
      Sample(keys, keys), Similarity(bandwidths: [0.06]), degree: 1)
    let corrected = try KernelSmoother(
      Sample(keys, keys), Similarity(bandwidths: [0.06]), degree: 2)
    nonisolated(unsafe) var rows = [[Double]](
      repeating: [Double](repeating: 0, count: 80), count: 160)
    corrected.forEachSmootherRow(at: Points(queries), execution: Execution(threads: 1)) {
      query, row in
      let length = Double.sqrt(row.reduce(0) { $0 + $1.weight * $1.weight })
      for (key, weight) in row { rows[query][key] = weight / length }
    }
    var random = SplitMix64(seed: 5)
    let largest = (0..<4000).map { _ in
      let noise = keys.map { _ in normalQuantile(min(max(random.uniform(), 1e-16), 1 - 1e-16)) }
      return rows.reduce(0) { worst, row in
        max(worst, abs(zip(row, noise).reduce(0) { $0 + $1.0 * $1.1 }))
      }
    }.sorted()
    let length = zip(rows, rows.dropFirst()).reduce(0) { sum, pair in
      sum + .acos(min(zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * $1.1 }, 1))
    }
    let tail = normalTail(ofBandWithPath: length, level: 0.95)
    #expect(abs(normalQuantile(complement: tail) - largest[3800]) < 0.07)
    let band = try estimator.confidenceBand(at: .points(queries), level: 0.95)
    let pointwise = try estimator.confidenceIntervals(at: .points(queries), level: 0.95)
    #expect(zip(band.upper[0], pointwise.upper[0]).allSatisfy { $0 >= $1 })
  }

  /// Half of the new values of either sign fall where the scores say, on the average over many tables:
  /// 0.9 with a standard error below 0.01, three of which are allowed.
  @Test(.sweep) func `prediction intervals hold new values as often as they say`() throws {
    var random = SplitMix64(seed: 8)
    func noise(_ x: Double) -> Double {
      (0.2 + x) * normalQuantile(min(max(random.uniform(), 1e-12), 1 - 1e-12))
    }
    var held = 0.0
    var count = 0.0
    for _ in 0..<25 {
      let keys = (0..<80).map { _ in random.uniform() }
      let estimator = try KernelSmoother(
        Sample(keys, keys.map { .sin(5 * $0) + noise($0) }), Similarity(bandwidths: [0.1]),
        degree: 1)
      let queries = (0..<60).map { _ in random.uniform() }
      let intervals = try estimator.predictionIntervals(at: .points(queries), level: 0.9)
      for (query, x) in queries.enumerated() {
        let value = Double.sin(5 * x) + noise(x)
        held += intervals.lower[0][query] <= value && value <= intervals.upper[0][query] ? 1 : 0
        count += 1
      }
    }
    #expect(abs(held / count - 0.9) < 0.03)
  }

  @Test func `too few rows for a level leave prediction intervals open`() throws {
    let estimator = try KernelSmoother(
      Sample([0, 1, 2, 3], [1, 3, 2, 5]), Similarity(bandwidths: [2]), degree: 0)
    let intervals = try estimator.predictionIntervals(at: .points([1.5]), level: 0.95)
    #expect(intervals.lower[0] == [-.infinity] && intervals.upper[0] == [.infinity])
  }

  @Test func `a row that stands alone has no known noise`() throws {
    let estimator = try KernelSmoother(
      Sample([0, 0.4, 0.9, 1.2, 9], [1, 2, 1, 3, 7]), Similarity(.epanechnikov, bandwidths: [1.5]),
      degree: 0)
    let intervals = try estimator.confidenceIntervals(at: .points([9, 40]), level: 0.9)
    #expect(intervals.estimates[0][0] == 7)
    #expect(try #require(intervals.standardErrors)[0][0].isNaN)
    #expect(intervals.estimates[0][1].isNaN && intervals.upper[0][1].isNaN)
  }

  /// The spread of a linear statistic over signs is its standard error, Σℓᵢ²eᵢ²/(1 − Hᵢᵢ).
  ///
  /// Of 2,000 replicates it is known to 2 %, three times of which are allowed.
  @Test func `the wild bootstrap has the spread of the formula, and a seed`() throws {
    let data = RegressionCase.random(seed: 4, kernel: .gaussian, count: 40)
    let estimator = try LocalPolynomialTests.estimator(data, degree: 2)
    let query = Points([0.4])
    let draws = try estimator.wildBootstrap(replicates: 2000, seed: 1) {
      (replicate) throws(KernelRegressionError) in
      try replicate.predict(at: .points(query)).values[0]
    }
    let mean = draws.reduce(0, +) / 2000
    let spread = Double.sqrt(draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999)
    let formula = try #require(
      LocalPolynomialTests.estimator(data, degree: 1)
        .confidenceIntervals(at: .points(query), level: 0.95).standardErrors)[0][0]
    #expect(abs(spread / formula - 1) < 0.06)
    let again = try estimator.wildBootstrap(replicates: 3, seed: 1) {
      (replicate) throws(KernelRegressionError) in
      try replicate.predict(at: .points(query)).values[0]
    }
    #expect(again == Array(draws.prefix(3)))
  }

  @Test func `R squared of a constant fit is none, of a perfect one 1`() throws {
    let keys = (0..<9).map(Double.init)
    let line = try KernelSmoother(
      Sample(keys, keys.map { 2 * $0 }), Similarity(bandwidths: [2]), degree: 1
    ).summary()
    // Residuals of 1e-13 of values up to 16, and their squares.
    #expect(abs(line.rSquared[0] - 1) < 1e-12)
    #expect(line.residualVariances[0] < 1e-24)
    let constant = try KernelSmoother(
      Sample(keys, keys), Similarity(.constant, bandwidths: [1]), degree: 0
    ).summary()
    #expect(abs(constant.effectiveDegreesOfFreedom - 1) < Rounding.tens)
  }

  @Test(arguments: [1e200, 1e-200])
  func `intervals scale with the values`(unit: Double) throws {
    let keys = (0..<20).map { Double($0) / 3 }
    let values = keys.map { $0 + .sin(31 * $0) }
    func estimator(_ unit: Double) throws -> KernelSmoother {
      try KernelSmoother(
        Sample(keys, values.map { $0 * unit }), Similarity(bandwidths: [0.9]), degree: 1)
    }
    let queries = Points([1, 2.5])
    let expected = try estimator(1).confidenceIntervals(at: .points(queries), level: 0.9)
    let scaled = try estimator(unit).confidenceIntervals(at: .points(queries), level: 0.9)
    let drawn = try estimator(unit).bootstrapIntervals(
      at: .points(queries), level: 0.9, replicates: 20)
    let known = try estimator(1).bootstrapIntervals(
      at: .points(queries), level: 0.9, replicates: 20)
    for query in 0..<2 {
      // The unit is no power of two: each value rounds, and fits of them do otherwise.
      #expect(
        abs(scaled.upper[0][query] / unit / expected.upper[0][query] - 1) < Rounding.thousands)
      #expect(
        abs(drawn.upper[0][query] / unit / known.upper[0][query] - 1)
          < Rounding.thousands)
    }
  }
}
