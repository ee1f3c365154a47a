extension Panel {
  /// Residuals as points around a line at zero, with smooths of them and of their size.
  ///
  /// A smooth away from zero is bias that the fit leaves; smooths of the size that part or close in are
  /// noise that is not the same everywhere.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A quieter line under it.
  ///   - residuals: The residuals over what they are looked at by.
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
