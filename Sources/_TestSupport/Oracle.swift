internal import RealModule
internal import SimilarityKernels

// On x86-64 the oracle has 64 bits; elsewhere it has those of a double and its callers' tolerances
// rest on compensated sums.
#if arch(x86_64)
/// The oracle's numbers.
package typealias Extended = Float80
#else
/// The oracle's numbers.
package typealias Extended = Double
#endif

/// The estimator written out as the textbook has it, one pair at a time, in extended precision and
/// shifted by the largest log-weight.
///
/// It shares no code with the engines: kernels are defined here anew. Far from the keys it is
/// accurate while the squared distance in bandwidths stays below 10⁶; beyond, fixtures
/// computed with sixty digits take over.
package struct Oracle {
  private let data: RegressionCase

  /// An oracle for a case; the kernel must be a built-in one.
  package init(_ data: RegressionCase) { self.data = data }

  /// Σωαv/Σωα at each query; NaN where no key supports it.
  package func estimates() -> [Double] {
    data.queries.indices.map { estimate(at: data.queries[$0]) }
  }

  /// The estimate at each key from all others.
  package func leaveOneOut() -> [Double] {
    data.keys.indices.map { estimate(at: data.keys[$0], excluding: $0) }
  }

  /// (Σωα)²/Σ(ωα)² at each query.
  package func effectiveSampleSizes() -> [Double] {
    data.queries.indices.map { index in
      let weights = weights(at: data.queries[index], excluding: nil)
      let sum = compensatedSum(weights)
      return sum > 0 ? Double(sum * sum / compensatedSum(weights.map { $0 * $0 })) : 0
    }
  }

  /// The attention weights of all keys at a query; they sum to 1.
  package func attentionWeights(at query: ArraySlice<Double>) -> [Double] {
    let weights = weights(at: query, excluding: nil)
    let sum = compensatedSum(weights)
    return weights.map { Double($0 / sum) }
  }

  /// −Σ a ln a and 1/Σa² of the attention weights a at a query, in extended precision; nil where no key
  /// supports it.
  ///
  /// The largest weight's part is that of one less the others, so that an entropy near 0 has its digits.
  package func attentionShares(
    at query: ArraySlice<Double>
  ) -> (entropy: Double, effectiveSize: Double)? {
    let weights = weights(at: query, excluding: nil)
    guard let largest = weights.indices.max(by: { weights[$0] < weights[$1] }),
      weights[largest] > 0
    else { return nil }
    var others = weights
    others[largest] = 0
    let rest = compensatedSum(others)
    let sum = rest + weights[largest]
    let terms = others.map { $0 > 0 ? -$0 / sum * Extended.log($0 / sum) : 0 }
    let entropy =
      compensatedSum(terms) - weights[largest] / sum * Extended.log(onePlus: -rest / sum)
    let squares = compensatedSum(weights.map { $0 * $0 })
    return (Double(entropy), Double(sum * sum / squares))
  }

  private func estimate(at query: ArraySlice<Double>, excluding excluded: Int? = nil) -> Double {
    let weights = weights(at: query, excluding: excluded)
    let sum = compensatedSum(weights)
    guard sum > 0 else { return .nan }
    return Double(compensatedSum(zip(weights, data.values).map { $0 * Extended($1) }) / sum)
  }

  /// ωα over their largest, 0 for the excluded key.
  private func weights(at query: ArraySlice<Double>, excluding excluded: Int?) -> [Extended] {
    let logs = data.keys.indices.map { key -> Extended in
      guard key != excluded else { return -.infinity }
      let observation = Extended(data.observationWeights?[key] ?? 1)
      return Extended.log(observation) + logSimilarity(query, data.keys[key])
    }
    guard let largest = logs.max(), largest > -.infinity else { return logs.map { _ in 0 } }
    return logs.map { Extended.exp($0 - largest) }
  }

  private func logSimilarity(_ query: ArraySlice<Double>, _ key: ArraySlice<Double>) -> Extended {
    let scaled = zip(zip(query, key), data.similarity.bandwidths).map {
      (Extended($0.0) - Extended($0.1)) / Extended($1)
    }
    let inputs = scaled.count
    let levels = zip(query.dropFirst(inputs), key.dropFirst(inputs))
    let labels = zip(data.similarity.labels, levels).reduce(Extended(0)) {
      $0 + .log(Self.labelWeight($1.0, Extended($1.1.0 - $1.1.1).magnitude))
    }
    let name = data.similarity.kernel.name
    switch data.similarity.combination {
    case .product: return scaled.reduce(labels) { $0 + Self.logProfile(name, $1.magnitude) }
    case .radial:
      return labels + Self.logProfile(name, scaled.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
  }

  /// The similarity of two levels whose numbers differ by `distance`.
  private static func labelWeight(_ label: LabelInput, _ distance: Extended) -> Extended {
    let bandwidth = Extended(label.bandwidth)
    var power: Extended {
      (0..<Int(distance)).reduce(1) { power, _ in power * bandwidth }
    }
    return switch label.kernel {
    case .aitchisonAitken:
      distance == 0 ? 1 - bandwidth : bandwidth / Extended((label.levelCount ?? 0) - 1)
    case .liRacine: distance == 0 ? 1 : bandwidth
    case .orderedLiRacine: power
    case .wangVanRyzin: distance == 0 ? 1 - bandwidth : (1 - bandwidth) / 2 * power
    }
  }

  /// ln K at a distance u ≥ 0, by the conventions of the field.
  private static func logProfile(_ kernel: String, _ u: Extended) -> Extended {
    switch kernel {
    case "gaussian": return -u * u / 2
    case "constant": return 0
    case "laplacian": return -u
    case "logistic": return -u - 2 * .log(onePlus: .exp(-u))
    case "cauchy": return -.log(onePlus: u * u)
    default: break
    }
    guard u < 1 else { return -.infinity }
    switch kernel {
    case "boxcar": return 0
    case "triangular": return .log(1 - u)
    case "epanechnikov": return .log(1 - u * u)
    case "biweight": return 2 * .log(1 - u * u)
    case "triweight": return 3 * .log(1 - u * u)
    case "tricube": return 3 * .log(1 - u * u * u)
    case "cosine": return .log(.cos(.pi / 2 * u))
    default: preconditionFailure("the oracle knows no \(kernel) kernel")
    }
  }

  /// Kahan–Babuška summation.
  private func compensatedSum(_ terms: [Extended]) -> Extended {
    var sum: Extended = 0
    var lost: Extended = 0
    for term in terms {
      let next = sum + term
      lost += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
      sum = next
    }
    return sum + lost
  }
}
