import ArgumentParser
import Nadaraya
import Tables

/// Where estimates are wanted: at a file's rows, on a grid, or at the keys themselves.
struct QueryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Queries from a table with the -x columns.", valueName: "file"),
    completion: .file())
  var at: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Queries at N evenly spaced places over each input's range, ends included.", valueName: "n"))
  var grid: Int?

  @Flag(help: "Queries at the keys, each predicted without itself.")
  var leaveOneOut = false

  /// Options that contradict each other, or the data's own source.
  func check(_ data: String) throws(Failure) {
    if data == "-", at == "-" {
      throw .usage("standard input cannot be both the data and the queries")
    }
    if at != nil, grid != nil {
      throw .usage("--at and --grid both say where the queries are", hint: "give one of them")
    }
    if leaveOneOut, at != nil || grid != nil {
      throw .usage(
        "--leave-one-out is about the keys, so it goes with neither --at nor --grid")
    }
    if let grid, grid < 2 { throw .usage("--grid \(grid) is fewer than 2 places") }
  }

  func queries(for data: DataTable, missing: MissingPolicy) async throws -> Points {
    if let at {
      let input = try TableInput(try await TableSource.opening(at))
      let table = try input.table(TableRequest(numbers: data.keyNames, missing: missing))
      table.warnOfDroppedRows(of: input)
      return Points(columns: table.columns)
    }
    guard let grid else { return data.keys }
    let places = data.keyNames.reduce(1.0) { product, _ in product * Double(grid) }
    guard places <= 1e9 else {
      throw Failure.usage(
        "--grid \(grid) makes \(short(places)) queries over "
          + "\(counted(data.keyNames.count, "input")), more than 1e9"
      )
    }
    return data.keys.grid(grid)
  }
}
