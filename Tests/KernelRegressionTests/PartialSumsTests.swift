import Nadaraya
import RealModule
import Testing
import _TestSupport

/// Sums of parts of a table against the table in one piece, and the laws of merging.
@Suite struct PartialSumsTests {
  /// What is held against one piece: of degree 0 a part errs by some roundings, and each merge adds one.
  ///
  /// Moments of degree 1 may lose three digits more, in the parts as in one piece.
  static func tolerance(_ degree: Int) -> Double { degree == 0 ? 1e-12 : 1e-10 }

  static let kernels: [Kernel] = Kernel.all

  /// The rows of a case in parts, one of them without keys, in an order of their own.
  static func parts(
    _ data: RegressionCase, values: [[Double]], degree: Int, count: Int = 4
  ) throws -> [PartialSums] {
    var random = SplitMix64(seed: 7)
    let order = Array(data.keys.indices).shuffled(using: &random)
    var parts = try (0..<count).map { part in
      let rows = order.indices.filter { $0 % count == part }.map { order[$0] }
      return try KernelSmoother(
        Sample(
          keys: data.keys.selecting(rows),
          values: values.map { column in rows.map { column[$0] } },
          weights: data.observationWeights.map { weights in rows.map { weights[$0] } }),
        data.similarity, degree: degree
      ).partialSums(at: data.queries)
    }
    parts.insert(
      try PartialSums(
        queries: data.queries, similarity: data.similarity, valueCount: values.count,
        degree: degree), at: 1)
    return parts
  }

  static func merged(_ parts: [PartialSums]) throws -> PartialSums {
    try parts.dropFirst().reduce(parts[0]) { try $0.merging($1) }
  }

  /// Two value columns: a case's own, and one of another size and sign.
  static func values(_ data: RegressionCase) -> [[Double]] {
    [data.values, data.values.map { 100 - 30 * $0 * $0 }]
  }

