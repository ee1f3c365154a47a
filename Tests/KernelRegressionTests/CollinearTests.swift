import Nadaraya
import Testing
import _TestSupport

/// Inputs that do not vary or follow from others: values on their span are those of the inputs that are left.
@Suite struct CollinearTests {
  private static let places = (0...10).map(Double.init)

  private static func estimator(
    _ keys: [[Double]], _ values: [Double], _ bandwidths: [Double], degree: Int,
    kernel: Kernel = .gaussian
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(
        keys: Points(rowMajor: keys.flatMap { $0 }, dimension: keys[0].count), values: [values]),
      Similarity(kernel, bandwidths: bandwidths), degree: degree)
  }

  /// 3a + 1 is its own fit whatever the degree, and its slope by a is 3.
  ///
  /// At 12 a window of 5.5 holds four keys,
  /// as many as a cubic takes.
  @Test(arguments: [Kernel.gaussian, .epanechnikov, .cauchy], [1, 2, 3])
  func `an input that does not vary costs no degree`(kernel: Kernel, degree: Int) throws {
    let estimator = try Self.estimator(
      Self.places.map { [$0, 5] }, Self.places.map { 3 * $0 + 1 }, [5.5, 1], degree: degree,
      kernel: kernel)
    let fits = try estimator.predict(
      at: .points(Points(rowMajor: [0, 5, 2.5, 5, 10, 5, 12, 5], dimension: 2)), gradients: true)
    #expect(fits.loweredDegrees.isEmpty)
    // Rounding of moments, and beyond the keys Σ|ℓ| of some ten.
    #expect(Laws.deviation(fits.values, [1, 8.5, 31, 37], relativeTo: 31) < 1e-12)
    let gradients = try #require(fits.gradients)[0]
    // From 12, beyond the keys, a cubic's slope has Σ|ℓ| some hundred times that of its value.
    #expect(Laws.deviation(gradients[0], [3, 3, 3, 3], relativeTo: 31) < 1e-11)
    #expect(gradients[1].allSatisfy { $0.isNaN })
  }

  /// Of equal keys no line is told, however far away a query lies and however small their weights are there.
  @Test func `far from keys that are all the same their mean serves`() throws {
    for dimension in [1, 2] {
      let estimator = try Self.estimator(
        [[Double]](repeating: [Double](repeating: 0, count: dimension), count: 2), [1, 3],
        [Double](repeating: 1, count: dimension), degree: 1)
      for place in [20.0, 25, 400, 1e6] {
        let fits = try estimator.predict(
          at: .points(
            Points(rowMajor: [Double](repeating: place, count: dimension), dimension: dimension)))
        #expect(fits.values == [2])
        #expect(fits.loweredDegrees.map(\.degree) == [0])
      }
    }
  }

  /// Under a product of Gaussians inputs that are multiples, rounded, are one input of a narrower bandwidth.
  ///
  /// 0.3a, 5/9·(a − 32) and a of some hundred are off the line by units in the last place, which must not
  /// decide anything.
  @Test(arguments: [1, 2, 3]) func `rounding makes no input of its own`(degree: Int) throws {
    var random = SplitMix64(seed: 5)
    let places = (0..<40).map { _ in 100 + 10 * Double.random(in: 0..<1, using: &random) }
    let values = places.map { _ in Double.random(in: -3..<3, using: &random) }
    func point(_ place: Double) -> [Double] { [place, 0.3 * place, (place - 32) * 5 / 9] }
    let several = try Self.estimator(
      places.map(point), values, [6, 1.8, 10 / 3.0], degree: degree)
    let one = try Self.estimator(
      places.map { [$0] }, values, [6 / 3.0.squareRoot()], degree: degree)
    let queries = [99.0, 100.1, 103.7, 105, 110.5]
    let fits = try several.predict(
      at: .points(Points(rowMajor: queries.flatMap(point), dimension: 3)), gradients: true)
    #expect(fits.loweredDegrees.isEmpty)
    let gradients = try #require(fits.gradients)
    #expect(gradients[0].joined().allSatisfy { $0.isNaN })
    // Kernels and bandwidths differ by roundings; a cubic multiplies them at the ends. Traces and bands have
    // forty such rows.
    #expect(
      Laws.deviation(fits.values, try one.predict(at: .points(queries)).values, relativeTo: 3)
        < 1e-10)
    let (left, right) = (try several.leaveOneOutFits(), try one.leaveOneOutFits())
    #expect(left.loweredDegrees.isEmpty)
    #expect(Laws.deviation(left.leverages, right.leverages, relativeTo: 1) < 1e-10)
    #expect(Laws.deviation(left.estimates[0], right.estimates[0], relativeTo: 100) < 1e-10)
    let (criteria, expected) = (try several.criteria(), try one.criteria())
    #expect(abs(criteria.trace - expected.trace) < 1e-9)
    if degree == 1 {
      let (band, wanted) = (
        try several.confidenceIntervals(
          at: .points(Points(rowMajor: queries.flatMap(point), dimension: 3)), level: 0.9),
        try one.confidenceIntervals(at: .points(queries), level: 0.9)
      )
      #expect(Laws.deviation(band.upper[0], wanted.upper[0], relativeTo: 3) < 1e-9)
    }
  }

  /// A column that differs from a constant by a billionth decides, however little it is.
  @Test func `a column that all but follows from others is fitted`() throws {
    var random = SplitMix64(seed: 6)
    let keys = (0..<30).map { _ in
      [
        Double.random(in: 0..<10, using: &random),
        5 + 1e-9 * Double.random(in: -1..<1, using: &random),
      ]
    }
    let values = keys.map { 2 * $0[0] + 3e9 * ($0[1] - 5) }
    let estimator = try Self.estimator(keys, values, [3, 1], degree: 1)
    let fits = try estimator.predict(
      at: .points(Points(rowMajor: [5, 5, 2, 5 + 5e-10], dimension: 2)), gradients: true)
    #expect(fits.loweredDegrees.isEmpty)
    let offset = 3e9 * ((5 + 5e-10) - 5.0)
    // Keys differ by exact numbers, and values of up to 23 are rounded twice.
    #expect(Laws.deviation(fits.values, [10, 4 + offset], relativeTo: 20) < 1e-12)
    #expect(abs(try #require(fits.gradients)[0][1][0] / 3e9 - 1) < 1e-12)
  }

  @Test func `parts of a table see the same span`() throws {
    let keys = Self.places.map { [$0, 5] } + [[3, 6], [4, 7]]
    let values = keys.map { 3 * $0[0] + 2 * $0[1] }
    let queries = Points(rowMajor: [2.5, 5, 12, 5, 4, 6], dimension: 2)
    for kernel in [Kernel.gaussian, .epanechnikov] {
      let similarity = Similarity(kernel, bandwidths: [4.5, 3])
      func sums(_ rows: Range<Int>) throws -> PartialSums {
        try KernelSmoother(
          Sample(
            keys: Points(rowMajor: keys[rows].flatMap { $0 }, dimension: 2),
            values: [Array(values[rows])]), similarity, degree: 1
        ).partialSums(at: queries)
      }
      let flat = try sums(0..<5).merging(sums(5..<11))
      let found = try flat.predictions(gradients: true)
      #expect(found.loweredDegrees.map(\.query) == [2])
      // Rounding of moments and merges. Slopes lose a digit more, and so do places beyond the keys.
      #expect(Laws.deviation(Array(found.values[..<2]), [17.5, 46], relativeTo: 40) < 1e-12)
      let slopes = try #require(found.gradients)[0]
      #expect(abs(slopes[0][0] - 3) < 1e-11 && slopes[1][0].isNaN)
      let whole = try flat.merging(sums(11..<13)).predictions(gradients: true)
      #expect(whole.loweredDegrees.isEmpty)
      #expect(Laws.deviation(whole.values, [17.5, 46, 24], relativeTo: 40) < 1e-11)
      #expect(abs(try #require(whole.gradients)[0][1][0] - 2) < 1e-10)
    }
  }

  @Test func `rows that come and go may share an input`() throws {
    var stream = try StreamingRegression(
      Similarity(.gaussian, bandwidths: [2, 1]), valueCount: 1, degree: 1)
    for place in Self.places { try stream.add(key: [place, 5], values: [3 * place + 1]) }
    let fits = try stream.predict(
      at: .points(Points(rowMajor: [2.5, 5, 12, 5, 2, 6], dimension: 2)))
    #expect(fits.loweredDegrees.map(\.query) == [2])
    // A line is its own fit: rounding of moments.
    #expect(Laws.deviation(Array(fits.values[..<2]), [8.5, 37], relativeTo: 31) < 1e-12)
  }

  @Test(arguments: [Kernel.gaussian, .biweight])
  func `explanations are rows of the same fit`(kernel: Kernel) throws {
    var random = SplitMix64(seed: 8)
    let keys = (0..<20).map { row in
      let level = Double(row % 2)
      return [Double.random(in: 0..<4, using: &random), level, 1 - level]
    }
    let values = keys.map { _ in Double.random(in: -1..<1, using: &random) }
    let estimator = try Self.estimator(keys, values, [3, 1.5, 1.5], degree: 2, kernel: kernel)
    let queries = Points(rowMajor: [1, 0, 1, 3, 1, 0, 2, 0.5, 0.5], dimension: 3)
    let fits = try estimator.predict(at: .points(queries))
    for query in queries.indices {
      let row = try estimator.explanation(ofQuery: query, at: .points(queries), listing: 20)
      // Twenty terms each; a parabola over them may lose two digits.
      #expect(abs(row.terms.reduce(0) { $0 + $1.influence } - 1) < 1e-12)
      #expect(abs(row.estimates[0] - fits.values[query]) < 1e-12)
    }
  }

  /// 1 and 3 are right to all digits, since four keys lie on a cubic.
  @Test func `keys that nearly coincide keep the digits of others`() throws {
    let estimator = try KernelSmoother(
      Sample([0.1, 0.10000000001, 5, 9], [1, 2, 3, 10]), Similarity(bandwidths: [3]), degree: 3)
    let fits = try estimator.predict(at: .points([0.1, 0.10000000001, 5, 9]))
    #expect(Laws.deviation(fits.values, [1, 2, 3, 10], relativeTo: 10) < Rounding.few)
  }
}
