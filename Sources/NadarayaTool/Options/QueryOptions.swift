import ArgumentParser
import Nadaraya
import Tables
import Wording

/// Where estimates are wanted: at a file's rows, on a grid, or at the keys themselves.
struct QueryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Queries from a table with the columns of the inputs.", valueName: "file"),
    completion: .file())
  var at: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Queries at N evenly spaced values of each input, from its smallest to its largest, for "
        + "every combination of labels.", valueName: "n"))
  var grid: Int?

  @Flag(help: "Queries at the keys, each left out of its own prediction.")
  var leaveOneOut = false

  /// Options that contradict each other, or the data's own source.
  func check(_ data: String?) throws(Failure) {
    if data == "-", at == "-" {
      throw .usage("standard input cannot be both the data and the queries")
    }
    if at != nil, grid != nil {
      throw .usage("--at and --grid both say where the queries are", hint: "give one of them")
    }
    if leaveOneOut, at != nil || grid != nil {
      throw .usage(
        "--leave-one-out predicts at the keys, so it cannot be combined with --at or --grid")
    }
    if let grid, grid < 2 { throw .usage("--grid \(grid) is fewer than 2 places") }
  }

  func queries(
    for data: DataTable, missing: MissingPolicy, text: TextOptions
  ) async throws -> Points {
    if let at {
      let input = try await TableInput.opening(at, text)
      let table = try input.table(
        TableRequest(
          numbers: data.keyNames, labels: data.labels.map(\.name), missing: missing))
      table.warnOfDroppedRows(of: input)
      return Points(columns: table.columns + (try table.levelNumbers(among: data.labels)))
    }
    guard let grid else { return data.keys }
    let levelCounts = data.labels.map(\.levels.count)
    let places = levelCounts.reduce(
      data.keyNames.reduce(1.0) { product, _ in product * Double(grid) }
    ) {
      $0 * Double($1)
    }
    guard places <= 1e9 else {
      throw Failure.usage(
        "--grid \(grid) makes \(short(places)) queries over "
          + "\(counted(data.inputNames.count, "input")), more than 1e9"
      )
    }
    let continuous = data.keyNames.isEmpty ? nil : Points(columns: data.keyColumns).grid(grid)
    return Self.crossed(continuous, levelCounts: levelCounts)
  }

  /// Every combination of levels with every point of a grid, which changes fastest.
  private static func crossed(_ grid: Points?, levelCounts: [Int]) -> Points {
    guard !levelCounts.isEmpty else { return grid ?? Points([]) }
    let placeCount = grid?.count ?? 1
    let total = levelCounts.reduce(placeCount, *)
    let inputs = (0..<(grid?.dimension ?? 0)).map { input in
      let column = grid?.column(input) ?? []
      return (0..<total).map { column[$0 % placeCount] }
    }
    var repetitions = total
    let labels = levelCounts.map { count in
      repetitions /= count
      let repetitions = repetitions
      return (0..<total).map { Double($0 / repetitions % count) }
    }
    return Points(columns: inputs + labels)
  }
}
