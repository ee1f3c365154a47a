package import SimilarityKernels

/// The engine for causal problems: blocks of keys in time order, each with its own engine that sums all
/// of the block's keys.
///
/// ```
/// Σ over keys k₀ ≤ q₀ = Σ over the blocks before the query's leaf + Σ over the leaf's keys up to q₀
/// ```
///
/// Keys before a leaf are a union of at most log₂(n/256) blocks (see `CausalBlocks`), whose sums do not
/// depend on time. In the leaf itself, of at most 256 keys or of a single time, the direct engine's
/// loops weigh the keys up to the query's own time.
///
/// Goals, in order of priority:
/// 1. The requested accuracy, shared among the blocks' engines; see `CellTransform+Parts`. Sums are
///    added at the largest anchor, and nothing is subtracted; a query with two anchors that have lost
///    digits is recomputed; see `GroupSums`.
/// 2. Near-linear time for every kernel, dimension and degree: any engine for all keys also works for
///    blocks.
/// 3. Blocks too far away in time to matter are skipped: later blocks are added first, and an earlier
///    block is skipped if a bound on its terms is negligible.
///
/// - Complexity: O((n + m) log n) for kernels whose engines are linear; O(n·(d + p)·log n) memory.
///
/// ## Source
/// J. L. Bentley and J. B. Saxe, Decomposable searching problems I: static-to-dynamic transformation,
/// Journal of Algorithms 1 (1980), doi:10.1016/0196-6774(80)90015-2, for prefix sums as sums over
/// blocks.
package struct CausalEngine: KernelSumEngine {
  /// The name in options and reports.
  package static var name: String { "causal" }

  static var alone: String { "only the causal and the direct engine compute causal sums" }

  /// A clause that follows "because".
  let reason: String

  let problem: KernelSumProblem
  let blocks: CausalBlocks

  /// For each level, the engines of its blocks; nil if no key has weight.
  let engines: [[(any KernelSumEngine)?]]

  /// The engines of the large leaves, whose keys all have the same time.
  let wideLeaves: [Int: any KernelSumEngine]

  /// The number of queries sorted together, using 32 MB of sums.
  package var runLength: Int { problem.orderedRunLength }

  /// An engine for a causal problem without labels.
  ///
  /// - Parameters:
  ///   - problem: keys, columns and similarity.
  ///   - choice: which engine sums the blocks.
  ///   - queryCount: the expected number of queries; by default the number of keys.
  ///   - accuracy: see ``EngineChoice/engine(for:queryCount:accuracy:execution:)``.
  ///   - execution: how the plan is made.
  /// - Precondition: the problem is causal.
  /// - Throws: ``EngineError`` if the requested engine does not support the problem.
  package init(
    _ problem: KernelSumProblem, choice: EngineChoice = .automatic, queryCount: Int? = nil,
    accuracy: Double? = nil, execution: Execution = Execution()
  ) throws(EngineError) {
    precondition(
      problem.isCausal && problem.similarity.labels.isEmpty,
      "the causal engine needs a causal problem without labels")
    self.problem = problem
    let execution = execution.silent
    // The blocks share the accuracy, so each gets only a part of it; see `CellTransform+Parts`.
    let accuracy = EngineChoice.accuracy(accuracy, for: problem) * CellTransform.accuracyOfParts
    let blocks = problem.orders.blocksOfTime(problem, execution: execution)
    self.blocks = blocks
    let share = Double(queryCount ?? problem.keys.count) / Double(max(problem.keys.count, 1))
    var names: Set<String> = []
    func engines(
      of chosen: [CausalBlocks.Block]
    ) throws(EngineError) -> [(any KernelSumEngine)?] {
      // Many small plans are made in parallel, large ones one by one on all threads.
      let inner = chosen.count > 4 ? execution.alone : execution.silent
      let made = (chosen.count > 4 ? execution : execution.alone).map(chosen.count) { index in
        Result { () throws(EngineError) -> PlannedEngine? in
          let block = chosen[index]
          guard block.logSums[0] > -.infinity else { return nil }
          let count = block.problem.keys.count
          return try choice.engine(
            for: block.problem.weighed(by: problem.similarity).ofDegree(problem.degree),
            queryCount: Int((Double(count) * share).rounded(.up)), accuracy: accuracy,
            execution: inner)
        }
      }
      var engines: [(any KernelSumEngine)?] = []
      for result in made {
        let engine = try result.get()
        if let engine { names.insert(engine.name) }
        engines.append(engine?.engine)
      }
      return engines
    }
    var levels: [[(any KernelSumEngine)?]] = []
    for level in blocks.levels { levels.append(try engines(of: level)) }
    self.engines = levels
    let wide = blocks.leaves.indices.filter {
      blocks.leaves[$0].problem.keys.count > CausalBlocks.leafLength
    }
    let wideEngines = try engines(of: wide.map { blocks.leaves[$0] })
    wideLeaves = Dictionary(
      uniqueKeysWithValues: zip(wide, wideEngines).compactMap { leaf, engine in
        engine.map { (leaf, $0) }
      })
    reason =
      "earlier keys make blocks, summed by "
      + (names.isEmpty ? DirectEngine.name : names.sorted().joined(separator: " and "))
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
      var pass = CausalPass(
        self, queries: queries, range: range, omission: omission, squares: squares,
        execution: execution, results: results)
      pass.addLeaves()
      for level in engines.indices {
        pass.addBlocks(ofLevel: level)
        execution.progress?(Double(level + 1) / Double(engines.count))
      }
      pass.finish()
    }
  }
}
