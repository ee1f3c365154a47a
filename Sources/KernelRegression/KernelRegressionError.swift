/// Why data cannot be fitted or a query cannot be answered.
public struct KernelRegressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of error.
  @nonexhaustive public enum Code: Sendable {
    /// Lengths or numbers of inputs that do not agree.
    case dimensionMismatch
    /// Text of sums that has changed since it was written.
    case damagedText
    /// NaN or infinity among keys, values, observation weights or queries.
    case notFinite
    /// An observation weight below 0, or all of them 0.
    case invalidWeight
    /// A bandwidth that is not a positive number or, for a label, not in the range of its kernel.
    case invalidBandwidth
    /// A label that is not a level number, or a query's level that no key has.
    case invalidLevel
    /// An accuracy that is not above 0 and at most 0.1.
    case invalidAccuracy
    /// A polynomial degree that is not from 0 to 3.
    case invalidDegree
    /// A confidence level that is not a probability.
    case invalidProbability
    /// The engine does not support the kernel or the number of inputs.
    case unsuitableEngine
    /// There are no keys, or too few for the request.
    case tooFewKeys
    /// A score's scale or temperature, or an α of entmax, that is out of range.
    case invalidScore
    /// A query that no key supports, under ``EmptyWindowPolicy/fail``.
    case emptyWindow
    /// No bandwidth on the grid supports every row.
    case noFeasibleBandwidth
    /// A method that cannot choose a bandwidth for this kernel, number of inputs or these weights.
    case unsuitableMethod
    /// Work that ``/KernelSums/Computation/isCancelled`` stopped.
    case cancelled
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
