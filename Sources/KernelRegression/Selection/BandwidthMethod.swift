internal import KernelSums

/// How a bandwidth is chosen.
///
/// The raw value is the name that options and reports use.
@nonexhaustive public enum BandwidthMethod: String, Sendable {
  /// The least mean of squared leave-one-out residuals, Σωᵢ e₋ᵢ²/Σωᵢ; it exists where every row has one.
  ///
  /// ## Source
  /// M. Stone, Cross-validatory choice and assessment of statistical predictions, Journal of the Royal
  /// Statistical Society B 36 (1974), doi:10.1111/j.2517-6161.1974.tb00994.x.
  case leaveOneOut = "loo"

  /// The least MSE/(1 − tr(H)/n)²; it exists where tr(H) < n.
  ///
  /// ## Source
  /// P. Craven and G. Wahba, Smoothing noisy data with spline functions, Numerische Mathematik 31 (1979),
  /// doi:10.1007/BF01404567.
  case generalizedCrossValidation = "gcv"

  /// The least ln(MSE) + (1 + tr(H)/n)/(1 − (tr(H) + 2)/n); it exists where tr(H) + 2 < n.
  ///
  /// ## Source
  /// C. M. Hurvich, J. S. Simonoff and C.-L. Tsai, Smoothing parameter selection in nonparametric regression
  /// using an improved Akaike information criterion, Journal of the Royal Statistical Society B 60 (1998),
  /// doi:10.1111/1467-9868.00125.
  case correctedAkaike = "aicc"

  /// The normal reference rule, a formula that uses only the keys: one bandwidth for each input.
  ///
  /// ```
  /// h = 1.06 min(s, IQR/1.349) n^(−1/(d + 4)) δ/δ_gaussian
  /// ```
  ///
  /// s is the standard deviation (divisor n − 1), IQR the interquartile range (quantiles interpolated as
  /// in R's default), n the number of rows with weight, δ the kernel's `canonicalBandwidth`, which cauchy,
  /// constant and some custom kernels lack. If the quartiles coincide, s is used alone. The rule ignores
  /// the values, so it knows nothing about the curve: it is a quick first look, not an optimum.
  ///
  /// ## Source
  /// B. W. Silverman, Density Estimation for Statistics and Data Analysis (Chapman & Hall, 1986),
  /// sections 3.4.2 and 4.3.2; D. W. Scott, Multivariate Density Estimation (Wiley, 1992), section 6.3.
  case ruleOfThumb = "rule-of-thumb"

  /// The direct plug-in bandwidth for a local line in one input, after Ruppert, Sheather and Wand.
  ///
  /// ```
  /// h = (σ²L/(2√π n θ₂₂))^(1/5) δ/δ_gaussian
  /// ```
  ///
  /// σ² is the variance of the values about the curve, θ₂₂ the mean of its squared second derivative, both
  /// estimated; L the range of the keys, δ the kernel's `canonicalBandwidth`. It is the best bandwidth of a
  /// *local line*. A local mean also has a bias from the keys' density, which no plug-in of this kind
  /// accounts for, and local quadratics and cubics have a bias of another order: for them it has the
  /// right size but is not the best. It takes three predictions for each value column, near-linear time,
  /// and requires equal observation weights.
  ///
  /// ## Source
  /// D. Ruppert, S. J. Sheather and M. P. Wand, An effective bandwidth selector for local least squares
  /// regression, Journal of the American Statistical Association 90 (1995),
  /// doi:10.1080/01621459.1995.10476516.
  case plugIn = "plug-in"

  /// The number of nearest keys, counted from each query, with the least mean of squared leave-one-out residuals.
  case neighbors

  /// The number of nearest keys, counted from each key, with the least mean of squared leave-one-out residuals.
  case neighborsOfKeys = "neighbors-of-keys"

  /// The methods that choose fixed bandwidths.
  package static let ofFixedBandwidths: [BandwidthMethod] = [
    .leaveOneOut, .generalizedCrossValidation, .correctedAkaike, .ruleOfThumb, .plugIn,
  ]

  /// The method of that name among those that choose fixed bandwidths.
  package init?(named name: String) {
    guard let method = Self(rawValue: name), Self.ofFixedBandwidths.contains(method) else {
      return nil
    }
    self = method
  }

  /// Whether it minimises a criterion of the bandwidths; the others are formulas, or count neighbours.
  public var hasCriterion: Bool {
    [.leaveOneOut, .generalizedCrossValidation, .correctedAkaike].contains(self)
  }

  /// Whether it counts the neighbours of queries or of keys; nil if it chooses fixed bandwidths.
  var center: NeighborBandwidths.Center? {
    switch self {
    case .neighbors: .ofQueries
    case .neighborsOfKeys: .ofKeys
    default: nil
    }
  }

  /// The name of the criterion, in words.
  package var criterionName: String {
    switch self {
    case .leaveOneOut: "leave-one-out error (mean square)"
    case .generalizedCrossValidation: "generalized cross-validation score"
    case .correctedAkaike: "corrected Akaike criterion"
    default: rawValue
    }
  }
}
