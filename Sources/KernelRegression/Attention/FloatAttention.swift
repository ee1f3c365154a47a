public import KernelSums
public import SimilarityKernels

/// Scaled dot-product attention in single precision, at the speed of a matrix product.
///
/// ```
/// ŷ(q) = Σᵢ pᵢ vᵢ,   p = softmax over the keys that the mask allows of s·(q·kᵢ)
/// ```
///
/// It never makes the matrix of scores or a copy of keys or values: beyond its arguments and results a
/// call takes some hundred kilobytes per thread. Arrays are row-major, as in other libraries.
///
/// ```swift
/// let attention = try FloatAttention(keys: keys, values: values, dimension: 64)
/// let pooled = try attention.predict(queries).estimates
/// ```
///
/// ``Attention`` does the same in double precision, with other scores and with weights to look at.
///
/// ## Accuracy
/// With u = 2⁻²⁴ and S the largest s·Σ|qⱼkⱼ| of a query, an estimate is within
/// (2(d + 2)·S + 60 + n/60 + 16)·2u of the exact one, relative to Σp|v|. This is the rounding of scores
/// of that size and of sums over n keys in single precision. A query whose scores might overflow a float
/// is answered in double precision, where the largest wins and ties share. Shares below 2⁻¹²⁵ of the
/// largest are 0, or below 2⁻¹²³/n where sums of n values might overflow. An estimate below 2⁻¹²⁶ has
/// only the digits of a subnormal float.
///
/// ## Source
/// T. Dao, D. Fu, S. Ermon, A. Rudra and C. Ré, FlashAttention, Advances in Neural Information
/// Processing Systems 35 (2022), arXiv:2205.14135.
public struct FloatAttention: Sendable {
  /// The keys, shape `[n, d]`.
  package let keys: [Float]

  /// The values, shape `[n, p]`.
  package let values: [Float]

  /// d, the number of inputs.
  package let dimension: Int

  /// p, the number of value columns.
  public let columnCount: Int

  /// s.
  package let scale: Double

  /// Which keys a query attends to.
  package let mask: AttentionMask

  /// How the computation runs; engine and accuracy are ignored.
  public var computation: Computation

  /// How the loops run.
  package var execution: Execution {
    get { computation.execution }
    set { computation.execution = newValue }
  }

  /// The largest magnitudes, which show whether a query's scores might overflow.
  private let largestKeys: [Float]
  private let largestValue: Float

  /// The number of keys, n.
  package var keyCount: Int { keys.count / dimension }

