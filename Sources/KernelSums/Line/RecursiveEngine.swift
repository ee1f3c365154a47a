internal import RealModule
package import SimilarityKernels
internal import _CKernelSums

/// The engine for one input and the laplacian kernel exp(−|u|), whose sums are carried from key to key.
///
/// Goals, in order of priority:
/// 1. Full relative accuracy at every query: every term is positive and nothing is subtracted.
/// 2. Time that does not depend on the bandwidth.
///
/// From one key to the next, the weights of all keys to the left decrease by the same factor, and those
/// of all keys to the right increase by it. So for each block of 32 sorted keys `CarriedSums` contain
/// the sums up to and including it, and from it on, each anchored at a nearby key. A query weighs the
/// keys of its own block one by one and adds the carried sums from both sides. The query's own key is
/// simply left out of its block.
///
/// - Complexity: O(n·(1 + p)) to plan, besides sorting, which is done once for problems that share
///   keys; O(log n + p) for each query.
///
/// ## Accuracy
/// Relative error of Σw, and of Σwc against Σw|c|, at most 1e-13 + 4·10⁻¹⁶·ln(1/Σw): the exponent
/// magnifies the rounding of u by as much. In the ratio of two sums the part with the logarithm
/// cancels.
///
/// ## Source
/// The sums are an exponential filter run forwards and backwards over uneven steps; anchoring them in
/// cells is ours.
package struct RecursiveEngine: KernelSumEngine {
  /// The name used in options and reports.
  package static var name: String { "recursion" }

  let similarity: Similarity
  let sorted: SortedKeys
  let blocks: KeyBlocks
  let carried: CarriedSums

  /// The number of queries sorted together, using 32 MB of sums.
  package let runLength: Int

  let observationWeights: [Double]?

  /// Whether the engine supports a problem: the laplacian in one input.
  package static func serves(_ problem: KernelSumProblem) -> Bool {
    guard problem.keys.dimension == 1, case .builtIn(.laplacian) = problem.similarity.kernel.form
    else { return false }
    return true
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
    precondition(Self.serves(problem), "the recursion needs the laplacian in one input")
    similarity = problem.similarity
    observationWeights = problem.observationWeights
    runLength = problem.orderedRunLength
    sorted = problem.orders.sortedKeys(of: problem, execution: execution)
    blocks = KeyBlocks(
      sorted, bandwidth: similarity.bandwidths[0], blockLength: Int(NADARAYA_CHUNK))
    carried = CarriedSums(blocks, execution: execution)
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  ///
  /// - Complexity: O(log n + p) for each query of the range, on all threads.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    sorted.sums(
      at: queries, in: range, sumCount: sorted.columnCount, omission: omission, execution: execution
    ) {
      CarriedPass(
        self, squares: squares, results: $0, instructions: execution.instructions)
    }
  }
}
