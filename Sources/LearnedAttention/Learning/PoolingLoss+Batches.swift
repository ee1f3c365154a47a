internal import KernelSums

extension PoolingLoss {
  /// The loss of a batch of rows, each pooling all others.
  ///
  /// - Complexity: O(n·b·(r + p)) on all threads for b rows.
  func value(at parameters: [Double], batch: [Int]) -> Double {
    let pairs = pairs(at: parameters, batch: batch, inputs.rows(batch))
    return loss(of: pairs.pooled(execution: execution).estimates, batch: batch)
  }

  /// All pairs of a row of a batch and any other.
  private func pairs(
    at parameters: [Double], batch: [Int], _ batchInputs: [[Double]]
  ) -> SoftmaxPairs {
    SoftmaxPairs(
      score: parametrization.isDistance ? .distance : .innerProduct,
      queries: parametrization.queries(parameters, batchInputs),
      keys: parametrization.keys(parameters, inputs), columns: values, logWeights: logWeights,
      excluded: batch)
  }

  private func loss(of estimates: [[Double]], batch: [Int]) -> Double {
    let total = batch.reduce(0) { $0 + shares[$1] }
    var loss = 0.0
    for (values, estimates) in zip(values, estimates) {
      for (slot, row) in batch.enumerated() {
        let residual = values[row] - estimates[slot]
        loss += shares[row] / total * residual * residual
      }
    }
    return loss
  }

  /// The loss of a batch of rows and its gradient, each row pooling all others.
  ///
  /// - Parameter batch: the rows, all different.
  /// - Returns: the loss per unit of weight, so that its mean over random batches is L(θ) if all weights
  ///   are equal.
  /// - Complexity: O(n·b·(r + p)) on all threads for b rows.
  func valueAndGradient(
    at parameters: [Double], batch: [Int]
  ) -> (value: Double, gradient: [Double]) {
    let batchInputs = inputs.rows(batch)
    let pairs = pairs(at: parameters, batch: batch, batchInputs)
    let pooled = pairs.pooled(execution: execution)
    let total = batch.reduce(0) { $0 + shares[$1] }
    let slopes = zip(values, pooled.estimates).map { values, estimates in
      batch.enumerated().map { slot, row in
        -2 * shares[row] / total * (values[row] - estimates[slot])
      }
    }
    let places = pairs.placeSlopes(slopes, of: pooled, execution: execution)
    var gradient = [Double](repeating: 0, count: parametrization.count)
    parametrization.addQuerySlopes(places.queries, at: parameters, batchInputs, to: &gradient)
    parametrization.addKeySlopes(places.keys, at: parameters, inputs, to: &gradient)
    return (loss(of: pooled.estimates, batch: batch), gradient)
  }
}
