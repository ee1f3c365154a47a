/// A candidate for the learned similarity.
struct Candidate: Sendable {
  let form: LearnedSimilarity.Form
  let parameters: [Double]

  /// The leave-one-out loss of the training rows, without weight decay.
  let loss: Double

  /// The error of the stopping rows; nil where none are held out.
  let stoppingError: Double?

  /// The better candidate has the lower rank.
  var rank: Double { stoppingError ?? loss }
}
