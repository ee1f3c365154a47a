import ArgumentParser
import Nadaraya
import Tables
import Wording

/// What is learned, and how.
struct LearningCommandOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "One bandwidth, a bandwidth for each input, a linear metric, or projections of queries and keys "
        + "whose dot products are scored.",
      valueName: FormName.allCases.map(\.rawValue).joined(separator: "|")))
  var form: FormName = .metric

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of coordinates that a metric or projections make of the inputs; by default one "
        + "for each input and one for each level of a label.", valueName: "r"))
  var rank: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of rows held out to stop learning and to judge the result; with 0 all rows are "
        + "used for learning.",
      valueName: "s"))
  var heldOut = 0.2

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The penalty, in variances of the values, for moving the learned numbers by their own "
        + "length away from the best single bandwidth.", valueName: "l"))
  var weightDecay = LearningOptions(form: .bandwidth).weightDecay

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of random starts that are tried besides the usual one.", valueName: "n"))
  var restarts = LearningOptions(form: .bandwidth).restarts

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest number of iterations of a descent.", valueName: "n"))
  var iterations = LearningOptions(form: .bandwidth).iterationLimit

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of held-out rows and random starts.", valueName: "n"))
  var seed: UInt64 = 0

  enum FormName: String, CaseIterable, ExpressibleByArgument {
    case bandwidth
    case bandwidths
    case metric
    case projections
  }

  func check() throws(Failure) {
    if !(heldOut >= 0 && heldOut <= 0.9) {
      throw .usage("--held-out \(heldOut) is not a share from 0 to 0.9")
    }
    if !(weightDecay >= 0 && weightDecay.isFinite) {
      throw .usage("--weight-decay \(weightDecay) is not a number of at least 0")
    }
    if !(0...1000).contains(restarts) {
      throw .usage("--restarts \(restarts) is not between 0 and 1000")
    }
    if iterations < 1 { throw .usage("--iterations \(iterations) is less than 1") }
    if let rank, rank < 1 { throw .usage("--rank \(rank) is less than 1") }
    if rank != nil, form == .bandwidth || form == .bandwidths {
      throw .usage("--rank needs --form metric or projections, not \(form.rawValue)")
    }
  }

  func options(
    for data: DataTable, execution: Execution,
    progress: @escaping @Sendable (LearningProgress) -> Bool
  ) throws(Failure) -> LearningOptions {
    let columns = data.keyNames.count + data.labels.reduce(0) { $0 + $1.levels.count }
    if let rank, rank > columns {
      throw .usage(
        "--rank \(rank) is more than the \(counted(columns, "coordinate")) of the inputs")
    }
    let form: LearnedSimilarity.Form =
      switch self.form {
      case .bandwidth: .bandwidth
      case .bandwidths: .bandwidths
      // Of one number a metric is a bandwidth.
      case .metric: columns == 1 ? .bandwidth : .metric(rank: rank ?? columns)
      case .projections: .projections(rank: rank ?? columns)
      }
    var options = LearningOptions(
      form: form, heldOutShare: heldOut, weightDecay: weightDecay, restarts: restarts, seed: seed,
      iterationLimit: iterations, progress: progress)
    options.computation = Computation(execution)
    return options
  }
}
