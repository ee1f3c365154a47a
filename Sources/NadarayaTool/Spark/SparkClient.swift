import ArgumentParser
import Subprocess

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The user's own spark-sql, with the user's own options.
struct SparkClient {
  /// What the user wrote after `--`, and what comes before it.
  let options: [String]
  /// Whether Spark's output is shown: its progress on a terminal, all of it on request.
  let showsWords: Bool

  private let environment: Environment

  /// - Throws: ``Failure`` where there is no spark-sql.
  init(options: [String], isVerbose: Bool) async throws {
    showsWords = isVerbose || StandardError.isTerminal
    var environment = Environment.inherit
    let home = getenv("SPARK_HOME").map { String(cString: $0) } ?? ""
    if !home.isEmpty {
      let path = getenv("PATH").map { ":" + String(cString: $0) } ?? ""
      environment = environment.updating(["PATH": "\(home)/bin\(path)"])
    }
    // Before Java 18 the locale would say how statements are read.
    let java = getenv("SPARK_SUBMIT_OPTS").map { String(cString: $0) + " " } ?? ""
    environment = environment.updating(["SPARK_SUBMIT_OPTS": "\(java)-Dfile.encoding=UTF-8"])
    self.environment = environment
    let spark = Executable.name("spark-sql")
    guard let path = try? await spark.resolveExecutablePath(in: environment) else {
      throw Failure(
        .unavailable, "spark-sql is neither in SPARK_HOME/bin nor on the PATH",
        hint: "pip install pyspark installs it, or \(SparkComplaint.sparkHint)")
    }
    let catalog = SparkCatalog(program: "\(path)", options: options)
    self.options = catalog.options + options
  }

  /// Runs the statements of a file.
  ///
  /// - Parameter files: paths of files to ship, beside those that the user ships.
  /// - Returns: what spark-sql wrote to standard output.
  func output(of statements: String, shipping files: [String], table: String) async throws -> String
  {
    let arguments = Self.arguments(options, shipping: files) + ["-f", statements]
    let result = try await run(
      .name("spark-sql"), arguments: Arguments(arguments), environment: environment,
      input: .none, output: .sequence, error: .sequence
    ) { [showsWords] process in
      let watch = SparkInterruption(process.processIdentifier.value)
      defer { watch.end() }
      let (output, error) = (process.standardOutput, process.standardError)
      async let words = Self.words(error, showing: showsWords)
      var bytes: [UInt8] = []
      for try await buffer in output { buffer.withUnsafeBytes { bytes.append(contentsOf: $0) } }
      return (bytes, try await words)
    }
    if let number = SparkInterruption.asked {
      throw Failure(ExitCode(128 + number), "interrupted, and spark-sql was ended too")
    }
    let (bytes, words) = result.closureResult
    guard result.terminationStatus.isSuccess else {
      throw SparkComplaint.failure(words, table: table)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The user's options with our files among those that they ship.
  static func arguments(_ options: [String], shipping files: [String]) -> [String] {
    guard !files.isEmpty else { return options }
    var options = options
    let added = files.joined(separator: ",")
    if let place = options.lastIndex(of: "--files"), place + 1 < options.count {
      options[place + 1] += ",\(added)"
    } else if let place = options.lastIndex(where: { $0.hasPrefix("--files=") }) {
      options[place] += ",\(added)"
    } else if let place = options.lastIndex(where: { $0.hasPrefix("spark.files=") }), place > 0 {
      options[place] += ",\(added)"
    } else {
      options = ["--files", added] + options
    }
    return options
  }

  /// Reads standard error, shows it and keeps its end.
  private static func words(
    _ sequence: SubprocessOutputSequence, showing: Bool
  ) async throws -> String {
    let most = 1 << 20
    var kept: [UInt8] = []
    for try await buffer in sequence {
      let bytes = buffer.withUnsafeBytes { Array($0) }
      if showing { StandardError.write(String(decoding: bytes, as: UTF8.self)) }
      kept += bytes
      if kept.count > 2 * most { kept.removeFirst(kept.count - most) }
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
