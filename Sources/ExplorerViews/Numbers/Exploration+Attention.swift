package import Nadaraya

extension Exploration {
  /// What the view's query attends to.
  ///
  /// - Parameters:
  ///   - view: What is looked at, with a query.
  ///   - execution: Threads, instruction set, cancellation.
  /// - Throws: as ``fit(_:execution:)`` does, and ``ExplorationError`` where the view has no query.
  /// - Complexity: O(n·d), and what ``/KernelRegression/AttentionPooling/explanation(ofQuery:among:listing:)``
  ///   takes.
  package func attention(_ view: View, execution: Execution) throws -> AttentionAnswer {
    let resolved = try resolved(view, execution)
    let attention = try QueryAttention(resolved)
    let sample = resolved.sample
    var query = resolved.view.held.map { $0 ?? .nan }
    query[view.overIndex] = attention.query.coordinates[0]
    return AttentionAnswer(
      view: resolved.parameters, query: query, estimate: JSONNumber(attention.estimate),
      effectiveSampleSize: JSONNumber(attention.effectiveSampleSize),
      entropy: JSONNumber(attention.entropy), nearest: JSONNumber(attention.nearest),
      contributors: attention.terms.map { term in
        AttentionAnswer.Contributor(
          row: sample.row(term.key), inputs: sample.columns.map { $0[term.key] },
          value: sample.values[term.key], weight: JSONNumber(term.weight),
          contribution: JSONNumber(term.contribution))
      },
      remainder: AttentionAnswer.Remainder(
        rows: attention.otherCount, weight: JSONNumber(attention.otherWeight)),
      figure: DrawnFigure(
        resolved.figure(of: attention), kind: .weights, theme: view.theme))
  }
}
