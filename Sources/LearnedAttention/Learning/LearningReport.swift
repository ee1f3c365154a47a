/// How learning went, and whether it helped.
///
/// Losses and errors are in variances of the values, added up over the value columns: Σ ω Σ (v − v̂)²/var
/// over Σω. With a single column 1 is what the mean of the values achieves.
public struct LearningReport: Sendable {
  /// Why learning ended.
  @nonexhaustive public enum StopReason: String, Sendable {
    /// The loss fell no further.
    case converged
    /// The descent came to the largest number of iterations.
    case iterationLimit
    /// The error of the stopping rows fell no further.
    case stoppingRows
    /// The progress said so.
    case interrupted
    /// No value changes, or no input does.
    case nothingToLearn
  }

  /// The requested form.
  public let form: LearnedSimilarity.Form

  /// The seed of the rows held out and of random starts.
  package let seed: UInt64

  /// The number of training rows; rows of weight 0 are in none of the three.
  package let trainingCount: Int

  /// The number of rows that decided when to stop.
  package let stoppingCount: Int

  /// The number of rows that only this report uses.
  package let testCount: Int

  /// The variance of each value column over the training rows; 0 for a constant column.
  package let valueVariances: [Double]

  /// The best single bandwidth of the standardised inputs, by leave-one-out over the training rows: what
  /// would have been used without learning.
  public let unlearnedBandwidth: Double

  /// The leave-one-out loss of the training rows under that bandwidth.
  public let initialLoss: Double

  /// The loss of the same rows under the learned similarity.
  public let finalLoss: Double

  /// The loss of the training rows by iteration of the descent that won, that of its start first.
  public let losses: [Double]

  /// The errors of the stopping rows beside ``losses``; empty where no rows are held out.
  package let stoppingErrors: [Double]

  /// The error of the test rows, predicted from the training rows by what was learned on those, the mean
  /// over all splits; nil where no rows are held out.
  public let heldOutError: Double?

  /// The error of the same rows under the best single bandwidth.
  public let unlearnedHeldOutError: Double?

  /// The standard error of the difference of the two, from the differences row by row.
  public let heldOutDifferenceError: Double?

  /// The error of the test rows of each split.
  ///
  /// It is that of what was learned on its training rows, or of one bandwidth where that was kept. How much
  /// they differ tells how little one split says.
  package let splitErrors: [Double]

  /// Why learning ended.
  public let stopReason: StopReason

  /// Iterations of all descents.
  public let iterations: Int

  /// How often the loss was computed with its gradient.
  public let evaluations: Int

  /// How long it took.
  public let seconds: Double

  /// Whether a learned similarity is better on rows that it has not seen than one bandwidth; where none
  /// are held out, on the rows it learned from, without themselves.
  public let learningHelped: Bool

  /// The same in a plain sentence.
  public let conclusion: String
}
