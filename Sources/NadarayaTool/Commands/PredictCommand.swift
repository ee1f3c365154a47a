import ArgumentParser
import Nadaraya
import Tables

/// Estimates at queries.
struct PredictCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Estimate values at queries.",
    discussion: """
      Writes the inputs of the queries, labels first, and for each -y column the estimate, \
      NAME_hat. --gradient adds NAME_d_INPUT for each input. --level adds NAME_centre, NAME_se, \
      NAME_lower and NAME_upper: the interval is centred on the estimate corrected for bias. \
      Each -y column has its own chosen bandwidth, and then its own NAME_effective_n and \
      NAME_nearest, unless --common-bandwidth is given.

      nadaraya predict cars.csv -x speed -y dist --grid 100
      nadaraya predict cars.csv -x speed -y dist --degree 1 --level 0.95 --grid 100
      nadaraya predict wages.csv -x age --factor trade -y wage --bandwidth 4,0.1
      nadaraya predict cars.csv -x speed,weight -y dist --at new.csv --bandwidth 2,150
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Data") var model: ModelOptions
  @OptionGroup(title: "Queries") var queries: QueryOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Similarity") var extrapolation: ExtrapolationOptions
  @OptionGroup(title: "Scores") var score: ScoreOptions
  @OptionGroup(title: "Intervals") var intervals: IntervalOptions
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Flag(
    help: """
      Add effective_n (the effective sample size), nearest (the distance to the nearest key in \
      bandwidths) and, with --degree 1 to 3, extrapolated (1 where the polynomial extrapolates). \
      This takes another pass over the keys.
      """)
  var diagnostics = false

  @Flag(help: "Add the derivative with respect to each input; this needs --degree 1 to 3.")
  var gradient = false

  var inputs: [String?] { [data.data, model.model, queries.at] }
  var outputs: [String?] { [output.output] }

  func run() async throws {
    let request = try intervals.request()
    try extrapolation.check(similarity)
    if request != nil, queries.leaveOneOut {
      throw Failure.usage(
        "intervals cannot be combined with --leave-one-out")
    }
    if request != nil, similarity.neighbors != nil, intervals.bootstrap == nil {
      throw Failure.usage(
        "intervals with --neighbors need the bootstrap", hint: "add --bootstrap 1000")
    }
    if gradient, model.model != nil {
      throw Failure.usage("gradients are not available for a learned model")
    }
    if gradient, similarity.degree == 0 {
      throw Failure.usage(
        "--gradient needs --degree 1 to 3",
        hint: "--degree 1 gives the slope of a local line")
    }
    if try output.resolvedFormat() == .npy, data.columns.hasLabels {
      throw Failure.usage("labels cannot be written as npy", hint: "use --format csv or json")
    }
    var run = try await model.run(
      data, queries, similarity, score, compute,
      needsOneBandwidth: request?.needsOneBandwidth ?? false)
    run.extrapolate(extrapolation.extrapolate)
    if let request, similarity.causal { request.warnOfLaterRows() }
    let (parts, intervals) = try run.timings.measure(.compute) {
      defer { run.bar.finish() }
      return (
        try run.partialPredictions(gradients: gradient, diagnostics: diagnostics),
        try request.map { try run.intervals($0, at: run.queries, gradients: gradient) }
      )
    }
    let predictions = Predictions(joining: parts)
    let found = run.held(intervals, predictions)
    var columns = run.data.labels.enumerated().map { place, label in
      let levels = run.queries.column(run.data.keyNames.count + place)
      return (name: label.name, values: TableWriter.Values.labels(label.texts(of: levels)))
    }
    for (input, name) in run.data.keyNames.enumerated() {
      columns.append((name, .numbers(run.queries.column(input))))
    }
    for (value, name) in run.data.valueNames.enumerated() {
      columns.append((name + "_hat", .numbers(predictions.estimates[value])))
      for (input, slopes) in (predictions.gradients?[value] ?? []).enumerated() {
        let slope = "\(name)_d_\(run.data.keyNames[input])"
        columns.append((slope, .numbers(slopes)))
        guard let found = found?.gradients?[input] else { continue }
        columns += found.columns(of: value, named: slope).map {
          ($0.name, .numbers(run.held($0.numbers, beside: slopes)))
        }
      }
      guard let found else { continue }
      columns += found.columns(of: value, named: name).map { ($0.name, .numbers($0.numbers)) }
    }
    for (part, predictions) in zip(run.parts, parts) {
      // Bandwidths of their own tell values apart.
      let prefix = parts.count > 1 ? run.data.valueNames[part.values.lowerBound] + "_" : ""
      if let sizes = predictions.effectiveSampleSizes {
        columns.append((prefix + "effective_n", .numbers(sizes)))
      }
      // Dot products know no distances.
      if let distances = predictions.nearestDistances {
        columns.append((prefix + "nearest", .numbers(distances)))
      }
      if diagnostics, similarity.degree > 0 {
        let extrapolated = Set(predictions.extrapolations)
        columns.append(
          (
            prefix + "extrapolated",
            .numbers(run.queries.indices.map { extrapolated.contains($0) ? 1 : 0 })
          ))
      }
    }
    try run.timings.measure(.write) {
      try TableWriter.write(columns, format: try output.resolvedFormat(), to: output.output)
    }
    run.warn(of: predictions, found, consequence: "nan is written there")
    try run.describeFit()
    run.reportTimings()
  }
}

extension Intervals {
  /// The columns of one value, as tables name them.
  fileprivate func columns(
    of value: Int, named name: String
  ) -> [(name: String, numbers: [Double])] {
    [
      ("centre", estimates), ("se", standardErrors ?? []), ("lower", lower), ("upper", upper),
    ].compactMap { suffix, columns in
      columns.indices.contains(value) ? ("\(name)_\(suffix)", columns[value]) : nil
    }
  }
}
