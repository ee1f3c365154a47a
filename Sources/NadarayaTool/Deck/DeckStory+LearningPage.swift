import DeckData
import Nadaraya
import NadarayaFigures
import Wording

extension DeckStory {
  var learnedWidthSection: String {
    let collapsed = lesson.withItself.last?.bandwidth ?? .nan
    let settled = lesson.withoutItself.last?.bandwidth ?? .nan
    return section(
      "learning", "Learning the width",
      """
      Why walk through widths by hand, if they can be learned? Start at σ = 1 and go, step by step, \
      where the error on the training points falls. If each point may attend to itself, nothing stops \
      the walk: it ends at σ = \(short(collapsed, digits: 2)), the edge of the range, with a fit that \
      repeats the labels and knows nothing between them. Leave each point out of its own fit, and the \
      same walk settles at σ = \(short(settled, digits: 2)). A similarity that is learned needs a \
      loss in which no point sees its own answer.
      """, figure("learned-width", learnedWidthFigure))
  }

  var learnedMetricSection: String {
    let errors = (plain: lesson.plain.errorToTruth, learned: lesson.metric.errorToTruth)
    let (first, second) = lesson.relevance
    return section(
      "metric", "Learning what matters",
      """
      Now \(lesson.plane.values.count) points with two inputs. The label is the same curve of the \
      first; the second has no part in it, but nobody says so. One width for both must stay large, or \
      too few keys are near in both inputs: its error to the truth is \
      \(fixed(errors.plain, decimals: 2)). A learned metric stretches the plane before distances are \
      taken. By the leave-one-out error alone it finds that x₁ matters, where the width that it \
      learns is \(width(first)), and x₂ does not (\(width(second))): each query attends to a stripe, \
      and the error is \(fixed(errors.learned, decimals: 2)).
      """, figure("learned-attention", learnedAttentionFigure),
      figure("learned-fit", learnedFitFigure),
      table(
        caption: "Root mean squared errors",
        header: ["", "leave-one-out error", "error to the truth"],
        rows: [("one width", lesson.plain), ("learned metric", lesson.metric)].map {
          [
            $0, fixed($1.leaveOneOutError, decimals: 3), fixed($1.errorToTruth, decimals: 3),
          ]
        }))
  }

  private func width(_ width: Double) -> String { short(width, digits: 2) }
}

extension DeckLesson {
  /// The width along each input while the other is held.
  var relevance: (first: Double, second: Double) {
    let similarity = metric.model.similarity
    func width(_ input: Int) -> Double {
      var key = Self.query
      key[input] += 1
      let score = similarity.scores(
        query: Self.query, keys: Points(rowMajor: key, dimension: 2))[0]
      return (1 / (-2 * score)).squareRoot()
    }
    return (width(0), width(1))
  }
}
