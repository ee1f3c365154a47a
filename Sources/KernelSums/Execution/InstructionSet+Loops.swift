internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

extension nadaraya_tile_loops {
  /// The loop for a similarity; nil for a closure.
  func weighing(_ similarity: Similarity) -> nadaraya_per_key? {
    guard case .builtIn(let kernel) = similarity.kernel.form else { return nil }
    return weighing(similarity, by: kernel)
  }

  /// The loop for another kernel with the similarity's combination of inputs.
  func weighing(_ similarity: Similarity, by kernel: Kernel.BuiltIn) -> nadaraya_per_key {
    withUnsafeBytes(of: similarity.isProduct ? product : radial) {
      $0.bindMemory(to: nadaraya_per_key.self)[kernel.rawValue]
    }
  }

  /// The loop for −ln of a similarity and the most by which it can be too large; nil if there is none.
  func negativeLog(of similarity: Similarity) -> (loop: nadaraya_per_key, excess: Double)? {
    let distance: nadaraya_per_key = similarity.isProduct ? absolute_distance : self.distance
    return switch similarity.kernel.form {
    case .builtIn(.gaussian): (half_squared_distance, 0)
    case .builtIn(.laplacian): (distance, 0)
    // −ln of the logistic is |u| − ln 4 + 2 ln(1 + exp(−|u|)).
    case .builtIn(.logistic):
      (distance, .log(4) * Double(similarity.isProduct ? similarity.bandwidths.count : 1))
    default: nil
    }
  }
}

extension Similarity {
  /// The bandwidth of every input if all are the same normal number; otherwise 0.
  ///
  /// With it, the Gaussian's loop adds squares before dividing once by h².
  var sharedBandwidth: Double {
    guard let first = bandwidths.first, first.isNormal, bandwidths.allSatisfy({ $0 == first })
    else { return 0 }
    return first
  }
}
