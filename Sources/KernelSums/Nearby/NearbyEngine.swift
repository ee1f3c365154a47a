package import SimilarityKernels

/// The sums of only the keys that can matter to each query: for few queries of many keys under a narrow
/// window, where any plan over all keys would take longer.
///
/// - Complexity: that of `NearbyDirect`: O(log n) for a query and O(d + p) for each key in its reach.
package struct NearbyEngine: KernelSumEngine {
  /// The name in reports.
  package static var name: String { "nearby" }

  private let nearby: NearbyDirect

  /// - Complexity: O(1); the first sums sort the keys, once for all problems made from each other.
  package init(_ problem: KernelSumProblem) { nearby = NearbyDirect(problem) }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution
  ) -> AnchoredSums {
    let problem = nearby.problem
    omission.check(
      queries, in: range, dimension: problem.similarity.inputCount, keyCount: problem.keys.count)
    return AnchoredSums(count: range.count, columnCount: problem.sumCount, execution: execution) {
      results in
      nearby.sums(
        ofQueries: Array(range), at: queries, omission: omission, squares: squares,
        execution: execution, into: results, first: range.lowerBound)
    }
  }
}
