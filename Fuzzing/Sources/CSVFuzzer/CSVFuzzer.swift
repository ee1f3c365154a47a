@testable import Tables

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads arbitrary bytes as delimited text and checks what must hold of any table.
///
/// The laws: no byte sequence traps; every array is as long as the table; kept and dropped rows lie
/// on increasing lines; reading a column alone, under the same policy, meets no fault that reading
/// all does not; and every field that the reader takes for a number is one to `strtod`, of the same
/// bits.
@c(LLVMFuzzerTestOneInput)
public func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  for format in formats { fuzz(bytes, format) }
  return 0
}

/// The usual form, and one of each kind that options ask for.
private let formats = [
  TextFormat(),
  TextFormat(
    delimiter: .byte(UInt8(ascii: ";")), decimalMark: UInt8(ascii: ","), comment: UInt8(ascii: "#")),
  TextFormat(delimiter: .blanks, comment: UInt8(ascii: "%")),
]

private func fuzz(_ bytes: [UInt8], _ format: TextFormat) {
  guard let input = try? TableInput(.bytes(bytes, name: "fuzz"), format: format),
    !bytes.starts(with: NPYHeader.mark)
  else { return }
  let unique = input.header.filter { name in input.header.count(where: { $0 == name }) == 1 }
  for policy in MissingPolicy.allCases {
    if let whole = read(input, unique, policy) {
      check(whole, policy: policy)
      for name in unique.prefix(4) { precondition(read(input, [name], policy) != nil) }
    }
    for name in unique.prefix(4) {
      if let table = read(input, [name], policy) {
        check(table, policy: policy)
        checkNumbers(table, column: name, of: bytes, format)
      }
    }
  }
}

private func read(_ input: TableInput, _ names: [String], _ policy: MissingPolicy) -> Table? {
  do throws(TableError) {
    return try input.table(TableRequest(numbers: names, missing: policy))
  } catch {
    precondition(!error.message.isEmpty && !error.message.utf8.contains(Ascii.newline))
    return nil
  }
}

private func check(_ table: Table, policy: MissingPolicy) {
  precondition(table.rowCount > 0)
  precondition(table.columns.count == table.names.count)
  precondition(table.columns.allSatisfy { $0.count == table.rowCount })
  precondition(table.columns.allSatisfy { $0.allSatisfy(\.isFinite) })
  precondition(policy == .drop || table.droppedRows == 0)
  var before = 1
  for row in 0..<table.rowCount {
    guard let line = table.place(ofRow: row).line else { preconditionFailure("a row has a line") }
    precondition(line > before)
    before = line
  }
}

/// Goes through the fields once more, one by one, and compares them with the column.
private func checkNumbers(
  _ table: Table, column: String, of bytes: [UInt8], _ format: TextFormat
) {
  guard let field = table.header.firstIndex(of: column), let values = table.columns.first else {
    preconditionFailure("a column is in the header")
  }
  var expected: [Double] = []
  bytes.withUnsafeBufferPointer { buffer in
    let view = ByteView(buffer)
    let start = view.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var cursor = CSVCursor(
      view, dialect: CSVSeparator.find(in: view, from: start, format: format), from: start)
    var isHeader = true
    while !cursor.isAtEnd {
      if isHeader || table.header.count > 1 || format.comment != nil {
        skip(&cursor, blankLines: isHeader || table.header.count > 1)
        if cursor.isAtEnd { break }
      }
      var fields: [CSVField] = []
      repeat {
        guard let field = try? cursor.field() else { preconditionFailure("a table was read") }
        fields.append(field)
      } while cursor.moveToNextField()
      cursor.moveToNextLine()
      precondition(fields.count == table.header.count)
      if isHeader {
        isHeader = false
      } else if let value = number(fields[field].text(in: view), format) {
        expected.append(value)
      }
    }
  }
  precondition(values.map(\.bitPattern) == expected.map(\.bitPattern))
}

/// Steps over blank lines where they are no rows, over lines of comment, and over the blanks before a row.
private func skip(_ cursor: inout CSVCursor, blankLines: Bool) {
  while !cursor.isAtEnd {
    if cursor.dialect.mergesBlanks { cursor.skipBlanks() }
    if cursor.isAtComment {
      guard (try? cursor.skipComment()) != nil else { preconditionFailure("a table was read") }
    } else if blankLines, cursor.isAtRowEnd {
      cursor.moveToNextLine()
    } else {
      return
    }
  }
}

/// What the C library reads; `nil` for a missing value.
private func number(_ text: String, _ format: TextFormat) -> Double? {
  let missing = ["", "na", "n/a", "#n/a", "nan", "null", "none"]
  let plain = text.drop { $0 == " " || $0 == "\t" }
  let trimmed = String(plain.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  if missing.contains(trimmed.lowercased()) { return nil }
  let isComma = format.decimalMark == Ascii.comma
  precondition(!isComma || !trimmed.contains("."), "a point is no decimal mark here")
  let pointed = isComma ? String(trimmed.map { $0 == "," ? "." : $0 }) : trimmed
  var end: UnsafeMutablePointer<CChar>?
  return pointed.withCString { start in
    let value = strtod(start, &end)
    precondition(end.map { UnsafePointer($0) - start } == pointed.utf8.count)
    return value
  }
}
