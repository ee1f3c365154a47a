internal import DeckData
internal import Synchronization
package import Tables

/// A table to explore: its source, and the columns that have been read so far.
///
/// Columns are read on first use and then cached, so its memory never exceeds that of the numeric
/// columns.
package final class ExploredTable: Sendable {
  /// The table's source in commands: a path, or the name of a dropped file.
  let source: TableSource

  /// Whether this is the deck's data, which has its own command.
  let isDeck: Bool

  let input: TableInput

  private let known = Mutex<Known>(Known())

  private struct Known {
    var summary: TableSummary?
    var columns: [String: [Double]] = [:]
  }

  /// Opens a table and reads its header.
  ///
  /// - Throws: a ``/Tables/TableError`` if it cannot be opened or has no header.
  /// - Complexity: that of ``/Tables/TableInput``.
  package convenience init(_ source: TableSource) throws(TableError) {
    try self.init(source, isDeck: false)
  }

  init(_ source: TableSource, isDeck: Bool) throws(TableError) {
    self.source = source
    self.isDeck = isDeck
    input = try TableInput(source)
  }

  /// What the table contains; read the first time, cached afterwards.
  ///
  /// - Throws: a ``/Tables/TableError`` for the first malformed row.
  /// - Complexity: the first time, O(length of the table) for each kind of column, and O(n log n) for
  ///   each column.
  package var summary: TableSummary {
    get throws(TableError) {
      try known.withLock { (known) throws(TableError) in
        if let summary = known.summary { return summary }
        var reader = SummaryReader(input)
        let summary = try reader.summary()
        known.columns = reader.whole
        known.summary = summary
        return summary
      }
    }
  }

  /// The rows of some columns in the table's order; rows with missing values fail or are left out.
  ///
  /// - Parameters:
  ///   - names: Numeric columns; one may occur twice.
  ///   - nonNegative: Columns that must not contain negative values.
  /// - Throws: a ``/Tables/TableError`` for the first fault.
  func columns(
    _ names: [String], nonNegative: Set<String>, missing: MissingPolicy
  ) throws(TableError) -> (columns: [[Double]], droppedRows: Int) {
    let kept = known.withLock { known in names.compactMap { known.columns[$0] } }
    let isClean = zip(names, kept).allSatisfy { name, column in
      !nonNegative.contains(name) || column.allSatisfy { $0 >= 0 }
    }
    if kept.count == names.count, isClean { return (kept, 0) }
    let table = try input.table(
      TableRequest(numbers: names, nonNegative: nonNegative, missing: missing))
    return (table.columns, table.droppedRows)
  }
}

extension ExploredTable {
  /// The deck's data as `nadaraya deck` writes them: inputs `x`, values `y`.
  package static func deck() -> ExploredTable {
    let deck = Deck(seed: 0)
    let rows = zip(deck.trainingInputs, deck.trainingValues).map { "\($0),\($1)\n" }
    let text = "x,y\n" + rows.joined()
    do {
      return try ExploredTable(.bytes(Array(text.utf8), name: "deck/train.csv"), isDeck: true)
    } catch {
      preconditionFailure("the deck's data are a table: \(error)")
    }
  }
}
