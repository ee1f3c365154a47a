extension PanelLayout {
  /// The title and the subtitle above the plot, flush with its left end.
  var headerShapes: [Shape] {
    let bottom = frame.minY - 6 - yOffsetHeight
    let subtitleHeight = Double(subtitleLines.count) * TextStyle.subtitle.lineHeight
    let titleHeight = Double(titleLines.count) * TextStyle.panelTitle.lineHeight
    return Self.stack(
      titleLines, style: .panelTitle, x: frame.minX, top: bottom - subtitleHeight - titleHeight)
      + Self.stack(subtitleLines, style: .subtitle, x: frame.minX, top: bottom - subtitleHeight)
  }

  /// The labels of the panel's own axes.
  var labelShapes: [Shape] {
    Self.stack(
      xLabelLines, style: .axisLabel, x: frame.midX, top: frame.maxY + tickLabelHeight + 3,
      anchor: .middle)
      + Self.upwardStack(
        yLabelLines, style: .axisLabel, right: frame.minX - yTickLabelWidth - 4, y: frame.midY)
  }

  /// The notice in an empty panel.
  var noticeShapes: [Shape] {
    let isLogarithmic = panel.x.scale == .log10 || panel.y.scale == .log10
    let lines = TextStyle.notice.lines(
      of: isLogarithmic ? "no positive data" : "no finite data", width: frame.width - 8)
    let height = Double(lines.count) * TextStyle.notice.lineHeight
    return Self.stack(
      lines, style: .notice, x: frame.midX, top: frame.midY - height / 2, anchor: .middle)
  }

  /// Lines below each other.
  static func stack(
    _ lines: [String], style: TextStyle, x: Double, top: Double,
    anchor: TextLine.Anchor = .start
  ) -> [Shape] {
    lines.enumerated().map { index, line in
      let middle = top + (Double(index) + 0.5) * style.lineHeight
      return .text(
        TextLine(
          string: line, place: Point(x: x, y: middle + style.size * TextStyle.middle),
          anchor: anchor, style: style))
    }
  }

  /// Lines that run upwards, the last one nearest to the axis.
  static func upwardStack(
    _ lines: [String], style: TextStyle, right: Double, y: Double
  ) -> [Shape] {
    lines.enumerated().map { index, line in
      let middle = right - (Double(lines.count - 1 - index) + 0.5) * style.lineHeight
      return .text(
        TextLine(
          string: line, place: Point(x: middle + style.size * TextStyle.middle, y: y),
          anchor: .middle, style: style, isRotated: true))
    }
  }
}
