extension PanelLayout {
  /// The panel from back to front: grid, marks, axes, words.
  func shapes(colors: ColorMap?) -> [Shape] {
    let plot = plot(colors: colors)
    let marks = plot.map { plot in panel.marks.flatMap { $0.content.shapes(in: plot) } } ?? []
    let hasData = panel.extent.x != nil || panel.extent.y != nil
    var shapes: [Shape] = []
    if let plot, !panel.isTight { shapes += gridShapes(in: plot) }
    if !marks.isEmpty { shapes.append(.clipped(frame, marks)) }
    if let plot, hasData || words.hasXTickLabels || words.hasYTickLabels {
      shapes += axisShapes(in: plot) + tickLabelShapes(in: plot)
    }
    if panel.isTight || plot == nil {
      shapes.append(
        .rectangle(frame.insetBy(-0.5), fill: nil, stroke: Stroke(.spine, width: 1)))
    }
    if !hasData || plot == nil { shapes += noticeShapes }
    shapes += ownBar?.shapes(left: frame.maxX, top: frame.minY) ?? []
    return shapes + headerShapes + labelShapes
  }

  /// Light lines at the ticks, lighter ones at the small ticks.
  private func gridShapes(in plot: Plot) -> [Shape] {
    func lines(x: [Double], y: [Double], color: Color) -> Shape? {
      var path = Path()
      for place in x.compactMap({ plot.x($0) }).map(crisp) {
        path.addPolyline([Point(x: place, y: frame.maxY), Point(x: place, y: frame.minY)])
      }
      for place in y.compactMap({ plot.y($0) }).map(crisp) {
        path.addPolyline([Point(x: frame.minX, y: place), Point(x: frame.maxX, y: place)])
      }
      return path.isEmpty ? nil : .path(path, fill: nil, stroke: Stroke(color, width: 1))
    }
    return [
      lines(x: xTicks.minor, y: yTicks.minor, color: .minorGrid),
      lines(x: xTicks.major.map(\.value), y: yTicks.major.map(\.value), color: .grid),
    ].compactMap(\.self)
  }

  /// The two axis lines, and ticks outwards from them.
  private func axisShapes(in plot: Plot) -> [Shape] {
    var path = Path()
    let left = frame.minX - 0.5
    let bottom = frame.maxY + 0.5
    if !panel.isTight {
      path.addPolyline([
        Point(x: left, y: frame.minY), Point(x: left, y: bottom),
        Point(x: frame.maxX, y: bottom),
      ])
    }
    func addTicks(_ x: [Double], _ y: [Double], length: Double) {
      for place in x.compactMap({ plot.x($0) }).map(crisp) {
        path.addPolyline([Point(x: place, y: bottom), Point(x: place, y: bottom + length)])
      }
      for place in y.compactMap({ plot.y($0) }).map(crisp) {
        path.addPolyline([Point(x: left, y: place), Point(x: left - length, y: place)])
      }
    }
    addTicks(
      xTicks.major.map(\.value), yTicks.major.map(\.value), length: Self.tickLength)
    addTicks(xTicks.minor, yTicks.minor, length: Self.tickLength / 2)
    return path.isEmpty ? [] : [.path(path, fill: nil, stroke: Stroke(.spine, width: 1))]
  }

  private func tickLabelShapes(in plot: Plot) -> [Shape] {
    var lines: [TextLine] = []
    let style = TextStyle.tick
    let below = frame.maxY + Self.tickLength + 3 + style.size * TextStyle.ascent
    if words.hasXTickLabels {
      for tick in xTicks.major where !tick.label.isEmpty {
        guard let x = plot.x(tick.value) else { continue }
        guard !xTicks.areRotated else {
          let place = Point(
            x: x + style.size * TextStyle.middle, y: frame.maxY + Self.tickLength + 3)
          lines.append(
            TextLine(
              string: tick.label, place: place, anchor: .end, style: style, isRotated: true))
          continue
        }
        for (number, line) in tick.label.split(whereSeparator: \.isNewline).enumerated() {
          let place = Point(x: x, y: below + Double(number) * style.lineHeight)
          lines.append(
            TextLine(string: String(line), place: place, anchor: .middle, style: style))
        }
      }
      if let offset = xTicks.offset {
        lines.append(
          TextLine(
            string: offset, place: Point(x: frame.maxX, y: below + style.lineHeight),
            anchor: .end, style: style))
      }
    }
    if words.hasYTickLabels {
      for tick in yTicks.major where !tick.label.isEmpty {
        guard let y = plot.y(tick.value) else { continue }
        let place = Point(
          x: frame.minX - Self.tickLength - 4, y: y + style.size * TextStyle.middle)
        lines.append(TextLine(string: tick.label, place: place, anchor: .end, style: style))
      }
      if let offset = yTicks.offset {
        lines.append(
          TextLine(
            string: offset, place: Point(x: frame.minX, y: frame.minY - 7), style: style))
      }
    }
    return lines.map(Shape.text)
  }

  /// The middle of the pixel in which a line falls, so that thin lines are not smeared over two.
  private func crisp(_ place: Double) -> Double { place.rounded(.down) + 0.5 }
}
