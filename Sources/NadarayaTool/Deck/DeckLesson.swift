import DeckData
import Nadaraya

/// What the deck tells of learning: a width that is learned in two ways, and two inputs of which one
/// matters.
struct DeckLesson {
  /// The widths of the deck's path that a walk downhill passes when each point is fitted with itself.
  let withItself: [Double]
  /// The same with each point left out of its own fit.
  let withoutItself: [Double]

  /// The fits at the ends of the two walks, at the validation inputs.
  let fits: (withItself: [Double], withoutItself: [Double])

  let plane: DeckPlane
  /// One width for both inputs, with the least leave-one-out error.
  let plain: Learned
  /// A metric, learned on the same error.
  let metric: Learned

  /// A similarity in two inputs and how well it does.
  struct Learned {
    let model: LearnedModel
    /// Root mean squared leave-one-out residual.
    let leaveOneOutError: Double
    /// Root mean squared difference from the truth at places that nobody has seen.
    let errorToTruth: Double
    /// The estimates along the first input, at the middle of the second.
    let estimates: [Double]
  }

  /// Where the walks begin.
  private static let start = 1.0

  /// Places along the first input.
  static let places = (0...100).map { Double($0) / 20 }

  /// The query whose attention is shown.
  static let query = [2.5, 2.5]

  init(seed: Int, deck: Deck, path: [DeckStory.PathPoint]) throws {
    withItself = Self.walk(along: path, \.withItself)
    withoutItself = Self.walk(along: path, \.withoutItself)
    func fit(_ bandwidth: Double) throws -> [Double] {
      try deck.estimator(bandwidth: bandwidth).predict(deck.validationInputs)
    }
    fits = (
      try fit(withItself.last ?? Self.start), try fit(withoutItself.last ?? Self.start)
    )
    plane = DeckPlane(seed: seed)
    plain = try Self.learned(.bandwidth, on: plane)
    metric = try Self.learned(.metric(rank: 2), on: plane)
  }

  /// The widths that a walk from the start passes, each the next of the path to where the error is lower,
  /// until both neighbours are higher or the path ends.
  private static func walk(
    along path: [DeckStory.PathPoint], _ error: (DeckStory.PathPoint) -> Double
  ) -> [Double] {
    var place = path.indices.min { abs(path[$0].bandwidth - start) < abs(path[$1].bandwidth - start) }
      ?? 0
    var passed = [path[place].bandwidth]
    while let next = [place - 1, place + 1].filter(path.indices.contains)
      .min(by: { error(path[$0]) < error(path[$1]) }),
      error(path[next]) < error(path[place])
    {
      place = next
      passed.append(path[place].bandwidth)
    }
    return passed
  }

  private static func learned(
    _ form: LearnedSimilarity.Form, on plane: DeckPlane
  ) throws -> Learned {
    var options = LearningOptions(form: form)
    options.heldOutShare = 0
    let (model, _) = try LearnedModel.learn(
      keys: Points(columns: plane.inputs), values: [plane.values], options: options)
    let left = try model.leaveOneOut(diagnostics: false).values
    let line = Points(columns: [places, places.map { _ in query[1] }])
    // Places between the even steps of a grid, over both inputs.
    let everywhere = Points([0.25, 4.75]).grid(10).coordinates
    let grid = Points(
      columns: [
        everywhere.flatMap { first in everywhere.map { _ in first } },
        everywhere.flatMap { _ in everywhere },
      ])
    return Learned(
      model: model,
      leaveOneOutError: rootMeanSquare(zip(left, plane.values).map { $0 - $1 }),
      errorToTruth: rootMeanSquare(
        zip(try model.predict(grid).values, grid.column(0)).map { $0 - DeckPlane.truth(at: $1) }),
      estimates: try model.predict(line).values)
  }
}
