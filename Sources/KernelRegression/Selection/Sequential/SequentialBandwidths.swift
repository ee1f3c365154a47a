public import KernelSums
public import SimilarityKernels

// A bandwidth at each time, chosen from the data known then.
//
// 1. The past never changes. Everything that decides at time t is a sum over rows up to t: the criterion,
//    the bandwidths compared, the tolerance for ties. So the bandwidths are powers of 2^(1/8), and which
//    of them are compared at t depends only on the keys up to t.
// 2. Every term is a prediction from the past: the causal leave-one-out residual of row i is its
//    one-step-ahead residual, since no later row takes part in it.
// 3. Cost. One pass over all rows for each bandwidth, with residuals added in order of time: the choices
//    at all times take as many passes as one choice.
//
// Rounding must not decide either. Rows are sorted by time first, so that later rows come last in every
// sum, and small tables are summed pair by pair, so that later rows change no bit. In large tables later
// rows may change the last bits of residuals, which decide only between tied bandwidths; tied ones count
// as equal, and the widest is taken.

/// Bandwidths of a causal estimator in one input, each chosen from the rows up to its time.
///
/// ```
/// C(h, t) = Σ ωᵢ (vᵢ − ŷ₋ᵢ(kᵢ; h))²   over the rows with kᵢ ≤ t that have a prediction
/// h(t)    = argmin over 2^(j/8) of C(h, t),   g(t)/4 ≤ 2^(j/8) ≤ 8 r(t)
/// ```
///
/// ŷ₋ᵢ(kᵢ; h) is the estimate at row i from the rows that are not later, without row i itself; g(t) is
/// the median of the gaps between different keys up to t, to an eighth of a power of two, r(t) their
/// range. Rows that no other precedes have no prediction. A bandwidth that leaves any other row without
/// support is excluded from then on, unless the ``EmptyWindowPolicy`` predicts there. Among bandwidths
/// that differ only by rounding the widest is taken. With several value columns the criterion is the sum
/// over them, each divided by its sum of squares up to t.
///
/// Later rows never change an earlier choice, and so never an earlier estimate.
public struct SequentialBandwidths: Sendable {
  /// The times at which the choice changes, ascending; the first is the time of the first row.
  public let times: [Double]

  /// The choice from each of these times on.
  ///
  /// While all keys are the same no bandwidth distinguishes them, and the choice is as wide as doubles
  /// allow.
  public let bandwidths: [Double]

  /// The mean of squared one-step-ahead residuals of the last choice, NaN if there is no choice.
  ///
  /// With several value columns it is the sum over them of squared residuals divided by the sum of
  /// squared values.
  public let criterion: Double

  /// How many bandwidths were tried.
  package let evaluations: Int

  /// The place of the choice in force at a time; the first before all rows.
  ///
  /// - Complexity: O(log n).
  package func place(at time: Double) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return max(low - 1, 0)
  }
}

extension Bandwidths {
  /// The bandwidth at each time that minimises the squared error of one-step-ahead predictions up to
  /// then.
  ///
  /// - Parameters:
  ///   - sample: keys in one input, which is time, with their values.
  ///   - similarity: the kernel; its bandwidth is chosen.
  ///   - degree: p, from 0 to 3.
  ///   - emptyWindow: what is predicted where no key supports a row; under ``EmptyWindowPolicy/fail`` such a
  ///     bandwidth is excluded.
  ///   - computation: engine, accuracy, threads, progress and cancellation.
  /// - Throws: ``KernelRegressionError`` if there are fewer than two rows with weight or several inputs, or the
  ///   engine is unsuitable.
  /// - Complexity: a causal leave-one-out prediction of all rows for each of about 8 log₂(32 r/g)
  ///   bandwidths.
  ///
  /// ## Source
  /// A. P. Dawid, Present position and potential developments: some personal views: statistical theory, the
  /// prequential approach, Journal of the Royal Statistical Society A 147 (1984), doi:10.2307/2981683, for
  /// choice by one-step-ahead predictions.
  public static func selectSequentially(
    for sample: Sample, similarity: Similarity = Similarity(), degree: Int = 0,
    emptyWindow: EmptyWindowPolicy = .notANumber, computation: Computation = Computation()
  ) throws(KernelRegressionError) -> SequentialBandwidths {
    let execution = computation.execution
    try execution.checkCancellation()
    try sample.requireWeight()
    let series = try TimeSeries(sample)
    var search = SequentialSearch(
      series, kernel: similarity.kernel, predicts: emptyWindow.predicts)
    var quiet = computation.unreported
    quiet.queryCount = nil
    let policy = emptyWindow == .fail ? EmptyWindowPolicy.notANumber : emptyWindow
    let candidates = search.candidates
    var last: KernelSmoother?
    for (number, index) in candidates.enumerated() {
      try execution.checkCancellation()
      let bandwidth = SequentialSearch.bandwidth(index)
      let estimator =
        if let last {
          try last.withBandwidths([bandwidth])
        } else {
          try series.estimator(
            similarity, bandwidth: bandwidth, degree: degree, emptyWindow: policy,
            computation: quiet)
        }
      last = estimator
      let predictions = try estimator.predict(at: .leaveOneOut)
      search.add(
        index, estimates: predictions.estimates, unsupported: predictions.emptyWindows)
      execution.progress?(Double(number + 1) / Double(candidates.count))
    }
    return search.result
  }
}
