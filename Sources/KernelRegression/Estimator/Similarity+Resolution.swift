internal import SimilarityKernels

extension Similarity {
  /// The same with a bandwidth for each input and the number of levels of each label, if all are in
  /// range.
  ///
  /// - Throws: ``KernelRegressionError`` if there are more labels than inputs, a label is not a level
  ///   number, or a bandwidth is missing or out of range.
  /// - Complexity: O(n) for each label.
  func resolved(for keys: Points) throws(KernelRegressionError) -> Similarity {
    guard labels.count <= keys.dimension else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "the number of labels, \(labels.count), is more than the number of inputs, \(keys.dimension)"
      )
    }
    var counted: [LabelInput] = []
    for (index, label) in labels.enumerated() {
      let input = keys.dimension - labels.count + index
      let levels = try Self.levels(of: keys, input)
      if let count = label.levelCount, Set(levels).count > count {
        throw KernelRegressionError(
          .invalidLevel,
          "input \(input) has \(Set(levels).count) levels among the keys, more than the \(count) given"
        )
      }
      counted.append(
        LabelInput(
          kernel: label.kernel, levelCount: label.levelCount ?? Set(levels).count,
          bandwidth: label.bandwidth))
    }
    return try Similarity(
      kernel: kernel, bandwidths: bandwidths, combination: combination, labelInputs: counted
    ).resolved(inputs: keys.dimension)
  }

  /// The same with a bandwidth for each of `dimension` inputs, if all are in range.
  func resolved(inputs dimension: Int) throws(KernelRegressionError) -> Similarity {
    let continuous = dimension - labels.count
    let given = labels.filter { $0.bandwidth != LabelInput.noBandwidth }
    let isShared = bandwidths.count == 1 && labels.isEmpty
    guard bandwidths.count == continuous && given.count == labels.count || isShared else {
      let count = bandwidths.count + given.count
      throw KernelRegressionError(
        .dimensionMismatch,
        "\(count) \(count == 1 ? "bandwidth is" : "bandwidths are") given for "
          + "\(dimension) \(dimension == 1 ? "input" : "inputs")")
    }
    if let wrong = bandwidths.first(where: { !($0.isNormal && $0 > 0) }) {
      throw KernelRegressionError(
        .invalidBandwidth,
        "bandwidth \(wrong) is "
          + (wrong > 0 && wrong < 1 ? "too small, below 2e-308" : "not a positive number"))
    }
    if let label = labels.first(where: { !$0.isComplete }) {
      guard let count = label.levelCount else {
        throw KernelRegressionError(
          .invalidLevel,
          "the \(label.kernel.rawValue) kernel needs the number of levels of its label")
      }
      throw KernelRegressionError(
        .invalidBandwidth,
        "bandwidth \(label.bandwidth) of a label is not between 0 and "
          + "\(label.kernel.largestBandwidth(levelCount: count)), the range of the "
          + "\(label.kernel.rawValue) kernel over \(count) \(count == 1 ? "level" : "levels")")
    }
    guard isShared, dimension > 1 else { return self }
    return Similarity(
      kernel: kernel, bandwidths: [Double](repeating: bandwidths[0], count: dimension),
      combination: combination, labelInputs: [])
  }

  /// A label of all keys, if it holds level numbers.
  private static func levels(
    of keys: Points, _ input: Int
  ) throws(KernelRegressionError) -> [Double] {
    let levels = keys.column(input)
    if let row = levels.firstIndex(where: {
      !($0 >= 0 && $0 < 0x1p31 && $0 == $0.rounded())
    }) {
      throw KernelRegressionError(
        .invalidLevel, "input \(input) of key \(row) is \(levels[row]), not a level number")
    }
    return levels
  }
}
