internal import KernelSums
internal import RealModule

// The leave-one-out error of a learned similarity, and its gradient.
//
// Goals, in order: (1) the exact loss, with no row attending to itself; (2) a gradient that is also right
// for rows far from all others, which descents encounter; (3) the same bits for any number of threads;
// (4) one pass over all pairs for the loss and one more for the gradient.
//
// With standardised values v, weights ω that sum to 1 and l, p, y of `SoftmaxPairs` (λ = ln ω,
// key i left out of query i, so that y_i is the estimate without row i),
//
//     L(θ) = Σᵢ ωᵢ Σ_c (v_ic − y_ic)²
//     ∂L/∂y_ic = g_ic = −2 ωᵢ (v_ic − y_ic)
//     ∂y_ic/∂s_ij = p_ij (v_jc − y_ic)          (softmax: ∂p_ij/∂s_ik = p_ij (δ_jk − p_ik))
//     ∂L/∂s_ij = M_ij = p_ij Σ_c g_ic (v_jc − y_ic)
//
// A distance s_ij = −½‖z_i − z_j‖² has ∂s/∂z_i = z_j − z_i and ∂s/∂z_j = z_i − z_j, and each point is
// both row and key:
//
//     ∂L/∂z_i = Σⱼ (M_ij + M_ji)(z_j − z_i)
//
// For products s_ij = q_i·k_j: ∂L/∂q_i = Σⱼ M_ij k_j and ∂L/∂k_j = Σᵢ M_ij q_i. Then z = A x̃ gives
// ∂L/∂A = Σᵢ ∂L/∂z_i x̃_iᵀ; see `Parametrization`.
//
// Rows of weight 0 count neither in the loss nor as keys, and are left out beforehand.
//
// Source: K. Q. Weinberger and G. Tesauro, Metric learning for kernel regression, AISTATS 2007; for a
// metric this is their loss, extended by weights and several values.

/// The leave-one-out loss of some rows under any similarity of one parametrisation.
struct PoolingLoss: Sendable {
  let parametrization: Parametrization

  /// The standardised inputs, D columns.
  let inputs: [[Double]]

  /// The standardised values, p columns.
  let values: [[Double]]

  /// The weights of the rows, positive; they sum to 1.
  let shares: [Double]

  let execution: Execution

  /// The logarithms of the keys' weights; nil if all are equal.
  let logWeights: [Double]?

  /// - Parameter weights: positive; nil if all are 1.
  init(
    _ parametrization: Parametrization, inputs: [[Double]], values: [[Double]],
    weights: [Double]?, execution: Execution
  ) {
    self.parametrization = parametrization
    self.inputs = inputs
    self.values = values
    self.execution = execution.unreported
    let count = values[0].count
    if let weights {
      let largest = weights.max() ?? 1
      let total = weights.reduce(0) { $0 + $1 / largest }
      shares = weights.map { $0 / largest / total }
      logWeights = weights.map { .log($0 / largest) }
    } else {
      shares = [Double](repeating: 1 / Double(count), count: count)
      logWeights = nil
    }
  }

  private init(_ loss: PoolingLoss, _ parametrization: Parametrization) {
    self.parametrization = parametrization
    inputs = loss.inputs
    values = loss.values
    shares = loss.shares
    execution = loss.execution
    logWeights = loss.logWeights
  }

  /// The loss of the same rows under another parametrisation.
  func of(_ parametrization: Parametrization) -> PoolingLoss { PoolingLoss(self, parametrization) }

  /// The number of rows.
  var count: Int { shares.count }

  /// L(θ).
  ///
  /// - Complexity: O(n²·(r + p)) on all threads.
  func value(at parameters: [Double]) -> Double {
    let pooled = pairs(at: parameters).pooled(execution: execution)
    return loss(of: pooled.estimates)
  }

  /// L(θ) and ∂L/∂θ.
  ///
  /// - Complexity: O(n²·(r + p)) on all threads, about three times that of the value.
  func valueAndGradient(at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    let pairs = pairs(at: parameters)
    let pooled = pairs.pooled(execution: execution)
    let slopes = pairs.placeSlopes(
      residualSlopes(of: pooled.estimates), of: pooled, execution: execution)
    var gradient = [Double](repeating: 0, count: parametrization.count)
    parametrization.addQuerySlopes(slopes.queries, at: parameters, inputs, to: &gradient)
    if !parametrization.isDistance {
      parametrization.addKeySlopes(slopes.keys, at: parameters, inputs, to: &gradient)
    }
    return (loss(of: pooled.estimates), gradient)
  }

  /// The squared error of each of some other rows, summed over the value columns, when they pool these
  /// rows.
  ///
  /// - Complexity: O(n·m·(r + p)) on all threads.
  func squaredErrors(
    at parameters: [Double], inputs others: [[Double]], values otherValues: [[Double]]
  ) -> [Double] {
    let pairs = SoftmaxPairs(
      score: parametrization.isDistance ? .distance : .innerProduct,
      queries: parametrization.queries(parameters, others),
      keys: parametrization.keys(parameters, inputs), columns: values, logWeights: logWeights)
    let estimates = pairs.pooled(execution: execution).estimates
    var errors = [Double](repeating: 0, count: otherValues[0].count)
    for (values, estimates) in zip(otherValues, estimates) {
      for row in errors.indices {
        errors[row] += (values[row] - estimates[row]) * (values[row] - estimates[row])
      }
    }
    return errors
  }

  /// All pairs of different rows.
  private func pairs(at parameters: [Double]) -> SoftmaxPairs {
    let queries = parametrization.queries(parameters, inputs)
    guard !parametrization.isDistance else {
      return SoftmaxPairs(points: queries, columns: values, logWeights: logWeights)
    }
    return SoftmaxPairs(
      score: .innerProduct, queries: queries, keys: parametrization.keys(parameters, inputs),
      columns: values, logWeights: logWeights, excluded: Array(0..<count))
  }

  private func loss(of estimates: [[Double]]) -> Double {
    var loss = 0.0
    for (values, estimates) in zip(values, estimates) {
      for row in values.indices {
        loss += shares[row] * (values[row] - estimates[row]) * (values[row] - estimates[row])
      }
    }
    return loss
  }

  /// g.
  private func residualSlopes(of estimates: [[Double]]) -> [[Double]] {
    zip(values, estimates).map { values, estimates in
      values.indices.map { -2 * shares[$0] * (values[$0] - estimates[$0]) }
    }
  }
}
