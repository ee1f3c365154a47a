import ArgumentParser
import Nadaraya
import Tables

/// What sums of parts describe: the columns and their roles, the similarity and the queries.
struct QuestionOptions: ParsableArguments {
  @OptionGroup var columns: ColumnOptions

  @Option(
    help: ArgumentHelp("Queries from a table with the columns of the inputs.", valueName: "file"),
    completion: .file())
  var at: String?

  @Option(
    help: ArgumentHelp(
      "Instead of --at and --bandwidth, compute the leave-one-out errors of the rows in this "
        + "table, which has the columns of the whole table.", valueName: "file"),
    completion: .file())
  var leaveOneOutAt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --leave-one-out-at, the bandwidths of one input at which to compute the errors.",
      valueName: "h,h,…"))
  var pathBandwidths: String?

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
    let roles = try columns.roles(header: [])
    var labels: [LabelColumn] = []
    for name in roles.labels { labels.append(try label(name)) }
    if let stray = columns.levels.first(where: { argument in
      !roles.labels.contains { argument.hasPrefix($0 + "=") }
    }) {
      throw .usage("--levels \"\(stray)\" does not name a --factor or --ordered column")
    }
    return Question(
      keyNames: roles.keys, labels: labels, factorCount: roles.factors.count,
      valueNames: roles.values, weightName: roles.weights)
  }

  private func label(_ name: String) throws(Failure) -> LabelColumn {
    guard let argument = columns.levels.first(where: { $0.hasPrefix(name + "=") }) else {
      throw .usage(
        "the labels of \"\(name)\" are not given, and a part may lack some of them",
        hint: "give those of the whole table with --levels \(name)=a,b,…")
    }
    let order = argument.dropFirst(name.count + 1)
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard Set(order).count == order.count else {
      throw .usage("--levels of \"\(name)\" names a level twice")
    }
    return LabelColumn(name: name, levels: order, numbers: [])
  }
}
