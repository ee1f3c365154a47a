extension Figure {
  /// The label of x that is written once for all panels; empty if panels write their own.
  ///
  /// Under a row that is not full it would be beside the panels, so there each writes its own.
  ///
  /// - Parameter columns: The number of panels side by side.
  func sharedXLabel(columns: Int) -> String {
    hasCommonX && panels.count.isMultiple(of: columns) ? commonLabel(panels.map(\.x)) : ""
  }

  /// The label of y that is written once for all panels; empty if panels write their own.
  var sharedYLabel: String { hasCommonY ? commonLabel(panels.map(\.y)) : "" }

  /// What each panel writes beside its own axes.
  ///
  /// - Parameter columns: The number of panels side by side.
  func words(columns: Int) -> [PanelLayout.Words] {
    let writesOwn = sharedXLabel(columns: columns).isEmpty
    return panels.indices.map { index in
      let hasXTickLabels = !hasCommonX || isFoot(row: index / columns, columns: columns)
      return PanelLayout.Words(
        hasXTickLabels: hasXTickLabels,
        hasYTickLabels: !hasCommonY || index.isMultiple(of: columns),
        xLabel: writesOwn && (hasXTickLabels || !haveOneXLabel) ? panels[index].x.label : "",
        yLabel: sharedYLabel.isEmpty ? panels[index].y.label : "")
    }
  }

  /// Whether a panel of a row has none below it.
  ///
  /// Then the whole row is labelled: the room is needed anyway, and a panel without labels beside one
  /// with labels would look like a mistake.
  private func isFoot(row: Int, columns: Int) -> Bool { (row + 2) * columns > panels.count }

  /// Whether every panel has exactly the same axis of x, so that a column needs only one row of labels.
  private var hasCommonX: Bool { sharedAxes.contains(.x) && areAlike(panels.map(\.x)) }

  private var hasCommonY: Bool { sharedAxes.contains(.y) && areAlike(panels.map(\.y)) }

  private func areAlike(_ axes: [Axis]) -> Bool {
    axes.allSatisfy {
      $0.scale == axes[0].scale && $0.isReversed == axes[0].isReversed
        && $0.marksWholeNumbers == axes[0].marksWholeNumbers
    }
  }

  private var haveOneXLabel: Bool { panels.allSatisfy { $0.x.label == panels[0].x.label } }

  private func commonLabel(_ axes: [Axis]) -> String {
    guard axes.count > 1, axes.allSatisfy({ $0.label == axes[0].label }) else { return "" }
    return axes[0].label
  }
}
