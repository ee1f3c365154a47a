import DeckData
import Nadaraya
import Wording

/// What leaving points out chooses, and what the form of the kernel does.
extension DeckStory {
  /// The σ that the other kernels are matched to.
  struct Reference {
    let width: Double
    /// What is special about it, to follow its number.
    let reason: String
    /// Whether it is the one that leaving points out chooses.
    let isChosen: Bool

    /// The best minimum that leaving points out has inside the range, or a width of the middle where
    /// it has none: at the end of the range every kernel is flat and none differs from another.
    init(_ selection: BandwidthSelection) {
      let inside = selection.minima.filter { $0.stretch == nil && $0.ends.allSatisfy { $0 == nil } }
      guard let best = inside.min(by: { $0.criterion < $1.criterion }) else {
        (width, reason, isChosen) = (0.5, "one of the four above", false)
        return
      }
      width = best.bandwidths[0]
      isChosen = best.bandwidths == selection.bandwidths
      reason =
        isChosen
        ? "which leaving points out chooses" : "a local minimum of the error of points left out"
    }
  }

  /// Where the error of points left out is least.
  enum Choice {
    /// The error is the same at every width.
    case none(error: Double)
    /// A minimum inside the range.
    case inside(width: Double, error: Double)
    /// The end of the range up to which the error falls.
    case end(BandwidthSelection.RangeEnd, width: Double, error: Double)
  }

  var choice: Choice {
    let (width, error) = (selected.bandwidths[0], (selected.criterion ?? .nan).squareRoot())
    let least = selected.minima.first { $0.bandwidths == selected.bandwidths }
    let errors = path.map(\.withoutItself)
    guard let low = errors.min(), let high = errors.max(), high - low > 1e-9 * high else {
      return .none(error: error)
    }
    if let end = least?.ends[0] { return .end(end, width: width, error: error) }
    return .inside(width: width, error: error)
  }

  /// What leaving each point out of its own fit says of σ.
  var choiceFinding: String {
    let others = selected.minima.filter {
      $0.bandwidths != selected.bandwidths && $0.ends.allSatisfy { $0 == nil }
    }.map { short($0.bandwidths[0], digits: 3) }
    let also =
      others.isEmpty
      ? ""
      : " It has \(others.count == 1 ? "a local minimum" : "local minima") at σ = \(listed(others)) "
        + "as well."
    switch choice {
    case .none(let error):
      return "the error is \(fixed(error, decimals: 2)) at every σ"
        + (deck.trainingInputs.count == 2
          ? ", for each of two points is predicted by the other" : "")
        + ": it chooses none."
    case .inside(let width, let error):
      return "the error has a minimum, \(fixed(error, decimals: 2)), at σ = "
        + "\(short(width, digits: 3))." + also + lowerElsewhere(than: error)
    case .end(.upper, let width, let error):
      return
        "the error falls up to the widest σ that was tried, \(short(width, digits: 3)), where it "
        + "is \(fixed(error, decimals: 2)) and every point is predicted by nearly the mean of the "
        + "others." + also + lowerElsewhere(than: error)
    case .end(.lower, let width, let error):
      return "the error falls down to the narrowest σ that was tried, \(short(width, digits: 3)), "
        + "where it is \(fixed(error, decimals: 2))." + also + lowerElsewhere(than: error)
    }
  }

  /// A lower error at a width that is drawn and lies outside the range of the search.
  private func lowerElsewhere(than error: Double) -> String {
    guard let best = path.min(by: { $0.withoutItself < $1.withoutItself }),
      isShownLess(best.withoutItself, error)
    else { return "" }
    return " At σ = \(short(best.bandwidth, digits: 2)), where no width was tried, it is "
      + "\(fixed(best.withoutItself, decimals: 2))."
  }

  /// What the training error chooses when each point may attend to itself.
  var trainingErrorFinding: String {
    let narrowest = path[0]
    let least = path.min { $0.withItself < $1.withItself } ?? narrowest
    guard narrowest.withItself <= least.withItself else {
      return "the training error is least at σ = \(short(least.bandwidth, digits: 2)), "
        + "\(fixed(least.withItself, decimals: 2))"
    }
    return
      "no width beats the narrowest: at σ = \(short(narrowest.bandwidth)) the training error is "
      + fixed(narrowest.withItself, decimals: 2)
  }

  /// Which σ of the path the truth would choose.
  var truthFinding: String {
    guard let best = path.min(by: { $0.toTruth < $1.toTruth }) else { return "" }
    let end =
      switch best.bandwidth {
      case path.last?.bandwidth: ", the widest drawn"
      case path.first?.bandwidth: ", the narrowest drawn"
      default: ""
      }
    return "The truth, which only synthetic data shows, would choose σ = "
      + "\(short(best.bandwidth, digits: 2))\(end); the error to it is "
      + "\(fixed(best.toTruth, decimals: 2)) there."
  }

  /// How far kernels of bandwidth 1 differ, and kernels of matched ones.
  var formFinding: String {
    let unmatched = byKernel.filter { $0.name != Kernel.constant.name }
    let largest = matched.map(differenceFromGaussian).max() ?? 0
    let isPartial = matched.contains { $0.missing > 0 }
    return
      "With bandwidth 1 for each, the errors of the three run from \(range(of: unmatched)), but "
      + "that compares unlike widths: a Gaussian with σ = 1 reaches much farther than a triangle "
      + "that ends at 1. Most kernels have a canonical bandwidth, the width at which all kernels "
      + "trade bias for variance alike. With \(matched.count) kernels set to the width of a Gaussian "
      + "with σ = \(short(reference.width, digits: 3)), \(reference.reason), the errors run from "
      + "\(range(of: matched)), and no fit leaves the Gaussian's by more than "
      + fixed(largest, decimals: 2) + (isPartial ? ", each where it has an estimate" : "")
      + ". The labels span \(fixed(span, decimals: 1))."
  }

  /// The form of the kernel against its width.
  var recapFinding: String {
    func spread(_ panels: [DeckPanel]) -> Double {
      let errors = panels.map(\.errorToTruth).filter(\.isFinite)
      return (errors.max() ?? .nan) - (errors.min() ?? .nan)
    }
    let (form, width) = (spread(matched), spread(byBandwidth))
    let verdict =
      isShownLess(form, width)
      ? "once widths are matched, the width matters more than the form"
      : "here the form matters no less than the width"
    let chosen =
      switch choice {
      case .inside: "Leaving points out chooses the width."
      case .end: "On these points, leaving points out chooses no width inside the range."
      case .none: "On these points, leaving points out has nothing to choose by."
      }
    return "The errors of the \(matched.count) kernels of matched width lie within "
      + "\(fixed(form, decimals: 2)) of one another, those of the Gaussian at four widths within "
      + "\(fixed(width, decimals: 2)): \(verdict). \(chosen)"
  }

  private func range(of panels: [DeckPanel]) -> String {
    let errors = panels.map(\.errorToTruth).filter(\.isFinite)
    return "\(fixed(errors.min() ?? .nan, decimals: 2)) to "
      + fixed(errors.max() ?? .nan, decimals: 2)
  }

  private var span: Double {
    (deck.trainingValues.max() ?? 0) - (deck.trainingValues.min() ?? 0)
  }
}
