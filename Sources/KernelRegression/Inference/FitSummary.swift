internal import SimilarityKernels

/// A summary of a fit to all rows: how much it explains, and with how many degrees of freedom.
public struct FitSummary: Sendable {
  /// The number of rows with weight, n.
  public let rowCount: Int

  /// tr(H) = Σ Hᵢᵢ, the effective degrees of freedom of the fit.
  public let effectiveDegreesOfFreedom: Double

  /// The number of rows that nearly determine their own estimates, 1 − Hᵢᵢ < 0.001: their residuals are
  /// almost 0 whatever the noise.
  public let selfDeterminedRowCount: Int

  /// For each value column the variance of the noise, `Σᵢ eᵢ²/(1 − Hᵢᵢ) / n`, under ω, over the rows
  /// that do not determine their own estimates.
  ///
  /// NaN if those rows have less than half of the weight.
  public let residualVariances: [Double]

  /// For each value column the squared correlation of estimates and values, R² after Doksum and
  /// Samarov; NaN where either is constant.
  public let rSquared: [Double]
}

extension KernelSmoother {
  /// Effective degrees of freedom, residual variance and R² of the fit to all rows.
  ///
  /// ```
  /// σ̂² = Σ ωᵢ eᵢ²/(1 − Hᵢᵢ) / Σ ωᵢ
  /// R² = (Σ ωᵢ(vᵢ − v̄)(ŷᵢ − v̄))² / (Σ ωᵢ(vᵢ − v̄)² Σ ωᵢ(ŷᵢ − v̄)²)
  /// ```
  ///
  /// eᵢ²/(1 − Hᵢᵢ) is the product of the residuals with and without the row. If the noise has constant
  /// variance and the fit has no bias, its expectation is near that variance.
  ///
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if no other key supports a key.
  /// - Complexity: that of a prediction at n queries.
  ///
  /// ## Source
  /// K. Doksum and A. Samarov, Nonparametric estimation of global functionals and a measure of the
  /// explanatory power of covariates in regression, Annals of Statistics 23 (1995),
  /// doi:10.1214/aos/1176324709.
  public func summary() throws(KernelRegressionError) -> FitSummary {
    let fits = try leaveOneOutFits()
    let weighted = keys.indices.filter { weight($0) > 0 }
    let free = weighted.filter { fits.freedoms[$0] >= 1e-3 }
    let isKnown = total(of: free) >= total(of: weighted) / 2
    func total(of rows: [Int]) -> Double { rows.reduce(0) { $0 + weight($1) } }
    func mean(of rows: [Int]? = nil, _ term: (Int) -> Double) -> Double {
      let rows = rows ?? weighted
      return rows.reduce(0) { $0 + weight($1) * term($1) } / total(of: rows)
    }
    return FitSummary(
      rowCount: weighted.count,
      effectiveDegreesOfFreedom: weighted.reduce(0) { $0 + fits.leverages[$1] },
      selfDeterminedRowCount: weighted.count - free.count,
      residualVariances: fits.residuals.map { residuals in
        isKnown
          ? mean(of: free) { residuals[$0] * residuals[$0] / fits.freedoms[$0] } : .nan
      },
      rSquared: zip(values, fits.residuals).map { values, residuals in
        let (least, greatest) = values.lazy.enumerated().filter { weight($0.offset) > 0 }
          .reduce((Double.infinity, -Double.infinity)) {
            (min($0.0, $1.element), max($0.1, $1.element))
          }
        guard least < greatest else { return .nan }
        let centre = mean { values[$0] }
        let covariance = mean { (values[$0] - centre) * (values[$0] - residuals[$0] - centre) }
        let spread = mean { (values[$0] - centre) * (values[$0] - centre) }
        let explained = mean {
          (values[$0] - residuals[$0] - centre) * (values[$0] - residuals[$0] - centre)
        }
        // Estimates that differ only by rounding count as constant.
        let rounding = 1e-14 * max(least.magnitude, greatest.magnitude)
        return explained > rounding * rounding
          ? covariance / spread * (covariance / explained) : .nan
      })
  }

  /// ω of a row.
  func weight(_ row: Int) -> Double { observationWeights?[row] ?? 1 }
}
