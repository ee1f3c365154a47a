/// A similarity on the way to the learned one.
struct Candidate: Sendable {
  let form: LearnedSimilarity.Form
  let parameters: [Double]

  /// The leave-one-out loss of the training rows, without weight decay.
  let loss: Double

  /// The error of the stopping rows; nil where none are held out.
  let stoppingError: Double?

  /// What the better one has less of.
  var rank: Double { stoppingError ?? loss }
}
