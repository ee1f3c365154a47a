internal import KernelSums

extension MomentFit {
  /// Solves for a query at which the moments of all monomials do not determine a polynomial, without the
  /// monomials that follow from others at all keys or vanish at those in reach.
  ///
  /// - Parameters:
  ///   - span: what all keys determine.
  ///   - vanishing: whether slopes along an input in which the query and all keys in reach are equal may
  ///     stay undetermined.
  /// - Returns: the degree used and which slopes are determined; nil if the fit needs the keys
  ///   themselves.
  func solve(
    _ sums: UnsafeSums, at slot: Int, query: ArraySlice<Double>, span: KeySpan,
    vanishing: Bool
  ) -> (degree: Int, slopes: [Bool])? {
    let degree = span.degree(at: query)
    guard leaveOut(sums, at: slot, degree: degree, span) else { return nil }
    var slopes = span.slopes(at: query, degree: degree)
    for input in slopes.indices where slopes[input] && !columns.contains(1 + input) {
      guard vanishing else { return nil }
      slopes[input] = false
    }
    return solve(sums, at: slot) ? (degree, slopes) : nil
  }

  /// Leaves out the monomials of a degree that follow from others at all keys or vanish at those in reach of
  /// a query.
  ///
  /// - Returns: whether there are any; also false if sums are anchored and have no moments.
  func leaveOut(_ sums: UnsafeSums, at slot: Int, degree: Int, _ span: KeySpan) -> Bool {
    guard wholeCount > 1, moment(0, 1, in: sums, at: slot).isFinite,
      target(0, 0, in: sums, at: slot).isFinite
    else { return false }
    keep(columns(among: span.columns(ofDegree: degree), notVanishingIn: sums, at: slot))
    return count < wholeCount
  }
}
