import Nadaraya
import NadarayaFigures
import Tables
import Wording

/// The criterion that a search minimised, over the bandwidth of each input.
struct CriterionFigure {
  let data: DataTable
  let kernel: Kernel
  let degree: Int
  let labelKernels: [LabelKernel]
  let criterion: BandwidthCriterion
  let selection: BandwidthSelection

  /// With several inputs, the other bandwidths are kept as chosen.
  func figure() throws -> Figure {
    let slices = try slices()
    let hasOneInput = slices.count == 1
    let others =
      hasOneInput ? selection.minima.filter { $0.bandwidths != selection.bandwidths } : []
    let (axis, isCut) = Axis.criterion(
      label: selection.method.criterionName, curves: slices.map(\.curve.y),
      minima: [chosenCriterion] + others.map(\.criterion))
    let panels = slices.map { slice in
      Panel.criterion(
        title: hasOneInput ? "" : data.inputNames[slice.input], subtitle: slice.subtitle(of: data),
        curve: slice.curve, minima: hasOneInput ? others.map(Panel.CriterionMinimum.init) : [],
        chosen: Panel.CriterionMinimum(
          bandwidth: slice.place(of: selection.bandwidths[slice.input]), criterion: chosenCriterion,
          stretch: hasOneInput ? chosenMinimum?.stretch : nil),
        chosenLabel: label(of: slice.input)
          + (slice.place(of: selection.bandwidths[slice.input]) < selection.bandwidths[slice.input]
            ? " →" : ""),
        x: slice.axis(of: data), y: axis)
    }
    let names =
      data.inputNames.count > 4
      ? "\(data.inputNames.count) inputs" : data.inputNames.joined(separator: ", ")
    let marks =
      switch (hasOneInput, selection.minimumCount) {
      case (true, 1): "its minimum"
      case (true, _): "its local minima"
      case (false, _): "the chosen bandwidths"
      }
    let values =
      data.valueNames.count > 2
      ? "\(data.valueNames.count) values" : data.valueNames.joined(separator: ", ")
    return Figure(
      title: "Bandwidth for \(values) by \(names)",
      accessibleDescription:
        "The \(selection.method.criterionName) as a curve over the bandwidth of "
        + "\(hasOneInput ? names : "each of \(listed(data.inputNames))"), with "
        + "\(marks) marked: "
        + "\(data.inputNames.indices.map(label).joined(separator: ", ")).",
      caption: sentences(of: slices, isCut: isCut).joined(separator: " "), panels: panels,
      columns: slices.count == 4 ? 2 : min(slices.count, 3), sharedAxes: .y)
  }

  private var chosenMinimum: BandwidthSelection.Minimum? {
    selection.minima.first { $0.bandwidths == selection.bandwidths }
  }

  private var chosenCriterion: Double { selection.criterion ?? .nan }

  private func label(of input: Int) -> String {
    let symbol = input < data.keyNames.count ? "h" : "λ"
    let chosen = "\(symbol) = \(typeset(selection.bandwidths[input]))"
    guard data.inputNames.count == 1, let stretch = chosenMinimum?.stretch else { return chosen }
    return chosen + " (\(typeset(stretch.lowerBound)) to \(typeset(stretch.upperBound)))"
  }

  private func sentences(of slices: [CriterionSlice], isCut: Bool) -> [String] {
    let hasOneInput = data.inputNames.count == 1
    let kernelWords = "\(kernel.name.prefix(1).uppercased() + kernel.name.dropFirst()) kernel"
    var sentences = [
      kernelWords + (degree > 0 ? ", degree \(degree)." : ".")
    ]
    if data.valueNames.count > 1 {
      sentences.append(
        "The criterion is the sum over \(data.valueNames.count) values, each in its own standard "
          + "deviations.")
    }
    if !hasOneInput {
      sentences.append("Each curve varies one bandwidth and keeps the others as chosen.")
    }
    if selection.minimumCount > selection.minima.count {
      sentences.append(
        "Of \(selection.minimumCount) local minima, only the \(selection.minima.count) lowest are marked."
      )
    }
    if selection.isStepSample {
      sentences.append("The criterion is a step function; not all of its steps are drawn.")
    }
    for (name, end) in zip(data.inputNames, chosenMinimum?.ends ?? []) where end != nil {
      sentences.append(
        "The bandwidth of \(name) is the \(end == .upper ? "largest" : "smallest") that was tried.")
    }
    let lower = slices.filter { slice in
      let least = slice.curve.y.reduce(.infinity) { $1.isFinite ? min($0, $1) : $0 }
      return least < chosenCriterion - 1e-6 * chosenCriterion.magnitude
    }
    for slice in lower {
      sentences.append(
        "Along the bandwidth of \(data.inputNames[slice.input]) the criterion is lower in places than "
          + "where the search ended.")
    }
    if isCut { sentences.append("The curve rises beyond the axis.") }
    return sentences
  }
}

extension Figure {
  /// Joins the figures of several values, a row of panels for each.
  init(joining figures: [Figure], of data: DataTable) {
    self = figures[0]
    guard figures.count > 1 else { return }
    panels = zip(data.valueNames, figures).flatMap { name, figure in
      figure.panels.map { panel in
        var panel = panel
        panel.title = panel.title.isEmpty ? name : "\(name): \(panel.title)"
        return panel
      }
    }
    let names =
      data.inputNames.count > 4
      ? "\(data.inputNames.count) inputs" : data.inputNames.joined(separator: ", ")
    title = "Bandwidths for \(data.valueNames.joined(separator: ", ")) by \(names)"
    accessibleDescription = zip(data.valueNames, figures)
      .map { "\($0): \($1.accessibleDescription)" }.joined(separator: " ")
    if figures.contains(where: { $0.caption != caption }) {
      caption = zip(data.valueNames, figures).map { "\($0): \($1.caption)" }.joined(separator: " ")
    }
    columns = figures[0].panels.count > 1 ? figures[0].columns : min(figures.count, 2)
    sharedAxes = []
  }
}

extension Panel.CriterionMinimum {
  fileprivate init(_ minimum: BandwidthSelection.Minimum) {
    self.init(
      bandwidth: minimum.bandwidths[0], criterion: minimum.criterion, stretch: minimum.stretch)
  }
}
