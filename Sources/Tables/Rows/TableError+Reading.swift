#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

// The sentences of the reader, one function a fault, so that their wording can be read and
// compared in one place.

extension TableError {
  // MARK: - The input as a whole

  static func cannotRead(_ name: String, errno number: Int32) -> TableError {
    if number == ENOMEM { return .outOfMemory(name, "to read") }
    return TableError(
      code: meansAbsent(number) ? .noSuchFile : .unreadable,
      "cannot read \(quoted(name, limit: .max)): \(systemMessage(number))")
  }

  static func outOfMemory(_ name: String, _ activity: String) -> TableError {
    TableError(
      code: .outOfMemory, "there is not enough memory \(activity) \(quoted(name, limit: .max))",
      hint: "read only a part of it, as in: head -n 1000000 | nadaraya …")
  }

  static func tooLong(_ problem: String, at place: Place, hint: String? = nil) -> TableError {
    TableError(code: .tooLong, at: place, problem, hint: hint)
  }

  static func malformed(
    _ problem: String, at place: Place, hint: String? = nil
  ) -> TableError {
    TableError(code: .malformed, at: place, problem, hint: hint)
  }

  static func empty(_ problem: String, at place: Place) -> TableError {
    TableError(code: .empty, at: place, problem)
  }

  static func allRowsDropped(_ count: Int, at place: Place) -> TableError {
    .empty(
      count == 1
        ? "the only row has a missing value, so no row is left"
        : "all \(count) rows have a missing value, so no row is left",
      at: place)
  }

  // MARK: - Columns

  static func noSuchColumn(_ name: String, header: [String], place: Place) -> TableError {
    let limit = 20
    let listed = header.prefix(limit).map { quoted($0) }.joined(separator: ", ")
    let rest = header.count > limit ? " and \(header.count - limit) more" : ""
    let hint: String? =
      if let meant = nearestName(to: name, among: header) {
        "did you mean \(quoted(meant))?"
      } else if header.first?.hasPrefix("#") == true {
        commentHint
      } else if !header.isEmpty, header.allSatisfy({ Double($0) != nil }) {
        "the first line must name the columns, but this one holds numbers"
      } else {
        nil
      }
    return TableError(
      code: .noSuchColumn, at: place,
      "no column \(quoted(name)); the \(header.count == 1 ? "only column is" : "columns are") "
        + listed + rest,
      hint: hint)
  }

  static func duplicateColumn(_ name: String, place: Place) -> TableError {
    TableError(
      code: .duplicateColumn, at: place, "the header has more than one column \(quoted(name))")
  }

  // MARK: - Rows and values

  static func raggedRow(
    _ count: Int, headerCount: Int, isComment: Bool, at place: Place
  ) -> TableError {
    TableError(
      code: .raggedRow, at: place,
      "the row has \(count) \(count == 1 ? "field" : "fields"), but the header has \(headerCount)",
      hint: isComment ? commentHint : nil)
  }

  static func notANumber(
    _ text: String, decimalMark: UInt8 = Ascii.point, at place: Place
  ) -> TableError {
    TableError(
      code: .notANumber, at: place, "\(quoted(text)) is not a number",
      hint: decimalMark == Ascii.comma ? hint(forPointIn: text) : hint(forCommaIn: text))
  }

  /// What a comma between digits may have meant: thousands where three digits follow, else decimals.
  private static func hint(forCommaIn text: String) -> String? {
    if text.hasPrefix("#") { return commentHint }
    guard let parts = parts(of: text, at: ",") else { return nil }
    return parts[1].count == 3
      ? "write numbers without commas, or use --decimal , to read decimal commas"
      : "--decimal , reads numbers with a decimal comma"
  }

  /// What a point may have meant where decimals follow a comma.
  private static func hint(forPointIn text: String) -> String? {
    if text.hasPrefix("#") { return commentHint }
    return parts(of: text, at: ".") == nil
      ? nil : "with --decimal , a number cannot have a point"
  }

  /// The two parts of a number with a mark in it; nil for any other text.
  private static func parts(of text: String, at mark: Character) -> [Substring]? {
    let parts = text.drop { $0 == "-" || $0 == "+" }
      .split(separator: mark, omittingEmptySubsequences: false)
    let isNumber = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    return parts.count == 2 && isNumber ? parts : nil
  }

  static func missingValue(_ text: String, at place: Place) -> TableError {
    TableError(
      code: .missingValue, at: place, "\(quoted(text)) is a missing value", hint: dropHint)
  }

  static func notFinite(_ text: String, at place: Place) -> TableError {
    TableError(code: .notFinite, at: place, "\(quoted(text)) is not finite")
  }

  static func tooLarge(_ text: String, at place: Place) -> TableError {
    TableError(code: .outOfRange, at: place, "\(quoted(text)) is too large for a double")
  }

  /// An integer of an array that no double equals.
  static func inexact(_ text: String, at place: Place) -> TableError {
    TableError(
      code: .outOfRange, at: place,
      "the integer \(text) is beyond 2^53, so a double would round it",
      hint: "subtract a constant from the column, or save it as float64 to accept the rounding")
  }

  static func negative(_ text: String, at place: Place) -> TableError {
    TableError(
      code: .outOfRange, at: place, "\(quoted(text)) is negative, but this column must be ≥ 0")
  }

  static func unknownLevel(_ text: String, known: [String], at place: Place) -> TableError {
    let limit = 20
    let listed = known.prefix(limit).map { quoted($0) }.joined(separator: ", ")
    let rest = known.count > limit ? " and \(known.count - limit) more" : ""
    return TableError(
      code: .unknownLevel, at: place, "\(quoted(text)) does not occur among the keys",
      hint: "their \(known.count == 1 ? "only level is" : "levels are") \(listed)\(rest)")
  }

  /// A number of an array that is not finite; NaN counts as a missing value there.
  static func notFinite(_ value: Double, at place: Place) -> TableError {
    TableError(
      code: value.isNaN ? .missingValue : .notFinite, at: place, "\(value) is not finite",
      hint: value.isNaN ? dropHint : nil)
  }

  private static let commentHint = "--comment '#' skips lines that begin with #"

  private static let dropHint = "--missing drop leaves out the rows with a missing value"
}
