internal import RealModule
package import SimilarityKernels

/// The attention of queries over keys, computed as one row of n shares for each query.
///
/// ```
/// pᵢ = the shares of zᵢ = score(q, kᵢ) (+ ln ωᵢ under softmax) over the keys that the mask allows
/// ```
///
/// Any number of threads can use it, each with its own `AttentionRow`.
///
/// ## Accuracy
/// Scores of kernels are logarithms of anchored weights; their differences to the largest are accurate
/// to 1e-12, however far the query. Differences of product scores are accurate to d + 3 roundings of
/// s·Σ|qⱼkⱼ|; where the scores leave the range of doubles, the largest wins and ties share.
package struct AttentionRows: Sendable {
  package let keys: Points
  package let observationWeights: [Double]?
  package let score: AttentionScore
  package let normalization: AttentionNormalization
  package let mask: AttentionMask

  private let products: ProductScores?
  private let similarities: KernelScores?

  package init(
    keys: Points, observationWeights: [Double]?, score: AttentionScore,
    normalization: AttentionNormalization, mask: AttentionMask
  ) {
    self.keys = keys
    self.observationWeights = observationWeights
    self.score = score
    self.normalization = normalization
    self.mask = mask
    switch score {
    case .kernel(let similarity):
      products = nil
      similarities = KernelScores(
        KernelSumProblem(
          keys: keys, columns: [], observationWeights: observationWeights,
          similarity: similarity), mask: mask)
    case .dotProduct(let scale):
      products = ProductScores(
        keys, isCosine: false, scale: scale ?? 1 / Double(keys.dimension).squareRoot())
      similarities = nil
    case .cosine(let temperature):
      products = ProductScores(keys, isCosine: true, scale: 1 / temperature)
      similarities = nil
    }
  }

  /// Whether a query attends to a key.
  package func allows(_ key: Int, ofQuery query: Int) -> Bool {
    mask.run(ofQuery: query, keyCount: keys.count).contains(key)
      && mask.allows(key, ofQuery: query, keyCount: keys.count)
      && observationWeights.map { $0[key] > 0 } ?? true
  }

  /// Writes the shares of all keys for one query; zeros if it attends to none.
  ///
  /// - Parameters:
  ///   - row: room for n numbers.
  ///   - index: the index of the query, for the mask.
  ///   - query: its coordinates; finite.
  ///   - excluded: a key to leave out.
  /// - Returns: whether any key has a share.
  /// - Complexity: O(n·d).
  package func write(
    _ row: UnsafeMutableBufferPointer<Double>, ofQuery index: Int, at query: [Double],
    excluding excluded: Int?
  ) -> Bool {
    let run = mask.run(ofQuery: index, keyCount: keys.count)
    row.update(repeating: -.infinity)
    let slots = UnsafeMutableBufferPointer(rebasing: row[run])
    func isLeftOut(_ key: Int) -> Bool {
      key == excluded || !mask.allows(key, ofQuery: index, keyCount: keys.count)
        || observationWeights.map { $0[key] == 0 } ?? false
    }
    if let similarities {
      similarities.write(
        slots, of: run, at: query, isLeftOut: isLeftOut,
        asWeights: normalization == .softmax)
      if normalization == .softmax {
        for key in keys.indices where !run.contains(key) { row[key] = 0 }
        return row.contains { $0 > 0 }
      }
    } else if let products {
      products.write(slots, of: run, at: query, isLeftOut: isLeftOut)
      if normalization == .softmax, let observationWeights {
        for key in run where row[key] > -.infinity {
          row[key] += .log(observationWeights[key])
        }
      }
    }
    slots.lowerToLargest()
    normalization.normalize(row)
    return row.contains { $0 > 0 }
  }
}
