/// Which engine computes the sums: the one place that picks among them.
public enum EngineChoice: String, Sendable, CaseIterable {
  /// The engine with the lowest estimated cost among those that can serve.
  case automatic = "auto"
  /// Every pair of query and key; see ``DirectEngine``.
  case direct

  /// The engine for a problem, with the reason for the choice.
  public func engine(for problem: KernelSumProblem) -> (engine: DirectEngine, reason: String) {
    let engine = DirectEngine(problem)
    switch self {
    case .automatic: return (engine, "it serves every kernel in any number of inputs")
    case .direct: return (engine, "it was asked for")
    }
  }
}
