import NadarayaFigures

/// Figures, plain and ugly, that every law of rendering is tested on.
enum SampleFigures {
  static let longWords =
    "A very long title about <kernel> regression & \"attention\" pooling that has to wrap because "
    + "nobody shortened it, with anunbreakablewordthatiswiderthananypanelcouldeverbehoweverhardone"
    + "triestofitit"

  static let all: [String: Figure] = [
    "kernels": kernels,
    "fits": fits,
    "attention": attention(bandwidths: [0.1, 0.2, 0.5, 1]),
    "hostile words": hostileWords,
    "extreme numbers": extremeNumbers,
    "twelve panels": twelvePanels,
    "narrow": narrow,
    "one point": Figure(
      accessibleDescription: "One point.",
      panels: [Panel(marks: [.scatter(Scatter(x: [3], y: [2.8], label: "data"))])]),
    "holes": holes,
    "names": names,
    "many points": manyPoints,
    "levels": levels,
    "criterion": criterion,
    "residuals": residuals,
    "curves by level": curvesByLevel,
    "wide labels": Figure(
      accessibleDescription: "Labels that reach beyond both ends of their axes.",
      panels: (0..<4).map { _ in
        Panel(
          x: Axis(limits: -100_000...100_000), marks: [.line(Line(x: [0, 1], y: [0, 1]))])
      },
      columns: 4, sharedAxes: [.x, .y]),
    "nothing": Figure(accessibleDescription: "Nothing at all.", panels: []),
    "no marks": Figure(accessibleDescription: "No marks.", panels: [Panel(marks: [])], columns: 3),
  ]

  static let grid = (0..<50).map { Double($0) / 10 }
  static let keys = (0..<40).map { Double($0) / 8 }

  /// A deterministic stand-in for noise: the fractional parts of a sequence that fills (0, 1).
  static func scattered(_ count: Int, seed: Double = 0.618_033_988_749_894_9) -> [Double] {
    (1...count).map { (Double($0) * seed).truncatingRemainder(dividingBy: 1) }
  }

  /// Things in place of numbers along y, and so many along x that not all of their names fit.
  static let names = Figure(
    accessibleDescription: "Two axes of names.",
    panels: [
      Panel(
        x: Axis(names: (0..<40).map { "thing \($0)" }),
        y: Axis(isReversed: true, names: ["one", "a longer name, with <signs>", ""]),
        marks: [.scatter(Scatter(x: [0, 20, 39], y: [2, 1, 0]))])
    ],
    sharedAxes: [.x, .y])

  static let kernels = Figure(
    title: "Four kernels", accessibleDescription: "Two kernels over u.",
    panels: [
      .kernelProfile(
        title: "Triangular", subtitle: "max(1 − |u|, 0)",
        profile: .init(x: [-2.5, -1, 0, 1, 2.5], y: [0, 0, 1, 0, 0])),
      .kernelProfile(title: "Constant", profile: .init(x: [-2.5, 2.5], y: [1, 1])),
    ],
    columns: 4, sharedAxes: [.x, .y])

  static let fits = Figure(
    title: "Fits", accessibleDescription: "Fits.", caption: "A gap is where no key is near.",
    panels: [
      .fit(
        title: "with gap", subtitle: "RMSE 0.1",
        points: .init(x: keys, y: scattered(40)),
        fit: .init(x: grid, y: grid.map { $0 < 2 || $0 > 3 ? $0 * $0 : .nan }),
        truth: .init(x: grid, y: grid.map { $0 * ($0 - 1) }),
        interval: .init(
          lower: grid.map { $0 < 2 || $0 > 3 ? $0 * $0 - 1 : .nan },
          upper: grid.map { $0 * $0 + 1 }, label: "95 % interval")),
      .fit(
        title: "small", points: .init(x: keys, y: scattered(40)),
        fit: .init(x: grid, y: grid.map { _ in 0.5 })),
    ],
    columns: 2, sharedAxes: [.x, .y])

