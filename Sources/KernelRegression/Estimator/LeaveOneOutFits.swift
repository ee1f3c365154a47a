/// The results of one pass without each row, which describe the fit to all rows.
public struct LeaveOneOutFits: Sendable {
  /// ŷ₋ᵢ(kᵢ): for each value column the estimate at each key without its own row.
  ///
  /// Where no other row supports the key it is what the ``EmptyWindowPolicy`` says.
  public let estimates: [[Double]]

  /// eᵢ = vᵢ − ŷ(kᵢ): for each value column the residuals of the fit to all rows.
  public let residuals: [[Double]]

  /// Hᵢᵢ, the weight of each value in its own estimate; their sum is the trace of the smoother.
  public let leverages: [Double]

  /// 1 − Hᵢᵢ, which keeps its digits where a row is all but on its own.
  public let freedoms: [Double]

  /// The rows, ascending, that no other row supports: their leverage is 1, their residual 0.
  public let unsupported: [Int]

  /// The rows whose estimate without them is of a lower degree; see ``Predictions/loweredDegrees``.
  public let loweredDegrees: [Predictions.LoweredDegree]
}