  static func whole(_ data: RegressionCase, _ degree: Int) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: data.keys, values: values(data), weights: data.observationWeights),
      Similarity(
        data.similarity.kernel, bandwidths: data.similarity.inputBandwidths,
        combination: data.similarity.combination, labels: data.similarity.labels.map(\.kernel)),
      degree: degree)
  }

  /// The largest deviation of the estimates of parts from those of one piece.
  ///
  /// It is relative to the largest value or, where a line leads far from the keys, to the estimate.
  static func deviation(_ data: RegressionCase, _ degree: Int) throws -> Double {
    let whole = try whole(data, degree).predict(at: .points(data.queries))
    let parts = try merged(parts(data, values: values(data), degree: degree)).predictions()
    #expect(parts.emptyWindows == whole.emptyWindows)
    #expect(parts.loweredDegrees == whole.loweredDegrees)
    var worst = 0.0
    for (column, (found, expected)) in zip(parts.estimates, whole.estimates).enumerated() {
      let largest = values(data)[column].reduce(0) { max($0, $1.magnitude) }
      for (found, expected) in zip(found, expected) where !(found.isNaN && expected.isNaN) {
        let error = (found - expected).magnitude / max(largest, expected.magnitude)
        worst = error.isNaN ? .infinity : max(worst, error)
      }
    }
    return worst
  }

  @Test(arguments: kernels.map(\.name), [0, 1])
  func `parts give what one piece does`(_ kernel: String, _ degree: Int) throws {
    let kernel = try #require(Kernel(named: kernel))
    for (dimension, bandwidth) in [(1, 0.3), (1, 0.02), (2, 0.4), (3, 0.6)] {
      for combination in InputCombination.allCases {
        let data = RegressionCase.random(
          seed: UInt64(dimension), kernel: kernel, dimension: dimension, bandwidth: bandwidth,
          combination: combination, weighted: combination == .radial)
        #expect(try Self.deviation(data, degree) < Self.tolerance(degree))
      }
    }
  }

  @Test(arguments: [0, 1])
  func `labels count the levels of the whole table`(_ degree: Int) throws {
    for (number, label) in LabelKernel.allCases.enumerated() {
      let labels = [LabelInput(kernel: label, levelCount: 5, bandwidth: 0.3)]
      for keepingInputs in degree == 0 ? [true, false] : [true] {
        let data = RegressionCase.random(seed: 5, kernel: .gaussian, count: 40, bandwidth: 0.2)
          .labelled(seed: UInt64(number), labels, keepingInputs: keepingInputs)
        #expect(try Self.deviation(data, degree) < Self.tolerance(degree))
      }
    }
  }

  /// Two keys whose distances from the query differ by a hundredth of a bandwidth lie in two parts, a
  /// million bandwidths away: their log-weights are some 1e12, their weights alike.
  @Test(arguments: [Kernel.gaussian, .laplacian, .logistic].map(\.name))
  func `weights far from all keys keep their digits`(_ name: String) throws {
    let kernel = try #require(Kernel(named: name))
    for distance in [1e3, 1e6, 1e9] {
      let gap = name == "gaussian" ? 0.5 / distance : 0.5
      let data = RegressionCase(
        keys: Points([0, -gap, -2 * gap, -30]), values: [1, 2, 5, 1000],
        queries: Points([distance]), similarity: Similarity(kernel, bandwidths: [1]))
      #expect(try Self.deviation(data, 0) < Self.tolerance(0))
    }
  }

  /// Where weights are all but none the slope rests on keys that double precision does not see.
  @Test func `lines far from the keys are those of one piece`() throws {
    let cases: [(keys: [Double], queries: [Double])] = [
      ([0, 50, 51, 52], [0, 1, 25, 60, 1000]),
      ([0, 0, 0, 1e-3], [0, 30, -40]),
      ([1e9, 1e9 + 1, 1e9 + 2, 1e9 + 4], [1e9 + 2, 1e9 - 50]),
      ([3, 3, 3, 3], [3, 5]),
      // Each part has keys of the heaviest place, with values of their own.
      ([10, 10, 10, 11, 12, 10, 9, 10], [10, 10.4, 200, -900]),
      ([10, 10, 10, 20, 30, 10, -10, 10], [10, 10.4, 200, -900]),
      ([10, 10, 10, 200, 3000, 10, -1000, 10], [10, 10.4, 200, -900]),
    ]
    for (keys, queries) in cases {
      let data = RegressionCase(
        keys: Points(keys), values: [1, -2, 3, 0.5, 7, -4, 2, 1].prefix(keys.count) + [],
        queries: Points(queries),
        similarity: Similarity(.gaussian, bandwidths: [1]))
      #expect(try Self.deviation(data, 1) < Self.tolerance(1))
    }
  }

  /// Each part lies on a line of its own, so that only together they determine a plane.
  @Test func `parts that determine no plane do so together`() throws {
    let first = [[0.0, 0], [1, 0], [2, 0]]
    let second = [[0.5, 1], [0.5, 2]]
    let all = first + second
    let values = all.map { 1 + 2 * $0[0] - 3 * $0[1] }
    let similarity = Similarity(.gaussian, bandwidths: [1, 1])
    let queries = Points(rowMajor: [0.3, 0.3, 5, 5, 40, -40], dimension: 2)
    var offset = 0
    let parts = try [first, second].map { rows in
      defer { offset += rows.count }
      return try KernelSmoother(
        Sample(
          keys: Points(rowMajor: rows.flatMap { $0 }, dimension: 2),
          values: [Array(values[offset..<offset + rows.count])]), similarity, degree: 1
      ).partialSums(at: queries)
    }
    for sums in [try parts[0].merging(parts[1]), try parts[1].merging(parts[0])] {
      let found = try sums.predictions(gradients: true)
      #expect(found.loweredDegrees.isEmpty)
      for query in queries.indices {
        let place = Array(queries[query])
        let expected = 1 + 2 * place[0] - 3 * place[1]
        // Five keys on a plane: a few roundings of their moments, and three digits that these may lose.
        #expect(abs(found.estimates[0][query] - expected) < 1e-12 * (1 + abs(expected)))
        #expect(abs(try #require(found.gradients)[0][0][query] - 2) < 1e-12)
        #expect(abs(try #require(found.gradients)[0][1][query] + 3) < 1e-12)
      }
    }
    #expect(try parts[0].predictions().loweredDegrees.count == queries.count)
  }

  @Test(arguments: [0, 1])
  func `merging is commutative and associative, and no keys change nothing`(_ degree: Int) throws {
    for kernel in [Kernel.gaussian, .epanechnikov, .cauchy] {
      let data = RegressionCase.random(
        seed: 11, kernel: kernel, dimension: 2, bandwidth: 0.3, weighted: true)
      let parts = try Self.parts(data, values: Self.values(data), degree: degree)
      func estimates(_ sums: PartialSums) throws -> [[Double]] {
        try sums.predictions().estimates
      }
      func agree(_ left: PartialSums, _ right: PartialSums) throws -> Bool {
        try zip(estimates(left), estimates(right)).allSatisfy {
          zip($0, $1).allSatisfy {
            ($0.isNaN && $1.isNaN)
              || ($0 - $1).magnitude <= Self.tolerance(degree) * max(100, $0.magnitude)
          }
        }
      }
      let (a, empty, b, c) = (parts[0], parts[1], parts[2], parts[3])
      #expect(try agree(a.merging(b), b.merging(a)))
      #expect(try agree(a.merging(b).merging(c), a.merging(b.merging(c))))
      #expect(try agree(a.merging(c).merging(b), a.merging(b).merging(c)))
      #expect(
        try estimates(a.merging(empty)).map { $0.map(\.bitPattern) }
          == estimates(empty.merging(a)).map { $0.map(\.bitPattern) })
      #expect(try a.merging(empty).keyCount == a.keyCount)
      #expect(try a.merging(b).keyCount == a.keyCount + b.keyCount)
    }
  }

  @Test func `empty windows follow the policy`() throws {
    let similarity = Similarity(.boxcar, bandwidths: [1])
    let queries = Points([0.5, 9])
    func sums(_ keys: [Double], _ values: [Double], _ weights: [Double]) throws -> PartialSums {
      var sums = try PartialSums(queries: queries, similarity: similarity, valueCount: 1)
      try sums.add(Sample(keys, values, weights: weights))
      return sums
    }
    let merged = try sums([0, 1], [1, 3], [1, 1]).merging(sums([2, 3], [10, 20], [2, 0]))
    let policies: [(EmptyWindowPolicy, Double)] = [(.notANumber, .nan), (.mean, 6)]
    for (policy, expected) in policies {
      let found = try merged.predictions(emptyWindow: policy)
      #expect(found.emptyWindows == [1])
      #expect(found.values[0] == 2)
      #expect(found.values[1] == expected || (expected.isNaN && found.values[1].isNaN))
    }
    for policy in [EmptyWindowPolicy.fail, .nearest] {
      #expect(throws: KernelRegressionError.self) {
        try merged.predictions(emptyWindow: policy)
      }
    }
    let weightless = try sums([0], [1], [0])
    #expect(throws: KernelRegressionError.self) { try weightless.predictions() }
    #expect(try merged.merging(weightless).predictions().values[0] == 2)
  }

  @Test func `sums of another question do not merge`() throws {
    let queries = Points([1, 2])
    func sums(
      _ queries: Points = queries, bandwidth: Double = 1, degree: Int = 0,
      kernel: Kernel = .gaussian
    ) throws -> PartialSums {
      try PartialSums(
        queries: queries, similarity: Similarity(kernel, bandwidths: [bandwidth]),
        valueCount: 1, degree: degree)
    }
    for other in [
      try sums(Points([1, 3])), try sums(bandwidth: 2), try sums(degree: 1),
      try sums(kernel: .cauchy),
    ] {
      #expect(throws: KernelRegressionError.self) { try sums().merging(other) }
    }
    #expect(throws: KernelRegressionError.self) { try sums(degree: 2) }
  }

  @Test func `sums under different closures do not merge, whatever these are called`() throws {
    func wide(_ name: String) -> Kernel {
      Kernel(name: name, logProfile: { -$0 * $0 / 8 }, profile: { .exp(-$0 * $0 / 8) })
    }
    func sums(_ kernel: Kernel) throws -> PartialSums {
      try KernelSmoother(Sample([0, 1, 3], [1, 2, 4]), Similarity(kernel, bandwidths: [1]))
        .partialSums(at: Points([0.5, 2]))
    }
    let kernel = wide("gaussian")
    let one = try sums(kernel)
    for other in [try sums(wide("gaussian")), try sums(.gaussian)] {
      #expect(throws: KernelRegressionError.self) { try one.merging(other) }
      var text = one
      #expect(throws: KernelRegressionError.self) {
        try text.merge(summaryText: other.summaryText(), keyCount: other.keyCount)
      }
    }
    var twice = try one.merging(sums(kernel))
    try twice.merge(summaryText: one.summaryText(), keyCount: one.keyCount)
    #expect(twice.keyCount == 9)
  }

  @Test func `a closure called gaussian is weighed by its own formula`() throws {
    let kernel = Kernel(
      name: "gaussian", logProfile: { -$0 * $0 / 8 }, profile: { .exp(-$0 * $0 / 8) })
    func sums(_ place: Double, _ value: Double) throws -> PartialSums {
      try KernelSmoother(
        Sample(keys: Points(rowMajor: [place, place], dimension: 2), values: [[value]]),
        Similarity(kernel, bandwidths: [1], combination: .radial)
      ).partialSums(at: Points(rowMajor: [100.01, 100.01], dimension: 2))
    }
    // Far from both keys, where logarithms decide: 2(100.01² − 99.99²)/8 = 1 is their difference. They are
    // some 2,500 and rounded to doubles, of which 1e-11 is a few units in the last place.
    let ratio = Double.exp(-1)
    let merged = try sums(0, 1).merging(sums(200, 3)).predictions().values[0]
    #expect(abs(merged - (ratio + 3) / (ratio + 1)) < 1e-11)
  }

  /// Values near the largest double, weights near the least.
  @Test func `large values and tiny weights stay in range`() throws {
    var data = RegressionCase.random(seed: 3, kernel: .gaussian, weighted: true)
    data.values = data.values.map { $0 * 5e307 / 4 }
    data.observationWeights = data.observationWeights?.map { $0 * 1e-300 }
    let whole = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values], weights: data.observationWeights),
      Similarity(bandwidths: data.similarity.bandwidths)
    ).predict(at: .points(data.queries))
    let merged = try Self.merged(Self.parts(data, values: [data.values], degree: 0))
    #expect(
      Laws.deviation(
        try merged.predictions().values, whole.values,
        relativeTo: data.values.reduce(0) { max($0, $1.magnitude) }) < Self.tolerance(0))
  }
}
