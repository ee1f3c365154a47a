import DeckData
import Nadaraya

/// What the deck tells about learning: a width that is learned in two ways, and two inputs of which one
/// matters.
struct DeckLesson {
  /// The places of the deck's path that a walk downhill passes when each point is fitted with itself.
  let withItself: [DeckStory.PathPoint]
  /// The same with each point left out of its own fit.
  let withoutItself: [DeckStory.PathPoint]

  /// The fits at the ends of the two walks.
  let fits: (x: [Double], withItself: [Double], withoutItself: [Double])

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
    /// Root mean squared difference from the truth at places without data.
    let errorToTruth: Double
    /// The estimates at these places.
    let estimates: [Double]
  }

  /// Places without data, over both inputs.
  let places: Points

  /// Where the walks begin.
  private static let start = 1.0

  /// The query whose attention is shown.
  static let query = [2.5, 2.5]

  init(seed: Int, deck: Deck, path: [DeckStory.PathPoint]) throws {
    withItself = Self.walk(along: path, \.withItself)
    withoutItself = Self.walk(along: path, \.withoutItself)
    let x = Points(deck.validationInputs).grid(600).coordinates
    func fit(_ walk: [DeckStory.PathPoint]) throws -> [Double] {
      try deck.estimator(bandwidth: walk.last?.bandwidth ?? Self.start).predict(x)
    }
    fits = (x, try fit(withItself), try fit(withoutItself))
    plane = DeckPlane(seed: seed)
    places = Points(columns: [[0.1, 4.9], [0.1, 4.9]]).grid(15)
    plain = try Self.learned(.bandwidth, on: plane, at: places)
    metric = try Self.learned(.metric(rank: 2), on: plane, at: places)
  }

  /// The places that a walk from the start passes, each the next of the path to where the error is lower,
  /// until both neighbours are higher or the path ends.
  private static func walk(
    along path: [DeckStory.PathPoint], _ error: (DeckStory.PathPoint) -> Double
  ) -> [DeckStory.PathPoint] {
    var place =
      path.indices.min { abs(path[$0].bandwidth - start) < abs(path[$1].bandwidth - start) }
      ?? 0
    var passed = [path[place]]
    while let next = [place - 1, place + 1].filter(path.indices.contains)
      .min(by: { error(path[$0]) < error(path[$1]) }),
      error(path[next]) < error(path[place])
    {
      place = next
      passed.append(path[place])
    }
    return passed
  }

  private static func learned(
    _ form: LearnedSimilarity.Form, on plane: DeckPlane, at places: Points
  ) throws -> Learned {
    let options = LearningOptions(form: form, heldOutShare: 0, restarts: 0)
    let model = try LearnedModel.learn(
      Sample(keys: Points(columns: plane.inputs), values: [plane.values]), options: options
    ).model
    let left = try model.predict(at: .leaveOneOut).values
    let estimates = try model.predict(at: .points(places)).values
    return Learned(
      model: model,
      leaveOneOutError: rootMeanSquare(zip(left, plane.values).map { $0 - $1 }),
      errorToTruth: rootMeanSquare(
        zip(estimates, places.column(0)).map { $0 - DeckPlane.truth(at: $1) }),
      estimates: estimates)
  }
}
