/// How a bandwidth is chosen.
public enum BandwidthMethod: String, Sendable, CaseIterable {
  /// The least mean of squared leave-one-out residuals.
  case leaveOneOut = "loo"
  /// The least MSE/(1 − tr(H)/n)².
  case generalizedCrossValidation = "gcv"
  /// The least ln(MSE) + (1 + tr(H)/n)/(1 − (tr(H) + 2)/n).
  case correctedAkaike = "aicc"
  /// A formula of the keys alone, see ``ruleOfThumbBandwidths(keys:observationWeights:kernel:)``.
  case ruleOfThumb = "rule-of-thumb"
  /// Estimates put into the formula of the best bandwidth, see
  /// ``plugInBandwidth(keys:values:kernel:)``.
  case plugIn = "plug-in"

  /// Whether it minimises a criterion; the other methods are formulas.
  public var hasCriterion: Bool {
    switch self {
    case .leaveOneOut, .generalizedCrossValidation, .correctedAkaike: true
    case .ruleOfThumb, .plugIn: false
    }
  }

  /// What is least, in words.
  package var criterionName: String {
    switch self {
    case .leaveOneOut: "leave-one-out error (mean square)"
    case .generalizedCrossValidation: "generalized cross-validation score"
    case .correctedAkaike: "corrected Akaike criterion"
    case .ruleOfThumb, .plugIn: rawValue
    }
  }
}
