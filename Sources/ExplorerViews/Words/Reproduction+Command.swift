internal import Nadaraya
internal import Tables

extension Reproduction {
  /// The shell command.
  var command: String { "nadaraya plot" }
}
