/// How an estimator computes; no setting changes a result beyond its accuracy.
public struct Computation: Sendable {
  /// How sums are computed; results of all engines agree within the accuracy.
  public var engine: EngineChoice

  /// The bound on an estimate's error if the engine approximates, relative to the ratio of Σωα|v|, or
  /// to 10⁻⁹ of the largest |v| if that is more.
  ///
  /// Nil means 1e-12 in one input and 1e-9 in several. At most 0.1.
  public var accuracy: Double?

  /// The expected number of queries, which determines the fastest engine; nil for as many as keys.
  ///
  /// An estimator called with more than twice as many queries plans again for that call.
  public var queryCount: Int?

  /// How bandwidths are searched; estimators ignore it.
  public var search: SearchChoice

  /// The number of threads, at least 1; nil for one for each processor.
  public var threads: Int? {
    get { execution.threads }
    set { execution.threads = newValue }
  }

  /// The instruction set of the innermost loops.
  public var instructions: InstructionSet {
    get { execution.instructions }
    set { execution.instructions = newValue }
  }

  /// Called now and then, from any thread, with the fraction of the work done.
  public var progress: (@Sendable (Double) -> Void)? {
    get { execution.progress }
    set { execution.progress = newValue }
  }

  /// Called now and then, from any thread, to ask whether to cancel the work; nil for never.
  ///
  /// Once it returns true, an operation soon throws the error `cancelled`, at the latest when its work
  /// is done, and returns nothing. Anything it has prepared for later operations is complete:
  /// cancelling does not change their results. It is called before each block of queries, but not
  /// during planning, which is always finished, and should return within microseconds.
  /// `Task.isCancelled` does not work here, since threads other than the task's call it;
  /// ``perform(_:)`` cancels the work with its task.
  public var isCancelled: (@Sendable () -> Bool)? {
    get { execution.isCancelled }
    set { execution.isCancelled = newValue }
  }

  /// How the loops run.
  package var execution: Execution

  /// The fastest engine by estimate, searches that sample large tables, all processors, their widest
  /// instructions, no progress reports, and no cancellation, unless the arguments say otherwise.
  public init(
    engine: EngineChoice = .automatic, accuracy: Double? = nil, queryCount: Int? = nil,
    search: SearchChoice = .automatic, threads: Int? = nil, instructions: InstructionSet = .best,
    progress: (@Sendable (Double) -> Void)? = nil, isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.init(
      Execution(
        threads: threads, instructions: instructions, progress: progress, isCancelled: isCancelled),
      engine: engine, accuracy: accuracy, queryCount: queryCount, search: search)
  }

  /// A computation with an execution's settings.
  package init(
    _ execution: Execution, engine: EngineChoice = .automatic, accuracy: Double? = nil,
    queryCount: Int? = nil, search: SearchChoice = .automatic
  ) {
    self.execution = execution
    self.engine = engine
    self.accuracy = accuracy
    self.queryCount = queryCount
    self.search = search
  }

  /// A copy without progress reports, for a part of the work.
  package var unreported: Computation {
    var computation = self
    computation.execution = execution.unreported
    return computation
  }
}
