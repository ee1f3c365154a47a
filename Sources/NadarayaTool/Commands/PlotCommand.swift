import ArgumentParser
import Nadaraya
import NadarayaFigures
import Tables

/// Data and fit, residuals, or the attention heatmap, as a figure.
struct PlotCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the data with the fit, residuals, or the attention weights as a heatmap.",
    discussion: """
      With one -x input the fit is a curve; with one --factor of at most 7 levels besides, one \
      curve for each level. Otherwise every input has a panel, which shows the fit along it \
      while the others are held at their median or most frequent level. Each -y column has a \
      panel or a row of them, and its own chosen bandwidth unless --common-bandwidth is given. \
      --grid sets the number of places at which a curve is drawn. The rows of the heatmap are \
      keys and its columns are queries; above 400, several share a cell.

      nadaraya plot cars.csv -x speed -y dist --output fit.svg
      nadaraya plot cars.csv -x speed -y dist --degree 1 --band --output fit.pdf
      nadaraya plot wages.csv -x age,hours --factor trade -y wage --level 0.95 --output wages.png
      nadaraya plot cars.csv -x speed -y dist --residuals --output residuals.svg
      nadaraya plot cars.csv -x speed -y dist --attention --output weights.png
      nadaraya plot --model cars.json --output learned.svg
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Data") var model: ModelOptions
  @OptionGroup(title: "Queries") var queries: QueryOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Similarity") var extrapolation: ExtrapolationOptions
  @OptionGroup(title: "Scores") var score: ScoreOptions
  @OptionGroup(title: "Intervals") var intervals: IntervalOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Flag(help: "Draw the residuals, each row left out of its own fit, instead of the fit.")
  var residuals = false

  @Flag(help: "Draw the attention weights, keys × queries, instead of the fit.")
  var attention = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; standard output by default.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The format of the picture; by default that of the file's extension, or svg.",
      valueName: "svg|png|pdf"))
  var format: PictureFormat?

  /// The number of places at which a curve looks smooth in a picture of any size.
  private static let curvePlaces = 400

  /// Options that contradict each other.
  private func check(_ request: IntervalOptions.Request?) throws(Failure) {
    if residuals, attention {
      throw .usage("--residuals and --attention are two figures: give one of them")
    }
    if residuals, queries.at != nil || queries.grid != nil {
      throw .usage(
        "--residuals draws the rows, so it cannot be combined with --at or --grid")
    }
    guard request != nil else { return }
    if residuals || attention {
      throw .usage(
        "\(residuals ? "--residuals" : "--attention") draws no fit, so there are no intervals")
    }
    if queries.leaveOneOut {
      throw .usage("intervals cannot be combined with --leave-one-out")
    }
    if similarity.neighbors != nil, intervals.bootstrap == nil {
      throw .usage(
        "intervals with --neighbors need the bootstrap", hint: "add --bootstrap 1000")
    }
  }

  var inputs: [String?] { [data.data, model.model, queries.at] }
  var outputs: [String?] { [output] }

  func run() async throws {
    let request = try intervals.request()
    try check(request)
    try extrapolation.check(similarity)
    let format = try PictureFormat.resolved(
      self.format, output: output, hint: "--format sets the format whatever the name")
    try await format.check()
    var plan: PlotPlan?
    var run = try await model.run(
      data, queries, similarity, score, compute, needsValues: !attention,
      needsOneSimilarity: attention, needsOneBandwidth: request?.needsOneBandwidth ?? false,
      placing: { data in
        let made = try PlotPlan(data, queries, attention: attention, residuals: residuals)
        plan = made
        let isPlaced = queries.at != nil || queries.grid != nil || queries.leaveOneOut
        return made.kind == .fit && !isPlaced
          ? Points(data.keyColumns[0]).grid(Self.curvePlaces) : made.queries
      })
    run.extrapolate(extrapolation.extrapolate)
    if let request, similarity.causal { request.warnOfLaterRows() }
    guard let plan else { preconditionFailure("queries are placed before anything is drawn") }
    let figure = try run.timings.measure(.compute) {
      switch plan.kind {
      case .attention: try run.attentionFigure()
      case .residuals: try run.residualFigure()
      case .fit: try run.fitFigure(request)
      case .fitsByLevel: try run.fitsByLevelFigure(request)
      case .partial: try run.partialFigure(request, pieces: plan.pieces)
      }
    }
    let bytes = try await format.bytes(of: figure.tellingSimplifications())
    try run.timings.measure(.write) { try AtomicFile.write(bytes, to: output) }
    run.reportTimings()
  }
}
