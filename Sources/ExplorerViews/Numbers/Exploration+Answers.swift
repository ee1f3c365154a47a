internal import Dispatch
package import Nadaraya
internal import Wording

extension Exploration {
  /// A frame: the curve, its interval, the criterion, and the pictures.
  ///
  /// - Parameters:
  ///   - view: The view.
  ///   - isQuick: Whether to leave out what is too slow for a moving slider: with many rows, the interval
  ///     and the criterion. ``FitAnswer/isComplete`` tells.
  ///   - execution: Threads, instruction set, cancellation.
  /// - Throws: ``ExplorationError``, ``/Tables/TableError`` and
  ///   ``/KernelRegression/KernelRegressionError`` if the table has no such picture.
  /// - Complexity: that of predictions at some hundred queries, an attention map and drawing; a
  ///   leave-one-out prediction, in a quick answer only up to 100,000 rows; and intervals, up to 400
  ///   million pairs of a place and a row, in a quick answer up to 4 million.
  package func fit(
    _ view: View, isQuick: Bool = false, execution: Execution
  ) throws -> FitAnswer {
    let resolved = try resolved(view, execution)
    let (drawnFit, cells) = both {
      Result { try Fit(resolved, isQuick: isQuick) }
    } and: {
      Result { try resolved.attentionCells() }
    }
    let (fit, attention) = (try drawnFit.get(), try cells.get())
    let residuals = try resolved.view.showsResiduals ? resolved.residuals() : nil
    let pictures = try FitPictures(resolved, fit, attention, residuals)
    let reproduction = Reproduction(resolved, hasInterval: fit.lower != nil)
    return FitAnswer(
      view: resolved.parameters,
      words: FitAnswer.Words(title: resolved.title, summary: resolved.summary),
      bandwidth: resolved.bandwidths, ranges: try resolved.sample.sliderRanges(),
      criterion: FitAnswer.CriterionValue(
        name: view.criterion.criterionName, value: JSONNumber(fit.criterion)),
      effectiveDegreesOfFreedom: JSONNumber(fit.effectiveDegreesOfFreedom),
      rSquared: JSONNumber(fit.rSquared), emptyQueries: fit.emptyQueries,
      isComplete: fit.isComplete, curve: fit.curve,
      warnings: fit.warnings, command: reproduction.command, code: reproduction.code,
      figures: pictures.drawn())
  }

  /// The criterion along the bandwidth of the picture's input, with the others fixed, and its minima.
  ///
  /// In one input the minima are those of
  /// ``/KernelRegression/Bandwidths/select(_:for:similarity:degree:emptyWindow:isCausal:computation:)``;
  /// in several they are those of the path, polished to 1e-8 in log h. Paths are cached, so asking again
  /// costs only the drawing.
  ///
  /// - Parameters:
  ///   - view: The view.
  ///   - points: The number of bandwidths, 2 to 2000, in even steps of log h over the slider's range.
  ///   - execution: Threads, instruction set, cancellation and progress.
  /// - Throws: as ``fit(_:execution:)`` does.
  /// - Complexity: about 300 to 1,000 leave-one-out predictions the first time.
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

  private func criterionPath(_ resolved: Resolved, points: Int) throws -> CriterionPath {
    try paths.answer(to: PathKey(resolved.view, points: points)) {
      try CriterionPath(resolved, points: points)
    }
  }

