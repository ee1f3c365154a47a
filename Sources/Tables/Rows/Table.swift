/// The wanted columns of a table, every value a finite number or a label.
package struct Table: Sendable {
  /// All column names of the source, wanted or not, in its order.
  package let header: [String]

  /// The names of ``columns``, in the order of the request.
  package let names: [String]

  /// The values, one array of ``rowCount`` finite numbers for each of ``names``.
  package let columns: [[Double]]

  /// The labels, one column of ``rowCount`` rows for each of the request's.
  package let labels: [LabelColumn]

  /// The number of rows kept; at least 1.
  package let rowCount: Int

  /// The number of rows left out because a wanted value was missing.
  package let droppedRows: Int

  private let sourceName: String
  private let origin: RowOrigin

  init(
    header: [String], plan: ColumnPlan, values: consuming ColumnCollector, sourceName: String,
    origin: RowOrigin, decimalMark: UInt8 = Ascii.point
  ) throws(TableError) {
    self.header = header
    self.names = plan.slotOfRequest.map { header[plan.fieldOfSlot[$0]] }
    self.sourceName = sourceName
    self.origin = origin
    self.droppedRows = values.droppedRows
    let levels = values.levels
    let (slots, rowCount) = try values.finish()
    self.columns = plan.slotOfRequest.map { slots[$0] }
    self.labels = plan.slotOfLabel.map {
      LabelColumn(
        name: header[plan.fieldOfSlot[$0]], met: levels[$0], numbers: slots[$0],
        decimalMark: decimalMark)
    }
    self.rowCount = rowCount
  }

  /// Where a kept row stands in the source, for messages about it.
  ///
  /// - Parameters:
  ///   - row: 0-based, counted among the kept rows.
  ///   - column: the name to add to the place, if any.
  /// - Precondition: `row` is in `0..<rowCount`.
  /// - Complexity: O(log b), b the number of times that row and line numbers fall out of step.
  package func place(ofRow row: Int, column: String? = nil) -> TableError.Place {
    precondition((0..<rowCount).contains(row), "row \(row) is not in 0..<\(rowCount)")
    return switch origin {
    case .lines(let map):
      TableError.Place(name: sourceName, line: map.number(ofRow: row), column: column)
    case .rows(let map):
      TableError.Place(name: sourceName, row: map.number(ofRow: row), column: column)
    }
  }
}

/// How kept rows map back to the source.
enum RowOrigin: Sendable {
  /// To 1-based lines of text.
  case lines(RowMap)
  /// To 0-based rows of an array.
  case rows(RowMap)
}
