import ArgumentParser
import Nadaraya
import Tables

/// Estimates at queries.
struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Estimate values at queries.",
    discussion: """
      Writes the inputs of the queries, labels first, then NAME_hat for each -y column. Several -y \
      columns share one bandwidth: it makes the sum of their leave-one-out errors, each over the \
      column's variance, as small as can be.

      nadaraya predict cars.csv -x speed -y dist --grid 100
      nadaraya predict wages.csv -x age --factor trade -y wage --bandwidth 4,0.1
      nadaraya predict cars.csv -x speed,weight -y dist --at new.csv --bandwidth 2,150
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Queries") var queries: QueryOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Flag(
    help: """
      Add effective_n, the effective sample size, and nearest, the distance to the nearest key in \
      bandwidths; costs another pass over the keys.
      """)
  var diagnostics = false

  func run() async throws {
    if try output.resolvedFormat() == .npy, data.hasLabels {
      throw Failure.usage("labels cannot be written as npy", hint: "--format csv or json can")
    }
    let run = try await Run(data, queries, similarity, compute)
    let predictions = try run.timings.measure(.compute) {
      defer { run.bar.finish() }
      return try run.omitsOwnKey
        ? run.estimator.leaveOneOut(diagnostics: diagnostics)
        : run.estimator.predict(run.queries, diagnostics: diagnostics)
    }
    var columns = run.data.labels.enumerated().map { place, label in
      let levels = run.queries.column(run.data.keyNames.count + place)
      return (name: label.name, values: TableWriter.Values.labels(label.texts(of: levels)))
    }
    for (input, name) in run.data.keyNames.enumerated() {
      columns.append((name, .numbers(run.queries.column(input))))
    }
    for (name, estimates) in zip(run.data.valueNames, predictions.estimates) {
      columns.append((name + "_hat", .numbers(estimates)))
    }
    if let sizes = predictions.effectiveSampleSizes, let distances = predictions.nearestDistances {
      columns.append(("effective_n", .numbers(sizes)))
      columns.append(("nearest", .numbers(distances)))
    }
    try run.timings.measure(.write) {
      try TableWriter.write(columns, format: try output.resolvedFormat(), to: output.output)
    }
    run.warnOfEmptyWindows(predictions.emptyWindows.count, "nan is written there")
    run.reportTimings()
  }
}
