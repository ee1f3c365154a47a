internal import Nadaraya
internal import Synchronization

/// One table, with what is cached between requests about it: sorted rows, estimators, paths.
///
/// Several threads may use it at once. The cache is bounded: four choices of columns, two estimators of
/// each, 32 paths and 4 learned similarities.
package final class Exploration: Sendable {
  /// The table.
  package let table: ExploredTable

  let samples = Kept<ViewRows.Key, ViewRows>(limit: 4)
  let paths = Kept<PathKey, CriterionPath>(limit: 32)
  let lessons = Kept<LessonKey, Lesson>(limit: 4)

  /// An exploration of a table.
  package init(_ table: ExploredTable) { self.table = table }

  /// A view of this table from the parameters of a page's URL.
  ///
  /// - Throws: what ``View/init(parameters:of:)`` and ``ExploredTable/summary`` throw.
  package func view(_ parameters: [(name: String, value: String)]) throws -> View {
    try View(parameters: parameters, of: try table.summary)
  }

  /// The rows of a view, and the view with everything that follows from them.
  func resolved(_ view: View, _ execution: Execution) throws -> Resolved {
    try execution.checkCancellation()
    let sample = try samples.answer(to: ViewRows.Key(view)) { try ViewRows(view, of: table) }
    try execution.checkCancellation()
    var view = view
    if view.bandwidths == nil { view.bandwidths = try sample.ruleOfThumb(view) }
    view.held = view.inputs.indices.map { input in
      input == view.overIndex ? nil : view.held[input] ?? sample.medians[input]
    }
    return Resolved(view: view, sample: sample, execution: execution, table: table)
  }
}

/// A cache of the latest answers.
///
/// Several threads may use it at once. A thread that misses computes the answer itself, outside the lock,
/// so that no thread waits for work that another may cancel.
final class Kept<Key: Hashable & Sendable, Answer: Sendable>: Sendable {
  private let limit: Int
  private let entries = Mutex<[(key: Key, answer: Answer)]>([])

  /// - Parameter limit: the largest number of answers kept.
  init(limit: Int) { self.limit = limit }

  func answer<Failure: Error>(
    to key: Key, orMake make: () throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    if let known = known(key) { return known }
    let answer = try make()
    entries.withLock { entries in
      entries.removeAll { $0.key == key }
      entries.append((key, answer))
      if entries.count > limit { entries.removeFirst() }
    }
    return answer
  }

  private func known(_ key: Key) -> Answer? {
    entries.withLock { entries in
      guard let place = entries.firstIndex(where: { $0.key == key }) else { return nil }
      let entry = entries.remove(at: place)
      entries.append(entry)
      return entry.answer
    }
  }
}
