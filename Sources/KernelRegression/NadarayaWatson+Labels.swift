internal import SimilarityKernels

extension NadarayaWatson {
  /// The similarity of keys whose last inputs are labels, if all that belongs to it is in range.
  static func similarity(
    of keys: Points, kernel: Kernel, bandwidths: [Double], combination: InputCombination,
    labels: [LabelKernel]
  ) throws(KernelRegressionError) -> Similarity {
    guard labels.count <= keys.dimension else {
      throw KernelRegressionError(
        .dimensionMismatch, "there are \(labels.count) labels in \(keys.dimension) inputs")
    }
    let continuous = keys.dimension - labels.count
    var levelCounts: [Int] = []
    for input in continuous..<keys.dimension {
      levelCounts.append(Set(try levels(of: keys, input)).count)
    }
    let kinds = zip(labels, levelCounts).map { (kernel: $0, levelCount: $1) }
    let bandwidths = try validated(bandwidths, continuous: continuous, labels: kinds)
    return Similarity(
      kernel: kernel, bandwidths: Array(bandwidths.prefix(continuous)), combination: combination,
      labels: zip(kinds, bandwidths.dropFirst(continuous)).map {
        LabelInput(kernel: $0.kernel, levelCount: $0.levelCount, bandwidth: $1)
      })
  }

  /// A label of all keys, if it holds level numbers.
  static func levels(of keys: Points, _ input: Int) throws(KernelRegressionError) -> [Double] {
    let levels = keys.column(input)
    if let row = levels.firstIndex(where: { !isLevel($0) }) {
      throw KernelRegressionError(
        .invalidLevel, "input \(input) of key \(row) is \(levels[row]), not a level number")
    }
    return levels
  }

  /// Whether a number can be one of a level: a whole one from 0 on.
  private static func isLevel(_ number: Double) -> Bool {
    number >= 0 && number < 0x1p31 && number == number.rounded()
  }

  /// Refuses queries with a level that no key has.
  func validateLevels(of queries: Points) throws(KernelRegressionError) {
    for input in similarity.bandwidths.count..<keys.dimension {
      let known = Set(keys.column(input))
      let levels = queries.column(input)
      if let query = levels.firstIndex(where: { !known.contains($0) }) {
        throw KernelRegressionError(
          .invalidLevel,
          "input \(input) of query \(query) is \(levels[query]), a level that no key has")
      }
    }
  }
}
