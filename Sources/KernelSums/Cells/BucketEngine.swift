internal import RealModule
package import SimilarityKernels
internal import _CKernelSums

/// The engine that sums the pairs of queries and keys in cells that are close to each other: for the
/// Gaussian in two or three inputs, where few keys are in reach of a query.
///
/// Goals, in order of priority:
/// 1. A bound on the error of every sum, checked at every query. Where it fails, far from the keys, the
///    direct engine sums the keys that matter to the query.
/// 2. Some tenths of a nanosecond for a pair, and few pairs that do not matter.
/// 3. A plan that takes tens of nanoseconds for a key, since searches make one for each bandwidth.
///
/// Keys and queries are sorted by cells, which are strips along the last input, cut finely. Up to eight
/// neighbouring queries of a strip look at the same keys: in each strip that is near enough, those of a
/// run of its cells.
///
/// With A = Σω, keys beyond the reach R, in bandwidths, change a sum at a query by at most
///
/// ```
/// A exp(−R²/2) Rᵃ max|c|
/// ```
///
/// for a moment of the order a, since uᵃ exp(−u²/2) decreases beyond √2. A sum is certain where that is
/// at most half of the accuracy times the largest of itself, Σw|c| and 10⁻⁹ Σw max|c|, as in
/// `CellTable+Certificates`; for moments of the weights alone Σw takes the place of Σw|c|. Queries that
/// are not certain look farther once. A key that is left out is never added, so nothing cancels.
///
/// - Complexity: O(n + m + c) time besides the pairs; O(n·(d + p) + c) memory for c cells, at most 4n.
///
/// ## Source
/// J. L. Bentley, D. F. Stanat and E. H. Williams Jr., The complexity of finding fixed-radius near
/// neighbors, Information Processing Letters 6 (1977), doi:10.1016/0020-0190(77)90070-9, for keys in cells; the
/// strips, the bound and the recourse are ours.
package struct BucketEngine: KernelSumEngine {
  /// The name in options and reports.
  package static var name: String { "cells" }

  let problem: KernelSumProblem
  let plan: BucketPlan
  private let keys: KeyBuckets
  private let totalWeight: Double
  private let magnitudes: [Double]

  /// Most of the rows if possible, since queries are sorted.
  package var runLength: Int { max(problem.orderedRunLength, 1 << 19) }

  /// An engine for a problem; nil if it does not serve it.
  ///
  /// - Complexity: O(n·(d + p) + c).
  package init?(
    _ problem: KernelSumProblem, accuracy: Double, execution: Execution = Execution()
  ) {
    guard
      let plan = BucketPlan(
        problem, queryCount: problem.keys.count, accuracy: accuracy, execution: execution)
    else { return nil }
    self.init(problem, plan: plan, execution: execution)
  }

  init(_ problem: KernelSumProblem, plan: BucketPlan, execution: Execution) {
    precondition(!problem.isCausal, CausalEngine.alone)
    self.problem = problem
    self.plan = plan
    keys = KeyBuckets(problem, grid: plan.grid, execution: execution.silent)
    totalWeight =
      problem.orders.weights(problem).weights?.reduce(0, +) ?? Double(problem.keys.count)
    magnitudes = problem.orders.ranges(problem, execution: execution).magnitudes
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  ///
  /// - Complexity: O(d + p) for each key near a query, on all threads, and a direct sum for each query
  ///   that is not certain.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution
  ) -> AnchoredSums {
    omission.check(
      queries, in: range, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    return AnchoredSums(count: range.count, columnCount: problem.sumCount, execution: execution) {
      results in
      results.logAnchors.update(
        repeating: problem.orders.weights(problem).logScale, count: range.count)
      if !squares { results.squaredWeights.update(repeating: .nan, count: range.count) }
      let own = omission == .own ? placesOfKeys() : nil
      let order = BucketOrder(queries, range: range, grid: plan.grid, execution: execution.silent)
      let groups = groups(of: order)
      let uncertain = MarkedSlots(count: range.count)
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        keys.withBuckets(bandwidths: problem.similarity.bandwidths, degree: problem.degree) {
          buckets in
          nonisolated(unsafe) let buckets = buckets
          execution.forEachBlock(
            of: groups.count, atMost: 16,
            scratch: {
              BucketPass(
                problem, plan, keys, buckets, totalWeight: totalWeight,
                magnitudes: magnitudes, squares: squares,
                loop: execution.instructions.loops.buckets.sums)
            }
          ) { block, pass in
            order.points.withUnsafeBufferPointer { points in
              for group in groups[block] {
                pass.sum(
                  UnsafeBufferPointer(rebasing: points[group]),
                  coordinates, own: own, into: results, first: range.lowerBound,
                  uncertain: uncertain)
              }
            }
          }
        }
      }
      let slots = uncertain.slots
      guard !slots.isEmpty else { return }
      NearbyDirect(problem).sums(
        ofQueries: slots.map { range.lowerBound + $0 }, at: queries, omission: omission,
        squares: squares, execution: execution, into: results, first: range.lowerBound)
    }
  }

  /// The place of each key in the order of the cells.
  private func placesOfKeys() -> [Int32] {
    var places = [Int32](repeating: 0, count: keys.order.count)
    for (place, key) in keys.order.enumerated() { places[Int(key)] = Int32(place) }
    return places
  }

  /// Queries of one strip, up to eight with hardly more cells between them than one strip is wide.
  private func groups(of order: BucketOrder) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    let length = Int32(plan.grid.axes[plan.grid.axes.count - 1].count)
    var first = 0
    for place in order.cells.indices {
      let (start, cell) = (order.cells[first], order.cells[place])
      if place - first == BucketPlan.together || cell - start > 8
        || cell / length != start / length
      {
        groups.append(first..<place)
        first = place
      }
    }
    if first < order.cells.count { groups.append(first..<order.cells.count) }
    return groups
  }
}
