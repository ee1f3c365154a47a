import DeckData
import Nadaraya
import NadarayaFigures
import Wording

extension DeckStory {
  /// Two walks downhill from σ = 1, and where they lead.
  var learnedWidthFigure: Figure {
    func steps(
      _ walk: [PathPoint], _ label: String, _ stroke: Stroke, _ error: (PathPoint) -> Double
    ) -> Mark {
      .line(
        Line(x: walk.indices.map(Double.init), y: walk.map(error), label: label, stroke: stroke))
    }
    let collapse = Stroke(Color.series[1], dash: .dashDotted)
    let fits = lesson.fits
    return Figure(
      title: "Learning σ, unfairly and fairly",
      accessibleDescription:
        "Left, errors by step. With each point in its own fit \(walkFinding). With each point left "
        + "out the walk \(fairWalkFinding). Right, the two fits. \(endsFinding)",
      panels: [
        Panel(
          title: "each step goes where the loss is lower",
          x: Axis(label: "step from σ = 1", marksWholeNumbers: true),
          y: Axis(label: "root mean squared error"),
          marks: [
            steps(lesson.withItself, "each point in its own fit", collapse, \.withItself),
            steps(
              lesson.withItself, "the same walk, points left out",
              Stroke(Color.series[2], dash: .dotted), \.withoutItself),
            steps(lesson.withoutItself, "each point left out", .fit, \.withoutItself),
          ]),
        Panel(
          title: "the fits at the end", x: Axis(label: "x"), y: Axis(label: "y"),
          marks: [
            .scatter(Scatter(x: deck.trainingInputs, y: deck.trainingValues, label: "data")),
            .line(
              Line(x: fits.x, y: fits.x.map(DeckPlane.truth), label: "truth", stroke: .truth)),
            .line(
              Line(
                x: fits.x, y: fits.withItself, label: "each point in its own fit",
                stroke: collapse)),
            .line(
              Line(x: fits.x, y: fits.withoutItself, label: "each point left out", stroke: .fit)),
          ]),
      ], columns: 2)
  }

  /// The places that a query attends to, before and after learning.
  var learnedAttentionFigure: Figure {
    let centers = (0..<100).map { 0.025 + 0.05 * Double($0) }
    let field = Points(
      columns: [
        centers.flatMap { _ in centers }, centers.flatMap { row in centers.map { _ in row } },
      ])
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
      accessibleDescription:
        "Two maps of the similarity to one query over two inputs. \(metricWidthsFinding)",
      panels: [
        panel("one width for both inputs", lesson.plain), panel("learned metric", lesson.metric),
      ],
      columns: 2, colorScale: ColorScale(label: "similarity to the query", limits: 0...1),
      height: 460)
  }

  /// The estimates at places over both inputs, along the input that matters.
  var learnedFitFigure: Figure {
    let x = lesson.places.column(0)
    let line = lesson.fits.x
    func panel(_ title: String, _ learned: DeckLesson.Learned) -> Panel {
      Panel(
        title: title, x: Axis(label: "x₁"), y: Axis(label: "y"),
        marks: [
          .scatter(
            Scatter(x: x, y: learned.estimates, label: "estimates", color: .fit, opacity: 0.6)),
          .line(
            Line(x: line, y: line.map(DeckPlane.truth), label: "truth", stroke: .truth)),
        ])
    }
    return Figure(
      title: "The answers, over x₁",
      accessibleDescription: "Estimates at \(x.count) places, over the input that matters, in two "
        + "panels. \(metricErrorFinding)",
      panels: [
        panel("one width for both inputs", lesson.plain), panel("learned metric", lesson.metric),
      ],
      columns: 2, sharedAxes: [.x, .y])
  }
}
