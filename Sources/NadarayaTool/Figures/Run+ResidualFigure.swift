import Nadaraya
import NadarayaFigures
import Tables
import Wording

extension Run {
  /// One panel for each value column: the residuals of the rows left out, over the one input of numbers
  /// or, where there are several inputs, over the fit to all rows.
  func residualFigure() throws -> Figure {
    let left = Predictions(
      joining: try parts.map { try $0.estimator.predict(at: .leaveOneOut) })
    warn(of: left, consequence: "these rows have no residual")
    let isOverInput = data.inputNames.count == 1 && data.labels.isEmpty
    let fitted =
      isOverInput
      ? []
      : try parts.flatMap { try $0.estimator.predict(at: .keys).estimates }
    bar.finish()
    var smooths: [String] = []
    let panels = data.valueNames.indices.map { value in
      let name = data.valueNames[value]
      let residuals = zip(data.values[value], left.estimates[value]).map { $0 - $1 }
      let places = isOverInput ? data.keyColumns[0] : fitted[value]
      let smooth = SmoothedResiduals(residuals, over: places, weights: data.observationWeights)
      if let smooth { smooths.append(typeset(smooth.bandwidth)) }
      return Panel.residuals(
        title: data.valueNames.count > 1 ? name : "",
        residuals: Panel.Curve(x: places, y: residuals), mean: smooth?.mean, size: smooth?.size,
        x: Axis(label: isOverInput ? data.keyNames[0] : "fit of \(name)"),
        y: Axis(label: "residual of \(name)"))
    }
    let smoothSentence =
      smooths.isEmpty
      ? "There are too few rows to smooth the residuals."
      : "Residuals and their sizes are smoothed by a Gaussian kernel, bandwidth "
        + "\(smooths.joined(separator: " and ")) by AICc."
    return Figure(
      title: "Residuals of \(valueWords) by \(inputWords)",
      accessibleDescription:
        "Residuals of \(counted(data.rowCount, "row")), each left out of "
        + "its own fit, over \(isOverInput ? data.keyNames[0] : "the fit to all rows"), with a line at zero "
        + "and smooths of them and of their size: \(summary).",
      caption: "\(firstSentence) Each row is left out of its own fit. \(smoothSentence)",
      panels: panels, columns: min(panels.count, 2), sharedAxes: isOverInput ? .x : [])
  }
}

/// Residuals and their sizes under one smoother, as curves.
private struct SmoothedResiduals {
  let bandwidth: Double
  let mean: Panel.Curve
  let size: Panel.Curve

  private static let placeCount = 200

  /// Nil where the residuals do not determine a bandwidth.
  init?(_ residuals: [Double], over places: [Double], weights: [Double]?) {
    let rows = residuals.indices.filter {
      residuals[$0].isFinite && places[$0].isFinite && (weights?[$0] ?? 1) > 0
    }
    guard Set(rows.lazy.map { places[$0] }.prefix(3)).count > 1 || rows.count > 3 else {
      return nil
    }
    let bar = ProgressBar("smoothing the residuals")
    defer { bar.finish() }
    do {
      let smooth = try ResidualSmooth(
        residuals, over: places, weights: weights, queryCount: Self.placeCount,
        execution: Execution(progress: bar.report))
      let grid = smooth.keys.grid(Self.placeCount)
      let estimates = try smooth.estimates(at: grid)
      bandwidth = smooth.bandwidth
      mean = Panel.Curve(x: grid.coordinates, y: estimates.mean)
      size = Panel.Curve(x: grid.coordinates, y: estimates.size)
    } catch {
      return nil
    }
  }
}
