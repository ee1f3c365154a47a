import DeckData
import Nadaraya
import Wording

/// What learning makes of the data at hand.
extension DeckStory {
  /// Where the walk ends if each point may attend to itself, and the error of points left out there.
  var walkFinding: String {
    guard let start = lesson.withItself.first, let end = lesson.withItself.last else { return "" }
    let width = short(end.bandwidth, digits: 2)
    let place =
      if end.bandwidth == path.first?.bandwidth {
        "nothing stops the walk: it ends at σ = \(width), the edge of the range"
      } else if end.withItself == 0 {
        "nothing stops the walk before the error is 0, at σ = \(width)"
      } else {
        "the walk ends at σ = \(width)"
      }
    return "\(place). The training error goes from \(fixed(start.withItself, decimals: 2)) to "
      + "\(fixed(end.withItself, decimals: 2)), the error of points left out from "
      + "\(fixed(start.withoutItself, decimals: 2)) to \(fixed(end.withoutItself, decimals: 2))"
  }

  /// Where the walk ends if each point is left out.
  var fairWalkFinding: String {
    guard let end = lesson.withoutItself.last else { return "" }
    let width = short(end.bandwidth, digits: 2)
    let error = "an error of \(fixed(end.withoutItself, decimals: 2))"
    if lesson.withoutItself.count == 1 {
      return "stays at σ = \(width), with \(error): no step leads lower"
    }
    switch end.bandwidth {
    case path.first?.bandwidth: return "runs to σ = \(width), the narrowest drawn, with \(error)"
    case path.last?.bandwidth: return "runs to σ = \(width), the widest drawn, with \(error)"
    default: break
    }
    guard let best = path.min(by: { $0.withoutItself < $1.withoutItself }),
      isShownLess(best.withoutItself, end.withoutItself)
    else { return "settles at σ = \(width), with \(error)" }
    return "settles at σ = \(width), with \(error), in a local minimum: at σ = "
      + "\(short(best.bandwidth, digits: 2)) the error is \(fixed(best.withoutItself, decimals: 2))"
  }

  /// How near the truth the two fits are.
  var endsFinding: String {
    func error(_ fit: [Double]) -> String {
      fixed(
        rootMeanSquare(zip(fit, lesson.fits.x).map { $0 - DeckPlane.truth(at: $1) }), decimals: 2)
    }
    return "The first fit ends with an error of \(error(lesson.fits.withItself)) to the truth, the "
      + "second with \(error(lesson.fits.withoutItself))."
  }

  /// How far attention reaches along each input.
  var metricWidthsFinding: String {
    let (plain, learned) = (lesson.widths(of: lesson.plain), lesson.widths(of: lesson.metric))
    let verdict =
      if learned.second >= 2 * learned.first {
        "it finds that x₁ matters more than x₂, and each query attends to a stripe"
      } else if learned.first >= 2 * learned.second {
        "it takes x₂ for what matters more, which it is not"
      } else {
        "it treats them much alike"
      }
    return
      "The one width is \(reach(plain.first)) along x₁ and \(reach(plain.second)) along x₂; the "
      + "learned metric has \(reach(learned.first)) and \(reach(learned.second)): \(verdict)."
  }

  private func reach(_ width: Double) -> String {
    width < 1000 ? short(width, digits: 2) : "without end"
  }

  /// How near the truth the two similarities come.
  var metricErrorFinding: String {
    let (plain, learned) = (lesson.plain.errorToTruth, lesson.metric.errorToTruth)
    let verdict =
      if isShownLess(learned, plain) {
        "the learned metric comes nearer"
      } else if isShownLess(plain, learned) {
        "here the one width comes nearer"
      } else {
        "neither comes nearer"
      }
    return "The error to the truth is \(fixed(plain, decimals: 2)) with one width and "
      + "\(fixed(learned, decimals: 2)) with the learned metric: \(verdict)."
  }
}

extension DeckLesson {
  /// The width along each input while the other is held.
  func widths(of learned: Learned) -> (first: Double, second: Double) {
    let similarity = learned.model.similarity
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
