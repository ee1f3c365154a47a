package import Nadaraya

extension Exploration {
  /// The criterion along the bandwidth of the picture's input, the others held, with its minima.
  ///
  /// In one input the minima are those of
  /// ``/KernelRegression/Bandwidths/select(_:for:similarity:degree:emptyWindow:isCausal:computation:)``;
  /// in several they are those of the path, polished to 1e-8 in log h. A path is kept, so that to ask again
  /// costs its drawing alone.
  ///
  /// - Parameters:
  ///   - view: What is looked at.
  ///   - points: How many bandwidths, 2 to 2000, in even steps of log h over the slider's range.
  ///   - execution: Threads, instruction set, cancellation and progress.
  /// - Throws: as ``fit(_:execution:)`` does.
  /// - Complexity: some 300 to 1,000 leave-one-out predictions the first time.
  package func path(_ view: View, points: Int, execution: Execution) throws -> PathAnswer {
    guard (2...2000).contains(points) else {
      throw ExplorationError(
        .badRequest, "the parameter points is \(points), not a whole number from 2 to 2000",
        parameter: "points")
    }
    let resolved = try resolved(view, execution)
    let path = try criterionPath(resolved, points: points)
    return PathAnswer(
      view: resolved.parameters, criterion: view.criterion.criterionName,
      bandwidths: path.bandwidths, values: JSONNumbers(path.values),
      minima: path.minima.map {
        PathAnswer.Minimum(
          bandwidth: $0.bandwidth, value: JSONNumber($0.criterion),
          isChosen: $0.bandwidth == path.chosen?.bandwidth)
      }, chosen: JSONNumber(path.chosen?.bandwidth ?? .nan),
      figure: DrawnFigure(resolved.figure(of: path), kind: .criterion, theme: view.theme))
  }

  func criterionPath(_ resolved: Resolved, points: Int) throws -> CriterionPath {
    try paths.answer(to: PathKey(resolved.view, points: points)) {
      try CriterionPath(resolved, points: points)
    }
  }
}
