import ArgumentParser
import Nadaraya
import NadarayaFigures
import Tables

/// Data and fit, or the attention heatmap, as a figure.
struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the data with the fit, or the attention weights as a heatmap.",
    discussion: """
      The fit is drawn over one input, one panel for each -y column. The heatmap takes any number \
      of inputs; its rows are keys, its columns queries.

      nadaraya plot cars.csv -x speed -y dist --output fit.svg
      nadaraya plot cars.csv -x speed -y dist --attention --output weights.png
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Queries") var queries: QueryOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Flag(help: "Draw the attention weights, keys × queries, in place of the fit.")
  var attention = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; standard output by default.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The form of the picture; by default what the file's name ends with, or svg.",
      valueName: "svg|png|pdf"))
  var format: PictureFormat?

  /// A curve of so many places looks smooth at any size of picture.
  private static let curvePlaces = 400

  private func resolvedFormat() throws(Failure) -> PictureFormat {
    if let format { return format }
    guard let output, output.contains(".") else { return .svg }
    guard let format = PictureFormat(path: output) else {
      throw .usage(
        "\"\(output)\" does not end in .svg, .png or .pdf",
        hint: "--format says what to write whatever the name")
    }
    return format
  }

  func run() async throws {
    var queries = queries
    if queries.at == nil, queries.grid == nil, !attention, !queries.leaveOneOut {
      queries.grid = Self.curvePlaces
    }
    let format = try resolvedFormat()
    let run = try await Run(
      data, queries, similarity, compute, needsValues: !attention,
      checking: attention ? Run.canDrawAttention : Run.canDrawFit)
    let figure = try run.timings.measure(.compute) {
      var figure = try attention ? run.attentionFigure() : run.fitFigure()
      // Whoever looks at the picture is told what it leaves out.
      figure.caption = ([figure.caption + "."] + figure.simplifications.map(\.description))
        .joined(separator: " ")
      return figure
    }
    let bytes = try await format.bytes(of: figure)
    try run.timings.measure(.write) { try AtomicFile.write(bytes, to: output) }
    run.reportTimings()
  }
}