  /// Triangular attention, which is exact in decimals, and the constant kernel's 1/40.
  static func attention(bandwidths: [Double]) -> Figure {
    let triangular = bandwidths.map { bandwidth in
      keys.flatMap { key in grid.map { max(0, 1 - ($0 - key).magnitude / bandwidth) } }
    }
    let panels = (triangular + [keys.flatMap { _ in grid.map { _ in 1.0 / 40 } }]).enumerated()
      .map { index, weights in
        Panel.attention(title: "panel \(index)", weights: weights, keys: 40, queries: 50)
      }
    return Figure(
      title: "Attention", accessibleDescription: "Weights.", panels: panels, columns: 4,
      sharedAxes: [.x, .y], colorScale: .attention)
  }

  static let hostileWords = Figure(
    title: longWords, accessibleDescription: "a < b & c > \"d\" 'e' \u{1}\u{8}",
    caption: longWords + "\u{FFFE}\u{B}]]>",
    panels: (0..<3).map { index in
      Panel(
        title: longWords, subtitle: longWords, x: Axis(label: longWords),
        y: Axis(label: longWords),
        marks: [.line(Line(x: [0, 1], y: [0, 1e6], label: longWords, stroke: .series(index)))])
    },
    columns: 3)

  static let extremeNumbers = Figure(
    accessibleDescription: "Numbers at the ends of what a Double holds.",
    panels: [
      line([1.6e9, 1.6e9 + 1e-12], [1.6e9, 1.6e9 + 1e-6]),
      line([-1.7e308, 1.7e308], [-1e-300, 1e-300]),
      line([0, 1], [0, .leastNonzeroMagnitude]),
      line([.nan, 1], [1, .infinity]),
      line([-.infinity, .infinity], [.infinity, -.infinity]),
      line([7, 7], [-3, -3]),
      line([1e5, 2e5], [123_456_789, 123_456_790]),
      Panel(
        x: Axis(scale: .log10), y: Axis(scale: .log10),
        marks: [.line(Line(x: [1e-300, 1e300], y: [2, 2]))]),
      Panel(x: Axis(scale: .log10), marks: [.line(Line(x: [-1, 0], y: [1, 2]))]),
      Panel(
        x: Axis(limits: 0...1), marks: [.line(Line(x: [-1e300, 1e300], y: [-1e300, 1e300]))]),
      Panel(marks: [.rule(Rule(.vertical, at: 1)), .rule(Rule(.horizontal, at: .nan))]),
      Panel(marks: [.heatmap(Heatmap(values: [.nan, .infinity], rows: 1, columns: 2))]),
    ],
    columns: 3)

  static func line(_ x: [Double], _ y: [Double]) -> Panel {
    Panel(x: Axis(label: "x"), y: Axis(label: "y"), marks: [.line(Line(x: x, y: y))])
  }

  static let twelvePanels = Figure(
    title: "Twelve", accessibleDescription: "Twelve panels.",
    panels: (0..<12).map { index in
      Panel(
        title: "panel \(index)", x: Axis(label: "distance"), y: Axis(label: "value"),
        marks: [
          .stems(
            Stems(x: grid, y: grid.map { $0 * Double(index) * 1e4 }, label: "series \(index)"))
        ])
    },
    columns: 4)

  static let narrow = Figure(
    title: "Attention in a narrow column", accessibleDescription: "Narrow.",
    panels: attention(bandwidths: [0.5]).panels, columns: 4, sharedAxes: [.x, .y],
    colorScale: .attention, width: 200, height: 300)

  static let holes = Figure(
    accessibleDescription: "A heatmap with holes.",
    panels: [
      Panel(
        marks: [
          .heatmap(Heatmap(values: [1, 2, .nan, 2, 2, .infinity, 3, 1, 1], rows: 3, columns: 3))
        ])
    ])

  static let manyPoints = Figure(
    title: "Points", accessibleDescription: "Many points.",
    panels: [2000, 100_000].map { count in
      Panel(
        title: "\(count)",
        marks: [
          .scatter(
            Scatter(x: scattered(count), y: scattered(count, seed: 0.754_877_666), label: "data"))
        ])
    },
    columns: 2)
}
