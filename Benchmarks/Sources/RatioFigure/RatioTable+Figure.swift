import Figures

extension RatioTable {
  /// A row for each contestant of each case: a dot at the median, a bar over the quartiles.
  var figure: Figure {
    Figure(
      title: "How many times as long as Nadaraya others take",
      accessibleDescription: "For each case and contestant the ratio of its time to ours, on a "
        + "log axis: left of the line at 1 it is faster, right of it Nadaraya is.",
      caption: "Dots are medians over rounds in which all had their turn, bars the quartiles. "
        + "Left of the line the other is faster. Sorting the keys once estimates nothing: it is "
        + "a yardstick.",
      panels: [panel], width: 960, height: 150 + 20 * Double(rows.count))
  }

  private var panel: Panel {
    Panel(
      x: Axis(label: "time over ours", scale: .log10),
      y: Axis(isReversed: true, names: rows.map(\.name)),
      marks: [.rule(Rule(.vertical, at: 1))]
        + marks(of: "slower than ours", color: .fit) { $0.kind == .peer && $0.middle >= 1 }
        + marks(of: "faster than ours", color: .highlight) { $0.kind == .peer && $0.middle < 1 }
        + marks(of: "wrong somewhere by more than 10⁻³", color: .truth) { $0.kind == .wrong }
        + marks(of: "one stable sort of the keys", color: .yardstick) { $0.kind == .yardstick })
  }

  private func marks(
    of label: String, color: Color, where isMember: (Row) -> Bool
  ) -> [Mark] {
    let members = rows.indices.filter { isMember(rows[$0]) }
    guard !members.isEmpty else { return [] }
    let bars = members.map { index in
      Mark.line(
        Line(
          x: [rows[index].low, rows[index].high], y: [Double(index), Double(index)],
          stroke: Stroke(color, width: 3, opacity: 0.45)))
    }
    let dots = Scatter(
      x: members.map { rows[$0].middle }, y: members.map(Double.init), label: label,
      color: color, opacity: 1, radius: 4)
    return bars + [.scatter(dots)]
  }
}

extension Color {
  /// The quiet grey of what is no peer.
  fileprivate static let yardstick = Color(hex: 0x7C_838D)
}
