package import SimilarityKernels

/// A way to compute kernel sums.
///
/// To make an engine is to plan: whatever depends on keys and similarity alone is prepared then.
/// It answers any number of queries afterwards. It knows nothing of regression, and estimators
/// know nothing of how sums come about.
package protocol KernelSumEngine: Sendable {
  /// The name that options and reports use.
  static var name: String { get }

  /// The preferred number of queries in one call: enough for the engine to bring them into an order
  /// of its own, few enough for their sums to need little memory.
  var runLength: Int { get }

  /// The sums at each query of a range.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries that are asked about.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in their order.
  ///   - squares: whether Σw² is wanted as well.
  ///   - execution: threads, instruction set, progress, cancellation.
  /// - Returns: the sums of `range.count` queries, the first of the range first; nothing to be used where
  ///   `execution.isCancelled` has answered true.
  func sums(
    at queries: Points, in range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution
  ) -> AnchoredSums

  /// The sums of all keys at queries, where those of other keys are known already.
  ///
  /// An engine that bounds errors beside the sum may bound them beside the whole; others answer as ever.
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
