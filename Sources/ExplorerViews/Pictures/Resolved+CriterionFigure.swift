internal import Nadaraya
internal import NadarayaFigures
internal import Wording

extension Resolved {
  /// The criterion along a bandwidth, over the axis of the slider.
  func figure(of path: CriterionPath) -> Figure {
    let drawn = path.drawn
    let name = view.criterion.criterionName
    let label = "bandwidth h of \(view.over)"
    let limits =
      path.bandwidths[
        0]...max(path.bandwidths[path.bandwidths.count - 1], path.bandwidths[0].nextUp)
    let x = Axis(label: label, scale: .log10, limits: limits)
    let (y, isCut) = Axis.criterion(
      label: name, curves: [drawn.y], minima: path.minima.map(\.criterion))
    let panel =
      path.chosen.map { chosen in
        Panel.criterion(
          title: "", curve: drawn,
          minima: path.minima.filter { $0.bandwidth != chosen.bandwidth }
            .map(Panel.CriterionMinimum.init),
          chosen: Panel.CriterionMinimum(chosen), chosenLabel: "h = \(typeset(chosen.bandwidth))",
          x: x, y: y)
      } ?? Panel(x: x, y: y, marks: [.line(Line(x: drawn.x, y: drawn.y, label: "criterion"))])
    let sentences: [String] = [
      summaryWithoutBandwidth as String?,
      view.inputs.count > 1 ? "The other bandwidths are held." : nil,
      path.minimumCount > path.minima.count
        ? "Of \(path.minimumCount) local minima, only the \(path.minima.count) lowest are marked."
        : nil,
      path.chosen == nil ? "The criterion exists at none of these bandwidths." : nil,
      isCut ? "The curve rises beyond the axis." : nil,
    ].compactMap(\.self)
    return Figure(
      title: "Bandwidth for \(view.value) by \(view.over)",
      accessibleDescription:
        "The \(name) as a curve over the \(label), with its local minima marked"
        + (path.chosen.map { ": the lowest is at \(typeset($0.bandwidth))" } ?? "") + ".",
      caption: sentences.joined(separator: " "), panels: [panel], width: Double(view.width),
      height: Double(view.width) < 600 ? 280 : 320)
  }

  private var summaryWithoutBandwidth: String {
    let name = view.kernelName
    return name.prefix(1).uppercased() + name.dropFirst() + " kernel"
      + (view.degree > 0 ? ", degree \(view.degree)." : ".")
  }
}

extension CriterionPath {
  /// The curve through the path and all marked points, with gaps where the criterion does not exist.
  fileprivate var drawn: Panel.Curve {
    let marked = minima.flatMap { minimum in
      let ends = minimum.stretch.map {
        [$0.lowerBound, min($0.upperBound, .greatestFiniteMagnitude)]
      }
      return ([minimum.bandwidth] + (ends ?? [])).map { (bandwidth: $0, value: minimum.criterion) }
    }
    let all = (zip(bandwidths, values).map { (bandwidth: $0, value: $1) } + marked)
      .sorted { $0.bandwidth < $1.bandwidth }
    return Panel.Curve(
      x: all.map(\.bandwidth), y: all.map { $0.value.isFinite ? $0.value : .nan })
  }
}

extension Panel.CriterionMinimum {
  fileprivate init(_ minimum: CriterionPath.Minimum) {
    self.init(
      bandwidth: minimum.bandwidth, criterion: minimum.criterion,
      stretch: minimum.stretch.map {
        $0.lowerBound...min($0.upperBound, .greatestFiniteMagnitude)
      })
  }
}
