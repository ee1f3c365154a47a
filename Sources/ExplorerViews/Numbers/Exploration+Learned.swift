package import Nadaraya
internal import NadarayaFigures
internal import Wording

extension Exploration {
  /// The similarity learned from the view's inputs, beside the similarity of its bandwidths.
  ///
  /// For a table of more than 5,000 rows it is learned from 5,000 of them, the same in every run; the
  /// curve attends to all rows. The result is cached.
  ///
  /// - Parameters:
  ///   - view: The view.
  ///   - execution: Threads, instruction set, cancellation.
  /// - Throws: as ``fit(_:execution:)`` does.
  /// - Complexity: that of ``/LearnedAttention/LearnedModel/learn(_:levelCounts:options:)``
  ///   the first time.
  package func learned(_ view: View, execution: Execution) throws -> LearnedAnswer {
    let resolved = try resolved(view, execution)
    let lesson = try lessons.answer(to: LessonKey(view)) { try Lesson(resolved) }
    let comparison = try LearnedComparison(lesson, resolved)
    let report = lesson.report
    return LearnedAnswer(
      view: resolved.parameters, helped: report.learningHelped, sentence: comparison.sentence,
      errors: LearnedAnswer.Errors(
        learned: JSONNumber(report.heldOutError ?? .nan),
        unlearned: JSONNumber(report.unlearnedHeldOutError ?? .nan)),
      importance: comparison.importance, curve: comparison.curve,
      figure: DrawnFigure(comparison.figure, kind: .learned, theme: view.theme))
  }
}

/// The learned curve beside the curve of the view's bandwidths.
struct LearnedComparison {
  private let lesson: Lesson
  private let resolved: Resolved
  private let places: [Double]
  private let learned: [Double]
  private let unlearned: [Double]

  init(_ lesson: Lesson, _ resolved: Resolved) throws {
    self.lesson = lesson
    self.resolved = resolved
    places = resolved.places(resolved.placeCount)
    let queries = resolved.queries(at: places)
    var model = lesson.model
    model.execution = resolved.execution
    learned = try model.predict(at: .points(resolved.queriesInViewOrder(at: places))).values
    unlearned = try resolved.estimator().predict(at: .points(queries)).values
  }

  var curve: FitAnswer.Curve {
    FitAnswer.Curve(
      x: places, estimate: JSONNumbers(learned), lower: nil, upper: nil, centre: nil)
  }

  var sentence: String {
    let rows =
      lesson.rowCount < resolved.sample.count
      ? " It was learned from \(lesson.rowCount) of the \(resolved.sample.count) rows." : ""
    return lesson.report.conclusion + rows
  }

  var importance: [LearnedAnswer.Importance] {
    let relevances = lesson.model.similarity.relevances
    let answers = resolved.view.inputs.enumerated().map { input, name in
      LearnedAnswer.Importance(input: name, scale: JSONNumber(relevances?[input] ?? .nan))
    }
    return resolved.sample.pictureOrder(answers)
  }

  var figure: Figure {
    let view = resolved.view
    let sample = resolved.sample
    let (limits, _) = Axis.limits(
      holding: [sample.valueEnds, learned, unlearned], surroundings: [])
    var panel = Panel.fit(
      title: "", points: Panel.Curve(x: sample.columns[view.overIndex], y: sample.values),
      fit: Panel.Curve(x: places, y: unlearned), opacity: view.inputs.count > 1 ? 0.25 : 0.5,
      x: resolved.horizontalAxis,
      y: Axis(
        label: view.value, limits: PictureAxis.limits(ofConstant: sample.valueEnds) ?? limits))
    panel.marks.append(
      .line(Line(x: places, y: learned, label: "learned similarity", stroke: .truth)))
    return [
      Figure(
        title: "\(resolved.title): learned and not",
        accessibleDescription:
          "\(counted(sample.count, "row")) of \(view.value) over \(view.over) as points, with the "
          + "estimate by the view's bandwidths and that of the learned similarity as curves. \(sentence)",
        caption: sentence, panels: [panel], width: Double(view.width))
    ].inLine()[0]
  }
}
