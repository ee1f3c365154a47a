internal import KernelSums
public import SimilarityKernels

extension StreamingRegression {
  /// The range of a row's observation weight, and the greatest |value|: sums over as many rows as there
  /// can be do not overflow.
  static var range: ClosedRange<Double> { 1e-90...1e90 }

  /// Adds a row, and removes rows that thereby leave the window.
  ///
  /// - Parameters:
  ///   - key: one finite number for each input.
  ///   - values: one number for each value column, no larger than 1e200.
  ///   - weight: ω, from 1e-90 to 1e90.
  /// - Returns: the row's handle. If the window excludes the row at once, the handle belongs to no row.
  /// - Throws: ``KernelRegressionError`` if numbers are missing, not finite or out of range; nothing
  ///   changes then.
  /// - Complexity: O((d + p)·log n).
  @discardableResult
  public mutating func add(
    key: [Double], values: [Double], weight: Double = 1
  ) throws(KernelRegressionError) -> Handle {
    try validate(key, values, weight, row: 0)
    return insert(key, values, weight)
  }

  /// Adds all rows or, if one is invalid, none.
  ///
  /// - Parameters:
  ///   - keys: shape `[n, d]`; finite.
  ///   - values: one array of n numbers for each value column, none larger than 1e200.
  ///   - observationWeights: n numbers from 1e-90 to 1e90; nil if all are 1.
  /// - Returns: a handle for each row.
  /// - Throws: ``KernelRegressionError``, as ``add(key:values:weight:)`` does.
  /// - Complexity: O(n·(d + p)·log n).
  @discardableResult
  public mutating func add(
    keys: Points, values: [[Double]], observationWeights: [Double]? = nil
  ) throws(KernelRegressionError) -> [Handle] {
    guard values.allSatisfy({ $0.count == keys.count }),
      observationWeights.map({ $0.count == keys.count }) ?? true
    else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "each value column and the weights must have the length of the keys, \(keys.count)")
    }
    for row in keys.indices {
      try validate(
        Array(keys[row]), values.map { $0[row] }, observationWeights?[row] ?? 1, row: row)
    }
    return keys.indices.map { row in
      insert(Array(keys[row]), values.map { $0[row] }, observationWeights?[row] ?? 1)
    }
  }

  /// Removes a row.
  ///
  /// - Returns: whether it was there; false if it was removed before or has left the window.
  /// - Complexity: O((d + p)·log n).
  @discardableResult
  public mutating func remove(_ handle: Handle) -> Bool {
    let wasThere = rows.remove(handle.name)
    forgetRemoved()
    return wasThere
  }

  /// Removes the rows that were added first.
  ///
  /// - Parameter number: how many, no more than there are.
  /// - Complexity: O((d + p)·log n) for each.
  public mutating func removeOldest(_ number: Int = 1) {
    precondition((0...count).contains(number), "\(number) of \(count) rows cannot be removed")
    let rest = count - number
    while count > rest, let oldest = queue.popFirst() { _ = rows.remove(oldest) }
    forgetRemoved()
  }

  /// Keeps the handles of removed rows from outnumbering the others.
  private mutating func forgetRemoved() {
    queue.compact(keeping: rows.contains, count: count)
    times.compact(keeping: rows.contains, count: count)
  }

  private mutating func insert(
    _ key: [Double], _ values: [Double], _ weight: Double
  ) -> Handle {
    let name = rows.add(key, columns: values, weight: weight)
    queue.append(name)
    switch window {
    case .unlimited: break
    case .rows(let limit):
      if count > limit { removeOldest(count - limit) }
    case .span(let span):
      times.push(name, at: key[0])
      latest = max(latest, key[0])
      while let (time, oldest) = times.first, latest - time > span || !rows.contains(oldest) {
        times.popFirst()
        _ = rows.remove(oldest)
      }
      forgetRemoved()
    }
    return Handle(name: name)
  }

  private func validate(
    _ key: [Double], _ values: [Double], _ weight: Double, row: Int
  ) throws(KernelRegressionError) {
    let dimension = similarity.bandwidths.count
    guard key.count == dimension, values.count == valueCount else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "row \(row) has numbers of inputs and values \(key.count) and \(values.count), not \(dimension) and "
          + "\(valueCount)")
    }
    if let wrong = key.first(where: { !($0.magnitude <= 0x1p1022) }) {
      throw KernelRegressionError(
        .notFinite, "the key of row \(row) holds \(wrong), not a number up to 4e307")
    }
    if let wrong = values.first(where: { !($0.magnitude <= 1e200) }) {
      throw KernelRegressionError(
        .notFinite, "a value of row \(row) is \(wrong), not a number up to 1e200")
    }
    guard Self.range.contains(weight) else {
      throw KernelRegressionError(
        .invalidWeight, "the weight of row \(row) is \(weight), not between 1e-90 and 1e90")
    }
  }
}
