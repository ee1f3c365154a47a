import DeckData
import Nadaraya
import NadarayaFigures
import Wording

extension DeckStory {
  var learnedWidthSection: String {
    section(
      "learning", "Learning the width",
      """
      Why walk through widths by hand, if they can be learned? Start at σ = 1 and go, step by step, \
      where the error on the training points falls. If each point may attend to itself, \
      \(walkFinding). Leave each point out of its own fit, and the same walk \(fairWalkFinding). \
      \(endsFinding) A similarity that is learned needs a loss in which no point sees its own answer.
      """, figure("learned-width", learnedWidthFigure))
  }

  var learnedMetricSection: String {
    section(
      "metric", "Learning what matters",
      """
      Now \(lesson.plane.values.count) points with two inputs. The label is the same curve of the \
      first; the second has no part in it, but nobody says so. One width has to serve both inputs. A \
      learned metric stretches the plane before distances are taken, by the leave-one-out error \
      alone. \(metricWidthsFinding) \(metricErrorFinding)
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
}
