import DeckData
import Nadaraya
import NadarayaFigures
import Wording

extension DeckStory {
  /// The four kernels side by side, on the scale of one.
  var kernelsFigure: Figure {
    let formulas = ["exp(−u²/2)", "1 where |u| < 1", "1", "max(1 − |u|, 0)"]
    return Figure(
      title: "Four similarities",
      accessibleDescription: "Four kernels over the distance between query and key from −2.5 to "
        + "2.5: the Gaussian bell, the boxcar that is 1 within distance 1, the constant 1, and "
        + "the triangle that falls to 0 at distance 1.",
      panels: zip(Self.kernels, formulas).map { kernel, formula in
        let profile = Self.profile(of: kernel)
        return Panel.kernelProfile(
          title: kernel.nameInProse, subtitle: formula, profile: profile)
      }, columns: 4, sharedAxes: [.x, .y])
  }

  /// Both ends of the boxcar's jump stand at the same distance.
  private static func profile(of kernel: Kernel) -> Panel.Curve {
    var places = (-250...250).map { Double($0) / 100 }
    if kernel.support == 1 { places += [(-1.0).nextUp, 1.0.nextDown] }
    places.sort()
    return Panel.Curve(x: places, y: places.map(kernel.profile))
  }

  var fitsByKernelFigure: Figure {
    fits(
      byKernel, title: "Fits by kernel",
      description: "Four fits to the same points with bandwidth 1. The constant kernel is flat at "
        + "the mean of the labels, \(meanText). \(kernelFinding)")
  }

  var fitsByBandwidthFigure: Figure {
    fits(
      byBandwidth, title: "Fits by bandwidth, Gaussian kernel",
      description: "Four Gaussian fits to the same points, σ from 0.1 to 1. \(widthFinding) "
        + nearestWidthFinding)
  }

  var attentionByKernelFigure: Figure {
    attention(
      byKernel, title: "Attention weights by kernel",
      description: "Four heatmaps of attention, \(deck.validationInputs.count) queries by the "
        + "\(deck.trainingInputs.count) sorted keys, on one colour scale. \(nearnessFinding)")
  }

  var attentionByBandwidthFigure: Figure {
    attention(
      byBandwidth, title: "Attention weights by bandwidth, Gaussian kernel",
      description: "Four heatmaps of attention on one colour scale, σ from 0.1 to 1. \(sizeFinding)"
    )
  }

  /// The same three kernels with the same number for a bandwidth, and with matched ones.
  var matchedFigure: Figure {
    let kernels: [Kernel] = [.gaussian, .boxcar, .triangular]
    func panel(_ title: String, _ subtitle: String, _ panels: [DeckPanel]) -> Panel {
      let curves = kernels.enumerated().compactMap { index, kernel in
        panels.first { $0.name == kernel.name }.map {
          Mark.line(
            Line(
              x: deck.validationInputs, y: $0.estimates, label: kernel.nameInProse,
              stroke: .series(index)))
        }
      }
      return Panel(
        title: title, subtitle: subtitle, x: Axis(label: "x"), y: Axis(label: "y"),
        marks: [.scatter(Scatter(x: deck.trainingInputs, y: deck.trainingValues, label: "data"))]
          + curves)
    }
    let width = short(reference.width, digits: 3)
    func distance(_ panels: [DeckPanel]) -> String {
      let fits = kernels.compactMap { kernel in
        panels.first { $0.name == kernel.name }?.estimates
      }
      return fixed(Self.farthest(fits), decimals: 2)
    }
    return Figure(
      title: "Three kernels, like for like",
      accessibleDescription: "Two panels with the fits of the Gaussian, boxcar and triangular "
        + "kernels. With bandwidth 1 for each they differ by up to \(distance(byKernel)), with "
        + "matched bandwidths by up to \(distance(matched)).",
      panels: [
        panel("bandwidth 1 for each", "one number, three widths", byKernel),
        panel("matched bandwidths", "each as wide as the Gaussian with σ = \(width)", matched),
      ], columns: 2, sharedAxes: [.x, .y])
  }

  /// The largest difference between fits at one place.
  private static func farthest(_ fits: [[Double]]) -> Double {
    (fits.first ?? []).indices.reduce(0) { farthest, place in
      let estimates = fits.map { $0[place] }.filter { !$0.isNaN }
      return max(farthest, (estimates.max() ?? 0) - (estimates.min() ?? 0))
    }
  }

  /// What the choice of σ looks like with and without each point in its own fit.
  var errorFigure: Figure {
    func line(_ label: String, _ stroke: Stroke, _ error: (PathPoint) -> Double) -> Mark {
      .line(
        Line(x: path.map(\.bandwidth), y: path.map(error), label: label, stroke: stroke))
    }
    return Figure(
      title: "Choosing σ",
      accessibleDescription: "Root mean squared errors of the Gaussian over σ on a log axis. "
        + "With each point in its own fit \(trainingErrorFinding). Without it \(choiceFinding) "
        + truthFinding,
      panels: [
        Panel(
          x: Axis(label: "σ", scale: .log10), y: Axis(label: "root mean squared error"),
          marks: [
            line("each point in its own fit", Stroke(Color.series[1], dash: .dashDotted)) {
              $0.withItself
            },
            line("each point left out", .fit) { $0.withoutItself },
            line("to the truth", .truth) { $0.toTruth },
          ] + choiceRule)
      ], height: 420)
  }

  /// The σ that leave-one-out chooses, if it chooses one.
  private var choiceRule: [Mark] {
    if case .none = choice { return [] }
    return [
      .rule(
        Rule(
          .vertical, at: selected.bandwidths[0],
          label: "chosen by leave-one-out, σ = \(short(selected.bandwidths[0], digits: 3))"))
    ]
  }

  private func fits(_ panels: [DeckPanel], title: String, description: String) -> Figure {
    Figure(
      title: title, accessibleDescription: description,
      panels: panels.map { panel in
        Panel.fit(
          title: panel.title,
          subtitle: "error to the truth \(short(panel.errorToTruth, digits: 2))",
          points: Panel.Curve(x: deck.trainingInputs, y: deck.trainingValues),
          fit: Panel.Curve(x: deck.validationInputs, y: panel.estimates),
          truth: Panel.Curve(x: deck.validationInputs, y: deck.validationTruth))
      }, columns: 4, sharedAxes: [.x, .y])
  }

  private func attention(_ panels: [DeckPanel], title: String, description: String) -> Figure {
    Figure(
      title: title, accessibleDescription: description,
      panels: panels.map { panel in
        let weights = panel.weights
        return Panel.attention(
          title: panel.title,
          subtitle:
            "mean effective n \(fixed(panel.meanEffectiveSize, decimals: panel.meanEffectiveSize < 100 ? 1 : 0))",
          weights: (0..<weights.keyCount).flatMap { key in
            (0..<weights.queryCount).map { weights[key, $0] }
          }, keys: weights.keyCount, queries: weights.queryCount)
      }, columns: 4, colorScale: .attention)
  }
}
