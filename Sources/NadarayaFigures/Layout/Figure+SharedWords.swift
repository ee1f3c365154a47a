extension Figure {
  /// The label of x that is written once for all panels; empty where panels write their own.
  var sharedXLabel: String { hasCommonX ? commonLabel(panels.map(\.x)) : "" }

  /// The label of y that is written once for all panels; empty where panels write their own.
  var sharedYLabel: String { hasCommonY ? commonLabel(panels.map(\.y)) : "" }

  /// What each panel writes beside its own axes.
  ///
  /// - Parameter columns: The number of panels side by side.
  func words(columns: Int) -> [PanelLayout.Words] {
    panels.indices.map { index in
      PanelLayout.Words(
        hasXTickLabels: !hasCommonX || index + columns >= panels.count,
        hasYTickLabels: !hasCommonY || index.isMultiple(of: columns),
        xLabel: sharedXLabel.isEmpty ? panels[index].x.label : "",
        yLabel: sharedYLabel.isEmpty ? panels[index].y.label : "")
    }
  }

  /// Whether every panel has the very same axis of x, so that one row of labels serves a column.
  private var hasCommonX: Bool { sharedAxes.contains(.x) && areAlike(panels.map(\.x)) }

  private var hasCommonY: Bool { sharedAxes.contains(.y) && areAlike(panels.map(\.y)) }

  private func areAlike(_ axes: [Axis]) -> Bool {
    axes.allSatisfy {
      $0.scale == axes[0].scale && $0.isReversed == axes[0].isReversed
        && $0.marksWholeNumbers == axes[0].marksWholeNumbers
    }
  }

  private func commonLabel(_ axes: [Axis]) -> String {
    guard axes.count > 1, axes.allSatisfy({ $0.label == axes[0].label }) else { return "" }
    return axes[0].label
  }
}
