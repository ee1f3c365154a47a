import Nadaraya
import Tables
import Wording

extension QuestionOptions {
  /// Empty sums, at the queries or the rows that the options name.
  func sums(_ question: Question, _ similarity: SimilarityOptions) throws -> SumCollection {
    if similarity.neighbors != nil || similarity.adaptive || similarity.causal {
      throw Failure.usage(
        "--neighbors, --adaptive and --causal depend on other keys, so sums of parts do not support them"
      )
    }
    if let leaveOneOutAt {
      return try leaveOneOutSums(at: leaveOneOutAt, question, similarity)
    }
    guard let at else {
      throw Failure.usage(
        "no queries are given", hint: "--at FILE names a table with the columns of the inputs")
    }
    let (kernel, choice) = try similarity.parsed(hasLabels: !question.labels.isEmpty)
    guard case .given(let bandwidths) = choice else {
      throw Failure.usage(
        "a part cannot choose a bandwidth for the whole table",
        hint: "--bandwidth H gives one")
    }
    let input = try TableInput(
      .file(inCluster ? BroughtFile.path(of: at) : at), format: text.format())
    let table = try input.table(
      TableRequest(numbers: question.keyNames, labels: question.labelNames))
    let queries = Points(columns: table.columns + (try table.levelNumbers(among: question.labels)))
    return SumCollection(
      try PartialSums(
        queries: queries,
        similarity: question.similarity(kernel, bandwidths, similarity),
        valueCount: question.valueNames.count, degree: similarity.degree))
  }

  private func leaveOneOutSums(
    at path: String, _ question: Question, _ similarity: SimilarityOptions
  ) throws -> SumCollection {
    guard let pathBandwidths else {
      throw Failure.usage("--leave-one-out-at needs --path-bandwidths")
    }
    if similarity.degree > 0 {
      throw Failure.usage("leave-one-out errors of parts need --degree 0")
    }
    let bandwidths = try pathBandwidths.split(separator: ",", omittingEmptySubsequences: false).map
    {
      guard let bandwidth = Double($0), bandwidth.isNormal, bandwidth > 0, bandwidth < .infinity
      else { throw Failure.usage("--path-bandwidths \"\($0)\" is not a positive number") }
      return bandwidth
    }
    guard question.labels.isEmpty, question.keyNames.count == 1 else {
      throw Failure.usage("a path needs one numeric input and no labels")
    }
    guard let kernel = Kernel(named: similarity.kernel) else {
      throw Failure.usage("there is no kernel \"\(similarity.kernel)\"")
    }
    let input = try TableInput(
      .file(inCluster ? BroughtFile.path(of: path) : path), format: text.format())
    let rows = try question.rows(of: input.table(question.request(missing: .fail)))
    return SumCollection(
      try PartialLeaveOneOut(
        rows.sample, similarities: bandwidths.map { Similarity(kernel, bandwidths: [$0]) }))
  }
}

extension Question {
  /// α under the options' kernels, with the levels of the whole table.
  func similarity(
    _ kernel: Kernel, _ bandwidths: [Double], _ options: SimilarityOptions
  ) throws -> Similarity {
    var bandwidths = bandwidths
    if bandwidths.count == 1, labels.isEmpty {
      bandwidths = [Double](repeating: bandwidths[0], count: keyNames.count)
    }
    guard bandwidths.count == inputNames.count else {
      throw Failure.usage(
        "--bandwidth gives \(counted(bandwidths.count, "number")) for \(counted(inputNames.count, "input"))"
      )
    }
    let kernels = options.labelKernels(factors: factorCount, ordered: labels.count - factorCount)
    if let wrong = bandwidths.prefix(keyNames.count).first(where: { !($0 > 0) }) {
      throw Failure.usage("bandwidth \(wrong) is not a positive number")
    }
    for (label, (kernel, bandwidth)) in zip(
      labels, zip(kernels, bandwidths.dropFirst(keyNames.count)))
    {
      let largest = kernel.largestBandwidth(levelCount: label.levels.count)
      guard bandwidth >= 0, bandwidth <= largest else {
        throw Failure.usage(
          "bandwidth \(bandwidth) of \"\(label.name)\" is not between 0 and \(largest), the range of the "
            + "\(kernel.rawValue) kernel over \(counted(label.levels.count, "level"))")
      }
    }
    return Similarity(
      kernel, bandwidths: bandwidths, combination: options.combination, labels: kernels,
      levelCounts: labels.map(\.levels.count))
  }
}
