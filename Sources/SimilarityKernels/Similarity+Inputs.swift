extension Similarity {
  /// The bandwidths of all inputs: the continuous ones, then each label's λ (−∞ if none was given).
  package var inputBandwidths: [Double] { bandwidths + labels.map(\.bandwidth) }

  /// A copy with bandwidths for all inputs, whether or not it had them before.
  package func withBandwidths(_ bandwidths: [Double]) -> Similarity {
    let counts = labels.compactMap(\.levelCount)
    return Similarity(
      kernel, bandwidths: bandwidths, combination: combination, labels: labels.map(\.kernel),
      levelCounts: counts.count == labels.count ? counts : nil)
  }

  /// A copy with another kernel for the continuous inputs.
  package func withKernel(_ kernel: Kernel) -> Similarity {
    Similarity(
      kernel: kernel, bandwidths: bandwidths, combination: combination, labelInputs: labels)
  }

  /// The part of the similarity that depends on the continuous inputs.
  ///
  /// If there are none, it is that of a single constant input.
  package var continuous: Similarity {
    bandwidths.isEmpty
      ? Similarity(.constant, bandwidths: [1])
      : Similarity(kernel, bandwidths: bandwidths, combination: combination)
  }
}

extension Points {
  /// The first `count` inputs of all points; if `count` is 0, a single input that is 0 everywhere.
  ///
  /// - Complexity: O(n·d).
  package func continuous(_ count: Int) -> Points {
    guard count > 0 else { return Points([Double](repeating: 0, count: self.count)) }
    guard count < dimension else { return self }
    return Points(columns: (0..<count).map(column))
  }
}
