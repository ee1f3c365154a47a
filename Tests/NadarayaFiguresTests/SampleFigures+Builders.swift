import NadarayaFigures

extension SampleFigures {
  private static let wave = keys.map { $0 * (5 - $0) }

  private static let interval = Panel.Interval(
    lower: wave.map { $0 - 1 }, upper: wave.map { $0 > 3 ? .infinity : $0 + 1 },
    label: "95 % confidence interval")

  private static let longName =
    "a name so long that it has to wrap wherever it stands, or to be cut where it must not"

  static let levels = Figure(
    title: "Levels beside numbers", accessibleDescription: "Two panels of levels, one of numbers.",
    caption: longName,
    panels: [
      .fit(
        title: "", points: .init(x: keys, y: wave), fit: .init(x: keys, y: wave),
        interval: interval, x: Axis(label: "age"), y: Axis(label: "wage")),
      .levels(
        title: "", points: .init(x: keys.indices.map { Double($0 % 3) }, y: wave),
        estimates: [3, 4, .nan],
        interval: .init(
          lower: [2, 3, .nan], upper: [4, .infinity, .nan], label: "95 % confidence interval"),
        names: ["smith", "shoemaker and saddler", longName], xLabel: longName,
        y: Axis(label: "wage")),
      .levels(
        title: "", points: .init(x: keys.indices.map(Double.init), y: wave), estimates: wave,
        names: keys.indices.map { "level number \($0)" }, xLabel: "many", y: Axis(label: "wage")),
    ], columns: 3, sharedAxes: .y)

  static let criterion = Figure(
    title: "Bandwidth", accessibleDescription: "A criterion over two bandwidths.",
    panels: [0, 1e-9].map { chosen in
      Panel.criterion(
        title: "age", subtitle: "no criterion where shaded: up to 12 of 40 rows without support",
        curve: .init(
          x: keys.map { $0 + 1e-9 }, y: wave.enumerated().map { $0 < 9 ? .nan : -$1 }),
        minima: [.init(bandwidth: 4, criterion: -1, stretch: 3...4.5)],
        chosen: .init(bandwidth: 2.5 + chosen, criterion: -6.25),
        chosenLabel: "h = 2.5 (2.4 to 2.6)", x: Axis(label: "bandwidth h of age", scale: .log10),
        y: Axis(label: "leave-one-out error (mean square)", limits: -7...0))
    }, columns: 2, sharedAxes: .y)

  static let residuals = Figure(
    title: "Residuals", accessibleDescription: "Residuals with smooths.",
    panels: [
      .residuals(
        title: "", residuals: .init(x: keys, y: wave.map { $0 - 3 }),
        mean: .init(x: keys, y: keys), size: .init(x: keys, y: wave), x: Axis(label: "age"))
    ])

  static let curvesByLevel = Figure(
    title: "Wage by age and trade", accessibleDescription: "Seven curves.",
    panels: [
      .curves(
        title: "",
        members: (0..<7).map { level in
          .init(
            name: level == 3 ? longName : "level \(level)",
            points: .init(x: keys, y: wave.map { $0 + Double(level) }),
            fit: .init(x: keys, y: wave.map { $0 + Double(level) }), interval: interval)
        }, x: Axis(label: "age"), y: Axis(label: "wage"))
    ])
}
