import ArgumentParser
import Tables

/// How text tables are written, where the format is not detected or is not the usual one.
struct TextOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The separator of fields in text tables: a character, tab, or blanks for any number of "
        + "spaces and tabs; detected unless given.", valueName: "character"))
  var delimiter: String?

  @Option(
    help: ArgumentHelp("The decimal separator of numbers.", valueName: ".|,"))
  var decimal = "."

  @Option(
    help: ArgumentHelp(
      "Skip lines that begin with this character, such as #.", valueName: "character"))
  var comment: String?

  private static let named: [String: Character] = [
    "comma": ",", "tab": "\t", "\\t": "\t", "semicolon": ";", "pipe": "|", "space": " ",
  ]

  func format() throws(Failure) -> TextFormat {
    guard decimal == "." || decimal == "," else {
      throw .usage("--decimal \"\(decimal)\" is neither a point nor a comma")
    }
    let decimalMark = UInt8(ascii: decimal == "." ? "." : ",")
    var separator: TextFormat.Delimiter?
    if let delimiter {
      separator =
        delimiter == "blanks"
        ? .blanks
        : .byte(try Self.byte(Self.named[delimiter].map { String($0) } ?? delimiter, "--delimiter"))
    }
    if separator == .byte(decimalMark) {
      throw .usage(
        "\"\(decimal)\" cannot both separate fields and mark decimals",
        hint: "--delimiter ';' is usual with decimal commas")
    }
    let mark = try comment.map { text throws(Failure) in try Self.byte(text, "--comment") }
    if let mark, separator == .byte(mark) {
      throw .usage("\"\(comment ?? "")\" cannot both begin a comment and separate fields")
    }
    return TextFormat(delimiter: separator, decimalMark: decimalMark, comment: mark)
  }

  /// The byte of a character that can serve as a mark.
  private static func byte(_ text: String, _ option: String) throws(Failure) -> UInt8 {
    guard text.count == 1, let byte = text.first?.asciiValue,
      byte == UInt8(ascii: "\t") || (0x20..<0x7f).contains(byte),
      !text.allSatisfy({ $0.isLetter || $0.isNumber || "\".+-".contains($0) })
    else {
      throw .usage(
        "\(option) \"\(text)\" is not a character that can be used there",
        hint: option == "--delimiter"
          ? "use one such as ; or |, or comma, tab, semicolon, pipe, space, blanks"
          : "use one such as #")
    }
    return byte
  }
}

extension TableInput {
  /// Opens the table behind a command-line argument; a .parquet file is read through duckdb.
  static func opening(_ argument: String, _ text: TextOptions) async throws -> TableInput {
    let format = try text.format()
    let source = try await TableSource.opening(argument)
    // What duckdb writes has a form of its own.
    if case .bytes = source { return try TableInput(source) }
    return try TableInput(source, format: format)
  }
}
