import Nadaraya
import Testing
import _TestSupport

@Suite struct CausalTests {
  /// Readings at uneven times, some of them at once.
  func data(count: Int = 700, kernel: Kernel = .gaussian, dimension: Int = 1) -> RegressionCase {
    RegressionCase.random(
      seed: 21, kernel: kernel, dimension: dimension, count: count, queryCount: 25, bandwidth: 0.1)
  }

  func estimator(
    _ data: RegressionCase, degree: Int = 0, isCausal: Bool = true,
    emptyWindow: EmptyWindowPolicy = .notANumber, engine: EngineChoice = .automatic
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: data.keys, values: [data.values]),
      Similarity(data.similarity.kernel, bandwidths: data.similarity.bandwidths), degree: degree,
      emptyWindow: emptyWindow, isCausal: isCausal, computation: Computation(engine: engine))
  }

  func earlier(_ data: RegressionCase, upTo time: Double, without row: Int? = nil) -> RegressionCase
  {
    let rows = data.keys.indices.filter { data.keys[$0].first! <= time && $0 != row }
    var part = data
    part.keys = data.keys.selecting(rows)
    part.values = rows.map { data.values[$0] }
    return part
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov, .laplacian, .cauchy], [0, 1, 2])
  func `a query has the fit to the rows that are not later`(kernel: Kernel, degree: Int) throws {
    for dimension in [1, 2] {
      let data = data(count: dimension == 1 ? 500 : 400, kernel: kernel, dimension: dimension)
      let predictions = try estimator(data, degree: degree).predict(at: .points(data.queries))
      let automatic = try KernelSmoother(
        Sample(keys: data.keys, values: [data.values]),
        Similarity(kernel, bandwidths: data.similarity.bandwidths), degree: degree, isCausal: true,
        computation: Computation(queryCount: 1_000_000)
      ).predict(at: .points(data.queries))
      for query in data.queries.indices {
        let part = earlier(data, upTo: data.queries[query].first!)
        let point = data.queries.selecting(query..<query + 1)
        let refit =
          part.keys.count == 0
          ? nil
          : try estimator(part, degree: degree, isCausal: false, engine: .direct).predict(
            at: .points(point))
        let expected = refit?.values[0] ?? .nan
        // Fits of the same rows by moments about the query and by the rows themselves agree to 1e-9
        // of the values, three at most; far from the keys polynomials grow.
        let size = max(3, expected.isFinite ? expected.magnitude : 0)
        for actual in [predictions, automatic] {
          #expect(
            Laws.deviation([actual.values[query]], [expected], relativeTo: size)
              < Promise.polynomial,
            "\(kernel.name) \(degree) \(dimension) \(query)")
          let lowered = actual.loweredDegrees.first { $0.query == query }?.degree
          #expect(lowered == refit?.loweredDegrees.first?.degree)
        }
      }
    }
  }

  @Test(arguments: [0, 1], [Kernel.gaussian, .triangular])
  func `later rows do not repaint a curve`(degree: Int, kernel: Kernel) throws {
    // Both are sums over the same rows, in other blocks: as many as there are bits in their number,
    // each within 1e-12 of its sum.
    let data = data(count: 3_000, kernel: kernel)
    let places = Points((0..<200).map { 0.7 * (Double($0) + 0.5) / 200 })
    let then = try estimator(earlier(data, upTo: 0.7), degree: degree).predict(at: .points(places))
      .values
    let now = try estimator(data, degree: degree).predict(at: .points(places)).values
    #expect(
      Laws.deviation(then, now, relativeTo: 3)
        < (degree == 0 ? Promise.oneInput : Promise.polynomial))
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov], [0, 1])
  func `later rows do not change an interval`(kernel: Kernel, degree: Int) throws {
    // Rows of few neighbours too, whose noise is that of all rows before them.
    let times = (0..<150).map { Double($0 * $0) / 60 }
    let values = times.indices.map { Double(($0 * 37) % 101) / 50 }
    func intervals(_ count: Int) throws -> Intervals {
      try KernelSmoother(
        Sample(Array(times.prefix(count)), Array(values.prefix(count))),
        Similarity(kernel, bandwidths: [6]), degree: degree, isCausal: true
      ).confidenceIntervals(at: .points(Array(times.prefix(50))), level: 0.9)
    }
    let (then, now) = (try intervals(60), try intervals(150))
    let (earlier, later) = (
      try #require(then.standardErrors)[0], try #require(now.standardErrors)[0]
    )
    for (first, second) in zip(earlier + then.lower[0], later + now.lower[0]) {
      #expect(first.isNaN == second.isNaN)
      if !first.isNaN {
        #expect(abs(first - second) <= Promise.polynomial * max(abs(first), 1))
      }
    }
    #expect(earlier.count { $0 > 0 } > 30)
  }

  @Test func `leaving out a row equals a refit to the others that are not later`() throws {
    let data = data()
    for degree in [0, 1] {
      let left = try estimator(data, degree: degree).predict(at: .leaveOneOut).values
      for row in stride(from: 0, to: data.keys.count, by: 31) {
        let part = earlier(data, upTo: data.keys[row].first!, without: row)
        guard part.keys.count > 0 else { continue }
        let expected = try estimator(part, degree: degree, isCausal: false, engine: .direct)
          .predict(at: .points(data.keys.selecting(row..<row + 1))).values[0]
        #expect(abs(left[row] - expected) < Promise.polynomial)
      }
    }
  }

  @Test func `before all keys there is nothing to attend to`() throws {
    let keys = [1.0, 2, 2, 3]
    let values = [10.0, 20, 30, 40]
    let queries = Points([0.5, 1, 2, 2.5])
    func predict(_ policy: EmptyWindowPolicy, bandwidth: Double) throws -> [Double] {
      try KernelSmoother(
        Sample(keys, values), Similarity(.boxcar, bandwidths: [bandwidth]), emptyWindow: policy,
        isCausal: true
      ).predict(at: .points(queries)).values
    }
    let plain = try predict(.notANumber, bandwidth: 0.25)
    #expect(plain[0].isNaN && plain[3].isNaN)
    #expect(Array(plain[1...2]) == [10, 25])
    // The nearest earlier keys are the two at 2; the nearest of all would be none of them alone.
    let nearest = try predict(.nearest, bandwidth: 0.25)
    #expect(nearest[0].isNaN && nearest[3] == 25)
    let mean = try predict(.mean, bandwidth: 0.25)
    #expect(mean[0].isNaN && mean[3] == 20)
    #expect(throws: KernelRegressionError.self) { try predict(.fail, bandwidth: 10) }
    // With all earlier keys in reach, only the first query is without.
    #expect(Array(try predict(.notANumber, bandwidth: 10)[1...]) == [10, 20, 20])
  }

  @Test func `the mean in place of rows left out is that of the earlier ones`() throws {
    let values = [1.0, 2, 4, 8]
    let left = try KernelSmoother(
      Sample([0, 1, 2, 3], values), Similarity(.boxcar, bandwidths: [0.5]), emptyWindow: .mean,
      isCausal: true
    ).predict(at: .leaveOneOut).values
    #expect(left[0].isNaN)
    #expect(Array(left[1...]) == [1, 1.5, 7.0 / 3])
  }

  @Test func `attention is none on later keys`() throws {
    let data = data(count: 80)
    let attention = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values]), Similarity(bandwidths: [0.1]), isCausal: true
    ).attentionMatrix(at: .points(data.queries))
    for query in data.queries.indices {
      let time = data.queries[query].first!
      let column = attention.column(query)
      guard !attention.emptyWindows.contains(query) else { continue }
      // Eighty shares at most.
      #expect(abs(column.reduce(0, +) - 1) < Rounding.hundreds)
      #expect(zip(column, data.keys.coordinates).allSatisfy { $1 <= time || $0 == 0 })
    }
  }

  @Test func `labels alone have no time`() {
    #expect(throws: KernelRegressionError.self) {
      try KernelSmoother(
        Sample([0, 1, 0], [1, 2, 3]), Similarity(bandwidths: [0.1], labels: [.liRacine]),
        isCausal: true)
    }
  }

  @Test(arguments: [0, 1])
  func `the criterion is the mean over rows that another precedes`(degree: Int) throws {
    let data = data(count: 60)
    let estimator = try estimator(data, degree: degree)
    let left = try estimator.predict(at: .leaveOneOut).values
    let first = data.keys.coordinates.min()!
    let isTied = data.keys.coordinates.count { $0 == first } > 1
    let rows = data.keys.indices.filter { isTied || data.keys.coordinates[$0] > first }
    let squares = rows.map { (data.values[$0] - left[$0]) * (data.values[$0] - left[$0]) }
    let report = try estimator.criteria()
    #expect(report.rowsWithoutEarlierKeys == data.keys.count - rows.count)
    #expect(report.unsupportedRows == 0)
    let expected = squares.reduce(0, +) / Double(rows.count)
    // Sixty squares of the same residuals, or of such as another pass has with estimates within 1e-12.
    #expect(abs(report.criteria(.leaveOneOut)[0] - expected) < 1e-11 * expected)
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov, .boxcar])
  func `no bandwidth of a grid is better than the one chosen`(kernel: Kernel) throws {
    let data = data(count: 80, kernel: kernel)
    let selection = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys: data.keys, values: [data.values]),
      similarity: Similarity(kernel), isCausal: true)
    #expect(selection.rowsWithoutEarlierKeys <= 1)
    let criterion = try BandwidthCriterion(
      .leaveOneOut, of: Sample(keys: data.keys, values: [data.values]),
      similarity: Similarity(kernel), isCausal: true)
    let chosen = try #require(selection.criterion)
    // A rough criterion may dip by a thousandth between the steps of the search.
    for bandwidth in Bandwidths.path(from: 0.01, to: 4, count: 60) {
      #expect(try criterion([bandwidth]) >= chosen * (1 - 1e-3))
    }
    // The search scales the table, which rounds, and residuals lose some digits.
    #expect(abs(try criterion(selection.bandwidths) - chosen) < 1e-9 * chosen)
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov])
  func `weights, sparse ones and maps are those of the rows that are not later`(
    kernel: Kernel
  ) throws {
    let data = data(count: 300, kernel: kernel)
    let causal = try estimator(data)
    let sparse = try causal.weights(
      at: .points(data.queries), listing: .largest(5))
    let whole = try causal.attentionMatrix(at: .points(data.queries))
    let map = try causal.attentionMap(at: .points(data.queries))
    for query in data.queries.indices {
      let time = data.queries[query].first!
      let rows = data.keys.indices.filter { data.keys[$0].first! <= time }
      guard !rows.isEmpty else {
        #expect(sparse.entries(ofQuery: query).isEmpty)
        continue
      }
      let expected = try estimator(earlier(data, upTo: time), isCausal: false)
        .attentionMatrix(at: .points(data.queries.selecting(query..<query + 1)))
      for (place, row) in rows.enumerated() {
        let weight = expected[place, 0]
        let found = whole[row, query]
        #expect(
          weight.isNaN ? found.isNaN : abs(found - weight) <= 2 * Promise.weight * weight)
      }
      for entry in sparse.entries(ofQuery: query) {
        #expect(data.keys[entry.key].first! <= time)
        #expect(abs(entry.weight - whole[entry.key, query]) <= Promise.sparse * entry.weight)
      }
      for (place, row) in map.keyOrder.enumerated() where whole[row, query] > 0 {
        let column = map.queryOrder.firstIndex(of: query)!
        // A map is promised to 1e-9.
        #expect(abs(map[place, column] - whole[row, query]) <= 1e-9 * whole[row, query])
      }
    }
  }

  @Test(arguments: Kernel.all)
  func `the far limit is that of the earlier keys, where distances overflow too`(
    kernel: Kernel
  ) throws {
    // Several leaves, so that the earlier ones are blocks, and all of their weight in the first.
    let count = 1_400
    let times = (0..<count).map { Double($0) / 1_000 }
    let values = times.indices.map { Double($0 % 7) }
    let weights = times.indices.map { $0 < 256 ? 1.0 : 0 }
    for bandwidth in [1e-200, 1e-305] {
      func estimator(isCausal: Bool) throws -> KernelSmoother {
        try KernelSmoother(
          Sample(times, values, weights: weights), Similarity(kernel, bandwidths: [bandwidth]),
          isCausal: isCausal, computation: Computation(engine: isCausal ? .automatic : .direct))
      }
      let queries = Points([2, 1e12])
      let actual = try estimator(isCausal: true).predict(at: .points(queries))
      let expected = try estimator(isCausal: false).predict(at: .points(queries))
      #expect(actual.emptyWindows == expected.emptyWindows)
      // 256 terms of at most 6 in another order.
      #expect(Laws.deviation(actual.values, expected.values, relativeTo: 6) < Rounding.hundreds)
    }
  }
}
