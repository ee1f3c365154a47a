internal import SimilarityKernels

/// Which engine computes the sums.
@nonexhaustive public enum EngineChoice: String, Sendable, CaseIterable {
  /// The engine with the lowest estimated cost among those that support the problem.
  case automatic = "auto"
  /// Every pair of query and key: any kernel in any number of inputs.
  case direct
  /// Moments of sorted keys: piecewise polynomial kernels in one input.
  case piecewise
  /// Running sums over sorted keys: the Laplacian in one input.
  case recursion
  /// Polynomial expansions between cells: the Gaussian, and products of logistic and Cauchy kernels, in
  /// one to three inputs. Where a Gaussian in two or three inputs reaches few keys, the pairs in nearby
  /// cells are summed one by one.
  case cells
  /// A tree of keys: any built-in kernel in any number of inputs.
  case tree

  /// The engine for a problem.
  ///
  /// Costs are estimated from the number of keys and queries, the range of the keys in bandwidths and
  /// the time of each step under the instruction set in use; see `CostModel`. They need to be right
  /// only within a small factor, since costs can differ by powers of ten.
  ///
  /// - Parameters:
  ///   - problem: keys, columns and similarity.
  ///   - queryCount: the expected number of queries; by default the number of keys.
  ///   - accuracy: the error bound of ``CellTransform``; by default 1e-12 in one input, 1e-9 in
  ///     several. The other engines are as accurate as doubles allow.
  ///   - execution: how the plan is made.
  /// - Throws: ``EngineError`` if the requested engine does not support the problem.
  /// - Complexity: that of making the engine's plan.
  package func engine(
    for problem: KernelSumProblem, queryCount: Int? = nil, accuracy: Double? = nil,
    execution: Execution = Execution()
  ) throws(EngineError) -> PlannedEngine {
    // A plan is always finished, even after cancellation.
    let execution = execution.silent
    guard problem.similarity.labels.isEmpty else {
      let engine = try GroupedEngine(
        problem, choice: self, queryCount: queryCount, accuracy: accuracy, execution: execution)
      return PlannedEngine(engine: engine, name: GroupedEngine.name, reason: engine.reason)
    }
    guard !problem.isCausal else {
      return try causalEngine(
        for: problem, queryCount: queryCount, accuracy: accuracy, execution: execution)
    }
    guard self != .direct else {
      return PlannedEngine(
        engine: DirectEngine(problem), name: rawValue, reason: "it was asked for")
    }
    let candidates = EngineCandidate.all(
      for: problem, queryCount: queryCount ?? problem.keys.count,
      accuracy: Self.accuracy(accuracy, for: problem),
      smallestPlan: self == .automatic ? Self.smallestPlan : 0, execution: execution)
    guard self == .automatic else {
      guard
        let candidate =
          candidates.filter({ $0.choice == self }).min(by: { $0.seconds < $1.seconds })
      else {
        throw EngineError(choice: self, problem: problem)
      }
      return PlannedEngine(
        engine: candidate.make(), name: rawValue, reason: "it was asked for")
    }
    let ranked = candidates.sorted { $0.seconds < $1.seconds }
    let reason = ranked.first { $0.choice != ranked[0].choice }.map {
      "an estimated \(ranked[0].time) is less than the \($0.time) of \($0.choice.rawValue)"
    }
    return PlannedEngine(
      engine: ranked[0].make(), name: ranked[0].choice.rawValue,
      reason: reason
        ?? (problem.keys.count < Self.smallestPlan
          ? "so few keys need no plan"
          : "no other engine supports this kernel in this number of inputs"))
  }

  /// Blocks of time, or all pairs if there are few.
  private func causalEngine(
    for problem: KernelSumProblem, queryCount: Int?, accuracy: Double?, execution: Execution
  ) throws(EngineError) -> PlannedEngine {
    let (keys, queries) = (problem.keys.count, queryCount ?? problem.keys.count)
    // Blocks cost about 300 ns for each key and each query, a pair 1 ns.
    let isSmall = keys * queries < 300 * (keys + queries)
    guard self != .direct, !(self == .automatic && isSmall) else {
      return PlannedEngine(
        engine: DirectEngine(problem), name: DirectEngine.name,
        reason: self == .direct ? "it was asked for" : "so few pairs need no blocks of time")
    }
    let engine = try CausalEngine(
      problem, choice: self, queryCount: queryCount, accuracy: accuracy, execution: execution)
    return PlannedEngine(engine: engine, name: CausalEngine.name, reason: engine.reason)
  }

  /// With fewer keys than this, even considering cells and trees takes longer than summing all pairs.
  private static var smallestPlan: Int { 65 }

  /// The requested accuracy, or the default.
  static func accuracy(_ accuracy: Double?, for problem: KernelSumProblem) -> Double {
    accuracy ?? (problem.keys.dimension == 1 ? 1e-12 : 1e-9)
  }
}

/// The engine in use, by name.
public struct ChosenEngine: Sendable, Hashable {
  /// The name used in options and reports.
  public let name: String
  /// Why it is used: a clause that follows "because".
  public let reason: String

  package init(name: String, reason: String) {
    self.name = name
    self.reason = reason
  }
}

/// An engine, ready for queries, and why it was chosen.
package struct PlannedEngine: Sendable {
  package let engine: any KernelSumEngine
  package let name: String
  package let reason: String

  /// The engine's name and reason, for reports.
  package var choice: ChosenEngine { ChosenEngine(name: name, reason: reason) }
}

/// Why an engine does not support a problem.
package struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence that names the engine, the kernel and the number of inputs.
  package let description: String

  init(choice: EngineChoice, problem: KernelSumProblem) {
    let serves =
      switch choice {
      case .automatic, .direct: "every kernel"
      case .piecewise:
        "boxcar, constant, triangular, Epanechnikov, biweight, triweight and tricube in one input"
      case .recursion: "Laplacian in one input"
      case .cells:
        "Gaussian, and products of logistic or Cauchy, in one to three inputs, unless the "
          + "range or the accuracy needs too many cells"
      case .tree: "the built-in kernels"
      }
    let inputs = problem.keys.dimension
    description =
      "the \(choice.rawValue) engine does not support the \(problem.similarity.kernel.nameInProse) kernel with "
      + "\(inputs) \(inputs == 1 ? "input" : "inputs") here; it supports \(serves)"
  }
}
