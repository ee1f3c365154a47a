extension Panel {
  /// Residuals as points around a line at zero, with smooths of the residuals and of their size.
  ///
  /// A smooth away from zero shows bias in the fit; smooths of the size that diverge or converge show
  /// noise that varies.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A less prominent line under it.
  ///   - residuals: The residuals as a function of the variable on x.
  ///   - mean: Their smooth; nil for none.
  ///   - size: The smooth of their absolute values, drawn on both sides of zero; nil for none.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  package static func residuals(
    title: String, subtitle: String = "", residuals: Curve, mean: Curve? = nil,
    size: Curve? = nil, x: Axis, y: Axis = Axis(label: "residual")
  ) -> Panel {
    var curves: [Line] = []
    if let size {
      let stroke = Stroke(.highlight, width: 1.8, dash: .dashed)
      curves += [
        Line(x: size.x, y: size.y, label: "± smooth of their size", stroke: stroke),
        Line(x: size.x, y: size.y.map { -$0 }, stroke: stroke),
      ]
    }
    if let mean { curves.append(Line(x: mean.x, y: mean.y, label: "smooth of the residuals")) }
    var marks = layered(
      points: [Scatter(x: residuals.x, y: residuals.y, label: "residual, left out")], bands: [],
      curves: curves)
    marks.insert(.rule(Rule(.horizontal, at: 0)), at: 1)
    return Panel(title: title, subtitle: subtitle, x: x, y: y, marks: marks)
  }
}
