package import Nadaraya
internal import Tables

extension Exploration {
  /// The numbers behind the fit as CSV: the inputs, and `Y_hat`, `Y_centre`, `Y_lower`, `Y_upper` for the value
  /// column Y, the last three if there is an interval.
  ///
  /// - Throws: as ``fit(_:execution:)`` does.
  package func fitTable(_ view: View, execution: Execution) throws -> String {
    let resolved = try resolved(view, execution)
    let fit = try Fit(resolved)
    var table = view.inputs.enumerated().map { input, name in
      let held = resolved.view.held[input] ?? .nan
      let column = input == view.overIndex ? fit.places : fit.places.map { _ in held }
      return (name: name, values: TableWriter.Values.numbers(column))
    }
    table.append(("\(view.value)_hat", .numbers(fit.estimates)))
    if let centre = fit.centre, let lower = fit.lower, let upper = fit.upper {
      table += [
        ("\(view.value)_centre", .numbers(centre)),
        ("\(view.value)_lower", .numbers(lower)), ("\(view.value)_upper", .numbers(upper)),
      ]
    }
    return TableWriter.csv(table)
  }

  /// The keys with weight for the view's query as CSV, largest weight first: `row` (counted from 0 in the
  /// table's order), the inputs, the value, `weight`.
  ///
  /// - Throws: as ``attention(_:execution:)`` does.
  package func weightsTable(_ view: View, execution: Execution) throws -> String {
    let resolved = try resolved(view, execution)
    let weights = try QueryAttention(resolved).weights
    let sample = resolved.sample
    let places = weights.indices.filter { weights[$0] > 0 }
      .sorted { (weights[$0], sample.row($1)) > (weights[$1], sample.row($0)) }
    func column(_ numbers: [Double]) -> TableWriter.Values {
      .numbers(places.map { numbers[$0] })
    }
    return TableWriter.csv(
      [("row", .integers(places.map(sample.row)))]
        + zip(view.inputs, sample.columns).map { ($0, column($1)) }
        + [(view.value, column(sample.values)), ("weight", column(weights))])
  }

  /// One figure of a view.
  ///
  /// - Parameters:
  ///   - kind: Which figure; the figure of weights needs a query.
  ///   - view: The view.
  ///   - execution: Threads, instruction set, cancellation and progress.
  /// - Throws: what the method of the same name throws.
  package func figure(
    _ kind: FigureKind, _ view: View, execution: Execution
  ) throws -> DrawnFigure {
    switch kind {
    case .fit: try fit(view, execution: execution).figures.fit
    case .attention: try fit(view, execution: execution).figures.attention
    case .criterion: try path(view, points: 80, execution: execution).figure
    case .weights: try attention(view, execution: execution).figure
    case .learned: try learned(view, execution: execution).figure
    case .residuals:
      try residualFigure(view, execution: execution)
    }
  }

  private func residualFigure(_ view: View, execution: Execution) throws -> DrawnFigure {
    let resolved = try resolved(view, execution)
    return DrawnFigure(
      try resolved.figure(ofResiduals: try resolved.residuals()), kind: .residuals,
      theme: view.theme)
  }
}
