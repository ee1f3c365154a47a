package import SimilarityKernels

/// A way to compute kernel sums.
///
/// Creating an engine is planning: it prepares everything that depends only on the keys and the
/// similarity. It then answers any number of queries. Engines do not know about regression, and
/// estimators do not know how sums are computed.
package protocol KernelSumEngine: Sendable {
  /// The name used in options and reports.
  static var name: String { get }

  /// The preferred number of queries in one call: enough for the engine to reorder them, few enough
  /// that their sums need little memory.
  var runLength: Int { get }

  /// The sums at each query of a range.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries to compute.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  ///   - squares: whether to compute Σw² as well.
  ///   - execution: threads, instruction set, progress, cancellation.
  /// - Returns: the sums of `range.count` queries, the first of the range first; not to be used if
  ///   `execution.isCancelled` has returned true.
  func sums(
    at queries: Points, in range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution
  ) -> AnchoredSums

  /// The sums of all keys at queries, given the sums of other keys.
  ///
  /// An engine that bounds its error relative to the sum may bound it relative to the total; others
  /// ignore the known sums.
  func sums(
    at queries: Points, in range: Range<Int>, squares: Bool, beside known: KnownSums,
    execution: Execution
  ) -> AnchoredSums
}

extension KernelSumEngine {
  /// 65,536.
  package var runLength: Int { 1 << 16 }

  package func sums(
    at queries: Points, in range: Range<Int>, squares: Bool, beside known: KnownSums,
    execution: Execution
  ) -> AnchoredSums {
    sums(at: queries, in: range, omission: .none, squares: squares, execution: execution)
  }

  /// The sums at all queries.
  package func sums(
    at queries: Points, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    sums(
      at: queries, in: queries.indices, omission: omission, squares: squares, execution: execution)
  }
}
