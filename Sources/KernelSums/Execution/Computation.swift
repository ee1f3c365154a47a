/// How an estimator computes; nothing in it changes a result beyond its accuracy.
public struct Computation: Sendable {
  /// How sums are computed; results agree within the accuracy whatever is chosen.
  public var engine: EngineChoice

  /// The bound on an estimate's error where the engine approximates, relative to the ratio of Σωα|v| or
  /// 10⁻⁹ of the largest |v| if that is more.
  ///
  /// Nil stands for 1e-12 in one input and 1e-9 in several. At most 0.1.
  public var accuracy: Double?

  /// How many queries are expected, which decides which engine is the fastest; nil for as many as keys.
  ///
  /// An estimator that is asked for more than twice as many plans again, for that call.
  public var queryCount: Int?

  /// The number of threads, at least 1; nil stands for one for each processor.
  public var threads: Int? {
    get { execution.threads }
    set { execution.threads = newValue }
  }

  /// The instruction set of the innermost loops.
  public var instructions: InstructionSet {
    get { execution.instructions }
    set { execution.instructions = newValue }
  }

  /// Called now and then, from any thread, with the fraction of the work that is done.
  public var progress: (@Sendable (Double) -> Void)? {
    get { execution.progress }
    set { execution.progress = newValue }
  }

  /// Asked now and then, from any thread, whether the work is to be given up; nil for never.
  ///
  /// Where it answers true, an operation ends soon after by throwing the error `cancelled`, at the latest when
  /// it is done, and returns nothing. What it has made for later operations is whole: to give up changes none
  /// of their results. It is asked before each block of queries, but not while a plan is made of the keys,
  /// which is always finished, and should answer within microseconds. `Task.isCancelled` is of no use here,
  /// since other threads than the task's ask; ``perform(_:)`` gives up with its task.
  public var isCancelled: (@Sendable () -> Bool)? {
    get { execution.isCancelled }
    set { execution.isCancelled = newValue }
  }

  /// How the loops run.
  package var execution: Execution

  /// The fastest engine by estimate, all processors, their widest instructions, no progress reports, and no
  /// cancellation, unless the arguments say otherwise.
  public init(
    engine: EngineChoice = .automatic, accuracy: Double? = nil, queryCount: Int? = nil,
    threads: Int? = nil, instructions: InstructionSet = .best,
    progress: (@Sendable (Double) -> Void)? = nil, isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.init(
      Execution(
        threads: threads, instructions: instructions, progress: progress, isCancelled: isCancelled),
      engine: engine, accuracy: accuracy, queryCount: queryCount)
  }

  /// The same of an execution.
  package init(
    _ execution: Execution, engine: EngineChoice = .automatic, accuracy: Double? = nil,
    queryCount: Int? = nil
  ) {
    self.execution = execution
    self.engine = engine
    self.accuracy = accuracy
    self.queryCount = queryCount
  }

  /// The same without reports, for a part of the work.
  package var unreported: Computation {
    var computation = self
    computation.execution = execution.unreported
    return computation
  }
}
