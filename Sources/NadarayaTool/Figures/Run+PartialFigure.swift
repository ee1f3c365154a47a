import Nadaraya
import NadarayaFigures
import Tables
import Wording

extension Run {
  /// A row of panels for each value column, a panel for each input: the fit along that input while the
  /// others are held.
  func partialFigure(_ request: IntervalOptions.Request?, pieces: [Range<Int>]) throws -> Figure {
    let groups = pieces.map(Array.init)
    let fit = try drawnFit(request, groups: groups, consequence: "the fit has gaps there")
    var areCut = false
    let hasOneValue = data.valueNames.count == 1
    let panels = data.valueNames.indices.flatMap { value in
      let (axis, isCut) = fit.axis(
        of: value, named: data.valueNames[value], values: data.values[value])
      areCut = areCut || isCut
      return data.inputNames.indices.map { input in
        panel(
          fit, value: value, input: input, places: groups[input],
          title: hasOneValue ? "" : "\(data.valueNames[value]) by \(data.inputNames[input])", axis)
      }
    }
    let inputCount = data.inputNames.count
    let along = inputCount > 4 ? inputWords : listed(data.inputNames)
    return Figure(
      title: "\(valueWords) by \(inputWords)" + (inputCount > 1 ? ", one at a time" : ""),
      accessibleDescription: "For \(inputCount > 1 ? "each of " : "")\(along), "
        + "\(counted(data.rowCount, "row")) of \(valueWords) as points with \(estimatorWords) along it"
        + (fit.intervalName.map { " and the \($0)" } ?? "") + ": \(summary). \(heldWords)",
      caption: ([firstSentence, heldWords].filter { !$0.isEmpty } + fit.sentences(areCut: areCut))
        .joined(separator: " "),
      panels: panels, columns: Self.columns(inputs: inputCount, values: data.valueNames.count),
      sharedAxes: hasOneValue ? .y : [])
  }

  /// One row of panels for each value where that is not too many, otherwise an even block.
  private static func columns(inputs: Int, values: Int) -> Int {
    inputs == 4 && values == 1 ? 2 : inputs <= 4 ? inputs : 3
  }

  /// Where the other inputs are held, and what the points show.
  private var heldWords: String {
    guard data.inputNames.count > 1 else { return "" }
    let reference = data.reference
    let held = data.inputNames.indices.map { input in
      "\(data.inputNames[input]) \(data.text(reference[input], ofInput: input))"
    }
    let kinds = [
      data.keyNames.isEmpty ? nil : "their medians",
      data.labels.isEmpty ? nil : "their most frequent levels",
    ].compactMap(\.self).joined(separator: " and ")
    return "Along each input, the others are held at \(kinds): \(held.joined(separator: ", ")). "
      + "The points show all rows, whatever their other inputs."
  }

  private func panel(
    _ fit: DrawnFit, value: Int, input: Int, places: [Int], title: String, _ axis: Axis
  ) -> Panel {
    let values = data.values[value]
    let name = data.inputNames[input]
    let opacity = data.inputNames.count > 1 ? 0.25 : 0.5
    guard input < data.keyNames.count else {
      let label = data.labels[input - data.keyNames.count]
      return .levels(
        title: title, points: Panel.Curve(x: label.numbers, y: values),
        estimates: places.map { fit.estimates[value][$0] },
        interval: fit.interval(value, at: places), names: label.levels, xLabel: name,
        opacity: opacity, y: axis)
    }
    return Panel.fit(
      title: title, points: Panel.Curve(x: data.keyColumns[input], y: values),
      fit: fit.curve(value, over: input, at: places), interval: fit.interval(value, at: places),
      opacity: opacity, x: Axis(label: name), y: axis)
  }
}
