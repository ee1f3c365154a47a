internal import KernelRegression
internal import KernelSums
internal import SimilarityKernels

/// Rows of a table in standardised inputs and values.
struct LearningTable: Sendable {
  let inputs: [[Double]]
  let values: [[Double]]
  let weights: [Double]?

  var count: Int { values.first?.count ?? 0 }

  func rows(_ rows: [Int]) -> LearningTable {
    LearningTable(
      inputs: inputs.rows(rows), values: values.rows(rows), weights: weights?.rows(rows))
  }

  /// The first rows.
  func prefix(_ count: Int) -> LearningTable {
    count < self.count ? rows(Array(0..<count)) : self
  }

  func loss(_ parametrization: Parametrization, _ execution: Execution) -> PoolingLoss {
    PoolingLoss(
      parametrization, inputs: inputs, values: values, weights: weights, execution: execution)
  }

  /// The squared errors of the rows, predicted from the rows of a loss, and their weighted mean.
  func errors(under loss: PoolingLoss, at parameters: [Double]) -> HeldOutErrors {
    HeldOutErrors(
      squares: loss.squaredErrors(at: parameters, inputs: inputs, values: values),
      weights: weights)
  }
}

/// Squared errors of rows that did not train.
struct HeldOutErrors: Sendable {
  let squares: [Double]
  let weights: [Double]?

  private var total: Double { weights?.reduce(0, +) ?? Double(squares.count) }

  var mean: Double {
    squares.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * squares[$1] } / total
  }

  /// The standard error of the difference of two means over the same rows, which are assumed independent.
  ///
  /// ```
  /// √(Σ ω² (δ − δ̄)² · n/(n − 1)) / Σω
  /// ```
  func standardError(ofDifferenceTo other: HeldOutErrors) -> Double {
    let mean = self.mean - other.mean
    let count = Double(squares.count)
    guard count > 1 else { return .infinity }
    let sum = squares.indices.reduce(0) { sum, row in
      let deviation = (weights?[row] ?? 1) * (squares[row] - other.squares[row] - mean)
      return sum + deviation * deviation
    }
    return (sum * count / (count - 1)).squareRoot() / total
  }
}