  /// What the view's query attends to.
  ///
  /// - Parameters:
  ///   - view: The view, with a query.
  ///   - execution: Threads, instruction set, cancellation.
  /// - Throws: as ``fit(_:execution:)`` does, and ``ExplorationError`` if the view has no query.
  /// - Complexity: O(n·d), and what ``/KernelRegression/AttentionPooling/explanation(ofQuery:among:listing:)``
  ///   takes.
  package func attention(_ view: View, execution: Execution) throws -> AttentionAnswer {
    let resolved = try resolved(view, execution)
    let attention = try QueryAttention(resolved)
    let sample = resolved.sample
    var query = resolved.view.held.map { $0 ?? .nan }
    query[view.overIndex] = attention.query.coordinates[0]
    return AttentionAnswer(
      view: resolved.parameters, query: query, estimate: JSONNumber(attention.estimate),
      effectiveSampleSize: JSONNumber(attention.effectiveSampleSize),
      entropy: JSONNumber(attention.entropy), nearest: JSONNumber(attention.nearest),
      contributors: attention.terms.map { term in
        AttentionAnswer.Contributor(
          row: sample.row(term.key), inputs: sample.columns.map { $0[term.key] },
          value: sample.values[term.key], weight: JSONNumber(term.weight),
          contribution: JSONNumber(term.contribution))
      },
      remainder: AttentionAnswer.Remainder(
        rows: attention.otherCount, weight: JSONNumber(attention.otherWeight)),
      figure: DrawnFigure(
        resolved.figure(of: attention), kind: .weights, theme: view.theme))
  }

  /// The largest number of queries in one request.
  package static var mostQueries: Int { 100_000 }

  /// Estimates at queries, with the support of each.
  ///
  /// - Parameters:
  ///   - view: The estimator; the settings of pictures are ignored.
  ///   - queries: Shape `[m, d]`, m at most 100,000, with inputs in the view's order; finite.
  ///   - execution: Threads, instruction set, cancellation.
  /// - Throws: as ``fit(_:execution:)`` does, and ``ExplorationError`` for queries of another shape.
  /// - Complexity: that of a prediction at m queries with diagnostics.
  package func predictions(
    _ view: View, queries: [[Double]], execution: Execution
  ) throws -> PredictionsAnswer {
    guard queries.count <= Self.mostQueries else {
      throw ExplorationError(
        .badRequest, "there are \(queries.count) queries, more than \(Self.mostQueries)",
        parameter: "queries")
    }
    for (index, query) in queries.enumerated() {
      guard query.count == view.inputs.count else {
        throw ExplorationError(
          .badRequest,
          "query \(index) has \(counted(query.count, "number")) for "
            + counted(view.inputs.count, "input"), parameter: "queries")
      }
      if let wrong = query.first(where: { !($0.magnitude <= 0x1p1022) }) {
        throw ExplorationError(
          .badRequest,
          "query \(index) holds \(wrong), which is "
            + (wrong.isFinite ? "beyond 4e307" : "not a number"), parameter: "queries")
      }
    }
    let resolved = try resolved(view, execution)
    let points = Points(
      rowMajor: queries.flatMap { resolved.sample.pictureOrder($0) }, dimension: view.inputs.count)
    let predictions = try resolved.estimator().predict(at: .points(points), diagnostics: true)
    return PredictionsAnswer(
      view: resolved.parameters, estimates: JSONNumbers(predictions.values),
      effectiveSampleSizes: JSONNumbers(predictions.effectiveSampleSizes ?? []),
      nearest: JSONNumbers(predictions.nearestDistances ?? []),
      emptyQueries: predictions.emptyWindows)
  }
}

/// Computes two things at once, each on its own thread.
func both<First: Sendable, Second: Sendable>(
  _ first: @Sendable () -> First, and second: @Sendable () -> Second
) -> (First, Second) {
  var made: (first: First?, second: Second?)
  withUnsafeMutablePointer(to: &made) { made in
    // Each iteration writes only to its own place, and this call outlives both.
    nonisolated(unsafe) let made = made
    DispatchQueue.concurrentPerform(iterations: 2) { iteration in
      if iteration == 0 {
        withUnsafeMutablePointer(to: &made.pointee.first) { $0.pointee = first() }
      } else {
        withUnsafeMutablePointer(to: &made.pointee.second) { $0.pointee = second() }
      }
    }
  }
  return (made.first!, made.second!)
}
