import DeckData
import Nadaraya
import Wording

/// What the deck's numbers show, in sentences.
///
/// A sentence that could be false for another seed or another number of points is made here, and says
/// what the numbers at hand say. Two of them are compared as they are shown, with two decimals, so that
/// no sentence calls one of two equal numbers the smaller.
extension DeckStory {
  /// The kernels of bandwidth 1 that look at the distance, with the names that sentences call them.
  private var local: [(name: String, panel: DeckPanel)] {
    let names = ["gaussian": "the Gaussian", "boxcar": "the boxcar", "triangular": "the triangle"]
    return byKernel.compactMap { panel in names[panel.name].map { ($0, panel) } }
  }

  private var constant: DeckPanel? { byKernel.first { $0.name == Kernel.constant.name } }

  /// The answer of the constant kernel.
  var meanText: String { fixed(constant?.estimates.first ?? .nan, decimals: 2) }

  /// Which kernels come nearer to the truth than the mean does.
  var kernelFinding: String {
    let judged = local.map { name, panel in
      (name, panel, error: panel.errorToTruth, ofMean: errorOfMean(where: panel))
    }
    let nearer = judged.filter { isShownLess($0.error, $0.ofMean) }.map(\.0)
    let others = judged.filter { !isShownLess($0.error, $0.ofMean) }.map(\.0)
    let verdict =
      if others.isEmpty {
        "The three kernels that look at the distance come nearer to the truth than the mean does"
      } else if nearer.isEmpty {
        "None of the three kernels that look at the distance comes nearer to the truth than the "
          + "mean does"
      } else {
        "Of the three kernels that look at the distance, \(listed(nearer)) "
          + "\(nearer.count == 1 ? "comes" : "come") nearer to the truth than the mean does, and "
          + "\(listed(others)) \(others.count == 1 ? "does" : "do") not"
      }
    let errors = judged.map { "\(fixed($0.error, decimals: 2)) (\($0.0))" }
    let missing = judged.filter { $0.1.missing > 0 }.map { name, panel, error, ofMean in
      " At \(panel.missing) of the \(panel.estimates.count) places no point is within reach of "
        + "\(name), and it gives no answer; at the others its error is "
        + "\(fixed(error, decimals: 2)) and the mean's \(fixed(ofMean, decimals: 2))."
    }
    return verdict + ": the errors are \(listed(errors)), the mean's is "
      + fixed(constant?.errorToTruth ?? .nan, decimals: 2) + "." + missing.joined()
  }

  /// The error of the constant kernel where another kernel has an estimate.
  private func errorOfMean(where panel: DeckPanel) -> Double {
    guard let mean = constant?.estimates.first else { return .nan }
    return rootMeanSquare(
      zip(panel.estimates, deck.validationTruth).filter { !$0.0.isNaN }.map { mean - $0.1 })
  }

  /// How much of each kernel's weight lies near the query.
  var nearnessFinding: String {
    let shares = byKernel.map { ($0.name, percent(nearShare(of: $0))) }
    func share(_ kernel: Kernel) -> String { shares.first { $0.0 == kernel.name }?.1 ?? "" }
    return "On average \(share(.gaussian)) of the Gaussian's weight lies within distance 1 of the "
      + "query, all of the boxcar's and the triangle's, and \(share(.constant)) of the constant "
      + "kernel's, which gives every key 1/\(deck.trainingInputs.count)."
  }

  /// The share of weight within distance 1 of a query, in the mean of the queries that keys support.
  private func nearShare(of panel: DeckPanel) -> Double {
    let shares = deck.validationInputs.indices.map { query in
      zip(panel.weights.column(query), deck.trainingInputs)
        .filter { abs($0.1 - deck.validationInputs[query]) < 1 }.reduce(0) { $0 + $1.0 }
    }.filter { !$0.isNaN }
    return shares.reduce(0, +) / Double(shares.count)
  }

  /// How calm the fits are and whether they keep the peak.
  var widthFinding: String {
    guard let narrow = byBandwidth.first, let wide = byBandwidth.last else { return "" }
    let (before, after) = (travel(of: narrow), travel(of: wide))
    let peak = deck.validationTruth.max() ?? .nan
    let highest = wide.estimates.max() ?? .nan
    let calm =
      isShownLess(after, before)
      ? "the wide fit is the calmer one" : "here the wide fit is not the calmer one"
    let cut = isShownLess(highest, peak) ? "it cuts the peak" : "it does not cut the peak"
    return "From the first query to the last the fit with \(narrow.title) moves up and down by "
      + "\(fixed(before, decimals: 2)) in all, the one with \(wide.title) by "
      + "\(fixed(after, decimals: 2)): \(calm). The truth rises to \(fixed(peak, decimals: 2)), the "
      + "wide fit to \(fixed(highest, decimals: 2)): \(cut)."
  }

  /// The total of the fit's moves up and down from query to query.
  private func travel(of panel: DeckPanel) -> Double {
    zip(panel.estimates, panel.estimates.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
  }

  /// The number of points that the fits rest on.
  var sizeFinding: String {
    let sizes = byBandwidth.map { fixed($0.meanEffectiveSize, decimals: 1) }
    let widths = byBandwidth.map { short($0.bandwidth) }
    return "With σ = \(listed(widths)) an answer rests on \(listed(sizes)) points on average, by "
      + "its effective sample size."
  }

  /// Which of the four widths is best.
  var nearestWidthFinding: String {
    guard let best = byBandwidth.min(by: { $0.errorToTruth < $1.errorToTruth }) else { return "" }
    return "Of the four, \(best.title) comes nearest to the truth, with an error of "
      + "\(fixed(best.errorToTruth, decimals: 2))."
  }

  private func percent(_ share: Double) -> String { "\(fixed(100 * share, decimals: 0)) %" }
}

/// Whether one number is less than another as both are shown.
func isShownLess(_ left: Double, _ right: Double) -> Bool {
  let (left, right) = (Double(fixed(left, decimals: 2)), Double(fixed(right, decimals: 2)))
  return (left ?? .nan) < (right ?? .nan)
}
