import Nadaraya
import RealModule
import Testing
import _TestSupport

@Suite struct AttentionTests {
  static let normalizations: [AttentionNormalization] = [
    .softmax, .sparsemax, .entmax(alpha: 1.5), .entmax(alpha: 1.25),
  ]

  /// What the two estimators promise together, 1e-12 and 1e-9.
  static let bothPromises = 1.1e-9

  /// Points whose coordinates are of both signs.
  static func points(_ count: Int, _ dimension: Int, seed: UInt64, size: Double = 1) -> Points {
    var random = SplitMix64(seed: seed)
    return Points(
      rowMajor: (0..<count * dimension).map { _ in size * (2 * random.uniform() - 1) },
      dimension: dimension)
  }

  static func norm(_ point: some Sequence<Double>) -> Double {
    point.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  @Test(arguments: Kernel.all, [false, true])
  func `scores of kernels under softmax are the Nadaraya–Watson estimator`(
    kernel: Kernel, weighted: Bool
  ) throws {
    let data = RegressionCase.random(seed: 7, kernel: kernel, dimension: 2, weighted: weighted)
    let attention = try Attention(
      Sample(keys: data.keys, values: [data.values], weights: data.observationWeights),
      score: .kernel(data.similarity))
    let estimator = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values], weights: data.observationWeights),
      Similarity(kernel, bandwidths: data.similarity.bandwidths))
    let (ours, theirs) = try (
      attention.predict(at: .points(data.queries), diagnostics: true),
      estimator.predict(at: .points(data.queries), diagnostics: true)
    )
    #expect(Laws.deviation(ours.values, theirs.values, relativeTo: 3) < Self.bothPromises)
    #expect(ours.emptyWindows == theirs.emptyWindows)
    #expect(
      try Laws.deviation(
        attention.predict(at: .leaveOneOut).values, estimator.predict(at: .leaveOneOut).values,
        relativeTo: 3) < Self.bothPromises)
    let weights = try estimator.attentionMatrix(at: .points(data.queries))
    let rows = try attention.weights(at: .points(data.queries))
    for query in data.queries.indices where !ours.emptyWindows.contains(query) {
      for entry in rows.entries(ofQuery: query) {
        #expect(abs(entry.weight - weights[entry.key, query]) < Promise.weight)
      }
    }
  }

  @Test(arguments: [1, 2, 3, 7, 64, 130], [1.0, 1e3])
  func `dot products agree with the oracle`(dimension: Int, size: Double) throws {
    let keys = Self.points(70, dimension, seed: 1, size: size)
    let queries = Self.points(9, dimension, seed: 2)
    let values = Self.points(70, 1, seed: 3).coordinates
    let weights = Self.points(70, 1, seed: 4).coordinates.map { abs($0) }
    let attention = try Attention(Sample(keys: keys, values: [values], weights: weights))
    let estimates = try attention.predict(at: .points(queries)).values
    let scale = 1 / Extended(dimension).squareRoot()
    for query in queries.indices {
      let scores = keys.indices.map { key in
        zip(queries[query], keys[key]).reduce(Extended.log(Extended(weights[key]))) {
          $0 + scale * Extended($1.0) * Extended($1.1)
        }
      }
      let shares = scores.map { Extended.exp($0 - scores.max()!) }
      let pooled = zip(shares, values).reduce(Extended(0)) { $0 + $1.0 * Extended($1.1) }
      let truth = Double(pooled / shares.reduce(0, +))
      // Every score errs by d + 3 roundings of s·Σ|qk| ≤ √d·size, those of two keys count, and then the
      // quotient rounds.
      let rounding = Double(dimension + 3) * 0x1p-53 * size * Double(dimension).squareRoot()
      #expect(abs(estimates[query] - truth) < 2 * rounding + Rounding.few)
    }
  }

  @Test func `on keys of equal norm the Gaussian is a softmax of dot products`() throws {
    var keys = Self.points(40, 3, seed: 5)
    keys = Points(
      rowMajor: keys.indices.flatMap { key in keys[key].map { $0 / Self.norm(keys[key]) } },
      dimension: 3)
    let queries = Self.points(12, 3, seed: 6)
    let values = Self.points(40, 1, seed: 7).coordinates
    for bandwidth in [0.1, 0.5, 2] {
      let products = try Attention(
        Sample(keys: keys, values: [values]), score: .dotProduct(scale: 1 / (bandwidth * bandwidth))
      )
      let estimator = try KernelSmoother(
        Sample(keys: keys, values: [values]), Similarity(bandwidths: [bandwidth]))
      // Norms are equal within 2⁻⁵², which the scale magnifies.
      #expect(
        try Laws.deviation(
          products.predict(at: .points(queries)).values,
          estimator.predict(at: .points(queries)).values, relativeTo: 1)
          < Self.bothPromises + 20 * 0x1p-52 / (bandwidth * bandwidth))
    }
  }

  @Test(arguments: normalizations)
  func `the cosine is the dot product of directions`(normalization: AttentionNormalization) throws {
    func directions(_ points: Points) -> Points {
      Points(
        rowMajor: points.indices.flatMap { index in
          points[index].map { $0 / Self.norm(points[index]) }
        }, dimension: points.dimension)
    }
    let (keys, queries) = (Self.points(40, 5, seed: 8), Self.points(12, 5, seed: 9))
    let values = Self.points(40, 1, seed: 10).coordinates
    let cosine = try Attention(
      Sample(keys: keys, values: [values]), score: .cosine(temperature: 0.1),
      normalization: normalization)
    let product = try Attention(
      Sample(keys: directions(keys), values: [values]), score: .dotProduct(scale: 10),
      normalization: normalization)
    // Two scores of up to 10 that err by some ten roundings; 1/(α − 1) is at most 4.
    #expect(
      try Laws.deviation(
        cosine.predict(at: .points(queries)).values,
        product.predict(at: .points(directions(queries))).values,
        relativeTo: 1) < 4 * 20 * 10 * 0x1p-52)
    let scaled = Points(rowMajor: keys.coordinates.map { $0 * 0x1p1000 }, dimension: 5)
    let far = try Attention(
      Sample(keys: scaled, values: [values]), score: .cosine(temperature: 0.1),
      normalization: normalization)
    #expect(
      try far.predict(at: .points(queries)).values == cosine.predict(at: .points(queries)).values)
  }

  @Test func `the origin is at a right angle to everything`() throws {
    let attention = try Attention(
      Sample(keys: Points(rowMajor: [1, 0, 0, 0, -1, 0], dimension: 2), values: [[1, 2, 6]]),
      score: .cosine())
    #expect(
      try abs(attention.predict(at: .points(Points(rowMajor: [0, 0], dimension: 2))).values[0] - 3)
        < Rounding.few)
    let e = Double.exp(1)
    let expected = (e + 2 + 6 / e) / (e + 1 + 1 / e)
    // Some ten roundings on either side, of 1.7.
    #expect(
      try abs(
        attention.predict(at: .points(Points(rowMajor: [9, 0], dimension: 2))).values[0] - expected)
        < 1e-15 * 4)
  }

  @Test(arguments: [(2.0, Kernel.epanechnikov), (1.5, .biweight), (4.0 / 3, .triweight)])
  func `sparse attention to distances is a compact kernel whose bandwidth follows the query`(
    alpha: Double, kernel: Kernel
  ) throws {
    let (keys, queries) = (Self.points(60, 2, seed: 11), Self.points(20, 2, seed: 12, size: 2))
    let values = Self.points(60, 1, seed: 13).coordinates
    let bandwidth = 0.4
    let gaussian = Similarity(.gaussian, bandwidths: [bandwidth, bandwidth])
    let attention = try Attention(
      Sample(keys: keys, values: [values]), score: .kernel(gaussian),
      normalization: .entmax(alpha: alpha))
    let estimates = try attention.predict(at: .points(queries)).values
    let rows = try attention.weights(
      at: .points(queries), listing: .largest(1))
    for query in queries.indices {
      let first = rows.entries(ofQuery: query)[0]
      let score = gaussian.logWeight(query: queries[query], key: keys[first.key])!
      let threshold = (alpha - 1) * score - Double.pow(first.weight, alpha - 1)
      let follows = bandwidth * (-2 * threshold / (alpha - 1)).squareRoot()
      let estimator = try KernelSmoother(
        Sample(keys: keys, values: [values]),
        Similarity(kernel, bandwidths: [follows], combination: .radial))
      // Shares err by 1e-12 through the logarithm of weights, at most three times that through the
      // power; a share's error moves the pooled value by as much.
      #expect(
        try abs(
          estimator.predict(at: .points(queries.selecting(query..<query + 1))).values[0]
            - estimates[query])
          < 60 * 3e-12)
    }
  }

  static let masks: [AttentionMask] = [
    .none, .causal, .window(4), .keys((0..<30).map { $0 % 3 != 1 }),
    .pairs((0..<900).map { $0 % 7 != 3 && $0 % 30 > 2 }),
  ]

  @Test(arguments: masks, normalizations)
  func `a mask takes rows away`(
    mask: AttentionMask, normalization: AttentionNormalization
  ) throws {
    let keys = Self.points(30, 2, seed: 14)
    let values = [
      Self.points(30, 1, seed: 15).coordinates, Self.points(30, 1, seed: 16).coordinates,
    ]
    let weights =
      normalization == .softmax ? Self.points(30, 1, seed: 17).coordinates.map { abs($0) } : nil
    let similarity = Similarity(.gaussian, bandwidths: [0.3, 0.5])
    for score in [AttentionScore.kernel(similarity), .dotProduct(scale: 6), .cosine()] {
      func attention(_ rows: [Int], _ mask: AttentionMask) throws -> Attention {
        try Attention(
          Sample(
            keys: Points(rowMajor: rows.flatMap { keys[$0] }, dimension: 2),
            values: values.map { column in rows.map { column[$0] } },
            weights: weights.map { weights in rows.map { weights[$0] } }), score: score,
          normalization: normalization, mask: mask)
      }
      let whole = try attention(Array(keys.indices), mask)
      let masked = try whole.predict(at: .points(keys))
      let leftOut = try whole.predict(at: .leaveOneOut)
      for query in keys.indices {
        func allows(_ key: Int) -> Bool {
          switch mask {
          case .none: true
          case .causal: key <= query
          case .window(let width): key <= query && key > query - width
          case .keys(let keys): keys[key]
          case .pairs(let pairs): pairs[query * 30 + key]
          }
        }
        for (predictions, rows) in [
          (masked, keys.indices.filter(allows)),
          (leftOut, keys.indices.filter { $0 != query && allows($0) }),
        ] {
          guard !rows.isEmpty else {
            #expect(predictions.emptyWindows.contains(query))
            #expect(predictions.estimates.allSatisfy { $0[query].isNaN })
            continue
          }
          let expected = try attention(rows, .none).predict(
            at: .points(keys.selecting(query..<query + 1)))
          for column in values.indices {
            // The same terms in another order.
            #expect(
              abs(predictions.estimates[column][query] - expected.estimates[column][0])
                < Rounding.hundreds)
          }
        }
      }
    }
  }

  @Test(arguments: normalizations)
  func `scores beyond the range of doubles give no NaN`(
    normalization: AttentionNormalization
  ) throws {
    func predict(_ keys: [Double], _ query: [Double], _ scale: Double = 1) throws -> Double {
      try Attention(
        Sample(
          keys: Points(rowMajor: keys, dimension: query.count),
          values: [(0..<keys.count / query.count).map(Double.init)]),
        score: .dotProduct(scale: scale), normalization: normalization
      ).predict(at: .points(Points(rowMajor: query, dimension: query.count))).values[0]
    }
    #expect(try predict([1e300, 1.5e300, -1e300], [1e300]) == 1)
    #expect(try predict([1e300, 1.5e300, -1e300], [-1e300]) == 2)
    #expect(try predict([1e300, 1.5e300, -1e300], [1e300], -1) == 2)
    #expect(try predict([1e300, -1e300, 1e300], [1e300]) == 1)
    // ∞ − ∞ in every sum but one: 1e600 (1 − 1), 1e600 (1 − 0.9).
    #expect(try predict([1e300, 1e300, 1e300, 0.9e300], [1e300, -1e300]) == 1)
    #expect(try predict([1, 2, 3], [1], 1e308) == 2)
    #expect(try predict([0, 0], [1e300]) == 0.5)
  }

  @Test func `where no key is allowed nothing is invented`() throws {
    let keys = Points([0, 1, 2])
    for policy in [EmptyWindowPolicy.notANumber, .nearest, .mean] {
      let attention = try Attention(
        Sample(keys: keys, values: [[1, 2, 3]]), mask: .keys([false, false, false]),
        emptyWindow: policy)
      let predictions = try attention.predict(at: .points([0.5]), diagnostics: true)
      #expect(predictions.values[0].isNaN && predictions.emptyWindows == [0])
      #expect(predictions.effectiveSampleSizes == [0])
      let rows = try attention.weights(at: .points([0.5]))
      #expect(rows.keys.isEmpty && rows.emptyWindows == [0] && rows.entropies[0].isNaN)
    }
  }

  @Test func `policies ask the keys that the mask allows`() throws {
    let boxcar = Similarity(.boxcar, bandwidths: [1])
    func attention(_ policy: EmptyWindowPolicy) throws -> Attention {
      try Attention(
        Sample([0, 10, 20], [1, 2, 6]), score: .kernel(boxcar), mask: .causal, emptyWindow: policy)
    }
    let queries = Points([0.5, 19, 13])
    #expect(try attention(.nearest).predict(at: .points(queries)).values == [1, 2, 2])
    #expect(try attention(.mean).predict(at: .points(queries)).values == [1, 1.5, 3])
    #expect(try attention(.nearest).predict(at: .points(queries)).emptyWindows == [1, 2])
    #expect(throws: KernelRegressionError.self) {
      try attention(.fail).predict(at: .points(queries))
    }
    #expect(
      try attention(.nearest).weights(at: .points(queries)).entries(ofQuery: 2).map(\.key)
        .first == 1)
  }

  @Test(arguments: normalizations)
  func `sparse rows are parts of whole ones`(normalization: AttentionNormalization) throws {
    let keys = Self.points(50, 3, seed: 20)
    let attention = try Attention(
      Sample(keys: keys, values: [keys.column(0)]), score: .dotProduct(scale: 5),
      normalization: normalization)
    let whole = try attention.weights(at: .leaveOneOut)
    let top = try attention.weights(
      at: .leaveOneOut, range: 10..<30, listing: AttentionSelection(count: 3, threshold: 0.01))
    #expect(top.queryCount == 20 && whole.keys.count == 2500)
    for query in whole.starts.indices.dropLast() {
      let entries = whole.entries(ofQuery: query)
      let shares = entries.map(\.weight)
      // Fifty shares, each a quotient by the sum of all.
      #expect(abs(shares.reduce(0, +) - 1) < Rounding.tens)
      #expect(entries.first { $0.key == query }?.weight == 0)
      let entropy = shares.reduce(0) { $1 > 0 ? $0 - $1 * .log($1) : $0 }
      #expect(abs(entropy - whole.entropies[query]) < Rounding.hundreds)
      let size = 1 / shares.reduce(0) { $0 + $1 * $1 }
      #expect(abs(whole.effectiveSampleSizes[query] / size - 1) < Rounding.hundreds)
      guard (10..<30).contains(query) else { continue }
      #expect(
        top.entries(ofQuery: query - 10)
          == Array(entries.prefix(3).filter { $0.weight >= 0.01 }))
    }
  }

  @Test func `threads and the order of rows change nothing`() throws {
    let keys = Self.points(80, 4, seed: 21)
    let values = keys.column(1)
    let one = try Attention(
      Sample(keys: keys, values: [values]), normalization: .sparsemax,
      computation: Computation(threads: 1)
    ).predict(at: .points(keys)).values
    let three = try Attention(
      Sample(keys: keys, values: [values]), normalization: .sparsemax,
      computation: Computation(threads: 3)
    ).predict(at: .points(keys)).values
    #expect(one == three)
    let order = Array(keys.indices.reversed())
    let turned = try Attention(
      Sample(
        keys: Points(rowMajor: order.flatMap { keys[$0] }, dimension: 4),
        values: [order.map { values[$0] }]), normalization: .sparsemax
    ).predict(at: .points(keys)).values
    // Eighty terms in another order.
    #expect(Laws.deviation(one, turned, relativeTo: 1) < Rounding.tens)
  }

  @Test func `local linear attention corrects shares to the first order`() throws {
    let keys = Self.points(25, 2, seed: 22)
    let queries = Self.points(6, 2, seed: 23, size: 0.7)
    let values = Self.points(25, 1, seed: 24).coordinates
    let units = keys.indices.map { row in keys.indices.map { $0 == row ? 1.0 : 0 } }
    let linear = try KernelSmoother(
      Sample(keys: keys, values: [values] + units), Similarity(bandwidths: [0.6]), degree: 1
    ).predict(at: .points(queries)).estimates
    let attention = try Attention(
      Sample(keys: keys, values: [values]),
      score: .kernel(Similarity(.gaussian, bandwidths: [0.6, 0.6]))
    ).weights(at: .points(queries))
    for query in queries.indices {
      let corrected = keys.indices.map { linear[$0 + 1][query] }
      // The share pᵢ(c₀ + c·(kᵢ − q)) with Σℓ = 1 and Σℓ(k − q) = 0: three equations for the cs.
      var moments = [[Double]](repeating: [0, 0, 0], count: 3)
      let rows = attention.entries(ofQuery: query).sorted { $0.key < $1.key }
      func monomials(_ key: Int) -> [Double] {
        [1] + zip(keys[key], queries[query]).map { $0 - $1 }
      }
      for entry in rows {
        let terms = monomials(entry.key)
        for i in 0..<3 { for j in 0..<3 { moments[i][j] += entry.weight * terms[i] * terms[j] } }
      }
      let coefficients = Self.solve(moments, [1, 0, 0])
      for entry in rows {
        let share = zip(coefficients, monomials(entry.key)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(entry.weight * share - corrected[entry.key]) < Promise.polynomial)
      }
      #expect(abs(corrected.reduce(0, +) - 1) < Promise.polynomial)
      for input in 0..<2 {
        let moment = keys.indices.reduce(0) {
          $0 + corrected[$1]
            * (keys.coordinates[2 * $1 + input] - queries.coordinates[2 * query + input])
        }
        #expect(abs(moment) < Promise.polynomial)
      }
      let pooled = zip(corrected, values).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(pooled - linear[0][query]) < Promise.polynomial)
    }
  }

  /// Cramer's rule for three unknowns.
  static func solve(_ a: [[Double]], _ b: [Double]) -> [Double] {
    func determinant(_ m: [[Double]]) -> Double {
      m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }
    return (0..<3).map { column in
      var replaced = a
      for row in 0..<3 { replaced[row][column] = b[row] }
      return determinant(replaced) / determinant(a)
    }
  }

  @Test func `what makes no sense is refused`() throws {
    let keys = Points([0, 1])
    func code(_ make: () throws -> Void) -> KernelRegressionError.Code? {
      do { try make() } catch { return (error as? KernelRegressionError)?.code }
      return nil
    }
    func attention(
      weights: [Double]? = nil, score: AttentionScore = .dotProduct(),
      _ normalization: AttentionNormalization = .softmax, _ mask: AttentionMask = .none
    ) throws {
      _ = try Attention(
        Sample(keys: keys, values: [[1, 2]], weights: weights), score: score,
        normalization: normalization, mask: mask
      ).predict(at: .points([0]))
    }
    #expect(code { try attention(weights: [1, 2], .sparsemax) } == .invalidWeight)
    #expect(code { try attention(weights: [2, 2], .sparsemax) } == nil)
    #expect(code { try attention(score: .dotProduct(scale: .nan)) } == .invalidScore)
    #expect(code { try attention(score: .cosine(temperature: 0)) } == .invalidScore)
    #expect(code { try attention(.entmax(alpha: 1)) } == .invalidScore)
    #expect(code { try attention(.softmax, .keys([true])) } == .dimensionMismatch)
    #expect(code { try attention(.softmax, .pairs([true])) } == .dimensionMismatch)
    let plane = Similarity(.gaussian, bandwidths: [1, 1])
    #expect(code { try attention(score: .kernel(plane)) } == .dimensionMismatch)
  }

  @Test func `a mask holds where scores of the scale 0 overflow`() throws {
    let attention = try Attention(
      Sample([1e300, 1e300, 1], [1, 2, 4]), score: .dotProduct(scale: 0),
      mask: .keys([true, false, true]))
    #expect(try attention.predict(at: .points([1e300])).values == [2.5])
  }
}
