import Nadaraya
import Wording

extension FitSummary {
  /// What `--verbose` says about a fit, with the reason where a number does not exist.
  func words(of columns: [[Double]]) -> String {
    let correlations = zip(columns, rSquared).map { values, number in
      guard number.isNaN else { return short(number) }
      let isConstant = values.allSatisfy { $0 == values[0] }
      return "undefined, because the \(isConstant ? "values" : "estimates") do not vary"
    }
    let variances = residualVariances.map { $0.isNaN ? "unknown" : short($0) }
    return "\(short(effectiveDegreesOfFreedom)) effective degrees of freedom, "
      + "R² \(correlations.joined(separator: ", ")), "
      + "residual variance \(variances.joined(separator: ", "))\(selfDeterminedWords)"
  }

  private var selfDeterminedWords: String {
    guard selfDeterminedRowCount > 0 else { return "" }
    let rows = "\(selfDeterminedRowCount) of \(counted(rowCount, "row"))"
    let verb = selfDeterminedRowCount == 1 ? "determines its own estimate" : "determine their own"
    return residualVariances.contains(where: \.isNaN)
      ? ", because \(rows) \(verb)" : " without \(rows), which \(verb)"
  }
}
