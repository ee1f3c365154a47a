import DeckData
import Nadaraya
import NadarayaFigures

extension DeckStory {
  /// Two walks downhill from σ = 1, and where they lead.
  var learnedWidthFigure: Figure {
    func steps(_ widths: [Double], _ label: String, _ stroke: Stroke) -> Mark {
      .line(Line(x: widths.indices.map(Double.init), y: widths, label: label, stroke: stroke))
    }
    let collapse = Stroke(Color.series[1], dash: .dashDotted)
    let x = deck.validationInputs
    return Figure(
      title: "Learning σ, fairly and unfairly",
      accessibleDescription: "Left, σ on a log axis by step: fitted with itself it falls to the end of "
        + "the range, left out it settles. Right, the two fits: the first jumps from point to point, "
        + "the second follows the truth.",
      panels: [
        Panel(
          title: "each step goes where the error is lower",
          x: Axis(label: "step", marksWholeNumbers: true), y: Axis(label: "σ", scale: .log10),
          marks: [
            steps(lesson.withItself, "each point in its own fit", collapse),
            steps(lesson.withoutItself, "each point left out", .fit),
          ]),
        Panel(
          title: "the fits at the end", x: Axis(label: "x"), y: Axis(label: "y"),
          marks: [
            .scatter(Scatter(x: deck.trainingInputs, y: deck.trainingValues, label: "data")),
            .line(Line(x: x, y: deck.validationTruth, label: "truth", stroke: .truth)),
            .line(
              Line(
                x: x, y: lesson.fits.withItself, label: "each point in its own fit",
                stroke: collapse)),
            .line(
              Line(
                x: x, y: lesson.fits.withoutItself, label: "each point left out", stroke: .fit)),
          ]),
      ], columns: 2)
  }

  /// To which places a query attends, before and after learning.
  var learnedAttentionFigure: Figure {
    let centers = (0..<50).map { 0.05 + 0.1 * Double($0) }
    let field = Points(
      columns: [centers.flatMap { _ in centers }, centers.flatMap { row in centers.map { _ in row } }])
    func panel(_ title: String, _ learned: DeckLesson.Learned) -> Panel {
      let weights = learned.model.similarity.weights(
        query: DeckLesson.query, keys: field)
      var marks: [Mark] = []
      if let cells = try? Heatmap(
        values: weights, rowCenters: centers, columnCenters: centers)
      {
        marks.append(.heatmap(cells))
      }
      marks.append(
        .scatter(
          Scatter(
            x: lesson.plane.inputs[0], y: lesson.plane.inputs[1], label: "keys", opacity: 0.6,
            radius: 2)))
      marks.append(
        .scatter(
          Scatter(
            x: [DeckLesson.query[0]], y: [DeckLesson.query[1]], label: "query",
            color: .fit, opacity: 1, radius: 5)))
      return Panel(
        title: title,
        subtitle: "error to the truth \(short(learned.errorToTruth, digits: 2))",
        x: Axis(label: "x₁, which matters", limits: 0...5),
        y: Axis(label: "x₂, which does not", limits: 0...5), marks: marks)
    }
    return Figure(
      title: "What the query attends to",
      accessibleDescription: "Two maps of the similarity to one query over two inputs. With one width it "
        + "is a round spot. The learned metric makes it a stripe along the input that does not matter.",
      panels: [panel("one width for both inputs", lesson.plain), panel("learned metric", lesson.metric)],
      columns: 2, colorScale: ColorScale(label: "similarity to the query", limits: 0...1),
      height: 460)
  }

  /// The fits along the input that matters.
  var learnedFitFigure: Figure {
    let x = DeckLesson.places
    let rows = Scatter(
      x: lesson.plane.inputs[0], y: lesson.plane.values, label: "data", opacity: 0.35)
    return Figure(
      title: "The fits along x₁",
      accessibleDescription: "The data over the input that matters, the truth, and two fits: that of "
        + "one width cuts the peaks, the learned metric's follows the truth.",
      panels: [
        Panel(
          x: Axis(label: "x₁, at x₂ = \(short(DeckLesson.query[1]))"), y: Axis(label: "y"),
          marks: [
            .scatter(rows),
            .line(Line(x: x, y: x.map(DeckPlane.truth), label: "truth", stroke: .truth)),
            .line(
              Line(
                x: x, y: lesson.plain.estimates, label: "one width",
                stroke: Stroke(Color.series[1], dash: .dashDotted))),
            .line(Line(x: x, y: lesson.metric.estimates, label: "learned metric", stroke: .fit)),
          ])
      ], height: 420)
  }
}
