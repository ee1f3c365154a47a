internal import Nadaraya
internal import NadarayaFigures
internal import Wording

extension Resolved {
  /// A picture cannot show more stems than this apart.
  private static var mostStems: Int { 2_000 }

  /// The weights of one query as stems on the keys.
  func figure(of attention: QueryAttention) -> Figure {
    let column = sample.columns[view.overIndex]
    let length = (sample.count - 1) / Self.mostStems + 1
    var (x, y) = ([Double](), [Double]())
    for start in stride(from: 0, to: sample.count, by: length) {
      let run = start..<min(start + length, sample.count)
      let largest = run.max { attention.weights[$0] < attention.weights[$1] } ?? start
      // A key without weight has no stem.
      guard attention.weights[largest] > 0 else { continue }
      x.append(column[largest])
      y.append(attention.weights[largest])
    }
    let place = attention.query.coordinates[0]
    let isEmpty = !(attention.weights.first?.isFinite ?? false)
    let sentences: [String] = [
      length > 1
        ? "Only the key with the largest weight is shown of each \(length) neighbouring keys."
        : nil,
      isEmpty ? "No key supports this query." : nil,
    ].compactMap(\.self)
    let panel = Panel(
      x: horizontalAxis, y: Axis(label: "attention weight"),
      marks: [
        .rule(Rule(.vertical, at: place, label: "query")),
        .stems(Stems(x: x, y: y, label: length > 1 ? "largest of \(length) keys" : "key")),
      ])
    return [
      Figure(
        title: "Attention at \(view.over) \(typeset(place, digits: 6))",
        accessibleDescription: "The attention weights of one query as stems on "
          + "\(counted(sample.count, "key")) over \(view.over). \(summary)",
        caption: sentences.joined(separator: " "), panels: [panel], width: Double(view.width),
        height: Double(view.width) < 600 ? 260 : 300)
    ].inLine()[0]
  }

  /// The attention of queries along the picture's input, as columns, over the keys in ascending order, as
  /// rows.
  func figure(of attention: AttentionCells) -> Figure {
    let map = attention.map
    let perRow = map.rows.first?.count ?? 1
    let rows = map.rows.map { Double($0.lowerBound) + Double(perRow - 1) / 2 }
    // Places too close for doubles to distinguish have no cells.
    let heatmap = try? Heatmap(
      values: map.mean, rowCenters: rows, columnCenters: attention.places)
    let count = Double(map.keyOrder.count)
    // A narrow picture has no room for words beside it.
    let scale =
      view.width < 600
      ? ColorScale(includesZero: true) : perRow > 1 ? .meanAttention : .attention
    let panel = Panel(
      x: horizontalAxis,
      y: Axis(
        label: view.width < 600
          ? "key"
          : "key, in the order of \(view.over)"
            + (perRow > 1 ? ", 1 cell = \(perRow) keys" : ""),
        limits: -0.5...max(count - 0.5, 0.5), isReversed: true, marksWholeNumbers: true),
      marks: [heatmap.map(Mark.heatmap)].compactMap(\.self))
    return Figure(
      title: "Attention over \(view.over)",
      accessibleDescription:
        "A heatmap of the attention that each of \(counted(attention.places.count, "query")) along "
        + "\(view.over) pays to \(counted(map.keyOrder.count, "key")) in ascending order of it"
        + (perRow > 1 ? ", in cells of \(perRow) keys" : "") + ". \(summary)",
      panels: [panel], colorScale: scale, width: Double(view.width))
  }
}
