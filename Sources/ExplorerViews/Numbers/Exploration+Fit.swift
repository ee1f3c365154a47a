package import Nadaraya

extension Exploration {
  /// A frame: the curve, its interval, the criterion, and the pictures.
  ///
  /// - Parameters:
  ///   - view: What is looked at.
  ///   - isQuick: Whether to leave out what would not follow a slider that moves: of many rows the
  ///     interval and the criterion. ``FitAnswer/isComplete`` tells.
  ///   - execution: Threads, instruction set, cancellation.
  /// - Throws: ``ExplorationError``, ``/Tables/TableError`` and ``/KernelRegression/KernelRegressionError``
  ///   where the table has no such picture.
  /// - Complexity: that of predictions at some hundred queries, of a map of attention and of drawing;
  ///   that of a leave-one-out prediction, quickly up to 100,000 rows alone; and that of intervals, up to
  ///   400 million pairs of a place and a row, quickly up to 4 million.
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
}
