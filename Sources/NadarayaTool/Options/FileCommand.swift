import ArgumentParser
import Tables

/// A command that reads and writes files.
protocol FileCommand: AsyncParsableCommand {
  /// What is read: paths, or `-` for standard input; nil for an option that is not given.
  var inputs: [String?] { get }
  /// What is written: paths, or `-` or nil for standard output.
  var outputs: [String?] { get }
}

extension FileCommand {
  /// Refuses an output that is also an input or cannot be written, before any time is spent.
  ///
  /// A file is known by its device and inode, so that links of either kind do not hide it.
  func checkFiles() throws(Failure) {
    try Self.check(inputs: inputs, outputs: outputs)
    do throws(TableError) {
      for output in outputs { try AtomicFile.check(output) }
    } catch {
      throw Failure(error)
    }
  }

  static func check(inputs: [String?], outputs: [String?]) throws(Failure) {
    let read = inputs.compactMap(\.self).map { (name: $0, identity: FileIdentity(input: $0)) }
    var written: [(name: String, identity: FileIdentity)] = []
    for output in outputs {
      guard let identity = FileIdentity(output: output) else { continue }
      let name = output.map { $0 == "-" ? "standard output" : "\"\($0)\"" } ?? "standard output"
      if let input = read.first(where: { $0.identity == identity }) {
        let source = input.name == "-" ? "standard input" : "\"\(input.name)\""
        throw .usage(
          source == name
            ? "\(name) cannot be both read and written"
            : "\(name) is the same file as the input \(source)",
          hint: "write to another file and rename it afterwards")
      }
      if let other = written.first(where: { $0.identity == identity }) {
        throw .usage(
          other.name == name
            ? "two results would be written to \(name)"
            : "two results would be written to the same file, \(other.name) and \(name)")
      }
      written.append((name, identity))
    }
  }
}
