import Nadaraya
import NadarayaFigures
import Tables
import Wording

extension Run {
  /// One panel for each value column: the data and the fit over the one input.
  func fitFigure(_ request: IntervalOptions.Request?) throws -> Figure {
    let name = data.keyNames[0]
    let places = queries.coordinates
    let order = queries.indices.sorted { places[$0] < places[$1] }
    let fit = try drawnFit(request, groups: [order], consequence: "the curve has gaps there")
    var areCut = false
    let panels = data.valueNames.indices.map { value in
      let (axis, isCut) = fit.axis(
        of: value, named: data.valueNames[value], values: data.values[value])
      areCut = areCut || isCut
      let curve = fit.curve(value, over: 0, at: order)
      var panel = Panel.fit(
        title: data.valueNames.count > 1 ? data.valueNames[value] : "",
        points: Panel.Curve(x: data.keyColumns[0], y: data.values[value]), fit: curve,
        interval: fit.interval(value, at: order), x: Axis(label: name), y: axis)
      if order.count <= Self.markedEstimates {
        panel.marks.append(
          .scatter(Scatter(x: curve.x, y: curve.y, color: .fit, opacity: 1, radius: 2.5)))
      }
      return panel
    }
    return Figure(
      title: "\(valueWords) by \(name)",
      accessibleDescription: "\(counted(data.rowCount, "row")) of \(valueWords) over \(name) "
        + "as points with \(estimatorWords) as a curve"
        + (fit.intervalName.map { " and the \($0)" } ?? "") + ": \(summary).",
      caption: ([firstSentence] + fit.sentences(areCut: areCut)).joined(separator: " "),
      panels: panels, columns: min(panels.count, 2), sharedAxes: .x)
  }

  /// The number of estimates up to which each is marked as a point.
  private static let markedEstimates = 60

  /// One panel for each value column: a curve for each level of the one factor.
  func fitsByLevelFigure(_ request: IntervalOptions.Request?) throws -> Figure {
    let (name, label) = (data.keyNames[0], data.labels[0])
    let (places, levels) = (queries.column(0), queries.column(1))
    let groups = label.levels.indices.map { level in
      queries.indices.filter { Int(levels[$0]) == level }.sorted { places[$0] < places[$1] }
    }
    let fit = try drawnFit(request, groups: groups, consequence: "the curves have gaps there")
    var areCut = false
    let panels = data.valueNames.indices.map { value in
      let (axis, isCut) = fit.axis(
        of: value, named: data.valueNames[value], values: data.values[value])
      areCut = areCut || isCut
      let members = label.levels.indices.map { level in
        let rows = label.numbers.indices.filter { Int(label.numbers[$0]) == level }
        return Panel.Member(
          name: label.levels[level],
          points: Panel.Curve(
            x: rows.map { data.keyColumns[0][$0] }, y: rows.map { data.values[value][$0] }),
          fit: fit.curve(value, over: 0, at: groups[level]),
          interval: fit.interval(value, at: groups[level]))
      }
      return Panel.curves(
        title: data.valueNames.count > 1 ? data.valueNames[value] : "", members: members,
        x: Axis(label: name), y: axis)
    }
    let extent = "Each curve runs over the range that \(name) has at its level of \(label.name)."
    return Figure(
      title: "\(valueWords) by \(name) and \(label.name)",
      accessibleDescription: "\(counted(data.rowCount, "row")) of \(valueWords) over \(name) "
        + "as points with \(estimatorWords) as a curve for each level of \(label.name), "
        + "\(label.levels.joined(separator: ", "))"
        + (fit.intervalName.map { ", and the \($0)" } ?? "") + ": \(summary).",
      caption: ([firstSentence] + (omitsOwnKey ? [] : [extent]) + fit.sentences(areCut: areCut))
        .joined(separator: " "),
      panels: panels, columns: min(panels.count, 2), sharedAxes: .x)
  }
}
