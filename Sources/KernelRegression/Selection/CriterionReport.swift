internal import RealModule

/// The errors of a smoother at given bandwidths; every criterion is a formula of these numbers.
///
/// H is the hat matrix, whose row i holds the weights of the values in the estimate at key i. Means are
/// weighted by the observation weights ω; n counts the rows with weight.
///
/// A row that no other row supports has Hᵢᵢ = 1 and residual 0, and is counted. When left out, its
/// residual is that of the ``EmptyWindowPolicy``'s prediction, if any.
package struct CriterionReport: Sendable {
  /// n, the rows with weight.
  package let rowCount: Int

  /// Σωᵢ e₋ᵢ²/Σωᵢ for each value column, e₋ᵢ the leave-one-out residual of row i; NaN if a row has none.
  package let leaveOneOutMeanSquares: [Double]

  /// MSE = Σωᵢ eᵢ²/Σωᵢ for each value column.
  package let meanSquares: [Double]

  /// n − tr(H), summed from 1 − Hᵢᵢ, which keeps its digits where rows are nearly alone.
  package let residualFreedom: Double

  /// The rows that no other supports.
  package let unsupportedRows: Int

  /// Under a causal estimator, the rows that no other precedes.
  ///
  /// At no bandwidth can they be predicted when left out, so the leave-one-out mean is over the others.
  /// They are not among ``unsupportedRows``.
  package let rowsWithoutEarlierKeys: Int

  init(
    rowCount: Int, leaveOneOutMeanSquares: [Double], meanSquares: [Double],
    residualFreedom: Double, unsupportedRows: Int, rowsWithoutEarlierKeys: Int = 0
  ) {
    self.rowCount = rowCount
    self.leaveOneOutMeanSquares = leaveOneOutMeanSquares
    self.meanSquares = meanSquares
    self.residualFreedom = residualFreedom
    self.unsupportedRows = unsupportedRows
    self.rowsWithoutEarlierKeys = rowsWithoutEarlierKeys
  }

  /// tr(H).
  package var trace: Double { Double(rowCount) - residualFreedom }

  /// A criterion for each value column; infinite where it does not exist.
  ///
  /// ```
  /// LOO  = Σωᵢ e₋ᵢ²/Σωᵢ                                   where every row has a residual left out
  /// GCV  = MSE/(1 − tr(H)/n)²                             where tr(H) < n
  /// AICc = ln(MSE) + (1 + tr(H)/n)/(1 − (tr(H) + 2)/n)    where tr(H) + 2 < n
  /// ```
  ///
  /// - Precondition: the method has a criterion.
  package func criteria(_ method: BandwidthMethod) -> [Double] {
    precondition(method.hasCriterion, "\(method.rawValue) minimises no criterion")
    let count = Double(rowCount)
    switch method {
    case .leaveOneOut: return leaveOneOutMeanSquares.map { $0.isNaN ? .infinity : $0 }
    case .generalizedCrossValidation:
      let share = residualFreedom / count
      guard share > 0, share * share > 0 else { return meanSquares.map { _ in .infinity } }
      return meanSquares.map { $0 / (share * share) }
    default:
      guard residualFreedom > 2 else { return meanSquares.map { _ in .infinity } }
      let penalty = (1 + trace / count) / ((residualFreedom - 2) / count)
      return meanSquares.map { .log($0) + penalty }
    }
  }
}
