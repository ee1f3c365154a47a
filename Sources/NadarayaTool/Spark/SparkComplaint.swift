import ArgumentParser

/// The part of Spark's output that tells why it failed.
enum SparkComplaint {
  /// A failure in one sentence from what spark-sql wrote to standard error.
  static func failure(_ words: String, table: String) -> Failure {
    let lines = words.split { $0 == "\n" || $0 == "\r" }.map(String.init)
    if let sentence = after("[USER_RAISED_EXCEPTION] ", in: lines) {
      let isMissing = sentence.contains(" has a missing value in the row ")
      return Failure(
        .badData, "\(table): \(sentence)",
        hint: isMissing ? "--missing drop leaves out the rows with a missing value" : nil)
    }
    for (mark, code, hint) in marks {
      if let sentence = after("[\(mark)] ", in: lines) ?? after("[\(mark).", in: lines) {
        return Failure(code, sentence, hint: hint)
      }
    }
    for (word, sentence, hint) in machineWords where words.contains(word) {
      return Failure(.unavailable, sentence, hint: hint)
    }
    return Failure(
      .unavailable, "spark-sql failed: \(cause(lines) ?? "it gives no reason")",
      hint: "--verbose shows its output")
  }

  private static let tableHint =
    "--table names a table as Spark's SQL does after FROM, a path as in parquet.`folder`; options after -- "
    + "say which catalog Spark uses"

  private static let marks: [(mark: String, code: ExitCode, hint: String?)] = [
    ("TABLE_OR_VIEW_NOT_FOUND", .noInput, tableHint),
    ("PATH_NOT_FOUND", .noInput, nil),
    ("SCHEMA_NOT_FOUND", .noInput, tableHint),
    ("UNRESOLVED_COLUMN", .badData, nil),
    ("PARSE_SYNTAX_ERROR", .usage, tableHint),
    ("UNABLE_TO_INFER_SCHEMA", .badData, nil),
    ("FAILED_READ_FILE", .badData, nil),
    ("DATATYPE_MISMATCH", .badData, nil),
  ]

  private static let machineWords: [(word: String, sentence: String, hint: String)] = [
    ("JAVA_HOME is not set", noJava, javaHint),
    ("java: command not found", noJava, javaHint),
    ("java: not found", noJava, javaHint),
    ("bin/java: No such file", noJava, javaHint),
    ("UnsupportedClassVersionError", "the Java that Spark uses is too old for it", javaHint),
    ("Could not find valid SPARK_HOME", "spark-sql cannot find the rest of Spark", sparkHint),
    ("Stream closed", noProgram, programHint),
    ("Broken pipe", noProgram, programHint),
    ("Exec format error", noProgram, programHint),
    ("Subprocess exited with status", noProgram, programHint),
  ]

  private static let noJava = "Spark cannot find Java"
  private static let javaHint = "install a Java that this Spark supports, or name it in JAVA_HOME"
  static let sparkHint = "SPARK_HOME names the folder that contains bin/spark-sql"
  private static let noProgram = "the executors could not run the program, or it ended early"
  private static let programHint =
    "--verbose shows Spark's output; --program names one for their processors; --engine sql ships none"

  private static let sentenceEnd = " SQLSTATE: "

  /// The text after a mark on the last line that has it, without Spark's own additions.
  private static func after(_ mark: String, in lines: [String]) -> String? {
    for (place, line) in lines.enumerated().reversed() {
      guard let range = line.firstRange(of: mark) else { continue }
      var rest = line[range.upperBound...]
      // A sentence about a name with a line feed goes on there.
      let others = lines[(place + 1)...].prefix(5)
      if !rest.contains(sentenceEnd),
        let last = others.firstIndex(where: { $0.contains(sentenceEnd) })
      {
        rest = ([rest] + others[...last].map { $0[...] }).joined(separator: " ")[...]
      }
      // The class of an error may go on, as in UNRESOLVED_COLUMN.WITH_SUGGESTION].
      if mark.hasSuffix("."), let end = rest.firstIndex(of: "]") {
        rest = rest[rest.index(after: end)...].drop { $0 == " " }
      }
      if let end = rest.firstRange(of: sentenceEnd) { rest = rest[..<end.lowerBound] }
      return String(rest)
    }
    return nil
  }

  /// The most informative line, for a failure that is not listed here.
  private static func cause(_ lines: [String]) -> String? {
    let told = lines.last {
      $0.hasPrefix("Error in query: ")
        || $0.hasPrefix("[") && $0.contains("] ") && !$0.hasPrefix("[Stage")
    }
    let thrown = lines.last {
      $0.hasPrefix("Exception in thread") || $0.hasPrefix("Caused by: ") || $0.hasPrefix("Error: ")
    }
    return told ?? thrown ?? lines.last { !$0.hasPrefix("\t") && !$0.isEmpty }
  }
}
