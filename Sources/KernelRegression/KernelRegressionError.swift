/// Why data cannot be fitted or a query cannot be answered.
public struct KernelRegressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of error.
  ///
  /// Later versions may add more.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// Its name.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// Lengths or numbers of inputs that do not agree.
    public static let dimensionMismatch = Code("dimensionMismatch")
    /// Text of sums that has changed since it was written.
    public static let damagedText = Code("damagedText")
    /// NaN or infinity among keys, values, observation weights or queries.
    public static let notFinite = Code("notFinite")
    /// An observation weight below 0, or all of them 0.
    public static let invalidWeight = Code("invalidWeight")
    /// A bandwidth that is not a positive number or, for a label, not in the range of its kernel.
    public static let invalidBandwidth = Code("invalidBandwidth")
    /// A label that is not a level number, or a query's level that no key has.
    public static let invalidLevel = Code("invalidLevel")
    /// An accuracy that is not above 0 and at most 0.1.
    public static let invalidAccuracy = Code("invalidAccuracy")
    /// A polynomial degree that is not from 0 to 3.
    public static let invalidDegree = Code("invalidDegree")
    /// A confidence level that is not a probability.
    public static let invalidProbability = Code("invalidProbability")
    /// The engine does not support the kernel or the number of inputs.
    public static let unsuitableEngine = Code("unsuitableEngine")
    /// There are no keys, or too few for the request.
    public static let tooFewKeys = Code("tooFewKeys")
    /// A score's scale or temperature, or an α of entmax, that is out of range.
    public static let invalidScore = Code("invalidScore")
    /// A query that no key supports, under ``EmptyWindowPolicy/fail``.
    public static let emptyWindow = Code("emptyWindow")
    /// No bandwidth on the grid supports every row.
    public static let noFeasibleBandwidth = Code("noFeasibleBandwidth")
    /// A method that cannot choose a bandwidth for this kernel, number of inputs or these weights.
    public static let unsuitableMethod = Code("unsuitableMethod")
    /// Work that ``/KernelSums/Computation/isCancelled`` stopped.
    public static let cancelled = Code("cancelled")
  }

  /// The kind of error.
  public let code: Code

  /// One sentence that contains the offending value and its place.
  public let description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
