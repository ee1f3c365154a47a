import DeckData
import Nadaraya
import NadarayaFigures
import Tables
import Wording

extension DeckStory {
  /// The five figures with the names of their files.
  var figures: [(name: String, figure: Figure)] {
    [
      ("kernels", kernelsFigure),
      ("fits-by-kernel", fitsByKernelFigure),
      ("attention-by-kernel", attentionByKernelFigure),
      ("fits-by-bandwidth", fitsByBandwidthFigure),
      ("attention-by-bandwidth", attentionByBandwidthFigure),
    ]
  }

  /// Writes the page, the figures and the numbers behind them into a folder.
  func write(to folder: String) throws {
    for (name, figure) in figures {
      try AtomicFile.write(figure.svg(idPrefix: name), to: "\(folder)/\(name).svg")
    }
    try TableWriter.write(
      [
        ("x", .numbers(deck.trainingInputs)), ("y", .numbers(deck.trainingValues)),
      ], format: .csv, to: "\(folder)/train.csv")
    try TableWriter.write(
      [("x", .numbers(deck.validationInputs)), ("y", .numbers(deck.validationTruth))]
        + panels.map { ($0.name, .numbers($0.estimates)) },
      format: .csv, to: "\(folder)/fits.csv")
    try writeWeights(to: "\(folder)/weights.csv")
    try AtomicFile.write(page, to: "\(folder)/index.html")
  }

  private func writeWeights(to path: String) throws {
    let writer = try TableWriter(
      [
        .init("panel", .labels), .init("query", .integers), .init("key", .integers),
        .init("weight", .numbers),
      ], format: .csv, to: path)
    for panel in panels {
      let count = panel.weights.keyCount
      for query in 0..<panel.weights.queryCount {
        try writer.write([
          .labels([String](repeating: panel.name, count: count)),
          .integers([Int](repeating: query, count: count)), .integers(Array(0..<count)),
          .numbers(Array(panel.weights.column(query))),
        ])
      }
    }
    try writer.commit()
  }

  /// The table that the command prints.
  var summary: String {
    let header = [
      "panel", "bandwidth", "error to truth", "leave-one-out error", "mean effective n",
    ]
    let rows =
      [header]
      + panels.map { panel in
        [
          panel.name, short(panel.bandwidth), panel.errorToTruthText,
          panel.leaveOneOutErrorText, fixed(panel.meanEffectiveSize, decimals: 1),
        ]
      }
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).enumerated().map { index, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n") + unsupported.map { "\n" + $0 }.joined()
  }

  /// What a dash and a missing part of an error mean, for the panels that have them.
  var unsupported: [String] {
    panels.compactMap { panel in panel.gaps.map { "\(panel.name): \($0)" } }
  }
}

extension DeckPanel {
  /// What a dash and a missing part of an error mean; nil where there is neither.
  var gaps: String? {
    let parts = [
      missing > 0
        ? "no estimate at \(missing) of \(estimates.count) inputs"
          + (missing < estimates.count ? ", judged at the rest" : "")
        : nil,
      leaveOneOutError.isFinite ? nil : "a point has no neighbour when left out",
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The error, or a dash where there is no estimate.
  var errorToTruthText: String {
    errorToTruth.isNaN ? "–" : fixed(errorToTruth, decimals: 3)
  }

  /// The error, or a dash where a point has no neighbour within the kernel's reach.
  var leaveOneOutErrorText: String {
    leaveOneOutError.isFinite ? fixed(leaveOneOutError, decimals: 3) : "–"
  }
}
