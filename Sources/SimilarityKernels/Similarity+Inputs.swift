extension Similarity {
  /// The bandwidths of all inputs: the continuous ones, then each label's λ, −∞ where none was given.
  package var inputBandwidths: [Double] { bandwidths + labels.map(\.bandwidth) }

  /// The same with bandwidths for all inputs, whether it had them before or not.
  package func withBandwidths(_ bandwidths: [Double]) -> Similarity {
    let counts = labels.compactMap(\.levelCount)
    return Similarity(
      kernel, bandwidths: bandwidths, combination: combination, labels: labels.map(\.kernel),
      levelCounts: counts.count == labels.count ? counts : nil)
  }

  /// The same with another kernel of the continuous inputs.
  package func withKernel(_ kernel: Kernel) -> Similarity {
    Similarity(
      kernel: kernel, bandwidths: bandwidths, combination: combination, labelInputs: labels)
  }

  /// The part of the similarity that looks at the continuous inputs.
  ///
  /// Where there are none it is that of a single input which is the same everywhere.
  package var continuous: Similarity {
    bandwidths.isEmpty
      ? Similarity(.constant, bandwidths: [1])
      : Similarity(kernel, bandwidths: bandwidths, combination: combination)
  }
}

extension Points {
  /// The first inputs of all points; where there are none, a single one that is 0 everywhere.
  ///
  /// - Complexity: O(n·d).
  package func continuous(_ count: Int) -> Points {
    guard count > 0 else { return Points([Double](repeating: 0, count: self.count)) }
    guard count < dimension else { return self }
    return Points(columns: (0..<count).map(column))
  }
}
