extension Panel {
  /// Observations, what lies behind or over them, and the curves in front.
  ///
  /// Few points stand on bands. A crowd of points would hide them, so it is fainter and bands lie on it;
  /// and curves in front of it have an edge of paper, without which no colour shows on dark ground.
  ///
  /// - Complexity: O(size of the data).
  static func layered(points: [Scatter], bands: [Band], curves: [Line]) -> [Mark] {
    let bands = bands.map(Mark.band)
    guard points.contains(where: { $0.x.count > PointGrid.threshold }) else {
      return bands + points.map(Mark.scatter) + curves.map(Mark.line)
    }
    let faint = points.map { points in
      var points = points
      points.opacity = min(points.opacity, crowdOpacity)
      return Mark.scatter(points)
    }
    let edges = curves.map { curve in
      let width = curve.stroke.width + 2.4
      return Mark.line(Line(x: curve.x, y: curve.y, stroke: Stroke(.paper, width: width)))
    }
    return faint + bands + edges + curves.map(Mark.line)
  }

  private static let crowdOpacity = 0.28
}
