/// The fits of many queries.
///
/// At degree 0 there may be millions, one for each bandwidth of a path and row, so they are stored side
/// by side.
struct FitStore {
  private let valueCount: Int
  /// For degree 0: the weight of each query, and the means, query by query.
  private var weights: [AnchoredWeight] = []
  private var means: [Double] = []
  /// For degree 1.
  private var fits: [PartialFit?] = []

  init(count: Int, valueCount: Int, degree: Int) {
    self.valueCount = valueCount
    if degree == 0 {
      weights = [AnchoredWeight](repeating: .none, count: count)
      means = [Double](repeating: 0, count: count * valueCount)
    } else {
      fits = [PartialFit?](repeating: nil, count: count)
    }
  }

  var count: Int { max(weights.count, fits.count) }

  var indices: Range<Int> { 0..<count }

  /// Whether a key supports a query.
  func supports(_ query: Int) -> Bool {
    guard fits.isEmpty else {
      if case .some = fits[query] { return true }
      return false
    }
    return weights[query].factor > 0
  }

  /// The fit of a query; nil without support.
  subscript(query: Int) -> PartialFit? {
    guard fits.isEmpty else { return fits[query] }
    guard weights[query].factor > 0 else { return nil }
    return PartialFit(mean: Array(means[range(query)]), weight: weights[query])
  }

  /// Adds the fit of other keys at a query.
  mutating func merge(_ fit: PartialFit, at query: Int, bandwidths: [Double]) {
    guard fits.isEmpty else {
      guard supports(query) else {
        fits[query] = fit
        return
      }
      fits[query]?.merge(fit, bandwidths: bandwidths)
      return
    }
    let row = fit.blocks[0].rows[0]
    guard weights[query].factor > 0 else {
      weights[query] = row.weight
      means.replaceSubrange(range(query), with: row.means)
      return
    }
    let sum = weights[query] + row.weight
    let share = weights[query].factor(over: sum) / sum.factor
    let otherShare = row.weight.factor(over: sum) / sum.factor
    weights[query] = sum
    for (place, mean) in zip(range(query), row.means) {
      means[place] = share * means[place] + otherShare * mean
    }
  }

  private func range(_ query: Int) -> Range<Int> {
    query * valueCount..<(query + 1) * valueCount
  }
}
