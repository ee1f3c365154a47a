internal import Nadaraya
internal import NadarayaFigures

/// The pictures of a frame, with aligned plots.
struct FitPictures {
  private let resolved: Resolved
  private let fit: Figure
  private let attention: Figure
  private let residuals: Figure?

  init(_ resolved: Resolved, _ fit: Fit, _ attention: AttentionCells, _ residuals: [Double]?) throws
  {
    self.resolved = resolved
    var figures = [resolved.figure(of: fit), resolved.figure(of: attention)]
    if let residuals { figures.append(try resolved.figure(ofResiduals: residuals)) }
    figures = figures.inLine()
    self.fit = figures[0]
    self.attention = figures[1]
    self.residuals = figures.count > 2 ? figures[2] : nil
  }

  func drawn() -> FitAnswer.Figures {
    let theme = resolved.view.theme
    let (fit, (attention, residuals)) = both {
      DrawnFigure(self.fit, kind: .fit, theme: theme)
    } and: {
      (
        DrawnFigure(self.attention, kind: .attention, theme: theme),
        self.residuals.map { DrawnFigure($0, kind: .residuals, theme: theme) }
      )
    }
    return FitAnswer.Figures(fit: fit, attention: attention, residuals: residuals)
  }
}

extension [Figure] {
  /// The same figures at one width, with margins such that their plots lie one above the other.
  ///
  /// The margins each needs depend only on its axes and colours, not on its points.
  func inLine() -> [Figure] {
    // Margins that suit most pictures, so that pictures of other requests are aligned too.
    let isWide = allSatisfy { $0.width >= 600 }
    var room = Figure.SideRoom(left: isWide ? 72 : 60, right: isWide ? 108 : 84)
    for figure in self {
      let skeleton = figure.skeleton
      guard let place = skeleton.places.first else { continue }
      room.left = Swift.max(room.left, place.x)
      room.right = Swift.max(room.right, skeleton.size.width - place.x - place.width)
    }
    // A label with one more digit must not move the plots under a person's pointer.
    let step = 12.0
    room.left = (room.left / step).rounded(.up) * step
    room.right = (room.right / step).rounded(.up) * step
    return map { figure in
      var figure = figure
      figure.sideRoom = room
      return figure
    }
  }
}

extension Figure {
  /// The figure with only what decides the width of its labels.
  fileprivate var skeleton: Figure {
    var skeleton = self
    skeleton.title = ""
    skeleton.caption = ""
    skeleton.panels = panels.map { panel in
      var panel = panel
      let limits = panel.marks.compactMap { mark in
        if case .heatmap = mark { mark } else { nil as Mark? }
      }
      panel.marks = limits
      return panel
    }
    return skeleton
  }
}

/// The axes that pictures of one view share.
enum PictureAxis {
  /// Limits around data with the margin that figures use.
  ///
  /// - Parameter range: A range of finite numbers.
  static func limits(around range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    // In halves, because the span of −10³⁰⁸…10³⁰⁸ overflows.
    let slack =
      low < high
      ? (high / 2 - low / 2) * 0.08 : low == 0 ? 1 : max(0.05 * low.magnitude, 1e-300)
    let limit = Double.greatestFiniteMagnitude
    return max(low - slack, -limit)...min(high + slack, limit)
  }

  /// Limits that do not magnify the rounding errors of equal values; nil for other values.
  static func limits(ofConstant values: [Double]) -> ClosedRange<Double>? {
    guard let least = values.min(), let greatest = values.max(),
      greatest - least <= 1e-12 * max(least.magnitude, greatest.magnitude)
    else { return nil }
    let margin = max(0.1 * least.magnitude, least == 0 ? 1 : 1e-300)
    let limit = Double.greatestFiniteMagnitude
    return max(least - margin, -limit)...min(greatest + margin, limit)
  }
}

extension Resolved {
  /// The horizontal axis of every picture along the input.
  var horizontalAxis: Axis {
    Axis(label: view.over, limits: PictureAxis.limits(around: extent))
  }
}
