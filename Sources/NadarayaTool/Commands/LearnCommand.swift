import ArgumentParser
import Nadaraya
import Tables

/// A similarity learned from a table.
struct LearnCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Learn a similarity from a table and save it as a model.",
    discussion: """
      Learns which differences between inputs matter, by minimising the leave-one-out error: no \
      row ever attends to itself. Inputs are standardised for learning, and the model takes them \
      in their own units. A share of the rows is held out: half of them decide when to stop, and \
      the other half compare the model with the best single bandwidth. The report says so when \
      learning did not help. The choice of these rows depends on their content, not on their \
      order; tables of up to 1,000 rows are split several times, until every row has been in the \
      comparison. The model contains the columns of the table that it needs, and works with \
      predict, attention and plot. Ctrl-C ends learning and keeps the best model so far.

      nadaraya learn cars.csv -x speed,weight -y dist --output cars.json
      nadaraya predict --model cars.json --at new.csv
      nadaraya learn wages.csv -x age,hours --factor trade -y wage --form bandwidths --output w.json
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Learning") var learning: LearningCommandOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model's file; standard output by default.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of threads; all processors by default.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Report every iteration on standard error.")
  var verbose = false

  var inputs: [String?] { [data.data] }
  var outputs: [String?] { [output] }

  func run() async throws {
    try learning.check()
    if !data.columns.ordered.isEmpty {
      throw Failure.usage(
        "learning does not support ordered labels", hint: "name the column with --factor or with -x"
      )
    }
    if let threads, !(1...1024).contains(threads) {
      throw Failure.usage("--threads \(threads) is not between 1 and 1024")
    }
    let data = try await self.data.read()
    let progress = LearningProgressLine(isVerbose: verbose)
    let options = try learning.options(
      for: data, execution: Execution(threads: threads)
    ) { [progress] state in
      progress.show(state)
      return !Interruption.wasAsked
    }
    Interruption.watch()
    defer { Interruption.stopWatching() }
    let labels = data.labels.map(\.byName)
    let keys = Points(columns: data.keyColumns + labels.map(\.numbers))
    let learned = try LearnedModel.learn(
      Sample(keys: keys, values: data.values, weights: data.observationWeights),
      levelCounts: data.labels.map(\.levels.count), options: options)
    var (model, report) = (learned.model, learned.report)
    progress.finish()
    model.inputNames = data.inputNames
    model.valueNames = data.valueNames
    model.levels = labels.map(\.levels)
    try ModelFile.write(model, to: output)
    let text = report.text(of: model)
    if let output, output != "-" {
      print(text + "model: \(output)")
    } else {
      StandardError.write(text)
    }
  }
}

extension LabelColumn {
  /// The levels by name, where the order of the rows numbers them otherwise.
  fileprivate var byName: (levels: [String], numbers: [Double]) {
    let sorted = levels.sorted()
    let places = levels.map { name in Double(sorted.firstIndex(of: name) ?? 0) }
    return (sorted, numbers.map { places[Int($0)] })
  }
}
