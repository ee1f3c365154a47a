/// Reads NumPy arrays of one or two dimensions as tables, columns named `c0`, `c1`, ….
///
/// A one-dimensional array is one column.
struct NPYReader {
  /// The column names.
  let header: [String]

  private let array: NPYHeader
  private let bytes: ByteView
  private let name: String

  /// Reads the header.
  ///
  /// - Throws: ``TableError/Code/malformed`` where this is no NPY file or one of another type,
  ///   ``TableError/Code/empty`` where it has no elements.
  /// - Complexity: O(columns).
  init(_ bytes: ByteView, name: String, isWhole: Bool = true) throws(TableError) {
    let place = TableError.Place(name: name)
    do throws(NPYFault) {
      array = try NPYHeader(bytes, isWhole: isWhole)
    } catch {
      throw .malformed(error.problem, at: place)
    }
    // A shape with a zero says nothing of memory, so its other number may be of any size.
    guard array.dataSize > 0 else {
      throw .empty(
        "the array of shape (\(array.rowCount), \(array.columnCount)) is empty", at: place)
    }
    header = (0..<array.columnCount).map { "c\($0)" }
    self.bytes = bytes
    self.name = name
  }

  /// Reads the wanted columns.
  ///
  /// - Throws: a ``TableError`` for the first value that is not finite, not allowed or not a double, in
  ///   the order of rows, then columns.
  /// - Complexity: O(rows · wanted columns).
  func table(_ request: TableRequest) throws(TableError) -> Table {
    let place = TableError.Place(name: name)
    let plan = try ColumnPlan(request, header: header, place: place)
    var values = ColumnCollector(columnCount: plan.slotCount, sourceName: name)
    var rows = RowMap()
    let (rowStride, columnStride) =
      array.isFortranOrder
      ? (array.element.size, array.element.size * array.rowCount)
      : (array.element.size * array.columnCount, array.element.size)

    for row in 0..<array.rowCount {
      var isKept = true
      for slot in 0..<plan.slotCount {
        let offset = array.dataOffset + row * rowStride + plan.fieldOfSlot[slot] * columnStride
        let value = array.element.value(in: bytes, at: offset)
        if plan.isLabel[slot], value?.isFinite ?? true {
          values.set(array.element.label(in: bytes, at: offset), column: slot)
          continue
        }
        guard let value else {
          throw .inexact(
            array.element.label(in: bytes, at: offset),
            at: TableError.Place(name: name, row: row, column: header[plan.fieldOfSlot[slot]]))
        }
        if value.isFinite, value >= 0 || !plan.refusesNegative[slot] {
          values.set(value, column: slot)
        } else if value.isNaN, request.missing == .drop {
          isKept = false
        } else {
          let place = TableError.Place(
            name: name, row: row, column: header[plan.fieldOfSlot[slot]])
          throw value.isFinite
            ? .negative("\(value)", at: place) : .notFinite(value, at: place)
        }
      }
      if isKept {
        try values.commit(progress: Double(row + 1) / Double(array.rowCount))
        rows.append(row)
      } else {
        values.drop()
      }
    }

    guard values.rowCount > 0 else { throw .allRowsDropped(values.droppedRows, at: place) }
    return try Table(
      header: header, plan: plan, values: values, sourceName: name, origin: .rows(rows))
  }
}
