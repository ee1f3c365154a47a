import Nadaraya
import Tables

/// What must be known of a table before its job can be written: the range of each input, the levels of each
/// label.
struct SparkSurvey {
  private(set) var ranges: [[Double]]
  private(set) var levels: [[String]]
  private(set) var rowCount = 0
  /// Rows of the table, in the order of its columns; as many as were asked for, or all.
  private(set) var sample: [[Double]] = []

  /// A line for each input (its least and largest value) and for each level (in hexadecimal, so that no text
  /// can be mistaken for another line), the first one with the number of rows kept.
  ///
  /// - Parameter sample: the number of rows to return as well, drawn at random where there are more.
  static func statement(of table: SparkTable, sample: Int? = nil) -> String {
    let rows = SparkRows(table: table).text(levelsAreKnown: false)
    let first = table.columns[0].alias
    let text = { (expression: String) in "CAST(\(expression) AS STRING)" }
    let selects =
      ["SELECT 'rows' AS item, \(text("count(*)")) AS low, '' AS high FROM kept"]
      + table.keyNames.indices.map {
        "SELECT 'x\($0)', \(text("min(x\($0))")), \(text("max(x\($0))")) FROM kept"
      }
      + table.labelColumns.map {
        "SELECT DISTINCT '\($0.alias)', hex(\($0.alias)), '' FROM kept"
      }
    let fields = table.columns.map { text($0.alias) }.joined(separator: ", ")
    let rowSelects =
      sample.map {
        [
          "SELECT 'row', concat_ws(' ', \(fields)), '' FROM (SELECT * FROM kept ORDER BY rand(0) LIMIT \($0))"
        ]
      } ?? []
    return """
      \(SparkStatement.settings)
      WITH kept AS (
        SELECT * FROM (
      \(rows.indented(by: 4))
        )
        WHERE \(first) IS NOT NULL
      )
      \((selects + rowSelects).joined(separator: "\nUNION ALL\n"));

      """
  }

  /// Reads what the statement wrote.
  init(_ output: String, of table: SparkTable) throws(Failure) {
    ranges = [[Double]](repeating: [], count: table.keyNames.count)
    levels = [[String]](repeating: [], count: table.labels.count)
    let labels = table.labelColumns.map(\.alias)
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      if fields[0] == "rows", let count = Int(fields[1]) {
        rowCount = count
      } else if fields[0] == "row" {
        sample.append(fields[1].split(separator: " " as Character).compactMap { Double($0) })
      } else if let label = labels.firstIndex(of: String(fields[0])),
        let level = SQLText.text(hexadecimal: fields[1])
      {
        levels[label].append(level)
      } else if let input = table.keyNames.indices.first(where: { fields[0] == "x\($0)" }),
        let low = Double(fields[1]), let high = Double(fields[2])
      {
        ranges[input] = [low, high]
      }
    }
    guard rowCount > 0 else { throw Failure(.badData, "\(table.name): the table has no rows") }
    guard ranges.allSatisfy({ !$0.isEmpty }), levels.allSatisfy({ !$0.isEmpty }) else {
      throw Failure(
        .unavailable, "the output of spark-sql about \(table.name) is incomplete",
        hint: "--verbose shows its output")
    }
  }

  /// The levels in their order: that of the numbers where all are numbers, otherwise that of `--levels`, and
  /// for labels without order that of their characters, since rows of a cluster have no first.
  func labels(of table: SparkTable, orders: [String]) throws(Failure) -> [LabelColumn] {
    let found = zip(table.labels, levels).map { LabelColumn(name: $0.name, sorting: $1) }
    let labels = try found.ordered(by: orders, factorCount: table.factorCount)
    for label in labels.dropFirst(table.factorCount) where label.levels.count > 2 {
      let isOrdered = orders.contains { $0.hasPrefix(label.name + "=") }
      guard isOrdered || label.levels.allSatisfy({ Double($0) != nil }) else {
        throw .usage(
          "the order of the levels of \"\(label.name)\" is not known",
          hint:
            "give them in order: --levels \(label.name)=\(label.levels.prefix(20).joined(separator: ","))"
        )
      }
    }
    return labels
  }
}

extension LabelColumn {
  /// A column without rows whose levels are in the order of their numbers, or else of their characters.
  fileprivate init(name: String, sorting levels: [String]) {
    let numbers = levels.map { Double($0) }
    let areNumbers = numbers.allSatisfy { $0?.isFinite ?? false }
    let sorted = levels.indices.sorted { left, right in
      if areNumbers, numbers[left] != numbers[right] {
        return (numbers[left] ?? 0) < (numbers[right] ?? 0)
      }
      return levels[left] < levels[right]
    }
    self.init(name: name, levels: sorted.map { levels[$0] }, numbers: [])
  }
}
