internal import SimilarityKernels

extension Similarity {
  /// The bandwidth of every input, where they are all the same normal number; otherwise 0.
  ///
  /// With it, the Gaussian's loop adds squares up before it divides them, once, by h².
  var sharedBandwidth: Double {
    guard let first = bandwidths.first, first.isNormal, bandwidths.allSatisfy({ $0 == first })
    else { return 0 }
    return first
  }
}
