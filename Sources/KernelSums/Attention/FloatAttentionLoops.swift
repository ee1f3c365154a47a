internal import RealModule
package import SimilarityKernels
internal import _CKernelSums

/// Attention by dot products in single precision: the loops of `loops/attention.h` on all threads.
///
/// It is a view of keys and values that it neither owns nor copies.
///
/// ## Accuracy
/// See the loops. A query whose scores might leave the range of floats, by a bound from the largest
/// coordinates, is computed in double precision.
package struct FloatAttentionLoops {
  let keys: UnsafeBufferPointer<Float>
  let values: UnsafeBufferPointer<Float>
  let dimension: Int
  let columnCount: Int
  let scale: Double
  let mask: AttentionMask
  let largestKeys: [Float]
  let largestValue: Float

  var keyCount: Int { keys.count / dimension }

  /// - Parameters:
  ///   - keys: shape `[n, d]`.
  ///   - values: shape `[n, p]`.
  ///   - largestKeys: the largest magnitude of each coordinate.
  ///   - largestValue: the largest magnitude among the values.
  package init(
    keys: UnsafeBufferPointer<Float>, values: UnsafeBufferPointer<Float>, columnCount: Int,
    scale: Double, mask: AttentionMask, largestKeys: [Float], largestValue: Float
  ) {
    self.keys = keys
    self.values = values
    dimension = largestKeys.count
    self.columnCount = columnCount
    self.scale = scale
    self.mask = mask
    self.largestKeys = largestKeys
    self.largestValue = largestValue
  }

  /// Writes the estimates of queries, shape `[m, p]`, NaN if a query attends to no key.
  ///
  /// - Returns: the queries that attend to no key.
  package func attend(
    _ queries: UnsafeBufferPointer<Float>, into results: UnsafeMutableBufferPointer<Float>,
    execution: Execution
  ) -> [Int] {
    let count = queries.count / dimension
    var totals = [Float](repeating: 0, count: count)
    totals.withUnsafeMutableBufferPointer { totals in
      withLoopArguments(queries) { arguments in
        // Every query writes to its own places.
        nonisolated(unsafe) let totals = totals
        nonisolated(unsafe) let results = results
        nonisolated(unsafe) let arguments = arguments
        nonisolated(unsafe) let loops = self
        let attend = execution.instructions.loops.attention.attend!
        // A group costs the same even if it is not full, so blocks are whole groups.
        let group = Int(NADARAYA_ATTENTION_GROUP)
        let groups = (count + group - 1) / group
        execution.forEachBlock(of: groups, atMost: 4, scratch: { loops.scratch() }) {
          groups, scratch in
          let block = groups.lowerBound * group..<min(groups.upperBound * group, count)
          withUnsafePointer(to: arguments) {
            attend(
              $0, block.lowerBound, block.count, scratch.floats,
              results.baseAddress! + block.lowerBound * columnCount,
              totals.baseAddress! + block.lowerBound)
          }
          for query in block where !loops.isInRange(queries, query) {
            totals[query] = loops.attendCarefully(queries, query, into: results)
          }
        }
      }
    }
    return totals.indices.filter { totals[$0] == 0 }
  }

  /// Calls `body` with the arguments of the loops.
  private func withLoopArguments(
    _ queries: UnsafeBufferPointer<Float>, body: (nadaraya_attention) -> Void
  ) {
    var arguments = nadaraya_attention()
    arguments.key_count = keyCount
    arguments.dimension = dimension
    arguments.column_count = columnCount
    arguments.queries = queries.baseAddress
    arguments.keys = keys.baseAddress
    arguments.values = values.baseAddress
    arguments.scale = scale / .log(2)
    // Sums of n weights of at most 1 times values.
    if Double(largestValue) * Double(keyCount) > 0x1p126 {
      arguments.reserve = Float(Double.log2(Double(keyCount)).rounded(.up) + 1)
    } else if largestValue < 0x1p-60 {
      // Products of small weights and small values would lose digits.
      arguments.reserve = -60
    }
    var open: [Bool] = []
    switch mask {
    case .none: break
    case .causal: arguments.window = keyCount + queries.count
    case .window(let width):
      // The loops cannot represent an empty window.
      arguments.window = max(width, 0)
      if width < 1 { open = [Bool](repeating: false, count: keyCount) }
    case .keys(let keys), .pairs(let keys): open = keys
    }
    open.withUnsafeBytes { bytes in
      let flags = bytes.bindMemory(to: UInt8.self).baseAddress
      if case .pairs = mask {
        arguments.open_pairs = flags
      } else if !bytes.isEmpty {
        arguments.open_keys = flags
      }
      body(arguments)
    }
  }

  private func scratch() -> FloatScratch {
    FloatScratch(
      count: (dimension + columnCount + Int(NADARAYA_ATTENTION_KEYS))
        * Int(NADARAYA_ATTENTION_GROUP))
  }
}

/// One thread's tiles.
private struct FloatScratch {
  private let memory: AlignedMemory
  let floats: UnsafeMutablePointer<Float>

  init(count: Int) {
    memory = AlignedMemory(count: (count + 1) / 2)
    floats = UnsafeMutableRawPointer(memory.base).bindMemory(to: Float.self, capacity: count)
  }
}
