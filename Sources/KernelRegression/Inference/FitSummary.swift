internal import SimilarityKernels

/// What a fit to all rows explains, and what it spends on it.
public struct FitSummary: Sendable {
  /// The number of rows with weight, n.
  public let rowCount: Int

  /// tr(H) = Σ Hᵢᵢ, the number of parameters that the fit is worth.
  public let effectiveDegreesOfFreedom: Double

  /// For each value column the variance of the noise,
  /// `Σᵢ eᵢ²/(1 − Hᵢᵢ) / n`, under ω.
  ///
  /// NaN where a row determines its own estimate.
  public let residualVariances: [Double]

  /// For each value column the squared correlation of estimates and values, R² after Doksum and
  /// Samarov; NaN where either is constant.
  public let rSquared: [Double]
}

extension LocalPolynomial {
  /// Effective degrees of freedom, residual variance and R² of the fit to all rows.
  ///
  /// ```
  /// σ̂² = Σ ωᵢ eᵢ²/(1 − Hᵢᵢ) / Σ ωᵢ
  /// R² = (Σ ωᵢ(vᵢ − v̄)(ŷᵢ − v̄))² / (Σ ωᵢ(vᵢ − v̄)² Σ ωᵢ(ŷᵢ − v̄)²)
  /// ```
  ///
  /// eᵢ²/(1 − Hᵢᵢ) is the product of the residuals with and without the row: for noise of one variance
  /// and a fit without bias its expectation is near that variance.
  ///
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if a key is supported by no
  ///   other.
  /// - Complexity: that of a prediction at n queries.
  ///
  /// ## Source
  /// K. Doksum and A. Samarov, Nonparametric estimation of global functionals and a measure of the
  /// explanatory power of covariates in regression, Annals of Statistics 23 (1995),
  /// doi:10.1214/aos/1176324709.
  public func summary() throws(KernelRegressionError) -> FitSummary {
    let fits = try leaveOneOutFits()
    let rows = keys.indices.filter { weight($0) > 0 }
    let total = rows.reduce(0) { $0 + weight($1) }
    func mean(_ term: (Int) -> Double) -> Double {
      rows.reduce(0) { $0 + weight($1) * term($1) } / total
    }
    return FitSummary(
      rowCount: rows.count, effectiveDegreesOfFreedom: rows.reduce(0) { $0 + fits.leverages[$1] },
      residualVariances: fits.residuals.map { residuals in
        mean { row in
          let rest = fits.freedoms[row]
          return rest > 0 ? residuals[row] * residuals[row] / rest : .nan
        }
      },
      rSquared: zip(values, fits.residuals).map { values, residuals in
        let centre = mean { values[$0] }
        let covariance = mean { (values[$0] - centre) * (values[$0] - residuals[$0] - centre) }
        let spread = mean { (values[$0] - centre) * (values[$0] - centre) }
        let explained = mean {
          (values[$0] - residuals[$0] - centre) * (values[$0] - residuals[$0] - centre)
        }
        return covariance / spread * (covariance / explained)
      })
  }

  /// ω of a row.
  func weight(_ row: Int) -> Double { observationWeights?[row] ?? 1 }
}
