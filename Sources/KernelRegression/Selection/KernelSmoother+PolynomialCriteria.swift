internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// The terms of the criteria where the degree is above 0.
  ///
  /// See ``leaveOneOutFits()`` for the identities behind it.
  ///
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if a row with weight is
  ///   supported by no other.
  /// - Complexity: that of a prediction at n queries.
  func polynomialCriteria() throws(KernelRegressionError) -> CriterionReport {
    let fits = try leaveOneOutFits()
    var tally = CriterionTally(columnCount: values.count)
    for row in keys.indices where weight(row) > 0 {
      tally.rowCount += 1
      tally.weight += weight(row)
      tally.residualFreedom += fits.freedoms[row]
    }
    let unsupported = takingOutFirstRows(
      fits.unsupported.filter { weight($0) > 0 }, into: &tally)
    let isLeftOut = Set(fits.unsupported).subtracting(unsupported)
    for column in values.indices {
      for row in keys.indices where weight(row) > 0 && !isLeftOut.contains(row) {
        let residual = values[column][row] - fits.estimates[column][row]
        tally.leaveOneOutSquares[column] += weight(row) * residual * residual
        let kept = fits.residuals[column][row]
        tally.squares[column] += weight(row) * kept * kept
      }
    }
    return tally.report(unsupportedRows: unsupported.count)
  }
}
