import Nadaraya
import Testing
import _TestSupport

@Suite struct StreamingTests {
  typealias Row = (handle: StreamingRegression.Handle, key: [Double], value: Double, weight: Double)

  /// Rows as a fresh fit takes them.
  func fresh(
    _ rows: [Row], _ stream: StreamingRegression, emptyWindow: EmptyWindowPolicy = .notANumber
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(
        keys: Points(rowMajor: rows.flatMap(\.key), dimension: stream.similarity.bandwidths.count),
        values: [rows.map(\.value)], weights: rows.map(\.weight)),
      Similarity(
        stream.similarity.kernel, bandwidths: stream.similarity.bandwidths,
        combination: stream.similarity.combination), degree: stream.degree,
      emptyWindow: emptyWindow, computation: Computation(engine: .direct))
  }

  func queries(_ dimension: Int, _ random: inout SplitMix64) -> Points {
    var rows = (0..<12).map { _ in (0..<dimension).map { _ in random.uniform() } }
    rows.append([Double](repeating: 40, count: dimension))
    rows.append([Double](repeating: -3, count: dimension))
    return Points(rowMajor: rows.flatMap { $0 }, dimension: dimension)
  }

  @Test(arguments: Kernel.all, [1, 2])
  func `whatever comes and goes, predictions are those of a fresh fit`(
    kernel: Kernel, dimension: Int
  ) throws {
    var random = SplitMix64(seed: 7)
    var stream = try StreamingRegression(
      Similarity(
        kernel, bandwidths: [Double](repeating: 0.1, count: dimension),
        combination: dimension == 2 && kernel.name == "epanechnikov" ? .radial : .product))
    var rows: [Row] = []
    for step in 0..<1_200 {
      // The set grows, shrinks and grows; keys are seldom new.
      let grows = step % 500 < 300
      if rows.isEmpty || random.uniform() < (grows ? 0.8 : 0.2) {
        let key =
          random.uniform() < 0.3 && !rows.isEmpty
          ? rows[Int(random.next() % UInt64(rows.count))].key
          : (0..<dimension).map { _ in random.uniform() }
        let value = 4 * random.uniform() - 1
        let weight = random.uniform() < 0.5 ? 1 : 0.1 + random.uniform()
        rows.append((try stream.add(key: key, values: [value], weight: weight), key, value, weight))
      } else {
        let row = rows.remove(at: Int(random.next() % UInt64(rows.count)))
        let wasThere = (stream.remove(row.handle), stream.remove(row.handle))
        #expect(wasThere == (true, false))
      }
      #expect(stream.count == rows.count)
      guard step % 60 == 59, !rows.isEmpty else { continue }
      stream.checkInvariants { Issue.record("\($0)") }
      let queries = queries(dimension, &random)
      let actual = try stream.predict(at: .points(queries))
      let expected = try fresh(rows, stream).predict(at: .points(queries))
      // Both add the same terms, up to 300 of size 3, in another order, tile by tile.
      #expect(Laws.deviation(actual.values, expected.values, relativeTo: 3) < Rounding.hundreds)
      #expect(actual.emptyWindows == expected.emptyWindows)
    }
  }

  @Test(arguments: [1, 2])
  func `polynomials are those of a fresh fit`(degree: Int) throws {
    var random = SplitMix64(seed: 3)
    var stream = try StreamingRegression(
      Similarity(bandwidths: [0.05]), degree: degree, window: .rows(150))
    var rows: [Row] = []
    for step in 0..<400 {
      let (key, value) = ([random.uniform()], random.uniform())
      rows.append((try stream.add(key: key, values: [value]), key, value, 1))
      if rows.count > 150 { rows.removeFirst() }
      guard step % 80 == 5 else { continue }
      let queries = Points((0..<10).map { _ in random.uniform() })
      let expected = try fresh(rows, stream).predict(at: .points(queries))
      let actual = try stream.predict(at: .points(queries))
      #expect(
        Laws.deviation(actual.values, expected.values, relativeTo: 1) < 2 * Promise.polynomial)
      #expect(actual.loweredDegrees == expected.loweredDegrees)
    }
  }

  @Test func `a hundred thousand changes leave no trace`() throws {
    // Values up to 10¹⁰ come and go beside values of 1: sums that were carried along would keep
    // rounding errors of 1e-6.
    var random = SplitMix64(seed: 5)
    var stream = try StreamingRegression(
      Similarity(.epanechnikov, bandwidths: [0.2]), window: .rows(500))
    var last: [(key: Double, value: Double)] = []
    for step in 0..<50_000 {
      let key = random.uniform()
      let value =
        step < 49_000 && step.isMultiple(of: 3) ? 1e10 * random.uniform() : random.uniform()
      try stream.add(key: [key], values: [value])
      if step >= 49_500 { last.append((key, value)) }
    }
    stream.checkInvariants { Issue.record("\($0)") }
    let fresh = try KernelSmoother(
      Sample(last.map(\.key), last.map(\.value)), Similarity(.epanechnikov, bandwidths: [0.2]))
    let queries = Points((0..<200).map { Double($0) / 199 })
    let deviation = Laws.deviation(
      try stream.predict(at: .points(queries)).values,
      try fresh.predict(at: .points(queries)).values, relativeTo: 1)
    // Of the 500 rows that are left some two hundred are in reach, with values up to 1.
    #expect(deviation < Rounding.hundreds)
  }

  @Test func `a series in order of time keeps its leaves at one depth`() throws {
    var stream = try StreamingRegression(Similarity(bandwidths: [1]), window: .rows(2_000))
    for step in 0..<10_000 { try stream.add(key: [Double(step)], values: [Double(step % 7)]) }
    stream.checkInvariants { Issue.record("\($0)") }
    #expect(stream.count == 2_000)
    let start = 8_000.0
    let fresh = try KernelSmoother(
      Sample((0..<2_000).map { start + Double($0) }, (8_000..<10_000).map { Double($0 % 7) }),
      Similarity(bandwidths: [1]))
    let queries = stride(from: 7_900.0, to: 10_100, by: 13.7).map { $0 }
    // The terms of some eighty rows in another order.
    #expect(
      Laws.deviation(try stream.predict(queries), try fresh.predict(queries), relativeTo: 6)
        < Rounding.hundreds)
  }

  @Test func `a span of time lets older rows go, in whatever order they come`() throws {
    var stream = try StreamingRegression(Similarity(.constant, bandwidths: [1]), window: .span(10))
    let first = try stream.add(key: [0], values: [1])
    try stream.add(key: [8], values: [2])
    #expect(stream.count == 2 && stream.contains(first))
    try stream.add(key: [10], values: [3])
    // At a distance of the span a row is still in it.
    #expect(stream.contains(first))
    try stream.add(key: [11], values: [4])
    let wasThere = stream.remove(first)
    #expect(!wasThere && !stream.contains(first))
    let late = try stream.add(key: [0.5], values: [100])
    #expect(!stream.contains(late))
    #expect(try stream.predict([0]) == [3])
    for step in 0..<5_000 { try stream.add(key: [Double(20 + step)], values: [1]) }
    #expect(stream.count == 11)
  }

  @Test func `the oldest go first`() throws {
    var stream = try StreamingRegression(Similarity(.constant, bandwidths: [1]))
    let handles = try stream.add(
      keys: Points([3, 1, 2, 5]), values: [[10, 20, 30, 40]], observationWeights: [1, 1, 2, 1])
    stream.remove(handles[1])
    stream.removeOldest()
    #expect(stream.contains(handles[2]) && !stream.contains(handles[0]))
    #expect(try stream.predict([0]) == [100.0 / 3])
    stream.removeOldest(2)
    #expect(stream.count == 0)
  }

  @Test func `without rows the policy decides`() throws {
    for policy in [EmptyWindowPolicy.notANumber, .nearest, .mean] {
      var stream = try StreamingRegression(
        Similarity(.boxcar, bandwidths: [0.5]), emptyWindow: policy)
      #expect(try stream.predict([1])[0].isNaN)
      try stream.add(keys: Points([0, 4, 4]), values: [[1, 2, 6]])
      let filled = try stream.predict([1.5, 3, 4])
      let expected: [Double] =
        switch policy {
        case .nearest: [1, 4, 4]
        case .mean: [3, 3, 4]
        default: [.nan, .nan, 4]
        }
      #expect(Laws.deviation(filled, expected, relativeTo: 1) < Rounding.few)
    }
    let strict = try StreamingRegression(Similarity(bandwidths: [1]), emptyWindow: .fail)
    #expect(throws: KernelRegressionError.self) { try strict.predict([0]) }
  }

  @Test func `a faulty row changes nothing`() throws {
    var stream = try StreamingRegression(Similarity(bandwidths: [1]), valueCount: 2)
    try stream.add(key: [0], values: [1, 2])
    for (key, values, weight) in [
      ([.nan], [1, 2], 1), ([.infinity], [1, 2], 1), ([0], [.nan, 2], 1), ([0], [1], 1),
      ([0, 1], [1, 2], 1), ([0], [1, 2], -1), ([0], [1, 2], 0),
    ] as [([Double], [Double], Double)] {
      #expect(throws: KernelRegressionError.self) {
        try stream.add(key: key, values: values, weight: weight)
      }
    }
    #expect(throws: KernelRegressionError.self) {
      try stream.add(keys: Points([1, .nan]), values: [[1, 2], [3, 4]])
    }
    #expect(stream.count == 1)
    #expect(try stream.predict(at: .points([0])).estimates == [[1], [2]])
  }

  @Test func `copies are independent`() throws {
    var stream = try StreamingRegression(Similarity(.constant, bandwidths: [1]))
    let row = try stream.add(key: [0], values: [1])
    var copy = stream
    copy.remove(row)
    try copy.add(key: [0], values: [5])
    #expect(try stream.predict([0]) == [1])
    #expect(try copy.predict([0]) == [5])
  }

  @Test func `attention is that of the fresh fit`() throws {
    var random = SplitMix64(seed: 9)
    var stream = try StreamingRegression(Similarity(.triangular, bandwidths: [0.2]))
    var rows: [Row] = []
    for _ in 0..<200 {
      let (key, value) = ([random.uniform()], random.uniform())
      rows.append((try stream.add(key: key, values: [value]), key, value, 1))
    }
    let weights = try fresh(rows, stream).attentionMatrix(at: .points([0.4]))
    let attention = try stream.weights(at: [0.4])
    #expect(attention.count == rows.indices.count { weights[$0, 0] > 0 })
    for entry in attention {
      let row = rows.firstIndex { $0.handle == entry.row }!
      // Weights are some hundredth, of which sums of eighty terms know 1e-14.
      #expect(abs(entry.weight - weights[row, 0]) < 1e-15)
    }
    #expect(zip(attention, attention.dropFirst()).allSatisfy { $0.weight >= $1.weight })
  }

  @Test func `a query has as many inputs as the keys`() throws {
    var stream = try StreamingRegression(Similarity(bandwidths: [1]))
    try stream.add(key: [0], values: [1])
    for query in [[], [0, 0]] as [[Double]] {
      #expect(throws: KernelRegressionError.self) { try stream.weights(at: query) }
    }
  }

  @Test func `threads change no polynomial`() throws {
    var random = SplitMix64(seed: 12)
    var stream = try StreamingRegression(Similarity(bandwidths: [0.05]), degree: 1)
    for _ in 0..<300 { try stream.add(key: [random.uniform()], values: [random.uniform()]) }
    let queries = Points((0..<200).map { _ in 1.2 * random.uniform() })
    stream.execution = Execution(threads: 1)
    let expected = try stream.predict(at: .points(queries)).values
    stream.execution = Execution(threads: 3)
    #expect(try stream.predict(at: .points(queries)).values == expected)
  }

  @Test func `nothing is kept of rows that were removed as the oldest`() throws {
    var random = SplitMix64(seed: 13)
    var stream = try StreamingRegression(Similarity(bandwidths: [1]), window: .span(2))
    for _ in 0..<2_000 {
      try stream.add(key: [random.uniform()], values: [0])
      if stream.count > 10 { stream.removeOldest() }
    }
    // Those of rows that are there, as many again, and 64.
    #expect(stream.heldHandleCount <= 2 * (2 * 10 + 64))
  }
}
