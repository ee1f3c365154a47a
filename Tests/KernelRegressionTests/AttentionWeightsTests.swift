import Nadaraya
import Testing
import _TestSupport

/// Cases of every kernel, in one to three inputs, every other one with observation weights.
private let cases: [(name: String, data: RegressionCase)] = {
  var cases: [(String, RegressionCase)] = []
  for (index, kernel) in Kernel.all.enumerated() {
    for dimension in [1, 2, 3] {
      for combination in InputCombination.allCases {
        for weighted in [false, true] where weighted == (index + dimension).isMultiple(of: 2) {
          cases.append(
            (
              "\(kernel.name) in \(dimension), \(combination)\(weighted ? ", weighted" : "")",
              RegressionCase.random(
                seed: UInt64(index * 10 + dimension), kernel: kernel, dimension: dimension,
                count: 300, bandwidth: 0.2, combination: combination, weighted: weighted)
            ))
        }
      }
    }
  }
  return cases
}()

extension RegressionCase {
  fileprivate func estimator(
    emptyWindow: EmptyWindowPolicy = .notANumber
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: keys, values: [values], weights: observationWeights),
      Similarity(
        similarity.kernel, bandwidths: similarity.inputBandwidths,
        combination: similarity.combination, labels: similarity.labels.map(\.kernel)),
      emptyWindow: emptyWindow)
  }
}

@Suite struct AttentionWeightsTests {
  /// What is promised of weights, entropies and effective sample sizes.
  let tolerance = Promise.sparse

