internal import SimilarityKernels

extension FloatAttentionLoops {
  /// Whether every sum of products of a query stays in the range of floats.
  func isInRange(_ queries: UnsafeBufferPointer<Float>, _ query: Int) -> Bool {
    var bound = 0.0
    for input in 0..<dimension {
      bound += Double(queries[query * dimension + input].magnitude) * Double(largestKeys[input])
    }
    // Twice the scores divided by ln 2, and the query's own coordinates, which are scaled first.
    var largest: Float = 0
    for input in 0..<dimension {
      largest = max(largest, queries[query * dimension + input].magnitude)
    }
    return max(bound, Double(largest)) * scale.magnitude < 0x1p125
  }

  /// Writes the estimates of one query in double precision, where no product of floats overflows.
  ///
  /// - Returns: 0 if it attends to no key, otherwise 1.
  /// - Complexity: O(n·(d + p)).
  func attendCarefully(
    _ queries: UnsafeBufferPointer<Float>, _ query: Int,
    into results: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let sign: Double = scale < 0 ? -1 : 1
    let run = mask.run(ofQuery: query, keyCount: keyCount)
    var row = run.map { key in
      guard mask.allows(key, ofQuery: query, keyCount: keyCount) else { return -Double.infinity }
      var sum = 0.0
      for input in 0..<dimension {
        sum += Double(queries[query * dimension + input]) * Double(keys[key * dimension + input])
      }
      return sign * sum
    }
    return row.withUnsafeMutableBufferPointer { row in
      row.lowerToLargest()
      // 0 stays 0, and overflow gives −∞.
      for slot in row.indices where row[slot] < 0 { row[slot] *= scale.magnitude }
      AttentionNormalization.softmax.normalize(row)
      let isSupported = row.contains { $0 > 0 }
      for column in 0..<columnCount {
        var sum = CompensatedSum()
        for (slot, key) in run.enumerated() where row[slot] > 0 {
          sum.add(row[slot] * Double(values[key * columnCount + column]))
        }
        results[query * columnCount + column] = isSupported ? Float(sum.value) : .nan
      }
      return isSupported ? 1 : 0
    }
  }
}
