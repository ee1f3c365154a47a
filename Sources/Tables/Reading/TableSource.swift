/// Where a table comes from.
package enum TableSource: Hashable, Sendable {
  /// A file, or anything else the file system can open: a named pipe, `/dev/fd/3`.
  case file(String)
  /// Standard input, shown in messages as `<stdin>`.
  case standardInput
  /// Bytes already in memory, with the name that messages show for them.
  case bytes([UInt8], name: String)

  /// Creates a source from a command-line argument: a path, or `-` for standard input.
  package init(argument: String) {
    self = argument == "-" ? .standardInput : .file(argument)
  }

  /// The source's name as messages show it.
  package var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "<stdin>"
    case .bytes(_, let name): name
    }
  }
}
