public import KernelSums
public import SimilarityKernels

/// A kernel estimator whose rows can be added and removed.
///
/// At any time the predictions are those of a ``KernelSmoother`` fitted to the current rows:
///
/// ```swift
/// var speed = try StreamingRegression(Similarity(bandwidths: [30]), window: .span(3600))
/// for reading in readings {
///   try speed.add(key: [reading.seconds], values: [reading.metersPerSecond])
/// }
/// let now = try speed.predict([readings.last!.seconds])
/// ```
///
/// Rows can be removed one by one, oldest first, or automatically as a window moves on. Copies are
/// independent of each other.
///
/// ## Accuracy
/// No sum is kept from one change to the next, so nothing drifts: after any history a prediction differs
/// from that of a fresh fit only by the order in which terms are added, within 1e-13 of Σωα|v|/Σωα for
/// degree 0 and 1e-9 of the largest |v| in reach above it.
public struct StreamingRegression: Sendable {
  /// The rows that are removed automatically.
  @nonexhaustive public enum Window: Sendable, Equatable {
    /// None.
    case unlimited
    /// All rows except this many of the latest; at least 1.
    case rows(Int)
    /// Rows whose first input is more than this below the greatest one ever added; not negative.
    case span(Double)
  }

  /// Identifies a row until it is removed.
  public struct Handle: Hashable, Sendable {
    let name: MovingKeys.Name
  }

  /// A row with its weight for a query.
  public struct Entry: Sendable, Equatable {
    /// The row.
    public let row: Handle
    /// Its share of the query's attention.
    public let weight: Double
  }

  /// α: kernel, bandwidths and how inputs combine.
  public var similarity: Similarity { rows.similarity }

  /// p, the degree of the local polynomial.
  package let degree: Int

  /// The number of value columns.
  package let valueCount: Int

  /// The rows that are removed automatically.
  public let window: Window

  /// The prediction where no key supports a query.
  package let emptyWindow: EmptyWindowPolicy

  /// How the computation runs; engine and accuracy are ignored.
  public var computation: Computation

  /// How the loops run.
  package var execution: Execution {
    get { computation.execution }
    set { computation.execution = newValue }
  }

  /// The number of rows.
  public var count: Int { rows.count }

  var rows: MovingKeys
  /// Handles in the order in which rows were added, some of them of removed rows.
  var queue = AgeQueue()
  /// Handles by their first input, if the window is a span.
  var times = TimeHeap()
  var latest = -Double.infinity

  /// An estimator without rows.
  ///
  /// - Parameters:
  ///   - similarity: the kernel with one bandwidth for each input; labels are not supported.
  ///   - valueCount: the number of value columns, at least 1.
  ///   - degree: p, from 0 to 3.
  ///   - window: which rows are removed automatically.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - computation: threads, instruction set, cancellation.
  /// - Throws: ``KernelRegressionError`` if a bandwidth is not positive or the degree is not from 0 to 3.
  public init(
    _ similarity: Similarity, valueCount: Int = 1, degree: Int = 0, window: Window = .unlimited,
    emptyWindow: EmptyWindowPolicy = .notANumber, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    precondition(valueCount >= 1, "at least one value column is needed")
    switch window {
    case .unlimited: break
    case .rows(let count): precondition(count >= 1, "a window needs room for at least one row")
    case .span(let span): precondition(span >= 0, "a window cannot have a negative span")
    }
    guard (0...3).contains(degree) else {
      throw KernelRegressionError(.invalidDegree, "the degree \(degree) is not between 0 and 3")
    }
    guard similarity.labels.isEmpty else {
      throw KernelRegressionError(.unsuitableMethod, "streaming regression does not support labels")
    }
    guard !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(.dimensionMismatch, "at least one bandwidth is needed")
    }
    rows = MovingKeys(
      similarity: try similarity.resolved(inputs: similarity.bandwidths.count),
      columnCount: valueCount)
    self.degree = degree
    self.valueCount = valueCount
    self.window = window
    self.emptyWindow = emptyWindow
    self.computation = computation
  }

  /// Whether a row has not been removed.
  public func contains(_ handle: Handle) -> Bool { rows.contains(handle.name) }

  /// The number of handles held, including those of removed rows; for tests.
  package var heldHandleCount: Int { queue.heldCount + times.heldCount }

  /// Calls `body` with each violated invariant; for tests.
  package func checkInvariants(_ body: (String) -> Void) { rows.checkInvariants(body) }
}
