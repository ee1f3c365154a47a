import Nadaraya
import Testing

@Suite struct PolicyTests {
  func estimator(_ policy: EmptyWindowPolicy) throws -> KernelSmoother {
    try KernelSmoother(
      Sample([0, 1, 1, 4], [10, 20, 40, 0], weights: [1, 1, 3, 5]),
      Similarity(.boxcar, bandwidths: [0.5]), emptyWindow: policy)
  }

  @Test func `a window without keys gives what the policy says and is counted`() throws {
    let queries = Points([0, 2, 2.5, 100])
    let expected: [EmptyWindowPolicy: [Double]] = [
      .notANumber: [10, .nan, .nan, .nan],
      // 2.5 lies as near to 1 as to 4: (20 + 3·40 + 5·0)/9.
      .nearest: [10, 35, 140.0 / 9, 0],
      .mean: [10, 15, 15, 15],
    ]
    for (policy, values) in expected {
      let predictions = try estimator(policy).predict(at: .points(queries), diagnostics: true)
      #expect(predictions.emptyWindows == [1, 2, 3])
      #expect(predictions.effectiveSampleSizes == [1, 0, 0, 0])
      #expect(predictions.nearestDistances == [0, 2, 3, 192])
      let weights = try estimator(policy).attentionMatrix(at: .points(queries))
      #expect(weights.emptyWindows == [1, 2, 3])
      for (index, value) in values.enumerated() {
        let pooled = zip(weights.column(index), [10.0, 20, 40, 0]).reduce(0) { $0 + $1.0 * $1.1 }
        if value.isNaN {
          #expect(predictions.values[index].isNaN && pooled.isNaN)
        } else {
          // Four values up to 40 and a quotient: one unit in the last place of 40.
          #expect(abs(predictions.values[index] - value) < 1e-14)
          #expect(abs(pooled - value) < 1e-14)
        }
      }
    }
  }

  @Test func `however far a query lies, the nearest keys decide and share by weight`() throws {
    // Seen from far along the first input, (4, 0) and (4, 1) beat all others; the second input
    // decides between them unless the query is level with both.
    let estimator = try KernelSmoother(
      Sample(
        keys: Points(columns: [[0, 4, 4, 4, 3], [0, 0, 1, 1, 7]]), values: [[9, 1, 2, 6, 8]],
        weights: [1, 1e-6, 1, 3, 1e6]), Similarity(bandwidths: [0.5, 2]))
    for distance in [1e9, 1e25, 1e40, 1e100, 1e170] {
      let queries = Points(columns: [[distance, distance, 4], [-1e5, 1e5, distance]])
      let estimates = try estimator.predict(at: .points(queries)).values
      #expect(estimates[0] == 1, "from \(distance)")
      #expect(estimates[1] == 5, "from \(distance)")
      #expect(estimates[2] == 8, "from \(distance)")
    }
  }

  @Test(arguments: [EmptyWindowPolicy.nearest, .mean])
  func `where nothing is left, no policy invents a value`(policy: EmptyWindowPolicy) throws {
    for weights in [nil, [1.0, 0]] as [[Double]?] {
      let keys = weights == nil ? [1.0] : [1.0, 2]
      let estimator = try KernelSmoother(
        Sample(keys, keys, weights: weights), Similarity(bandwidths: [1]), emptyWindow: policy)
      #expect(try estimator.predict(at: .leaveOneOut).values[0].isNaN)
      let weights = try estimator.attentionMatrix(at: .leaveOneOut).column(0)
      #expect(weights.filter { !$0.isNaN }.isEmpty)
    }
  }

