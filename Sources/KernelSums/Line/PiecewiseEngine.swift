package import SimilarityKernels
internal import _CKernelSums

/// The engine for one input and piecewise polynomial kernels: boxcar, triangular, epanechnikov,
/// biweight, triweight, tricube, and constant.
///
/// Goals, in order of priority:
/// 1. Twelve digits at every query, for any bandwidth and any keys.
/// 2. Time that does not depend on the bandwidth: a window of a million keys costs the same as one of a
///    hundred.
/// 3. Little more time than sorting the keys takes.
///
/// Keys are sorted once for all bandwidths and cut into blocks of 32 or 64. A query's window (q − h,
/// q + h) is a run of blocks that lie wholly inside, and the blocks at either end, whose keys are
/// weighed one by one with the direct engine's arithmetic; the exact doubles decide membership. For
/// kernels with a kink at 0 the keys of the query's block are weighed in the same way. The run between
/// is read from `CellMoments`: three to eight polynomials, whatever the number of keys.
///
/// ## Cancellation
/// Moments about an anchor give P(x − t) as a sum of terms that can be larger than P: near a window's
/// edge P vanishes and its terms do not. So every query has a certificate: the terms' magnitude,
/// bounded by Σω|c| of the pieces times the polynomial's magnitude with all signs positive, times the
/// roundings that can add up (`WindowPass.roundings`), compared with Σw and Σw|c|. If values have both
/// signs, Σw|c| is summed too. A query whose certificate fails is summed from its window's keys. That
/// happens if nine tenths or more of a window's keys crowd at its edges, for example if only the rim of
/// a window touches a dense cluster, or if a few huge values are there. It hardly ever happens if the
/// density changes little over a bandwidth.
///
/// ## Moments about queries
/// For local polynomials the moments of the pieces, of powers that are 2p higher, are shifted to the
/// query and added before the kernel's coefficients multiply them; see `WindowMoments`.
///
/// Leaving out the query's own key is exact if its block is visited; otherwise it is subtracted, and
/// the same certificate decides whether enough digits are left.
///
/// - Complexity: O(n·(1 + p)) to plan, besides sorting, which is done once for problems that share
///   keys; O(log n + p) for each query.
///
/// ## Accuracy
/// Relative error of Σw at most 1e-12, of Σwc at most 1e-12·Σw|c|, of Σw² at most 1e-11.
///
/// A moment about a query of the power a ≥ 1 errs by at most 1e-11·Σw|c|.
///
/// ## Source
/// J. Fan and J. S. Marron, Fast implementations of nonparametric curve estimators, Journal of
/// Computational and Graphical Statistics 3 (1994), doi:10.1080/10618600.1994.10474629, for running
/// sums of powers; anchoring them in cells and certifying them is ours.
package struct PiecewiseEngine: KernelSumEngine {
  /// The name used in options and reports.
  package static var name: String { "piecewise" }

  let problem: KernelSumProblem
  let similarity: Similarity
  let kernel: Kernel.BuiltIn
  let sorted: SortedKeys
  let blocks: KeyBlocks
  let moments: CellMoments
  let squares: SquaredMoments

  /// The number of queries sorted together, using 32 MB of sums.
  package let runLength: Int

  let observationWeights: [Double]?

  /// For each column the index of the sum that contains Σw|c|, 0 being the sum of weights.
  let magnitudeSums: [Int]

  /// The highest degree of local polynomials.
  private static var highestDegree: Int { Int(NADARAYA_NEAR_DEGREE) }

  /// Whether the engine supports a problem: one input, one of its kernels, up to degree 3.
  package static func serves(_ problem: KernelSumProblem) -> Bool {
    guard problem.keys.dimension == 1, case .builtIn(let kernel) = problem.similarity.kernel.form
    else { return false }
    // Without a finite support, u and its powers have no scale.
    guard problem.degree == 0 || problem.degree <= highestDegree && kernel != .constant else {
      return false
    }
    return KernelPolynomial(kernel) != nil
  }

  /// An engine for a problem.
  ///
  /// - Precondition: ``serves(_:)`` is true for the problem.
  /// - Parameters:
  ///   - problem: keys, columns and similarity.
  ///   - execution: how the plan is made.
  /// - Complexity: O(n·(1 + p)) on all threads.
  package init(_ problem: KernelSumProblem, execution: Execution = Execution()) {
    precondition(!problem.isCausal, CausalEngine.alone)
    guard problem.keys.dimension == 1, case .builtIn(let kernel) = problem.similarity.kernel.form,
      let polynomial = KernelPolynomial(kernel)
    else { preconditionFailure("the kernel is not a polynomial in one input") }
    self.kernel = kernel
    self.problem = problem
    similarity = problem.similarity
    observationWeights = problem.observationWeights
    runLength = problem.orderedRunLength
    sorted = problem.orders.sortedKeys(of: problem, execution: execution)
    let mixed = sorted.isMixed.indices.filter { [isMixed = sorted.isMixed] in isMixed[$0] }
    magnitudeSums = sorted.isMixed.indices.map { [count = sorted.columnCount] column in
      1 + (mixed.firstIndex(of: column).map { count + $0 } ?? column)
    }
    blocks = KeyBlocks(
      sorted, bandwidth: similarity.bandwidths[0],
      blockLength: polynomial.degree > 4 ? SortedKeys.longestBlock : Int(NADARAYA_CHUNK),
      absoluteColumns: mixed)
    moments = CellMoments(
      blocks, polynomial: polynomial, squares: false, powers: 2 * problem.degree,
      isBounded: kernel != .constant,
      execution: execution)
    squares = SquaredMoments(moments, isBounded: kernel != .constant)
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  ///
  /// - Complexity: O(log n + p) for each query of the range, on all threads.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    let squaredMoments = squares ? self.squares.moments(execution: execution) : nil
    let uncertain = MarkedSlots(count: range.count)
    return AnchoredSums(count: range.count, columnCount: problem.sumCount, execution: execution) {
      results in
      sorted.sums(at: queries, in: range, omission: omission, execution: execution) {
        WindowPass(
          self, squaredMoments: squaredMoments, results: results, uncertain: uncertain,
          instructions: execution.instructions)
      }
      NearbyDirect(problem).sums(
        ofQueries: uncertain.slots.map { $0 + range.lowerBound }, at: queries, omission: omission,
        squares: squares, execution: execution, into: results, first: range.lowerBound)
    }
  }
}

/// The moments for Σw², made on first use.
final class SquaredMoments: Sendable {
  private let plain: CellMoments
  private let isBounded: Bool
  private let made = Once<CellMoments>()

  init(_ plain: CellMoments, isBounded: Bool) {
    self.plain = plain
    self.isBounded = isBounded
  }

  func moments(execution: Execution) -> CellMoments {
    made.value {
      CellMoments(
        plain.blocks, polynomial: plain.polynomial.squared, squares: true, isBounded: isBounded,
        execution: execution.silent)
    }
  }
}