  /// Weights that differ by rounding may stand in either order.
  func expectSame(
    _ left: [AttentionWeights.Entry], _ right: [AttentionWeights.Entry], _ name: String
  ) {
    #expect(left.count == right.count, "\(name)")
    for (left, right) in zip(left, right) {
      #expect(
        left.key == right.key && abs(left.weight - right.weight) <= tolerance * right.weight,
        "\(name): \(left) and \(right)")
    }
  }

  @Test(arguments: cases)
  func `rows are those of the matrix, largest first`(name: String, data: RegressionCase) throws {
    let estimator = try data.estimator()
    let matrix = try estimator.attentionMatrix(at: .points(data.queries))
    let leftOut = try estimator.attentionMatrix(at: .leaveOneOut, range: 3..<20)
    for selection in [
      AttentionSelection.largest(7), AttentionSelection(threshold: 0.01),
      AttentionSelection(count: 3, threshold: 0.2), AttentionSelection(threshold: 0),
    ] {
      let rows = try estimator.weights(at: .points(data.queries), listing: selection)
      #expect(rows.emptyWindows == matrix.emptyWindows)
      for query in data.queries.indices where !matrix.emptyWindows.contains(query) {
        expectSame(
          rows.entries(ofQuery: query),
          matrix.largest(selection.count, atLeast: selection.threshold, ofQuery: query),
          "\(name), query \(query), \(selection)")
      }
      let others = try estimator.weights(at: .leaveOneOut, range: 3..<20, listing: selection)
      #expect(others.emptyWindows == leftOut.emptyWindows)
      for row in 0..<17 where !leftOut.emptyWindows.contains(row) {
        expectSame(
          others.entries(ofQuery: row),
          leftOut.largest(selection.count, atLeast: selection.threshold, ofQuery: row),
          "\(name), row \(row + 3) left out, \(selection)")
      }
    }
  }

  @Test(arguments: cases)
  func `entropies are those of the oracle's weights`(name: String, data: RegressionCase) throws {
    let rows = try data.estimator().weights(
      at: .points(data.queries), listing: .largest(1))
    let oracle = Oracle(data)
    for query in data.queries.indices {
      let shares = oracle.attentionShares(at: data.queries[query])
      let entropy = rows.entropies[query]
      guard let shares else {
        #expect(entropy.isNaN && rows.effectiveSampleSizes[query] == 0)
        continue
      }
      let expected = shares.entropy
      #expect(
        abs(entropy - expected) <= tolerance * expected,
        "\(name), query \(query): \(entropy) and not \(expected)")
      #expect(
        abs(rows.effectiveSampleSizes[query] - shares.effectiveSize)
          <= tolerance * shares.effectiveSize, "\(name), query \(query)")
    }
  }

  @Test(arguments: cases)
  func `whole rows sum to 1 and pool the values to the estimate`(
    name: String, data: RegressionCase
  ) throws {
    let estimator = try data.estimator()
    let rows = try estimator.weights(at: .points(data.queries), listing: .all)
    let few = try estimator.weights(
      at: .points(data.queries), listing: .largest(4))
    let predictions = try estimator.predict(at: .points(data.queries), diagnostics: true)
    let sizes = try #require(predictions.effectiveSampleSizes)
    for query in data.queries.indices {
      let entries = rows.entries(ofQuery: query)
      #expect(entries.count == data.keys.count)
      guard !rows.emptyWindows.contains(query) else {
        #expect(entries.allSatisfy { $0.weight.isNaN })
        continue
      }
      // Three hundred shares.
      #expect(abs(entries.reduce(0) { $0 + $1.weight } - 1) < Rounding.hundreds)
      let listed = few.entries(ofQuery: query)
      #expect(
        abs(listed.reduce(few.remainder(ofQuery: query)) { $0 + $1.weight } - 1)
          < Rounding.hundreds)
      let supported = entries.prefix { $0.weight > 0 }
      expectSame(listed, Array(supported.prefix(4)), "\(name), query \(query)")
      let pooled = entries.reduce(0) { $0 + $1.weight * data.values[$1.key] }
      // Values are up to 3; the size has the sum of weights squared.
      #expect(
        abs(pooled - predictions.estimates[0][query]) < 3 * Promise.severalInputs,
        "\(name), query \(query)")
      #expect(
        abs(few.effectiveSampleSizes[query] - sizes[query])
          < 2 * Promise.severalInputs * sizes[query])
      #expect(
        abs(rows.entropies[query] - few.entropies[query]) <= tolerance * rows.entropies[query])
    }
  }

  @Test(.sweep, arguments: [Kernel.gaussian, .epanechnikov, .cauchy, .laplacian], [1, 2, 5])
  func `of many keys the largest are found`(kernel: Kernel, dimension: Int) throws {
    let data = RegressionCase.random(
      seed: 21, kernel: kernel, dimension: dimension, count: 4000, queryCount: 30,
      bandwidth: 0.1 * Double(dimension), combination: .radial)
    let estimator = try data.estimator()
    let matrix = try estimator.attentionMatrix(at: .points(data.queries))
    let selection = AttentionSelection.largest(10)
    let rows = try estimator.weights(at: .points(data.queries), listing: selection)
    let sizes = try #require(
      try estimator.predict(at: .points(data.queries), diagnostics: true).effectiveSampleSizes)
    for query in data.queries.indices where !matrix.emptyWindows.contains(query) {
      expectSame(
        rows.entries(ofQuery: query), matrix.largest(10, ofQuery: query), "\(kernel.name), \(query)"
      )
      // The size has the sum of weights squared.
      #expect(
        abs(rows.effectiveSampleSizes[query] - sizes[query])
          < 2 * Promise.severalInputs * sizes[query])
      // Rounding of the matrix' weights, of which there are 4000.
      let column = matrix.column(query)
      let size = 1 / column.reduce(0) { $0 + $1 * $1 }
      #expect(abs(rows.effectiveSampleSizes[query] - size) < tolerance * size)
    }
  }

  @Test(arguments: [Kernel.boxcar, .constant, .gaussian, .triangular])
  func `ties go to the lower rows`(kernel: Kernel) throws {
    let places = (0..<4000).map { Double($0 * 7919 % 40) }
    let estimator = try KernelSmoother(
      Sample(places, places), Similarity(kernel, bandwidths: [1.5]))
    let rows = try estimator.weights(
      at: .points([20, 20.25]), listing: .largest(250))
    let isFlat = kernel.name == "boxcar" || kernel.name == "constant"
    for query in 0..<2 {
      let keys = rows.entries(ofQuery: query).map(\.key)
      let own = places.indices.filter {
        kernel.name == "constant" || places[$0] == 20 || (isFlat && abs(places[$0] - 20) == 1)
      }
      #expect(Array(keys.prefix(100)) == Array(own.prefix(100)))
      #expect(Set(keys).count == 250)
    }
  }

  @Test func `an entropy of nearly one key keeps its digits`() throws {
    // Shares 1/(1 + e) and e/(1 + e) with e = exp(−u²/2): down to 10⁻²⁸², where the exponent of 648 carries
    // 1e-13.
    for distance in [5.0, 9, 20, 36] {
      let data = RegressionCase(
        keys: Points([0, distance, 1e6]), values: [0, 1, 2], queries: Points([0]),
        similarity: Similarity(.gaussian, bandwidths: [1]))
      let rows = try data.estimator().weights(
        at: .points(data.queries), listing: .largest(2))
      let expected = try #require(Oracle(data).attentionShares(at: data.queries[0])).entropy
      #expect(abs(rows.entropies[0] - expected) < 1e-12 * expected, "\(distance)")
    }
  }

  @Test func `the near-linear way and the pass over all keys agree`() throws {
    var random = SplitMix64(seed: 5)
    let count = 30_000
    let places = (0..<count).map { _ in random.uniform() * random.uniform() }
    let weights = (0..<count).map { $0 % 11 == 0 ? 0 : random.uniform() + 0.01 }
    let queries = Points((0..<4000).map { _ in random.uniform() * 1.3 - 0.1 })
    for (kernel, observationWeights) in [
      (Kernel.gaussian, nil), (.gaussian, weights), (.boxcar, nil),
    ] {
      let estimator = try KernelSmoother(
        Sample(places, places, weights: observationWeights), Similarity(kernel, bandwidths: [0.003])
      )
      let all = try estimator.weights(
        at: .points(queries), listing: .largest(3))
      // So few queries that no plan is worth its making.
      for query in stride(from: 0, to: queries.count, by: 97) {
        let one = try estimator.weights(
          at: .points(queries), range: query..<query + 1, listing: .largest(3))
        expectSame(all.entries(ofQuery: query), one.entries(ofQuery: 0), "\(kernel.name), \(query)")
        let (left, right) = (all.entropies[query], one.entropies[0])
        #expect(
          left == right || left.isNaN && right.isNaN || abs(left - right) <= tolerance * right,
          "\(kernel.name), \(query): \(left) and \(right)")
      }
    }
  }

  @Test func `labels weigh the keys`() throws {
    let labels = [
      LabelInput(kernel: .aitchisonAitken, levelCount: 3, bandwidth: 0.2),
      LabelInput(kernel: .orderedLiRacine, levelCount: 4, bandwidth: 0.3),
    ]
    for keepingInputs in [true, false] {
      let data = RegressionCase.random(
        seed: 3, kernel: .gaussian, dimension: 2, count: 200, weighted: true
      ).labelled(seed: 8, labels, keepingInputs: keepingInputs)
      let estimator = try data.estimator()
      let matrix = try estimator.attentionMatrix(at: .points(data.queries))
      let leftOut = try estimator.attentionMatrix(at: .leaveOneOut)
      let rows = try estimator.weights(
        at: .points(data.queries), listing: .largest(9))
      let others = try estimator.weights(
        at: .leaveOneOut, listing: .largest(9))
      for query in data.queries.indices {
        expectSame(rows.entries(ofQuery: query), matrix.largest(9, ofQuery: query), "\(query)")
      }
      for row in data.keys.indices {
        expectSame(others.entries(ofQuery: row), leftOut.largest(9, ofQuery: row), "row \(row)")
      }
    }
  }

  @Test(arguments: NeighborBandwidths.Center.allCases, [Kernel.gaussian, .epanechnikov])
  func `adaptive bandwidths`(center: NeighborBandwidths.Center, kernel: Kernel) throws {
    let data = RegressionCase.random(seed: 9, kernel: kernel, dimension: 2, count: 150)
    let estimator = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values]), Similarity(kernel),
      neighbors: NeighborBandwidths(count: 12, center: center))
    let matrix = try estimator.attentionMatrix(at: .points(data.queries))
    let rows = try estimator.weights(
      at: .points(data.queries), listing: .largest(5))
    let sizes = try #require(
      try estimator.predict(at: .points(data.queries), diagnostics: true).effectiveSampleSizes)
    #expect(rows.emptyWindows == matrix.emptyWindows)
    for query in data.queries.indices where !matrix.emptyWindows.contains(query) {
      expectSame(rows.entries(ofQuery: query), matrix.largest(5, ofQuery: query), "\(query)")
      #expect(abs(rows.effectiveSampleSizes[query] - sizes[query]) < tolerance * sizes[query])
    }
  }

  @Test func `a closure's keys are found though it rises with distance`() throws {
    let ring = Kernel(name: "ring", support: 1) { $0 * $0 }
    let estimator = try KernelSmoother(
      Sample([0, 0.2, 0.5, 0.9], [0, 1, 2, 3]), Similarity(ring, bandwidths: [1]))
    let rows = try estimator.weights(at: .points([0]), listing: .largest(2))
    #expect(rows.keys == [3, 2])
    #expect(rows.remainder(ofQuery: 0) > 0)
  }

  @Test(arguments: [EmptyWindowPolicy.nearest, .mean])
  func `a policy's weights are listed as asked`(policy: EmptyWindowPolicy) throws {
    let data = RegressionCase.random(seed: 2, kernel: .boxcar, count: 40, bandwidth: 1e-3)
    let estimator = try data.estimator(emptyWindow: policy)
    let matrix = try estimator.attentionMatrix(at: .points(data.queries))
    #expect(!matrix.emptyWindows.isEmpty)
    for selection in [AttentionSelection.all, AttentionSelection(count: 2)] {
      let rows = try estimator.weights(at: .points(data.queries), listing: selection)
      #expect(rows.emptyWindows == matrix.emptyWindows)
      for query in data.queries.indices {
        expectSame(
          rows.entries(ofQuery: query),
          matrix.largest(selection.count, atLeast: selection.threshold, ofQuery: query), "\(query)")
      }
    }
    #expect(throws: KernelRegressionError.self) {
      _ = try data.estimator(emptyWindow: .fail).weights(at: .points(data.queries))
    }
  }

  @Test func `a local polynomial attends as its weights do`() throws {
    let data = RegressionCase.random(seed: 4, kernel: .gaussian, count: 80)
    let line = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values]),
      Similarity(bandwidths: data.similarity.bandwidths), degree: 1)
    let selection = AttentionSelection.largest(6)
    let rows = try line.weights(at: .points(data.queries), listing: selection)
    #expect(
      rows.keys
        == (try data.estimator().weights(at: .points(data.queries), listing: selection)).keys)
    let pooling: any AttentionPooling = line
    #expect(
      try pooling.predict(at: .points(data.queries), diagnostics: false).values.count
        == data.queries.count)
  }

  @Test(arguments: [EmptyWindowPolicy.notANumber, .nearest])
  func `a query without attention leaves nothing over but what a policy gives`(
    policy: EmptyWindowPolicy
  ) throws {
    let boxcar = Similarity(.boxcar, bandwidths: [1])
    let far = Points([40])
    let estimator = try KernelSmoother(
      Sample([0, 1], [1, 2]), Similarity(.boxcar, bandwidths: [1]), emptyWindow: policy)
    let attention = try Attention(
      Sample([0, 1], [1, 2]), score: .kernel(boxcar), emptyWindow: policy)
    for selection in [AttentionSelection.all, AttentionSelection(count: 1)] {
      for rows in [
        try estimator.weights(at: .points(far), listing: selection),
        try attention.weights(at: .points(far), listing: selection),
      ] {
        let remainder = rows.remainder(ofQuery: 0)
        #expect(policy == .nearest ? remainder == 0 : remainder.isNaN)
      }
    }
  }
}
