public import KernelSums

/// How a similarity is learned.
public struct LearningOptions: Sendable {
  /// What is learned.
  public var form: LearnedSimilarity.Form

  /// The share of rows that are not used for training, below 1.
  ///
  /// One half of them decides when to stop, and the other half is used only for the report. With 0 all rows
  /// train, and nothing stops early.
  public var heldOutShare: Double

  /// λ in the penalty λ ‖θ − θ₀‖²/‖θ₀‖² that is added to the loss; not below 0.
  ///
  /// λ is the loss reduction that moving the learned numbers θ from θ₀ by ‖θ₀‖ requires. θ₀ is the best
  /// single bandwidth, or the start of metrics of lower rank and of projections, which contain no bandwidth.
  public var weightDecay: Double

  /// The number of random starts to try besides the one from the simpler form.
  public var restarts: Int

  /// The seed that determines the held-out rows and every random start.
  public var seed: UInt64

  /// The largest number of iterations of a descent, at least 1.
  public var iterationLimit: Int

  /// Threads, instruction set and cancellation; its progress is not called.
  public var computation = Computation()

  /// How the loops run.
  package var execution: Execution { computation.execution }

  /// Called after each iteration, from the thread that learns; false ends it with the best so far.
  public var progress: (@Sendable (LearningProgress) -> Bool)?

  /// Creates options, with defaults that suit most tables.
  ///
  /// - Precondition: numbers are in the ranges documented at the properties.
  public init(
    form: LearnedSimilarity.Form, heldOutShare: Double = 0.2, weightDecay: Double = 1e-3,
    restarts: Int = 2, seed: UInt64 = 0, iterationLimit: Int = 500,
    progress: (@Sendable (LearningProgress) -> Bool)? = nil
  ) {
    precondition(
      heldOutShare >= 0 && heldOutShare < 1, "the held-out share must be at least 0 and below 1")
    precondition(
      weightDecay >= 0 && weightDecay.isFinite,
      "the weight decay must be a finite number of at least 0")
    precondition(restarts >= 0, "the number of restarts must not be negative")
    precondition(iterationLimit >= 1, "a descent needs at least one iteration")
    self.form = form
    self.heldOutShare = heldOutShare
    self.weightDecay = weightDecay
    self.restarts = restarts
    self.seed = seed
    self.iterationLimit = iterationLimit
    self.progress = progress
  }
}

/// The progress of learning after an iteration.
public struct LearningProgress: Sendable {
  /// The number of iterations so far, of all descents.
  public let iteration: Int

  /// How often the loss has been computed with its gradient.
  public let evaluations: Int

  /// The form that the current descent learns; simpler forms come first.
  public let form: LearnedSimilarity.Form

  /// The leave-one-out loss of the training rows, in variances of the values; with minibatches, that of
  /// the last batches.
  public let trainingLoss: Double

  /// The error of the stopping rows, in variances of the values; nil where no rows are held out.
  public let stoppingError: Double?
}