  /// Attention over keys with any number of inputs and value columns.
  ///
  /// - Parameters:
  ///   - keys: shape `[n, d]`, row-major; finite.
  ///   - values: shape `[n, p]`, row-major; finite.
  ///   - dimension: d, at least 1.
  ///   - scale: s; 1/√d unless given.
  ///   - mask: which keys a query attends to. Queries are counted from 0.
  ///   - computation: threads, instruction set, progress, cancellation.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, there are no keys or values, or a number is
  ///   not finite.
  /// - Complexity: O(n·(d + p)).
  public init(
    keys: [Float], values: [Float], dimension: Int, scale: Double? = nil,
    mask: AttentionMask = .none, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    precondition(dimension >= 1, "points must have at least one input")
    guard !keys.isEmpty else {
      throw KernelRegressionError(.tooFewKeys, "there are no keys to attend to")
    }
    guard keys.count.isMultiple(of: dimension) else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "\(keys.count) numbers do not divide into keys of dimension \(dimension)")
    }
    let count = keys.count / dimension
    guard !values.isEmpty, values.count.isMultiple(of: count) else {
      throw KernelRegressionError(
        .dimensionMismatch, "\(values.count) values do not divide into columns of length \(count)")
    }
    if let scale, !scale.isFinite {
      throw KernelRegressionError(.invalidScore, "the scale \(scale) is not a finite number")
    }
    if case .keys(let mask) = mask, mask.count != count {
      throw KernelRegressionError(
        .dimensionMismatch, "the mask has length \(mask.count), but the number of keys is \(count)")
    }
    self.keys = keys
    self.values = values
    self.dimension = dimension
    self.columnCount = values.count / count
    self.scale = scale ?? 1 / Double(dimension).squareRoot()
    self.mask = mask
    self.computation = computation
    largestKeys = try keys.largestMagnitudes(inRowsOf: dimension, called: "key")
    largestValue = try values.largestMagnitudes(inRowsOf: columnCount, called: "value").max() ?? 0
  }

  /// Estimates at queries.
  ///
  /// - Parameter queries: shape `[m, d]`, row-major; finite.
  /// - Throws: ``KernelRegressionError`` if the number of queries is not whole or does not match the
  ///   mask, or a number is not finite.
  /// - Complexity: O(n·m·(d + p)) on all threads, O(m) memory beside the estimates.
  public func predict(_ queries: [Float]) throws(KernelRegressionError) -> FloatPredictions {
    guard queries.count.isMultiple(of: dimension) else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "\(queries.count) numbers do not divide into queries of dimension \(dimension)")
    }
    let count = queries.count / dimension
    if case .pairs(let pairs) = mask, pairs.count != count * keyCount {
      throw KernelRegressionError(
        .dimensionMismatch,
        "the mask has length \(pairs.count), not the number of queries, \(count), times that of keys, "
          + "\(keyCount)")
    }
    _ = try queries.largestMagnitudes(inRowsOf: dimension, called: "query")
    return try finished { attention throws(KernelRegressionError) in
      attention.attend(queries, count)
    }
  }

  private func attend(_ queries: [Float], _ count: Int) -> FloatPredictions {
    var empty: [Int] = []
    let estimates = [Float](unsafeUninitializedCapacity: count * columnCount) { results, used in
      used = count * columnCount
      if execution.isCancelled != nil { results.initialize(repeating: .nan) }
      guard count > 0 else { return }
      empty = keys.withUnsafeBufferPointer { keys in
        values.withUnsafeBufferPointer { values in
          queries.withUnsafeBufferPointer { queries in
            FloatAttentionLoops(
              keys: keys, values: values, columnCount: columnCount, scale: scale, mask: mask,
              largestKeys: largestKeys, largestValue: largestValue
            ).attend(queries, into: results, execution: execution)
          }
        }
      }
    }
    return FloatPredictions(
      estimates: estimates, columnCount: columnCount, emptyWindows: empty)
  }
}

/// Estimates at queries in single precision.
public struct FloatPredictions: Sendable {
  /// The estimates, shape `[m, p]`, row-major; NaN at a query that attends to no key.
  public let estimates: [Float]

  /// p, the number of value columns.
  public let columnCount: Int

  /// The queries that attend to no key, in ascending order.
  public let emptyWindows: [Int]
}

extension [Float] {
  /// The largest magnitude of each column, if all numbers are finite.
  fileprivate func largestMagnitudes(
    inRowsOf length: Int, called name: String
  ) throws(KernelRegressionError) -> [Float] {
    var largest = [Float](repeating: 0, count: length)
    // 0 times a number is NaN if the number is infinite or NaN, and 0 otherwise.
    var fault: Float = 0
    largest.withUnsafeMutableBufferPointer { largest in
      withUnsafeBufferPointer { numbers in
        for start in stride(from: 0, to: numbers.count, by: length) {
          for column in 0..<length {
            let size = numbers[start + column].magnitude
            largest[column] = size > largest[column] ? size : largest[column]
            fault += size * 0
          }
        }
      }
    }
    guard fault.isNaN, let place = firstIndex(where: { !$0.isFinite }) else { return largest }
    throw KernelRegressionError(
      .notFinite,
      "number \(place % length) of \(name) \(place / length) is \(self[place]), not finite")
  }
}
