extension CSVReader {
  /// Reads a row whose requested fields are all plain numbers or known labels, as in nearly all rows.
  ///
  /// - Returns: whether it was such a row; if not, the cursor is back at the row's start and the
  ///   values set so far are to be overwritten.
  @inline(__always)
  static func readPlainRow(
    _ cursor: inout CSVCursor, plan: ColumnPlan, into values: inout ColumnCollector
  ) -> Bool {
    let start = cursor
    if readPlainFields(&cursor, plan: plan, into: &values),
      cursor.position &- start.position <= TableLimits.rowBytes
    {
      return true
    }
    cursor = start
    return false
  }

  @inline(__always)
  private static func readPlainFields(
    _ cursor: inout CSVCursor, plan: ColumnPlan, into values: inout ColumnCollector
  ) -> Bool {
    var fieldCount = 0
    repeat {
      guard fieldCount < plan.slotOfField.count else { return false }
      let slot = plan.slotOfField[fieldCount]
      if slot >= 0, plan.isLabel[slot] {
        // Only texts that have been met are plain: a new one may be a missing value.
        guard let field = try? cursor.field(), let text = field.label(in: cursor.bytes),
          let level = values.levels[slot].number(of: text)
        else { return false }
        values.set(Double(level), column: slot)
      } else if slot >= 0 {
        var position = cursor.position
        guard
          let value = DecimalScanner.number(
            cursor.bytes, at: &position, end: cursor.fieldStop,
            decimalMark: cursor.dialect.decimalMark),
          cursor.isFieldEnd(position), value.isFinite,
          value >= 0 || !plan.refusesNegative[slot]
        else { return false }
        cursor.position = position
        values.set(value, column: slot)
      } else {
        guard (try? cursor.field()) != nil else { return false }
      }
      fieldCount &+= 1
    } while cursor.moveToNextField()
    return fieldCount == plan.slotOfField.count
  }

  /// Reads any row, with all that may be in it and all that may be wrong with it.
  ///
  /// - Returns: whether the row is kept; if not, a wanted value is missing and may be.
  /// - Throws: the row's first fault, but faults of the row as a whole before those of its values.
  @inline(never)
  func readRow(
    _ cursor: inout CSVCursor, plan: ColumnPlan, policy: MissingPolicy,
    into values: inout ColumnCollector
  ) throws(TableError) -> Bool {
    let (line, start) = (cursor.line, cursor.position)
    var firstFault: TableError?
    var isKept = true
    var fieldCount = 0
    repeat {
      let place = TableError.Place(
        name: name, line: line, column: fieldCount < header.count ? header[fieldCount] : nil)
      let field: CSVField
      do throws(CSVFault) {
        field = try cursor.field()
        if cursor.position - start > TableLimits.rowBytes { throw .longRow(line: line) }
      } catch {
        throw error.tableError(in: cursor.bytes, row: place)
      }
      if firstFault == nil, fieldCount < header.count, plan.slotOfField[fieldCount] >= 0 {
        let slot = plan.slotOfField[fieldCount]
        do throws(TableError) {
          if plan.isLabel[slot] {
            if let text = try label(field, in: cursor.bytes, policy: policy, at: place) {
              values.set(text, column: slot)
            } else {
              isKept = false
            }
          } else if let value = try number(
            field, in: cursor.bytes, policy: policy, refusesNegative: plan.refusesNegative[slot],
            at: place)
          {
            values.set(value, column: slot)
          } else {
            isKept = false
          }
        } catch {
          firstFault = error
        }
      }
      fieldCount += 1
    } while cursor.moveToNextField()
    guard fieldCount == header.count else {
      throw .raggedRow(
        fieldCount, headerCount: header.count,
        isComment: cursor.bytes[start] == UInt8(ascii: "#"),
        at: TableError.Place(name: name, line: line))
    }
    if let firstFault { throw firstFault }
    return isKept
  }

  /// The label in a field, or `nil` where it is missing and may be.
  private func label(
    _ field: CSVField, in bytes: ByteView, policy: MissingPolicy, at place: TableError.Place
  ) throws(TableError) -> String? {
    if case .missing = NumberField(bytes, field.trimmed(in: bytes).content) {
      if policy == .fail { throw .missingValue(field.text(in: bytes, limit: 1024), at: place) }
      return nil
    }
    guard let text = field.label(in: bytes) else {
      throw .malformed("the label is not valid UTF-8", at: place)
    }
    return text
  }

  /// The number in a field, or `nil` where it is missing and may be.
  private func number(
    _ field: CSVField, in bytes: ByteView, policy: MissingPolicy, refusesNegative: Bool,
    at place: TableError.Place
  ) throws(TableError) -> Double? {
    let trimmed = field.trimmed(in: bytes)
    // More than a message shows, less than a hostile field may hold.
    var text: String { trimmed.text(in: bytes, limit: 1024) }
    switch NumberField(bytes, trimmed.content, decimalMark: dialect.decimalMark) {
    case .number(let value):
      if value < 0, refusesNegative { throw .negative(text, at: place) }
      return value
    case .missing:
      if policy == .fail { throw .missingValue(text, at: place) }
      return nil
    case .tooLarge: throw .tooLarge(text, at: place)
    case .infinite: throw .notFinite(text, at: place)
    case .text:
      throw .notANumber(text, decimalMark: dialect.decimalMark, at: place)
    }
  }
}
