internal import KernelSums

/// Least squares over the first columns of L of a ``GradedElimination``.
///
/// ```
/// y = argmin ‖√w v − L y‖,   LᵀL = M D Mᵀ
/// ```
///
/// M is lower triangular with a diagonal of ones. The normal equations square the condition of L, which
/// costs a few of the 32 digits.
struct GradedLeastSquares {
  private let elimination: GradedElimination
  /// The number of columns.
  let count: Int
  /// D.
  private(set) var squares: [DoubleDouble] = []
  /// M, row by row below the diagonal.
  private(set) var factors: [[DoubleDouble]] = []

  init(_ elimination: GradedElimination, count: Int) {
    self.elimination = elimination
    self.count = count
    for row in 0..<count {
      // M D of the row.
      var products: [DoubleDouble] = []
      var square = elimination.lower[row].product(with: elimination.lower[row], from: row)
      var factors: [DoubleDouble] = []
      for column in 0..<row {
        var product = elimination.lower[row].product(
          with: elimination.lower[column], from: row)
        for before in 0..<column {
          product = product - products[before] * self.factors[column][before]
        }
        products.append(product)
        factors.append(product / squares[column])
        square = square - product * factors[column]
      }
      self.factors.append(factors)
      squares.append(square)
    }
  }

  /// D⁻¹M⁻¹Lᵀ√w v of a value column.
  func reducedTargets(_ column: Int) -> [DoubleDouble] {
    let target = elimination.targets[column]
    let products = (0..<count).map {
      elimination.lower[$0].product(with: target, from: $0)
    }
    return zip(substitutedForward(products), squares).map { $0 / $1 }
  }

  /// M⁻¹x.
  func substitutedForward(_ numbers: [DoubleDouble]) -> [DoubleDouble] {
    var solution = numbers
    for row in 0..<count {
      for before in 0..<row {
        solution[row] = solution[row] - factors[row][before] * solution[before]
      }
    }
    return solution
  }

  /// M⁻ᵀx.
  func substitutedBackward(_ numbers: [DoubleDouble]) -> [DoubleDouble] {
    var solution = numbers
    for row in (0..<count).reversed() {
      for after in row + 1..<max(count, row + 1) {
        solution[row] = solution[row] - factors[after][row] * solution[after]
      }
    }
    return solution
  }

  /// √w L(LᵀL)⁻¹x: the weight of each row in x·y.
  func rowWeights(_ numbers: [DoubleDouble]) -> [Double] {
    let solution = substitutedBackward(
      zip(substitutedForward(numbers), squares).map { $0 / $1 })
    return (0..<elimination.count).map { row in
      (0..<count).reduce(DoubleDouble.zero) {
        $0 + elimination.lower[$1][row] * solution[$1]
      }.value * elimination.rootWeights[row]
    }
  }
}
