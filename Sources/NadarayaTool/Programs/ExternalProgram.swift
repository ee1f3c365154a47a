import ArgumentParser
import FoundationEssentials
import Subprocess
import Tables

/// A program on the user's machine that the tool calls for work it does not do itself.
struct ExternalProgram {
  let name: String

  /// Nil where no such program is on the PATH.
  init?(_ name: String) async {
    guard (try? await Executable.name(name).resolveExecutablePath(in: .inherit)) != nil else {
      return nil
    }
    self.name = name
  }

  /// Its standard output, given `input` on standard input.
  ///
  /// - Parameter failure: the sentence that the program's own words end, where it does not end
  ///   well, with its exit code.
  func output(
    _ arguments: [String], input: [UInt8] = [], orFail failure: (code: ExitCode, sentence: String)
  ) async throws -> [UInt8] {
    let result = try await run(
      .name(name), arguments: Arguments(arguments), input: .array(input),
      output: .bytes(limit: .max), error: .string(limit: 1 << 16))
    guard result.terminationStatus.isSuccess else {
      let words = result.standardError.split(separator: "\n").first.map(String.init) ?? ""
      throw Failure(
        failure.code,
        "\(failure.sentence): \(words.isEmpty ? "\(result.terminationStatus)" : words)")
    }
    return result.standardOutput
  }
}

extension TableSource {
  /// The source behind a command-line argument; a .parquet file is read through duckdb.
  static func opening(_ argument: String) async throws -> TableSource {
    guard argument.lowercased().hasSuffix(".parquet") else {
      return TableSource(argument: argument)
    }
    guard let duckdb = await ExternalProgram("duckdb") else {
      throw Failure(
        .unavailable, "\(argument): reading .parquet needs duckdb, which is not on the PATH",
        hint: "pip install duckdb-cli, or convert the table to CSV")
    }
    // A file that is not there is reported as any other, before duckdb words it in its own way.
    if !FileManager.default.isReadableFile(atPath: argument) {
      _ = try TableInput(.file(argument))
    }
    let path = argument.replacing("'", with: "''")
    return .bytes(
      try await duckdb.output(
        ["-csv", "-c", "SELECT * FROM read_parquet('\(path)')"],
        orFail: (.badData, "\(argument): duckdb cannot read it")),
      name: argument)
  }
}
