import ExplorerViews
import Nadaraya
import Testing

@Suite struct LessonTests {
  @Test func `an input without bearing counts less, and the errors are those of rows held out`()
    throws
  {
    var random = Random(seed: 8)
    let a = (0..<600).map { _ in random.uniform() }
    let b = (0..<600).map { _ in random.uniform() }
    let y = a.map { 6 * $0 * (1 - $0) * (1 - 2 * $0) + 0.3 * random.normal() }
    let exploration = Exploration(try ExploredTable([("a", a), ("b", b), ("y", y)]))
    let view = try exploration.view(["x": "a,b", "over": "b"])
    let answer = try exploration.learned(view, execution: Execution())
    #expect(answer.helped && answer.errors.learned.value < answer.errors.unlearned.value)
    #expect(answer.importance.map(\.input) == ["b", "a"])
    #expect(answer.importance[0].scale.value < answer.importance[1].scale.value)
    #expect(answer.sentence.contains("test rows") && answer.curve.x.count == 400)
    #expect(answer.figure.svg.contains("learned similarity"))
  }

  @Test func `what is learned is what the library learns, from the rows in the table's order`()
    throws
  {
    var random = Random(seed: 4)
    let a = (0..<60).map { _ in random.uniform() }
    let b = (0..<60).map { _ in random.uniform() }
    let y = a.map { 6 * $0 + 0.3 * random.normal() }
    let exploration = Exploration(try ExploredTable([("a", a), ("b", b), ("y", y)]))
    // Along the picture the second input comes first, and the rows ascend in it.
    let view = try exploration.view(["x": "a,b", "over": "b"])
    let answer = try exploration.learned(view, execution: Execution())
    let report = try LearnedModel.learn(
      Sample(keys: Points(columns: [a, b]), values: [y]),
      options: LearningOptions(form: .metric(rank: 2))
    ).report
    #expect(answer.errors.learned.value == report.heldOutError)
    #expect(answer.errors.unlearned.value == report.unlearnedHeldOutError)
    #expect(answer.sentence == report.conclusion)
  }

  @Test func `one input has nothing to learn but its bandwidth, and the sentence says so`() throws {
    let exploration = Exploration(.deck())
    let answer = try exploration.learned(try exploration.view([:]), execution: Execution())
    #expect(!answer.helped && answer.sentence.hasPrefix("This form learns only one bandwidth"))
  }

  @Test func `work that nobody waits for ends in the error that says so`() throws {
    let exploration = Exploration(try twoInputs(50))
    let view = try exploration.view(["x": "a,b", "query": "1", "residuals": "1"])
    let cancelled = Execution(isCancelled: { true })
    let questions: [(Execution) throws -> any Sendable] = [
      { try exploration.fit(view, execution: $0) },
      { try exploration.path(view, points: 10, execution: $0) },
      { try exploration.attention(view, execution: $0) },
      { try exploration.learned(view, execution: $0) },
      { try exploration.predictions(view, queries: [[1, 1]], execution: $0) },
      { try exploration.fitTable(view, execution: $0) },
      { try exploration.figure(.residuals, view, execution: $0) },
    ]
    for question in questions {
      let error = try #require(throws: KernelRegressionError.self) { _ = try question(cancelled) }
      #expect(error.code == .cancelled)
      // And nothing half made is kept.
      _ = try question(Execution())
    }
  }
}
