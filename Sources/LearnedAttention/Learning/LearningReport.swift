/// How learning went, and whether it helped.
///
/// Losses and errors are in variances of the values, summed over the value columns: Σ ω Σ (v − v̂)²/var
/// over Σω. With a single column, predicting the mean of the values gives 1.
public struct LearningReport: Sendable {
  /// Why learning ended.
  @nonexhaustive public enum StopReason: String, Sendable {
    /// The loss stopped falling.
    case converged
    /// The descent reached the largest number of iterations.
    case iterationLimit
    /// The error of the stopping rows stopped falling.
    case stoppingRows
    /// The progress callback ended it.
    case interrupted
    /// No value varies, or no input does.
    case nothingToLearn
  }

  /// The requested form.
  public let form: LearnedSimilarity.Form

  /// The seed of the held-out rows and of random starts.
  package let seed: UInt64

  /// The number of training rows; this and the next two exclude rows of weight 0.
  package let trainingCount: Int

  /// The number of rows that decided when to stop.
  package let stoppingCount: Int

  /// The number of rows that only this report uses.
  package let testCount: Int

  /// The variance of each value column over the training rows; 0 for a constant column.
  package let valueVariances: [Double]

  /// The best single bandwidth of the standardised inputs, by leave-one-out over the training rows: the
  /// choice without learning.
  public let unlearnedBandwidth: Double

  /// The leave-one-out loss of the training rows under that bandwidth.
  public let initialLoss: Double

  /// The loss of the same rows under the learned similarity.
  public let finalLoss: Double

  /// The loss of the training rows at each iteration of the best descent, starting with its start.
  public let losses: [Double]

  /// The errors of the stopping rows at the same iterations as ``losses``; empty if no rows are held out.
  package let stoppingErrors: [Double]

  /// The error of the test rows, predicted from the training rows with the similarity learned on those,
  /// averaged over all splits; nil if no rows are held out.
  public let heldOutError: Double?

  /// The error of the same rows under the best single bandwidth.
  public let unlearnedHeldOutError: Double?

  /// The standard error of the difference of the two, from the differences row by row.
  public let heldOutDifferenceError: Double?

  /// The error of the test rows of each split.
  ///
  /// It uses the similarity learned on the split's training rows, or one bandwidth if that was kept. The
  /// spread of these errors shows how little one split says.
  package let splitErrors: [Double]

  /// Why learning ended.
  public let stopReason: StopReason

  /// Iterations of all descents.
  public let iterations: Int

  /// How often the loss was computed with its gradient.
  public let evaluations: Int

  /// The duration in seconds.
  public let seconds: Double

  /// Whether the learned similarity is better than one bandwidth on rows it has not seen; if none are
  /// held out, by leave-one-out on the rows it learned from.
  public let learningHelped: Bool

  /// The same in a plain sentence.
  public let conclusion: String
}
