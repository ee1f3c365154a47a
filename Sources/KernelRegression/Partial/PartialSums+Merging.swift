internal import SimilarityKernels

extension PartialSums {
  /// Adds the sums of other keys.
  ///
  /// - Throws: ``KernelRegressionError`` if the sums have other queries, another similarity, degree or
  ///   number of value columns; nothing changes then.
  /// - Complexity: O(m·p) for degree 0, O(m·(d³ + d²·p)) for degree 1.
  public mutating func merge(_ other: PartialSums) throws(KernelRegressionError) {
    guard queries == other.queries, degree == other.degree, valueCount == other.valueCount,
      similarity.isSame(as: other.similarity)
    else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "the sums were made with other queries or with another similarity, degree or number of values"
      )
    }
    keyCount += other.keyCount
    merge(total: other.total)
    for query in other.fits.indices {
      if let fit = other.fits[query] { merge(fit, atQuery: query) }
    }
  }

  /// The sums of both.
  ///
  /// - Throws: ``KernelRegressionError``, as ``merge(_:)`` does.
  package func merging(_ other: PartialSums) throws(KernelRegressionError) -> PartialSums {
    var sums = self
    try sums.merge(other)
    return sums
  }

  mutating func merge(_ fit: PartialFit, atQuery query: Int) {
    fits.merge(fit, at: query, bandwidths: similarity.bandwidths)
  }

  mutating func merge(total other: GradedRow) {
    total = total.pooled(with: other)
  }
}

extension Similarity {
  /// Whether another similarity gives every key the same weight.
  fileprivate func isSame(as other: Similarity) -> Bool {
    kernel == other.kernel && bandwidths == other.bandwidths && labels == other.labels
      && (combination == other.combination || bandwidths.count < 2)
  }
}
