import ArgumentParser
import Nadaraya
import Tables

/// What sums of parts are about: the columns in their roles, the similarity and the queries.
struct QuestionOptions: ParsableArguments {
  @Option(
    name: .customShort("x"),
    help: ArgumentHelp(
      "Key columns, the inputs; several separated by commas, or -x again.", valueName: "name"))
  var keys: [String] = []

  @Option(
    help: ArgumentHelp(
      "Inputs whose values are labels without order; several separated by commas, or --factor again.",
      valueName: "name"))
  var factor: [String] = []

  @Option(
    help: ArgumentHelp("Inputs whose values are labels in order.", valueName: "name"))
  var ordered: [String] = []

  @Option(
    help: ArgumentHelp(
      "All labels that occur in the whole table, for each --factor and --ordered input, in order: a part "
        + "need not have them all.", valueName: "name=a,b,…"))
  var levels: [String] = []

  @Option(
    name: .customShort("y"),
    help: ArgumentHelp(
      "Value columns; several separated by commas, or -y again.", valueName: "name"))
  var values: [String] = []

  @Option(
    help: ArgumentHelp("Queries from a table with the columns of the inputs.", valueName: "file"),
    completion: .file())
  var at: String?

  @Option(
    help: ArgumentHelp(
      "In place of --at and --bandwidth: the rows, with their values and weights, whose leave-one-out "
        + "errors are asked for, each a row of the whole table.", valueName: "file"),
    completion: .file())
  var leaveOneOutAt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --leave-one-out-at, the bandwidths of one input whose errors are asked for.",
      valueName: "h,h,…"))
  var pathBandwidths: String?

  @Option(
    help: ArgumentHelp("A column of observation weights, finite and ≥ 0.", valueName: "name"))
  var weights: String?

  @OptionGroup var text: TextOptions

  @Flag(help: .hidden)
  var inCluster = false
}

/// What sums of parts answer: for a table's rows, which columns are read, and what is summed at which queries.
struct Question {
  let keyNames: [String]
  let labels: [LabelColumn]
  let factorCount: Int
  let valueNames: [String]
  let weightName: String?

  var labelNames: [String] { labels.map(\.name) }
  var inputNames: [String] { keyNames + labelNames }

  /// The columns of numbers, as a part is read.
  func request(missing: MissingPolicy) -> TableRequest {
    TableRequest(
      numbers: keyNames + valueNames + (weightName.map { [$0] } ?? []),
      nonNegative: Set(weightName.map { [$0] } ?? []), labels: labelNames, missing: missing)
  }

  /// The rows of a table that was read so.
  func rows(of table: Table) throws -> PartRows {
    let columns = table.columns
    let keys = Points(
      columns: Array(columns.prefix(keyNames.count)) + (try table.levelNumbers(among: labels)))
    return PartRows(
      keys: keys, values: Array(columns.dropFirst(keyNames.count).prefix(valueNames.count)),
      observationWeights: weightName == nil ? nil : columns.last)
  }
}

/// Rows of a part of a table.
struct PartRows {
  let keys: Points
  let values: [[Double]]
  let observationWeights: [Double]?

  /// The rows, as estimators take them.
  var sample: Sample {
    get throws(KernelRegressionError) {
      try Sample(keys: keys, values: values, weights: observationWeights)
    }
  }
}

extension QuestionOptions {
  func question() throws(Failure) -> Question {
    let keyNames = try names(keys, "-x")
    let factors = try names(factor, "--factor")
    let labelNames = factors + (try names(ordered, "--ordered"))
    let valueNames = try names(values, "-y")
    if keyNames.isEmpty, labelNames.isEmpty {
      throw .usage("no key columns are named", hint: "name them with -x")
    }
    if valueNames.isEmpty { throw .usage("no value columns are named", hint: "name them with -y") }
    let others = keyNames + valueNames + (weights.map { [$0] } ?? [])
    if let twice = labelNames.first(where: others.contains) {
      throw .usage("the column \"\(twice)\" is named as labels and as numbers")
    }
    var labels: [LabelColumn] = []
    for name in labelNames { labels.append(try label(name)) }
    if let stray = levels.first(where: { argument in
      !labelNames.contains { argument.hasPrefix($0 + "=") }
    }) {
      throw .usage("--levels \"\(stray)\" is about no --factor or --ordered column")
    }
    return Question(
      keyNames: keyNames, labels: labels, factorCount: factors.count, valueNames: valueNames,
      weightName: weights)
  }

  private func names(_ arguments: [String], _ option: String) throws(Failure) -> [String] {
    let names = columnNames(arguments, header: [])
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw .usage("\(option) names the column \"\(names[twice])\" twice")
    }
    return names
  }

  private func label(_ name: String) throws(Failure) -> LabelColumn {
    guard let argument = levels.first(where: { $0.hasPrefix(name + "=") }) else {
      throw .usage(
        "a part need not have all labels of \"\(name)\"",
        hint: "--levels \(name)=a,b,… names those of the whole table")
    }
    let order = argument.dropFirst(name.count + 1)
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard Set(order).count == order.count else {
      throw .usage("--levels of \"\(name)\" names a level twice")
    }
    return LabelColumn(name: name, levels: order, numbers: [])
  }
}