  @Test func `an attention matrix asked for in parts is the whole one`() throws {
    let queries = Points([0, 2, 1, 4, 9])
    for policy in [EmptyWindowPolicy.nearest, .notANumber] {
      let whole = try estimator(policy).attentionMatrix(at: .points(queries))
      let part = try estimator(policy).attentionMatrix(at: .points(queries), range: 3..<5)
      for query in 0..<2 {
        #expect(part.column(query).description == whole.column(query + 3).description)
      }
      #expect(part.emptyWindows == [1])
    }
    let error = #expect(throws: KernelRegressionError.self) {
      try estimator(.fail).attentionMatrix(at: .points(queries), range: 2..<5)
    }
    #expect(error?.description.hasPrefix("no key supports query 4 at 9.0") == true)
  }

  @Test func `under fail the first empty window is an error that names it`() throws {
    let error = #expect(throws: KernelRegressionError.self) {
      try estimator(.fail).predict(at: .points([0, 2, 2.5]))
    }
    #expect(error?.code == .emptyWindow)
    #expect(
      error?.description
        == "no key supports query 1 at 2.0, with the boxcar kernel and bandwidth 0.5")
  }

  @Test func `what cannot be fitted is refused with the offending value`() {
    func refuse(
      _ code: KernelRegressionError.Code, _ message: String,
      _ body: () throws -> KernelSmoother
    ) {
      let error = #expect(throws: KernelRegressionError.self) { _ = try body() }
      #expect(error?.code == code)
      #expect(error?.description == message)
    }
    refuse(.tooFewKeys, "there are no keys to attend to") {
      try KernelSmoother(Sample([], []), Similarity(bandwidths: [1]))
    }
    refuse(.dimensionMismatch, "the number of values, 1, differs from the number of keys, 2") {
      try KernelSmoother(Sample([1, 2], [1]), Similarity(bandwidths: [1]))
    }
    refuse(.notFinite, "input 1 of key 1 is nan, not a finite number") {
      try KernelSmoother(
        Sample(keys: Points(rowMajor: [1, 2, 3, .nan], dimension: 2), values: [[1, 2]]),
        Similarity(bandwidths: [1]))
    }
    refuse(.notFinite, "value 1 is -inf, not a finite number") {
      try KernelSmoother(Sample([1, 2], [1, -.infinity]), Similarity(bandwidths: [1]))
    }
    refuse(.invalidWeight, "observation weight 0 is -1.0, not a finite number ≥ 0") {
      try KernelSmoother(Sample([1], [1], weights: [-1]), Similarity(bandwidths: [1]))
    }
    refuse(.invalidWeight, "all observation weights are 0") {
      try KernelSmoother(Sample([1], [1], weights: [0]), Similarity(bandwidths: [1]))
    }
    refuse(.invalidBandwidth, "bandwidth 5e-324 is too small, below 2e-308") {
      try KernelSmoother(Sample([1], [1]), Similarity(bandwidths: [.leastNonzeroMagnitude]))
    }
    refuse(.notFinite, "input 0 of key 0 is 1e+308, beyond 4e307") {
      try KernelSmoother(Sample([1e308], [1]), Similarity(bandwidths: [1]))
    }
    for bandwidth in [0, -1, Double.nan, .infinity] {
      refuse(.invalidBandwidth, "bandwidth \(bandwidth) is not a positive number") {
        try KernelSmoother(Sample([1], [1]), Similarity(bandwidths: [bandwidth]))
      }
    }
    refuse(.dimensionMismatch, "2 bandwidths are given for 1 input") {
      try KernelSmoother(Sample([1], [1]), Similarity(bandwidths: [1, 2]))
    }
  }

  @Test func `a query must be a point like the keys`() throws {
    let estimator = try estimator(.notANumber)
    #expect(throws: KernelRegressionError.self) { try estimator.predict([.nan]) }
    #expect(throws: KernelRegressionError.self) {
      try estimator.predict(at: .points(Points(columns: [[1], [2]])))
    }
    #expect(try estimator.predict([Double]()) == [])
  }

  @Test func `the largest weights come first and ties in the order of the keys`() throws {
    let weights = try KernelSmoother(
      Sample([0, 1, 2, 3], [0, 0, 0, 0]), Similarity(bandwidths: [1])
    )
    .attentionMatrix(at: .points([1]))
    #expect(weights.largest(ofQuery: 0).map(\.key) == [1, 0, 2, 3])
    #expect(weights.largest(2, ofQuery: 0).map(\.key) == [1, 0])
    #expect(weights.largest(atLeast: 0.2, ofQuery: 0).map(\.key) == [1, 0, 2])
    #expect(weights.largest(0, ofQuery: 0).isEmpty)
  }
}
