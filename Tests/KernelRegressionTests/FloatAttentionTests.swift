import Nadaraya
import RealModule
import Testing
import _TestSupport

@Suite struct FloatAttentionTests {
  /// Numbers of both signs.
  static func numbers(_ count: Int, seed: UInt64, size: Double = 1) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float(size * (2 * random.uniform() - 1)) }
  }

  struct Case: CustomStringConvertible {
    var keyCount: Int
    var queryCount: Int
    var dimension: Int
    var columnCount: Int
    var size = 1.0

    var keys: [Float] { numbers(keyCount * dimension, seed: 1, size: size) }
    var values: [Float] { numbers(keyCount * columnCount, seed: 2) }
    var queries: [Float] { numbers(queryCount * dimension, seed: 3, size: size) }
    var description: String {
      "\(keyCount) × \(queryCount), d \(dimension), p \(columnCount), size \(size)"
    }
  }

  /// What single precision leaves, relative to Σp|v| ≤ max|v|: every score errs by d + 1 roundings of
  /// S = s·Σ|qk|, its difference to the largest by one more of 2S, on two sides; the powers by 4 at
  /// most; the sums, of weights and of weights times values, by their runs and the number of runs.
  static func bound(_ data: Case, scale: Double? = nil) -> Double {
    let scale = scale ?? 1 / Double(data.dimension).squareRoot()
    let largest = Double(data.dimension) * data.size * data.size * scale.magnitude
    let roundings =
      2 * Double(data.dimension + 2) * largest + 60 + Double(data.keyCount) / 60 + 16
    return Double.expMinusOne(roundings * 2 * 0x1p-24)
  }

  /// The same in double precision.
  static func truth(
    _ data: Case, mask: AttentionMask = .none, scale: Double? = nil
  ) throws -> Predictions {
    let values = data.values
    return try Attention(
      Sample(
        keys: Points(rowMajor: data.keys.map(Double.init), dimension: data.dimension),
        values: (0..<data.columnCount).map { column in
          (0..<data.keyCount).map { Double(values[$0 * data.columnCount + column]) }
        }), score: .dotProduct(scale: scale), mask: mask
    ).predict(
      at: .points(Points(rowMajor: data.queries.map(Double.init), dimension: data.dimension)))
  }

  static func check(
    _ data: Case, mask: AttentionMask = .none, scale: Double? = nil
  ) throws {
    let expected = try truth(data, mask: mask, scale: scale)
    let bound = bound(data, scale: scale)
    for instructions in InstructionSet.available {
      let predictions = try FloatAttention(
        keys: data.keys, values: data.values, dimension: data.dimension, scale: scale, mask: mask,
        computation: Computation(instructions: instructions)
      ).predict(data.queries)
      #expect(predictions.emptyWindows == expected.emptyWindows)
      var worst = 0.0
      for query in 0..<data.queryCount {
        for column in 0..<data.columnCount {
          let estimate = Double(predictions.estimates[query * data.columnCount + column])
          let truth = expected.estimates[column][query]
          if truth.isNaN && estimate.isNaN { continue }
          let error = abs(estimate - truth)
          worst = error.isNaN ? .infinity : max(worst, error)
        }
      }
      #expect(worst < bound, "\(data) \(instructions.name)")
    }
  }

  @Test(arguments: [1, 2, 3, 5, 16, 31, 64, 65, 130])
  func `estimates are as accurate as single precision allows`(dimension: Int) throws {
    for (index, keyCount) in [1, 2, 59, 60, 61, 130, 301].enumerated() {
      try Self.check(
        Case(
          keyCount: keyCount, queryCount: [1, 7, 64, 65, 3, 130, 17][index],
          dimension: dimension, columnCount: [1, 2, 3, 4, 5, 8, 13][index]))
    }
  }

  @Test(arguments: [1, 4, 64])
  func `great scores are softmaxes too`(dimension: Int) throws {
    // Scores up to 1e4·√d.
    try Self.check(
      Case(keyCount: 130, queryCount: 20, dimension: dimension, columnCount: 3, size: 100))
    try Self.check(
      Case(keyCount: 130, queryCount: 20, dimension: dimension, columnCount: 3), scale: -30)
    try Self.check(
      Case(keyCount: 130, queryCount: 20, dimension: dimension, columnCount: 3), scale: 0)
  }

  static let masks: [AttentionMask] = [
    .causal, .window(1), .window(37), .window(100), .window(0),
    .keys((0..<150).map { $0 % 3 == 1 && $0 > 63 }), .keys((0..<150).map { _ in false }),
    .pairs((0..<150 * 140).map { $0 % 7 != 3 && $0 / 150 % 50 != 2 }),
  ]

  @Test(arguments: masks)
  func `masks take rows away`(mask: AttentionMask) throws {
    try Self.check(
      Case(keyCount: 150, queryCount: 140, dimension: 9, columnCount: 5, size: 2), mask: mask)
  }

  @Test func `queries behind the last key attend to all that came before`() throws {
    for mask in [AttentionMask.causal, .window(80), .window(20)] {
      try Self.check(
        Case(keyCount: 70, queryCount: 150, dimension: 3, columnCount: 2), mask: mask)
    }
  }

  @Test func `scores beyond the range of floats give no NaN`() throws {
    for instructions in InstructionSet.available {
      func predict(
        _ keys: [Float], _ query: [Float], _ mask: AttentionMask = .none, scale: Double = 1
      ) throws -> Float {
        try FloatAttention(
          keys: keys, values: (0..<keys.count / query.count).map(Float.init),
          dimension: query.count, scale: scale, mask: mask,
          computation: Computation(instructions: instructions)
        ).predict(query).estimates[0]
      }
      #expect(try predict([1e30, 2e30, -1e30], [1e30]) == 1)
      #expect(try predict([1e30, 2e30, -1e30], [-1e30]) == 2)
      #expect(try predict([1e30, 2e30, -1e30], [1e30], scale: -1) == 2)
      #expect(try predict([1e30, -1e30, 1e30], [1e30]) == 1)
      #expect(try predict([1e30, 2e30, 3e30], [1e30], .causal) == 0)
      #expect(try predict([1e38, 1e38, 1e38, 0.9e38], [1e38, -1e38]) == 1)
      #expect(try predict([1, 2, 3], [1], scale: 1e300) == 2)
      #expect(try predict([1e30, 1e30], [1e30], .keys([false, false])).isNaN)
    }
  }

  @Test func `one query beyond the range leaves the others alone`() throws {
    let data = Case(keyCount: 61, queryCount: 70, dimension: 3, columnCount: 2)
    var queries = data.queries
    let attention = try FloatAttention(keys: data.keys, values: data.values, dimension: 3)
    let before = try attention.predict(queries).estimates
    queries[15] = 3e38
    let after = try attention.predict(queries).estimates
    #expect(before.indices.filter { before[$0] != after[$0] }.allSatisfy { $0 / 2 == 5 })
    #expect(after.allSatisfy { $0.isFinite })
  }

  @Test func `great values have a mean`() throws {
    let greatest = Float.greatestFiniteMagnitude
    for instructions in InstructionSet.available {
      let attention = try FloatAttention(
        keys: [Float](repeating: 1, count: 200),
        values: (0..<200).map { $0 % 2 == 0 ? greatest : greatest / 2 }, dimension: 1,
        computation: Computation(instructions: instructions))
      let estimate = try attention.predict([1]).estimates[0]
      // Sums in runs of sixty terms, and four runs.
      #expect(abs(estimate / (greatest * 0.75) - 1) < 64 * 0x1p-24)
    }
  }

  @Test func `a query's estimate depends neither on its neighbours nor on threads`() throws {
    let data = Case(keyCount: 150, queryCount: 140, dimension: 7, columnCount: 5)
    for mask in [AttentionMask.none, .causal, .window(70)] {
      var attention = try FloatAttention(
        keys: data.keys, values: data.values, dimension: 7, mask: mask,
        computation: Computation(threads: 1))
      let whole = try attention.predict(data.queries).estimates
      attention.execution.threads = 3
      #expect(try attention.predict(data.queries).estimates == whole)
      guard mask == .none else { continue }
      for query in [0, 5, 63, 64, 139] {
        #expect(
          try attention.predict(Array(data.queries[query * 7..<query * 7 + 7])).estimates
            == Array(whole[query * 5..<query * 5 + 5]))
      }
    }
  }

  @Test func `what is not finite or does not fit is refused`() throws {
    func code(_ make: () throws -> Void) -> KernelRegressionError.Code? {
      do { try make() } catch { return (error as? KernelRegressionError)?.code }
      return nil
    }
    func attend(
      keys: [Float] = [1, 2], values: [Float] = [1, 2], queries: [Float] = [1],
      scale: Double? = nil, mask: AttentionMask = .none, dimension: Int = 1
    ) throws {
      _ = try FloatAttention(
        keys: keys, values: values, dimension: dimension, scale: scale, mask: mask
      ).predict(queries)
    }
    #expect(code { try attend() } == nil)
    #expect(code { try attend(keys: []) } == .tooFewKeys)
    #expect(code { try attend(keys: [1, .nan]) } == .notFinite)
    #expect(code { try attend(values: [1, .infinity]) } == .notFinite)
    #expect(code { try attend(queries: [-.infinity]) } == .notFinite)
    #expect(code { try attend(values: [1, 2, 3]) } == .dimensionMismatch)
    #expect(code { try attend(queries: [1], dimension: 2) } == .dimensionMismatch)
    #expect(code { try attend(mask: .keys([true])) } == .dimensionMismatch)
    #expect(code { try attend(mask: .pairs([true])) } == .dimensionMismatch)
    #expect(code { try attend(scale: .nan) } == .invalidScore)
  }

  @Test(arguments: [Float(0x1p-126), 0x1p-110, 0x1p-62, 0x1p-59])
  func `small values lose no digits beside small weights`(unit: Float) throws {
    // One key outweighs each of the others by 2²⁴; all of them together have six thousandths, which
    // products rounded to a few multiples of 2⁻¹⁴⁹ would tell a third too small.
    let count = 100_000
    let keys = [24 * Float.log(2)] + [Float](repeating: 0, count: count)
    let values = (0...count).map { unit * (2.8 + 0.01 * Float($0 % 5)) }
    let others = values.dropFirst().reduce(0) { $0 + Double($1) }
    let expected =
      (0x1p24 * Double(values[0]) + others) / (0x1p24 + Double(count))
    let scores = 24 * Double.log(2)
    // As in `bound`.
    let roundings = 2 * 3 * scores + 60 + Double(count) / 60 + 16
    for instructions in InstructionSet.available {
      let attention = try FloatAttention(
        keys: keys, values: values, dimension: 1, scale: 1,
        computation: Computation(threads: 1, instructions: instructions))
      let found = Double(try attention.predict([1]).estimates[0])
      #expect(abs(found - expected) < roundings * 0x1p-23 * expected)
    }
  }
}
