public import KernelSums
public import SimilarityKernels

extension NadarayaWatson {
  /// An estimator whose bandwidths adapt to how dense the keys are.
  ///
  /// ```
  /// ŷ(q) = Σᵢ ωᵢ K((q − kᵢ)/D(q)) vᵢ / Σⱼ ωⱼ K((q − kⱼ)/D(q))                        ofQueries
  /// ŷ(q) = Σᵢ ωᵢ K((q − kᵢ)/D(kᵢ)) vᵢ/D(kᵢ)ᵈ / Σⱼ ωⱼ K((q − kⱼ)/D(kⱼ))/D(kⱼ)ᵈ        ofKeys
  /// ```
  ///
  /// D is the distance to the K-th nearest key, rows counted with ties as R's `loess` does, or from a key
  /// to the K-th nearest of the others; see ``/KernelSums/NeighborBandwidths`` for what serves where it
  /// leaves no weights. Under the boxcar, with bandwidths of the queries, this is the mean of the K
  /// nearest keys and of those that tie with the last. Leave-one-out leaves a row out of D too.
  ///
  /// - Parameters:
  ///   - keys: shape `[n, d]`; finite.
  ///   - values: one array of n finite numbers for each value column.
  ///   - observationWeights: n finite numbers, none below 0 and not all 0.
  ///   - kernel: the similarity as a function of scaled distance.
  ///   - neighbors: K, and whose neighbours they are.
  ///   - scales: the units in which distances over several inputs are taken, positive and one for each;
  ///     unless given a standard deviation by the quartiles, or where those are equal the range.
  ///   - combination: how several inputs make one similarity.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, a weight is below
  ///   0, a scale is not positive, or there are fewer than K keys with weight.
  /// - Complexity: O(n·d·log n); with bandwidths of the keys O(n²·d) more in several inputs.
  ///
  /// ## Source
  /// D. O. Loftsgaarden and C. P. Quesenberry (1965), doi:10.1214/aoms/1177700079; L. Breiman,
  /// W. Meisel and E. Purcell (1977), doi:10.1080/00401706.1977.10489521.
  public init(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    neighbors: NeighborBandwidths,
    scales: [Double]? = nil,
    combination: InputCombination = .product,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try Self.validate(keys: keys, values: values, observationWeights: observationWeights)
    let scales = try Self.validated(
      scales ?? BandwidthRange.widths(of: keys), continuous: keys.dimension, labels: [])
    let count = observationWeights?.count { $0 > 0 } ?? keys.count
    guard neighbors.count <= count else {
      throw KernelRegressionError(
        .tooFewKeys, "\(neighbors.count) neighbors are asked for of \(count) keys with weight")
    }
    let values = ScaledValues(values)
    try self.init(
      KernelSumProblem(
        keys: keys, columns: values.scaled, observationWeights: observationWeights,
        similarity: Similarity(kernel: kernel, bandwidths: scales, combination: combination)),
      values: values, emptyWindow: emptyWindow, plan: Plan(neighbors: neighbors),
      execution: execution)
  }
}
