internal import RealModule
internal import SimilarityKernels

extension KeyWeights {
  /// ln w of a key for a query as the unevaluated sum of two doubles.
  ///
  /// A single double would lose abs(ln w) units in the weight itself; for a Gaussian at a few thousand
  /// bandwidths, that is a millionth.
  ///
  /// - Returns: nil for kernels without a logarithm.
  /// - Complexity: O(d).
  package func logWeight(
    of key: Int, for query: ArraySlice<Double>
  ) -> (high: Double, low: Double)? {
    let similarity = problem.similarity
    guard similarity.kernel.hasLogProfile else { return nil }
    let keyPoint = problem.keys[key]
    let scaled = similarity.bandwidths.indices.map { input in
      DoubleDouble(sumOf: query[query.startIndex + input], -keyPoint[keyPoint.startIndex + input])
        / similarity.bandwidths[input]
    }
    var sum =
      similarity.isProduct
      ? scaled.reduce(DoubleDouble.zero) { $0 + similarity.kernel.logProfile($1) }
      : similarity.radialLogWeight(scaled)
    let weight = (problem.observationWeights?[key] ?? 1)
    sum = sum + .log(weight) + .log(similarity.labelWeight(query: query, key: keyPoint))
    return (sum.head, sum.tail)
  }
}

extension Similarity {
  fileprivate func radialLogWeight(_ scaled: [DoubleDouble]) -> DoubleDouble {
    let squared = scaled.reduce(DoubleDouble.zero) { $0 + $1 * $1 }
    return kernel == .gaussian
      ? -squared.scaled(by: 0.5) : kernel.logProfile(squared.squareRoot)
  }
}

extension Kernel {
  /// ln K(u), with the digits beyond a double's where the logarithm is large.
  func logProfile(_ u: DoubleDouble) -> DoubleDouble {
    let distance = u.magnitude
    switch form {
    case .builtIn(.gaussian): return -(u * u).scaled(by: 0.5)
    case .builtIn(.laplacian): return -distance
    case .builtIn(.logistic):
      let near = 2 * (Double.log(2) - .log(onePlus: .exp(-distance.value)))
      return -distance + near
    default: return DoubleDouble(logProfile(u.value) ?? -.infinity)
    }
  }
}

extension DoubleDouble {
  /// √x, with one step of Newton's method for the digits beyond a double's.
  var squareRoot: DoubleDouble {
    let root = Double.sqrt(head)
    guard root > 0, root < .infinity else { return DoubleDouble(root) }
    return DoubleDouble(root) + ((self - DoubleDouble(root) * DoubleDouble(root)) / (2 * root))
  }
}
