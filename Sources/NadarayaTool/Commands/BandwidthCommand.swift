import ArgumentParser
import Nadaraya
import Tables
import Wording

/// The choice of a bandwidth.
struct BandwidthCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "bandwidth",
    abstract: "Choose a bandwidth: the optimum and every local minimum, or the path.",
    discussion: """
      Writes one row for each local minimum of the criterion, smallest bandwidth first: the \
      bandwidth (with several inputs one each, bandwidth_NAME), the criterion, and from and to, \
      the bandwidths between which the criterion does not change. rule-of-thumb and plug-in have \
      one row and no criterion. The JSON is one object: method, kernel, degree, bandwidth, \
      criterion, minima.

      With several -y columns each has a bandwidth of its own: rows begin with value, the name \
      of the column, --path writes criterion_NAME for each, and the JSON has a list, values, of \
      objects with value, bandwidth, criterion and minima. --common-bandwidth chooses one for \
      all: the criterion is then the sum over the columns, each in its own standard deviations.

      nadaraya bandwidth cars.csv -x speed -y dist --format json
      nadaraya bandwidth cars.csv -x speed -y dist --bandwidth aicc --path 200
      nadaraya bandwidth cars.csv -x speed -y dist --figure criterion.svg
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Instead, write the criterion at N bandwidths that are evenly spaced in their logarithm.",
      valueName: "n"))
  var path: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The path's first bandwidth.", valueName: "h"))
  var from: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The path's last bandwidth.", valueName: "h"))
  var to: Double?

  @Option(
    help: ArgumentHelp(
      "Also draw the criterion over the bandwidth of each input, with its minima marked, as "
        + ".svg, .png or .pdf by the file's extension.", valueName: "file"),
    completion: .file())
  var figure: String?

  var inputs: [String?] { [data.data] }
  var outputs: [String?] { [output.output] + (figure.map { [$0] } ?? []) }

  func run() async throws {
    let format = try output.resolvedFormat()
    let (kernel, choice) = try similarity.parsed(hasLabels: data.columns.hasLabels)
    guard case .method(let method) = choice else {
      throw Failure.usage(
        "--bandwidth \(similarity.bandwidth) leaves nothing to choose",
        hint: "the methods are \(BandwidthMethod.names)")
    }
    if similarity.neighbors != nil || similarity.adaptive {
      throw Failure.usage(
        "nadaraya bandwidth does not choose a number of neighbors",
        hint: "nadaraya predict --neighbors loo does")
    }
    let ends = try pathEnds(method)
    let figure = try await figureFile(for: method)
    let execution = try compute.execution()
    let timings = Timings()
    let data = try await timings.measure(.read) { try await self.data.read() }
    if kernel == .constant, data.labels.isEmpty {
      throw Failure.usage("the constant kernel ignores the bandwidth, so there is none to choose")
    }
    if path != nil, data.inputNames.count > 1 || !data.labels.isEmpty {
      throw Failure.usage(
        "a path needs one numeric input and no labels, not \(counted(data.inputNames.count, "input"))",
        hint: "without --path each input gets its own bandwidth")
    }
    let search = BandwidthSearchRun(
      data: data, kernel: kernel, similarity: similarity, compute: compute, execution: execution,
      timings: timings)
    if let ends {
      try search.writePath(of: method, along: ends, format: format, to: output.output)
    } else {
      try await search.writeSelection(
        by: method, format: format, to: output.output, figure: figure)
    }
    if compute.timings {
      StandardError.write(
        timings.line(engine: compute.engine.rawValue, execution: execution) + "\n")
    }
  }

  /// Where the figure goes and in which format; nil where none is requested.
  private func figureFile(
    for method: BandwidthMethod
  ) async throws(Failure) -> (path: String, format: PictureFormat)? {
    guard let figure else { return nil }
    if path != nil {
      throw .usage(
        "--figure draws the result of a search, but --path replaces the search",
        hint: "give one of them")
    }
    if !method.hasCriterion {
      throw .usage(
        "\(method.rawValue) is a formula, so there is no curve to draw",
        hint: "use --bandwidth loo, gcv or aicc")
    }
    guard let format = PictureFormat(path: figure) else {
      throw .usage(
        "\"\(figure)\" does not end in .svg, .png or .pdf",
        hint: "the extension sets the format")
    }
    try await format.check()
    return (figure, format)
  }

  /// The requested path, or nil.
  private func pathEnds(_ method: BandwidthMethod) throws(Failure) -> PathEnds? {
    guard let path else {
      guard from == nil, to == nil else {
        throw .usage("--from and --to need --path N")
      }
      return nil
    }
    let ends = try PathEnds(count: path, from: from, to: to)
    if !method.hasCriterion {
      throw .usage(
        "\(method.rawValue) is a formula, so it has no path",
        hint: "use --bandwidth loo, gcv or aicc")
    }
    return ends
  }
}
