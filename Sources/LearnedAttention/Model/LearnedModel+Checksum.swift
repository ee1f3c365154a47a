internal import KernelRegression
internal import SimilarityKernels

extension LearnedModel {
  /// A hash of everything in a file of the model, which detects a changed digit.
  ///
  /// It covers the bits of the numbers and the names, so a file that another program rewrote, with other
  /// spaces or the same numbers in more digits, has the same hash.
  ///
  /// - Complexity: O(n·d).
  var checksum: String {
    var hash = Fingerprint()
    hash.add("nadaraya model \(Self.version)")
    similarity.addContent(to: &hash)
    for names in [inputNames, valueNames] {
      hash.add(names == nil ? "none" : "names")
      hash.add(names ?? [])
    }
    hash.add(UInt64(levels.count))
    for names in levels { hash.add(names) }
    hash.add(UInt64(keys.dimension))
    hash.add(keys.coordinates)
    hash.add(UInt64(values.count))
    for column in values { hash.add(column) }
    hash.add(observationWeights == nil ? "none" : "weights")
    hash.add(observationWeights ?? [])
    return hash.text
  }
}

extension LearnedSimilarity {
  fileprivate func addContent(to hash: inout Fingerprint) {
    hash.add(form.name)
    hash.add(UInt64(rank))
    hash.add(UInt64(levelCounts.count))
    for count in levelCounts { hash.add(UInt64(count)) }
    for numbers in [centers, scales, inverseBandwidths, queryBias, [temperature]] {
      hash.add(numbers)
    }
    for matrix in [metric, queryProjection, keyProjection] {
      hash.add(UInt64(matrix.count))
      for row in matrix { hash.add(row) }
    }
  }
}
