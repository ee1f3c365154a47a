package import SimilarityKernels

/// The engine for windows that contain few of the keys, in two or more inputs.
///
/// It supports every built-in kernel in any number of inputs, but no closures. Keys are kept in a tree;
/// a query opens the nodes at the edge of its window, skips those outside and adds those inside
///
/// * by their moments where the kernel is a polynomial there: boxcar, constant, Epanechnikov, biweight
///   and triweight, and in a product the triangular kernel, as long as there are at most 64 terms;
/// * key by key where it is not: radial triangular, tricube, cosine.
///
/// Kernels with infinite tails are summed over the keys that can matter, up to exp(−60) of the largest
/// weight.
///
/// Goals, in order of priority:
/// 1. The direct engine's results: the same loops decide which keys are inside, and moments are used
///    only where they cost no digits; see `NodeWindows.swift`.
/// 2. Work proportional to the window's edge. Queries in the same leaf walk the tree together, so that
///    a leaf's keys are still in the first-level cache for the next query.
/// 3. Results do not depend on threads nor, beyond the last bits, on which queries are processed
///    together.
///
/// Leave-one-out opens the nodes that contain the own key and leaves it out in its leaf: nothing is
/// subtracted. Σw² is summed key by key. A query whose Σw is below 1e-100 is recomputed with an anchor,
/// over the leaves that its window touches.
///
/// - Complexity: to plan, O(n·d·log n) time once for all problems made from each other, and O(n·F·(p +
///   1)·log n) for F moments; O(n·(d + p) + n·F·p/32) memory. For a query, O(log n) and O(d + p) for
///   each key near the edge of its window.
///
/// ## Accuracy
/// Σw within 1e-12 of itself and Σwc within 1e-12 of Σw·abs(c), at every query.
///
/// ## Source
/// A. G. Gray and A. W. Moore, ‘N-body’ problems in statistical learning, Advances in Neural
/// Information Processing Systems 13 (2000).
package struct TreeEngine: KernelSumEngine {
  /// The name in options and reports.
  package static var name: String { "tree" }

  private let problem: KernelSumProblem
  /// Made on first use, because sorted keys may be enough.
  private var tree: KeyTree { problem.orders.tree(problem, execution: planning) }
  private let planning: Execution
  private let moments: NodeMoments?

  /// The number of queries sorted together, using 32 MB of sums.
  package var runLength: Int { problem.orderedRunLength }

  /// An engine for a problem.
  ///
  /// - Parameters:
  ///   - problem: keys, columns and similarity.
  ///   - execution: how the tree and the moments are made.
  package init(_ problem: KernelSumProblem, execution: Execution = Execution()) {
    precondition(!problem.isCausal, CausalEngine.alone)
    self.problem = problem
    planning = execution.silent
    guard !NearbyGaussian.serves(problem) else {
      _ = problem.orders.sortedKeys(of: problem, execution: execution)
      moments = nil
      return
    }
    let tree = problem.orders.tree(problem, execution: execution)
    let weight = problem.degree == 0 ? PolynomialWeight(problem.similarity) : nil
    moments = weight.map {
      NodeMoments($0, of: tree, similarity: problem.similarity, execution: execution)
    }
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    omission.check(
      queries, in: range, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    return AnchoredSums(count: range.count, columnCount: problem.sumCount, execution: execution) {
      results in
      guard problem.degree == 0, moments != nil || problem.similarity.kernel.isCompact else {
        let rest =
          NearbyGaussian(problem, execution: execution)?.sums(
            in: range, at: queries, omission: omission, squares: squares, execution: execution,
            into: results) ?? Array(range)
        guard !rest.isEmpty else { return }
        return NearbyDirect(problem).sums(
          ofQueries: rest, at: queries, omission: omission, squares: squares,
          execution: execution, into: results, first: range.lowerBound)
      }
      let tree = tree
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        let ordered = tree.ordered(
          range, of: coordinates, omission: omission, first: range.lowerBound, execution: execution)
        let length = NodeWindows.capacity
        let groups = (ordered.count + length - 1) / length
        execution.forEachBlock(
          of: groups, atMost: 8,
          scratch: {
            TreeWalk(
              tree, moments: squares ? nil : moments, similarity: problem.similarity,
              instructions: execution.instructions)
          }
        ) { block, walk in
          for group in block {
            let end = min((group + 1) * length, ordered.count)
            walk.sums(of: ordered[group * length..<end], squares: squares, into: results)
          }
        }
      }
    }
  }
}
