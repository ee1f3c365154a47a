internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The direct engine's sums under the Gaussian in one input, over the sorted keys within reach.
///
/// Goals, in order of priority:
/// 1. Every sum within a few units in the last place of its terms; see below.
/// 2. If few keys are within reach, tens of nanoseconds per query.
///
/// Let d be the distance of the nearest key that counts, in bandwidths. Keys beyond √(d² + 2D) weigh
/// less than exp(−D) of it each, so n of them add up to
///
/// ```
/// n exp(−D) exp(−d²/2) = 2⁻⁷³ exp(−d²/2)   with   D = ln n + 73 ln 2
/// ```
///
/// That is 2⁻⁵³ of a sum that is at least 2⁻²⁰ times exp(−d²/2), for a column times its largest |c|: a
/// query with a smaller sum, for example where nearby values are 0, is left to a search that bounds
/// each sum separately (`NearbySearch`). Moments of the power a lose (2D)^(a/2) more, for which D is
/// larger.
///
/// Σw below `DirectEngine.anchoringThreshold` is recomputed relative to the weight of the nearest key,
/// with exponents that are products of differences and keep their digits.
struct NearbyGaussian: Sendable {
  let problem: KernelSumProblem
  let sorted: SortedKeys

  /// D.
  let depth: Double

  /// 2⁻²⁰ of a column's sum if the nearest key had its largest |c|.
  let leastSums: [Double]

  /// Nil for other kernels, several inputs, and higher degrees.
  init?(_ problem: KernelSumProblem, execution: Execution) {
    guard Self.serves(problem) else { return nil }
    self.problem = problem
    sorted = problem.orders.sortedKeys(of: problem, execution: execution)
    let plain = .log(Double(problem.keys.count)) + 73 * .log(2)
    let powers = Double(2 * problem.degree)
    depth = plain + powers / 2 * .log(2 * (plain + 10 * powers))
    leastSums = problem.orders.ranges(problem, execution: execution).magnitudes.map {
      0x1p-20 * $0
    }
  }

  static func serves(_ problem: KernelSumProblem) -> Bool {
    guard case .builtIn(.gaussian) = problem.similarity.kernel.form else { return false }
    return problem.keys.dimension == 1
      && problem.degree <= Int(NADARAYA_NEAR_DEGREE)
      && problem.keys.count > 0
  }

  /// Overwrites the sums of all queries of a range.
  ///
  /// - Returns: the queries whose sums are not certain; their indices among all.
  func sums(
    in range: Range<Int>, at queries: Points, omission: Omission, squares: Bool,
    execution: Execution, into results: UnsafeSums
  ) -> [Int] {
    let uncertain = MarkedSlots(count: results.count)
    sorted.sums(at: queries, in: range, omission: omission, execution: execution) {
      NearbyPass(
        self, squares: squares, results: results, uncertain: uncertain,
        instructions: execution.instructions)
    }
    return uncertain.slots.map { $0 + range.lowerBound }
  }

  /// Overwrites the sums of some queries, those of query i at place `i − first`.
  ///
  /// - Returns: the queries whose sums are not certain.
  func sums(
    ofQueries indices: [Int], at queries: Points, omission: Omission, squares: Bool,
    execution: Execution, into results: UnsafeSums, first: Int
  ) -> [Int] {
    let uncertain = MarkedSlots(count: results.count)
    let positions = omission == .own ? sorted.positions : nil
    indices.map { queries.coordinates[$0] }.withUnsafeBufferPointer { coordinates in
      execution.forEachOrderedQuery(coordinates, in: 0..<indices.count) {
        NearbyPass(
          self, squares: squares, results: results, uncertain: uncertain,
          instructions: execution.instructions)
      } body: { query, place, pass in
        let index = indices[place]
        pass.sum(
          query: query, own: positions.map { Int($0[index]) } ?? -1, into: index - first)
      }
    }
    return uncertain.slots.map { $0 + first }
  }
}
