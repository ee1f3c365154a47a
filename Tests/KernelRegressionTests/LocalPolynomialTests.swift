import Nadaraya
import Testing
import _TestSupport

@Suite struct LocalPolynomialTests {
  static let settings: [(dimension: Int, combination: InputCombination, bandwidth: Double)] = [
    (1, .product, 0.3), (1, .product, 0.08), (2, .product, 0.6), (2, .radial, 0.5),
    (3, .product, 1.2),
  ]

  static func sample(
    _ kernel: Kernel, _ setting: (dimension: Int, combination: InputCombination, bandwidth: Double),
    count: Int = 60
  ) -> RegressionCase {
    var data = RegressionCase.random(
      seed: 11, kernel: kernel, dimension: setting.dimension, count: count,
      bandwidth: setting.bandwidth, combination: setting.combination, weighted: true)
    // Far outside extrapolation multiplies what rounding does to the values.
    data.queries = data.queries.selecting(0..<21)
    return data
  }

  static func estimator(
    _ data: RegressionCase, values: [[Double]]? = nil, degree: Int
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: data.keys, values: values ?? [data.values], weights: data.observationWeights),
      Similarity(
        data.similarity.kernel, bandwidths: data.similarity.bandwidths,
        combination: data.similarity.combination), degree: degree)
  }

  /// v = (1 + x₁ + … + x_d)ᵖ is its own fit, and p(1 + …)ᵖ⁻¹ its slope.
  ///
  /// The design loses up to the square of 1/pivot, 1e8 units in the last place, in the sparsest
  /// windows, where least squares over the keys takes over with 1e4.
  @Test(arguments: Kernel.all, [1, 2, 3])
  func `a polynomial of the degree is reproduced`(kernel: Kernel, degree: Int) throws {
    for setting in Self.settings where setting.dimension + degree < 6 {
      var data = Self.sample(kernel, setting)
      func base(_ point: ArraySlice<Double>) -> Double { point.reduce(1, +) }
      func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
      }
      data.values = data.keys.indices.map { power(base(data.keys[$0]), degree) }
      let fits = try Self.estimator(data, degree: degree).predict(
        at: .points(data.queries), gradients: true)
      let gradients = try #require(fits.gradients)
      let lowered = Set(fits.loweredDegrees.map(\.query))
      for query in data.queries.indices
      where !lowered.contains(query) && !fits.emptyWindows.contains(query) {
        let place = base(data.queries[query])
        let scale = power(4, degree)
        #expect(
          abs(fits.values[query] - power(place, degree)) <= Promise.polynomial * scale,
          "\(kernel.name) \(setting), query \(query)")
        for input in 0..<setting.dimension {
          let slope = Double(degree) * power(place, degree - 1)
          #expect(
            abs(gradients[0][input][query] - slope) * setting.bandwidth
              <= 10 * Promise.polynomial * scale,
            "\(kernel.name) \(setting), query \(query)")
        }
      }
    }
  }

  /// The estimate at key i of the i-th unit vector is H_ii, and leaving row i out is to fit without
  /// it.
  @Test(arguments: Kernel.all, [0, 1, 2, 3])
  func `leaving a row out is a fit without it`(kernel: Kernel, degree: Int) throws {
    for setting in Self.settings where setting.dimension + degree < 5 {
      let data = Self.sample(kernel, setting, count: 30)
      let units = data.keys.indices.map { row in data.keys.indices.map { $0 == row ? 1.0 : 0 } }
      let all = try Self.estimator(data, values: [data.values] + units, degree: degree)
        .predict(at: .points(data.keys))
      let fits = try Self.estimator(data, degree: degree).leaveOneOutFits()
      for row in data.keys.indices {
        let what: Comment = "\(kernel.name), degree \(degree), \(setting), row \(row)"
        #expect(
          abs(fits.leverages[row] - all.estimates[row + 1][row]) <= Promise.polynomial, what)
        // Values are up to 3, in either of the two.
        #expect(
          abs(fits.residuals[0][row] - (data.values[row] - all.values[row]))
            <= 10 * Promise.polynomial, what)
        var rest = data
        let others = data.keys.indices.filter { $0 != row }
        rest.keys = Points(
          rowMajor: others.flatMap { data.keys[$0] }, dimension: setting.dimension)
        rest.values = others.map { data.values[$0] }
        rest.observationWeights = data.observationWeights.map { w in others.map { w[$0] } }
        let refit = try Self.estimator(rest, degree: degree).predict(
          at: .points(data.keys.selecting(row..<row + 1)))
        let (left, right) = (fits.estimates[0][row], refit.values[0])
        #expect(left.isNaN == right.isNaN, what)
        #expect(
          left.isNaN || abs(left - right) <= Promise.polynomial * max(1, abs(right)), what)
        #expect(fits.unsupported.contains(row) == !refit.emptyWindows.isEmpty, what)
      }
    }
  }

  @Test(arguments: Kernel.all)
  func `degree 0 is the estimator of Nadaraya and Watson`(kernel: Kernel) throws {
    let data = RegressionCase.random(seed: 3, kernel: kernel, dimension: 2)
    let expected = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values]),
      Similarity(kernel, bandwidths: data.similarity.bandwidths)
    ).predict(at: .points(data.queries)).values
    let values = try Self.estimator(data, degree: 0).predict(at: .points(data.queries)).values
    for (value, expected) in zip(values, expected) {
      #expect(value == expected || (value.isNaN && expected.isNaN))
    }
  }

  @Test func `the highest degree that the keys determine serves and is told`() throws {
    let keys = [0.0, 0.0, 10, 10.5, 20, 20.25, 20.5, 30, 30, 30.5]
    let values = [1.0, 3, 4, 5, 0, 1, 4, 6, 8, 9]
    let estimator = try KernelSmoother(
      Sample(keys, values), Similarity(.boxcar, bandwidths: [1]), degree: 2)
    let fits = try estimator.predict(at: .points([0.1, 10.25, 20.1, 40, 30.25]), gradients: true)
    #expect(fits.emptyWindows == [3])
    #expect(
      fits.loweredDegrees.map { [$0.query, $0.degree] } == [[0, 0], [1, 1], [4, 1]])
    // Means, a line and a parabola through as many keys as they take: a few roundings of the values, times
    // what the differences of the keys lose.
    #expect(abs(fits.values[0] - 2) < 1e-14)
    #expect(abs(fits.values[1] - 4.5) < 1e-14)
    // The parabola through (20, 0), (20.25, 1), (20.5, 4) is 16(x − 20)².
    #expect(abs(fits.values[2] - 0.16) < 1e-12)
    #expect(abs(fits.values[4] - 8) < 1e-13)
    let gradients = try #require(fits.gradients)
    #expect(gradients[0][0][0].isNaN)
    #expect(abs(gradients[0][0][1] - 2) < 1e-12)
  }

  /// Far from the keys a line goes through the two nearest: the third has e⁻⁵⁰ of the second's
  /// weight, and the weights themselves are no longer doubles.
  @Test func `far from the keys the nearest two determine the line`() throws {
    let estimator = try KernelSmoother(
      Sample([0, 0.1, 0.2, 0.3], [5, 1, 2, 4]), Similarity(bandwidths: [0.05]), degree: 1)
    for far in [2.0, 5, 40] {
      let value = try estimator.predict(at: .points([0.3 + far])).values[0]
      // Keys 0.2 and 0.3 with 2 and 4.
      #expect(abs(value - (4 + 20 * far)) <= Promise.polynomial * (4 + 20 * far))
    }
  }

  /// Keys that lie on a line determine the plane's value on it, and nothing off it, however far one looks;
  /// rows without weight add nothing.
  @Test(arguments: [Kernel.gaussian, .laplacian, .cauchy, .epanechnikov])
  func `keys on a line determine values on it`(kernel: Kernel) throws {
    let rows = (0..<12).map { [Double($0), 2 * Double($0)] } + [[3.0, 0.0]]
    let values = rows.indices.map { Double($0 * $0) }
    let weights = rows.indices.map { $0 < 12 ? 1.0 : 0 }
    let estimator = try KernelSmoother(
      Sample(
        keys: Points(rowMajor: rows.flatMap { $0 }, dimension: 2), values: [values],
        weights: weights), Similarity(kernel, bandwidths: [3, 6]), degree: 1)
    let queries = Points(rowMajor: [2, 4, 5.5, 11, 5.5, 12], dimension: 2)
    let fits = try estimator.predict(at: .points(queries), gradients: true)
    #expect(
      fits.loweredDegrees.map { [$0.query, $0.degree, $0.attainableDegree] } == [[2, 0, 0]])
    // Along the line both inputs have the same u, so that their product is the square of the kernel.
    let line = try KernelSmoother(
      Sample(rows.map { $0[0] }, values, weights: weights),
      Similarity(
        Kernel(name: "squared", support: kernel.support) {
          kernel.profile($0) * kernel.profile($0)
        }, bandwidths: [3]), degree: 1
    ).predict(at: .points([2, 5.5]))
    // Sums of twelve terms; values are up to 121.
    #expect(Laws.deviation(Array(fits.values[..<2]), line.values, relativeTo: 100) < 1e-12)
    let pooled = try KernelSmoother(
      Sample(keys: estimator.keys, values: [values], weights: weights),
      Similarity(kernel, bandwidths: [3, 6])
    ).predict(at: .points(queries))
    #expect(abs(fits.values[2] - pooled.values[2]) < 100 * Promise.oneInput)
    let gradients = try #require(fits.gradients)
    #expect(gradients[0].joined().allSatisfy { $0.isNaN })
  }

  /// Between tied keys a narrow bandwidth leaves the third place of a parabola with e⁻¹⁰⁰ of the weight
  /// of the first two, whose means it goes through.
  @Test(arguments: [0.05, 0.1, 0.2, 0.5])
  func `ties do not hide lighter keys that a polynomial needs`(bandwidth: Double) throws {
    let keys = [4.0, 4, 7, 7, 8, 9, 10, 10, 10]
    let values = [2.0, 10, 4, 22, 16, 10, 18, 26, 34]
    for order in [Array(keys.indices), keys.indices.reversed()] {
      let estimator = try KernelSmoother(
        Sample(order.map { keys[$0] }, order.map { values[$0] }),
        Similarity(bandwidths: [bandwidth]), degree: 2)
      // Through (4, 6), (7, 13) and (8, 16); at 0.5 the key 9 has e⁻¹² of the last one's weight, 6e-6, and a
      // value 9 off the parabola.
      let parabola = 6 + 7.0 / 3 * 1.5 + (3 - 7.0 / 3) / 4 * 1.5 * -1.5
      let value = try estimator.predict(at: .points([5.5])).values[0]
      #expect(
        abs(value - parabola) <= (bandwidth < 0.4 ? Promise.polynomial : 1e-3), "\(bandwidth)")
    }
  }

  /// Its log-weights are all −∞, and no search however deep finds one that is not.
  @Test(.timeLimit(.minutes(1)), arguments: [1e160, 1e300, -0x1p1022])
  func `a query whose squared distance is no double ends with a lower degree`(
    query: Double
  ) throws {
    let estimator = try KernelSmoother(
      Sample([0, 1, 2, 3], [1, 3, 2, 5]), Similarity(bandwidths: [0.5]), degree: 1)
    #expect(try estimator.predict(at: .points([query])).loweredDegrees.map(\.degree) == [0])
  }

  /// There the nearest key has all the weight, however deep one looks for others.
  @Test(arguments: 1...3)
  func `where logarithms overflow the nearest key serves`(degree: Int) throws {
    let estimator = try KernelSmoother(
      Sample([-1e200, 0, 1e200], [1, 2, 3]), Similarity(bandwidths: [1e-100]), degree: degree)
    let predictions = try estimator.predict(at: .points([-9e199, 1e199, 9e199]))
    #expect(predictions.values == [1, 2, 3])
    #expect(predictions.loweredDegrees.map(\.degree) == [0, 0, 0])
  }
}
