internal import Tables

/// Finds out what the columns of a table contain.
///
/// Table readers do not infer kinds: they are told which columns are numeric and report the first fault.
/// So all columns are first read as numeric, and each fault removes one from the common pass, to be read
/// separately.
struct SummaryReader {
  private let input: TableInput

  /// The columns without a fault.
  private(set) var whole: [String: [Double]] = [:]

  init(_ input: TableInput) { self.input = input }

  mutating func summary() throws(TableError) -> TableSummary {
    let ambiguous = Set(input.header.filter { name in input.header.count { $0 == name } > 1 })
    var candidates = input.header.filter { !ambiguous.contains($0) }
    var rows: Int?
    while !candidates.isEmpty {
      do {
        let table = try input.table(TableRequest(numbers: candidates))
        for (name, column) in zip(candidates, table.columns) { whole[name] = column }
        rows = table.rowCount
        break
      } catch {
        guard Self.isFaultOfField(error), let column = error.place?.column else { throw error }
        candidates.removeAll { $0 == column }
      }
    }
    var columns: [TableSummary.Column] = []
    for name in input.header {
      if ambiguous.contains(name) {
        columns.append(.words(name, distinct: nil, missing: 0))
      } else if let column = whole[name] {
        columns.append(.numbers(name, column, missing: 0))
      } else {
        let (column, count) = try read(name)
        columns.append(column)
        rows = rows ?? count
      }
    }
    return TableSummary(name: input.name, rows: rows ?? 0, columns: columns)
  }

  private static func isFaultOfField(_ error: TableError) -> Bool {
    switch error.code {
    case .notANumber, .missingValue, .notFinite, .outOfRange: true
    default: false
    }
  }

  /// A column that is not entirely numeric, and the number of its rows.
  private func read(_ name: String) throws(TableError) -> (TableSummary.Column, rows: Int) {
    do {
      let table = try input.table(TableRequest(numbers: [name], missing: .drop))
      return (
        .numbers(name, table.columns[0], missing: table.droppedRows),
        table.rowCount + table.droppedRows
      )
    } catch {
      switch error.code {
      case .notFinite, .outOfRange:
        return (.unfit(name), try words(name).rows)
      case .notANumber, .empty:
        return try words(name)
      default:
        throw error
      }
    }
  }

  private func words(_ name: String) throws(TableError) -> (TableSummary.Column, rows: Int) {
    do {
      let table = try input.table(TableRequest(numbers: [], labels: [name], missing: .drop))
      return (
        .words(name, distinct: table.labels[0].levels.count, missing: table.droppedRows),
        table.rowCount + table.droppedRows
      )
    } catch  where error.code == .empty {
      return (.words(name, distinct: 0, missing: 0), 0)
    }
  }
}

extension TableSummary.Column {
  static func numbers(_ name: String, _ column: [Double], missing: Int) -> Self {
    let sorted = column.sorted()
    var distinct = sorted.isEmpty ? 0 : 1
    for (left, right) in zip(sorted, sorted.dropFirst()) where left != right { distinct += 1 }
    return Self(
      name: name, kind: .number, minimum: sorted.first, maximum: sorted.last, distinct: distinct,
      missing: missing)
  }

  static func words(_ name: String, distinct: Int?, missing: Int) -> Self {
    Self(
      name: name, kind: .words, minimum: nil, maximum: nil, distinct: distinct, missing: missing)
  }

  /// A numeric column with an infinite number.
  static func unfit(_ name: String) -> Self {
    Self(name: name, kind: .number, minimum: nil, maximum: nil, distinct: nil, missing: 0)
  }
}
