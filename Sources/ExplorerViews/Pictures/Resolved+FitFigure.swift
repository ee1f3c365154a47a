internal import Nadaraya
internal import NadarayaFigures
internal import Wording

extension Resolved {
  /// Rows, fit and interval along the picture's input.
  func figure(of fit: Fit) -> Figure {
    let (axis, isCut) = verticalAxis(of: fit)
    let interval = fit.lower.flatMap { lower in
      fit.upper.map { upper in
        Panel.Interval(
          lower: lower, upper: upper, label: "\(percent) confidence interval",
          centre: fit.centre)
      }
    }
    var panel = Panel.fit(
      title: "", points: Panel.Curve(x: sample.columns[view.overIndex], y: sample.values),
      fit: Panel.Curve(x: fit.places, y: fit.estimates, isExtrapolated: fit.isExtrapolated),
      interval: interval,
      opacity: view.inputs.count > 1 ? 0.25 : 0.5, x: horizontalAxis, y: axis)
    panel.remember(sample.cloud)
    return Figure(
      title: title,
      accessibleDescription:
        "\(counted(sample.count, "row")) of \(view.value) over \(view.over) as points with "
        + "\(estimatorWords) as a curve" + (interval.map { " and the \($0.label)" } ?? "")
        + (heldWords.map { ", \($0)" } ?? "") + ". \(summary)",
      caption: [summary, pointWords, interval == nil ? nil : intervalWords(isCut: isCut)]
        .compactMap(\.self).joined(separator: " "),
      panels: [panel], width: Double(view.width))
  }

  private var percent: String { "\(typeset((view.level ?? 0) * 100, digits: 10)) %" }

  private func intervalWords(isCut: Bool) -> String {
    "The pointwise \(percent) confidence intervals are centred on the bias-corrected "
      + "estimate, drawn thin, not on the fit."
      + (isCut ? " They reach beyond the axis." : "")
  }

  private func verticalAxis(of fit: Fit) -> (Axis, isCut: Bool) {
    let (limits, isCut) = Axis.limits(
      holding: [sample.valueEnds, fit.estimates],
      surroundings: [fit.lower, fit.upper].compactMap(\.self))
    let own = PictureAxis.limits(ofConstant: sample.valueEnds) ?? limits
    return (Axis(label: view.value, limits: own), isCut)
  }
}

extension ViewRows {
  /// The least and the greatest value.
  var valueEnds: [Double] { [valueExtent.lowerBound, valueExtent.upperBound] }
}

extension Panel {
  /// Shares the panel's points among all pictures of the same rows.
  mutating func remember(_ cloud: PointMemory) {
    marks = marks.map { mark in
      guard case .scatter(var points) = mark else { return mark }
      points.memory = cloud
      return .scatter(points)
    }
  }
}
