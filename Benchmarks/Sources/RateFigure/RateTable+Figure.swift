import Figures

extension RateTable {
  /// A panel for each kernel: rates on a log scale, a curve for each series.
  var figure: Figure {
    Figure(
      title: "Direct engine: millions of pairs a second on one thread",
      accessibleDescription: "For each kernel, the pairs of query and key summed per second "
        + "against the number of inputs: a curve for each instruction set, and one for numpy.",
      panels: groups.map(panel), columns: 4, sharedAxes: [.x, .y], width: 1000)
  }

  private func panel(_ group: Group) -> Panel {
    Panel(
      title: group.name, x: Axis(label: "inputs", limits: 0.5...8.5, marksWholeNumbers: true),
      y: Axis(label: "10⁶ pairs/s", scale: .log10),
      marks: group.series.enumerated().flatMap { index, series in
        marks(series, color: Color.series[index % Color.series.count])
      })
  }

  /// The curve with a dot at each measurement; numpy is dashed, because it is the peer.
  private func marks(_ series: Series, color: Color) -> [Mark] {
    let rates = series.rates.map { $0 / 1e6 }
    let dash: Stroke.Dash = series.name == "numpy" ? .dashed : .solid
    return [
      .line(
        Line(
          x: series.inputs, y: rates, label: series.name, stroke: Stroke(color, dash: dash))),
      .scatter(Scatter(x: series.inputs, y: rates, color: color, opacity: 1)),
    ]
  }
}
